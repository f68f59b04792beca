// An index of articles: from A to Z, and by condition.

import { renderCards } from "./cards.js";
import { renderBackToTop, renderBreadcrumb } from "./chrome.js";
import { el, hasText, items } from "./dom.js";
import { renderRichText } from "./richtext.js";

/** Put an index into `root`. */
export function showIndex(root, frame) {
  const { page, words } = frame;
  const context = { ...frame, references: new Map(), glossary: new Map() };
  const letters = renderLetters(page.entries, context);
  const conditions = renderConditions(page.by_condition, context);
  const hasBoth = letters && conditions;
  root.replaceChildren(
    el(
      "div",
      { class: "index", dataset: { pageId: page.id } },
      el(
        "header",
        { class: "page-head" },
        renderBreadcrumb(context),
        el("h1", {}, page.title),
        renderRichText(page.intro, context, "prose intro"),
        hasBoth &&
          el(
            "ul",
            { class: "jump", role: "list" },
            el("li", {}, el("a", { href: "#a-to-z" }, words.t("a_to_z"))),
            el("li", {}, el("a", { href: "#by-condition" }, words.t("by_condition"))),
          ),
      ),
      letters,
      conditions,
      !letters && !conditions && el("p", {}, words.t("no_articles")),
    ),
    renderBackToTop(context),
  );
}

// Titles that begin with no letter are listed under “#”.
function getLetterId(letter) {
  return `letter-${letter === "#" ? "other" : letter}`;
}

function renderLetters(entries, context) {
  const { words } = context;
  const groups = items(entries)
    .map(({ letter, articles }) => ({ letter, cards: renderCards(articles, context, { level: 4 }) }))
    .filter((group) => group.cards);
  if (!groups.length) return null;
  return el(
    "section",
    { id: "a-to-z", class: "index-part", "aria-labelledby": "a-to-z-title" },
    el("h2", { id: "a-to-z-title" }, words.t("a_to_z")),
    groups.length > 2 &&
      el(
        "nav",
        { class: "letters", "aria-label": words.t("jump_to_letter") },
        el("ul", { role: "list" }, groups.map(({ letter }) => el("li", {}, el("a", { href: `#${getLetterId(letter)}` }, letter)))),
      ),
    groups.map(({ letter, cards }) =>
      el("section", { id: getLetterId(letter), class: "letter" }, el("h3", { class: "letter-name" }, letter), cards),
    ),
  );
}

function renderConditions(byCondition, context) {
  const groups = items(byCondition)
    .map(({ condition, articles }) => ({ condition, cards: renderCards(articles, context, { level: 4 }) }))
    .filter((group) => group.cards && hasText(group.condition?.name));
  if (!groups.length) return null;
  return el(
    "section",
    { id: "by-condition", class: "index-part", "aria-labelledby": "by-condition-title" },
    el("h2", { id: "by-condition-title" }, context.words.t("by_condition")),
    groups.map(({ condition, cards }) =>
      el(
        "section",
        { class: "condition" },
        el("h3", {}, condition.name),
        hasText(condition.description) && el("p", { class: "condition-text" }, condition.description),
        cards,
      ),
    ),
  );
}
