// What is shown while a page is loading, and when it cannot be shown.

import { ApiError } from "./api.js";
import { el, hasText } from "./dom.js";
import { renderNotice } from "./notices.js";

// A quick answer needs no notice, which would only flicker.
const LOADING_DELAY_MS = 300;

/** Say that the page is loading, unless it arrives at once; returns the function that ends the state. */
export function showLoading(root, { words }) {
  root.setAttribute("aria-busy", "true");
  const notice = el("p", { class: "loading", role: "status" }, words.t("loading"));
  const timer = setTimeout(() => root.replaceChildren(notice), LOADING_DELAY_MS);
  return () => {
    clearTimeout(timer);
    root.removeAttribute("aria-busy");
  };
}

function showState(root, title, text, action) {
  root.replaceChildren(
    el("div", { class: "state", role: "alert" }, el("h1", {}, title), el("p", {}, text), el("p", {}, action)),
  );
}

function makeHomeLink({ words }) {
  return el("a", { class: "button", href: `/${words.locale}/` }, words.t("to_home"));
}

/** Say that there is no such page. */
export function showNotFound(root, frame) {
  showState(root, frame.words.t("not_found_title"), frame.words.t("not_found_text"), makeHomeLink(frame));
}

/**
 * Say that the page was withdrawn: why, since when, what its publishers tell readers, and what to read instead.
 *
 * @param {object} problem What the API says of it.
 * @param {object|null} instead The page that takes its place, where it can be read.
 */
export function showGone(root, frame, problem, instead) {
  const { words } = frame;
  const since = words.date(problem.withdrawn_at);
  root.replaceChildren(
    el(
      "div",
      { class: "state", role: "alert" },
      renderNotice(
        "warning",
        el("p", {}, [words.label("gone", problem.reason) || words.t("gone_text"), hasText(since) && words.t("gone_on", { date: since })].filter(Boolean).join(" ")),
        hasText(problem.note) && el("p", {}, el("strong", {}, `${words.t("gone_note")}: `), problem.note),
        instead && el("p", {}, el("strong", {}, `${words.t("gone_instead")}: `), el("a", { href: instead.path }, instead.title)),
      ),
      el("h1", {}, words.t("gone_title")),
      el("p", {}, makeHomeLink(frame)),
    ),
  );
}

/** Say that the reader has no view for this type of page. */
export function showUnknownPage(root, frame) {
  showState(root, frame.page.title, frame.words.t("error_unknown_page"), makeHomeLink(frame));
}

function describeError(error, words) {
  if (!(error instanceof ApiError)) return words.t("error_reader");
  return error.status ? words.t("error_server", { status: error.status }) : words.t("error_network");
}

/** Say that the page could not be loaded, and offer to try again. */
export function showError(root, { words }, error, retry) {
  const text = describeError(error, words);
  const button = el("button", { type: "button", class: "button", on: { click: retry } }, words.t("try_again"));
  showState(root, words.t("error_title"), text, button);
}
