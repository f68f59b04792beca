// The draft that a link shows: the article, with a banner, what has changed, comments and decisions.

import { ApiError, createDraftApi } from "../api.js";
import { el, hasText } from "../dom.js";
import { renderBanner } from "./banner.js";
import { showChanges } from "./changes.js";
import { startReview } from "./review.js";
import { followNewToken, takeToken } from "./token.js";

const REASONS = ["expired", "revoked", "unpublished", "deleted", "locked"];

/**
 * Return the draft of the link that this tab was opened with, and the API to answer it.
 * Throws an ApiError: 404 where there is no link or nobody had it, 410 where it is over.
 */
export async function openDraft({ v3, words }) {
  const token = takeToken();
  followNewToken();
  if (!token) throw new ApiError(404, "", `${v3}drafts/`);
  const api = createDraftApi({ v3, token, locale: words.locale });
  return { ...(await api.getDraft()), api };
}

/** Put around the article what a reviewer needs; returns the name of the view. */
export function addDraftTools(root, frame, draft) {
  const banner = renderBanner(draft, frame.words);
  root.prepend(banner.node);
  document.documentElement.classList.add("is-draft");
  document.title = `${frame.words.t("draft_for", { name: draft.link.recipient })}: ${document.title}`;
  showChanges(root, banner, draft, frame.words);
  startReview(root, banner, draft, frame.words);
  return "draft";
}

/** Say why there is no draft; never is anything else shown instead. Returns the name of the view. */
export function showDraftFailure(root, { words }, error) {
  const isGone = error.status === 410;
  const reason = REASONS.includes(error.reason) ? error.reason : "revoked";
  const title = words.t(isGone ? "draft_gone_title" : "draft_missing_link_title");
  const text = words.t(isGone ? `draft_gone_${reason}` : "draft_missing_link_text");
  const isOurs = error.status === 400 || error.status === 404 || isGone;
  root.replaceChildren(
    el(
      "div",
      { class: "state", role: "alert" },
      el("h1", {}, isOurs ? title : words.t("error_title")),
      el("p", {}, isOurs ? text : words.t("error_server", { status: error.status })),
    ),
  );
  document.title = isOurs ? title : words.t("error_title");
  if (!isOurs && hasText(error.detail)) console.error(error.detail);
  return isGone ? "gone" : "not-found";
}
