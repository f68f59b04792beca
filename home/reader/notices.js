// What readers must know before they read: notices about reviews, corrections, and translations that are behind.

import { el, hasText, items } from "./dom.js";
import { icon } from "./icons.js";

const REVIEW_STATES = { never_reviewed: "information", changed_since_review: "information" };
const TRANSLATION_STATES = {
  behind_clinical: "warning",
  behind_editorial: "information",
  incomplete: "warning",
  diverged: "information",
  source_withdrawn: "warning",
};
// As many notes on changes as are seen at once; older ones can be unfolded.
const NOTES_SHOWN = 2;

/** Return what stands above the title; null where there is nothing to say. */
export function renderNotices(page, context) {
  const notices = [...renderReview(page.governance, context), ...renderTranslation(page, context), ...renderNotes(page.governance, context)];
  if (!notices.length) return null;
  return el("section", { class: "notices", "aria-label": context.words.t("notices") }, notices);
}

/** Return a notice: `warning` or `information`, with what it says. */
export function renderNotice(kind, ...content) {
  return el(
    "div",
    { class: ["notice", `notice-${kind}`] },
    icon(kind),
    el("div", { class: "notice-text" }, content),
  );
}

function renderReview(governance, { words }) {
  const { notice, review_state: state } = governance ?? {};
  if (hasText(notice)) return [renderNotice("warning", el("p", {}, notice))];
  const kind = REVIEW_STATES[state];
  return kind ? [renderNotice(kind, el("p", {}, words.t(`review_${state}`)))] : [];
}

function renderTranslation(page, { words }) {
  const { status, source_locale: source } = page.translation ?? {};
  const kind = TRANSLATION_STATES[status];
  if (!kind) return [];
  const language = new Intl.DisplayNames([words.language], { type: "language" }).of(source);
  const original = items(page.translations).find((each) => each.locale === source && hasText(each.path));
  return [
    renderNotice(
      kind,
      el("p", {}, words.t(`translation_${status}`, { language })),
      original && el("p", {}, el("a", { href: original.path, hreflang: source, rel: "alternate" }, words.t("read_original", { language }))),
    ),
  ];
}

// Corrections stand before other notes on changes; within each, the newest first, as the API gives them.
function renderNotes(governance, { words }) {
  const notes = items(governance?.change_notes).filter((note) => hasText(note.text));
  if (!notes.length) return [];
  const isCorrection = (note) => note.kind === "correction";
  const sorted = [...notes.filter(isCorrection), ...notes.filter((note) => !isCorrection(note))];
  const rest = sorted.slice(NOTES_SHOWN);
  return [
    renderNotice(
      notes.some(isCorrection) ? "warning" : "information",
      renderList(sorted.slice(0, NOTES_SHOWN), words),
      rest.length > 0 &&
        el("details", {}, el("summary", {}, words.count("older_notes", rest.length)), renderList(rest, words)),
    ),
  ];
}

function renderList(notes, words) {
  return el(
    "ul",
    { class: "change-notes", role: "list" },
    notes.map((note) =>
      el(
        "li",
        { dataset: { kind: note.kind } },
        el("p", { class: "change-head" }, [words.label("change", note.kind), words.date(note.date)].filter(hasText).join(" · ")),
        el("p", {}, note.text),
      ),
    ),
  );
}
