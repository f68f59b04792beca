// What both tools of a review do with an answer of the API.

import { ApiError } from "../api.js";

/** The entries of an answer that is a list, or has one. */
export function toList(answer) {
  return Array.isArray(answer) ? answer : (answer.items ?? []);
}

/** What to tell somebody whose message was not taken. */
export function describeFailure(error, words) {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 410) return words.t("draft_gone_title");
  if (error.status === 429) return words.t("review_too_often");
  return words.t(error.status >= 400 && error.status < 500 ? "review_refused" : "review_failed");
}
