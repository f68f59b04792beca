// Glossary terms: the explanation that opens at a word, and the list at the end of the article.

import { el, hasText, items } from "./dom.js";
import { renderImage } from "./images.js";
import { renderRichText } from "./richtext.js";

export const GLOSSARY_ID = "article-glossary";

const DIALOG_ID = "term-dialog";
const MARGIN = 12;

let close = () => {};

/** Return the terms of an article by their id. */
export function indexGlossary(glossary) {
  return new Map(items(glossary).map((term) => [term.id, term]));
}

/** Open the explanation of a term when somebody clicks its word below `root`, or presses Enter or Space on it. */
export function activateTerms(root, context) {
  const toggle = (event) => {
    const trigger = event.target.closest("a.term");
    const term = trigger && context.glossary.get(Number(trigger.dataset.opensTerm));
    if (!term) return;
    event.preventDefault();
    if (trigger.getAttribute("aria-expanded") === "true") close();
    else openTerm(term, trigger, context);
  };
  root.addEventListener("click", toggle);
  root.addEventListener("keydown", (event) => {
    if (event.key === " ") toggle(event);
  });
}

function openTerm(term, trigger, context) {
  close();
  const dialog = renderDialog(term, context);
  const onKey = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
  const onPointer = (event) => {
    if (!dialog.contains(event.target) && !trigger.contains(event.target)) close({ keepFocus: true });
  };
  const onFocus = (event) => {
    if (!dialog.contains(event.target) && !trigger.contains(event.target)) close({ keepFocus: true });
  };
  const onResize = () => place(dialog, trigger);
  close = ({ keepFocus = false } = {}) => {
    document.removeEventListener("keydown", onKey);
    document.removeEventListener("pointerdown", onPointer);
    document.removeEventListener("focusin", onFocus);
    window.removeEventListener("resize", onResize);
    trigger.setAttribute("aria-expanded", "false");
    dialog.remove();
    if (!keepFocus) trigger.focus({ preventScroll: true });
    close = () => {};
  };
  document.body.append(dialog);
  place(dialog, trigger);
  trigger.setAttribute("aria-expanded", "true");
  dialog.focus({ preventScroll: true });
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("focusin", onFocus);
  window.addEventListener("resize", onResize);
}

function renderDialog(term, context) {
  const { words } = context;
  // The explanation of a term does not open explanations of its own.
  const plainContext = { ...context, glossary: new Map() };
  return el(
    "div",
    { id: DIALOG_ID, class: "term-dialog", role: "dialog", "aria-labelledby": `${DIALOG_ID}-title`, tabindex: "-1", dataset: { term: term.id } },
    el("p", { id: `${DIALOG_ID}-title`, class: "term-dialog-title" }, term.term),
    renderPronunciation(term, words),
    renderRichText(term.definition, plainContext, "prose prose-small"),
    renderAliases(term, words),
    renderImage(term.image, { sizes: "20rem" }),
    el(
      "div",
      { class: "term-dialog-actions" },
      el("a", { href: `#${GLOSSARY_ID}`, on: { click: () => close({ keepFocus: true }) } }, words.t("to_glossary")),
      el("button", { type: "button", class: "button button-quiet", on: { click: () => close() } }, words.t("close")),
    ),
  );
}

function place(dialog, trigger) {
  // Phones show the explanation at the bottom of the screen; the style sheet places it there.
  if (window.matchMedia("(max-width: 40rem)").matches) {
    dialog.style.removeProperty("left");
    dialog.style.removeProperty("top");
    return;
  }
  const word = trigger.getClientRects()[0] ?? trigger.getBoundingClientRect();
  const { width, height } = dialog.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(word.left, document.documentElement.clientWidth - width - MARGIN));
  const below = word.bottom + 8;
  const fitsBelow = below + height + MARGIN <= window.innerHeight;
  const top = fitsBelow || word.top - height - 8 < MARGIN ? below : word.top - height - 8;
  dialog.style.left = `${left + window.scrollX}px`;
  dialog.style.top = `${top + window.scrollY}px`;
}

function renderPronunciation(term, words) {
  return hasText(term.pronunciation) && el("p", { class: "term-detail" }, `${words.t("pronounced")}: ${term.pronunciation}`);
}

function renderAliases(term, words) {
  const aliases = items(term.aliases);
  return aliases.length > 0 && el("p", { class: "term-detail" }, `${words.t("also_called")}: ${aliases.join(", ")}`);
}

/** Return the terms of an article with their explanations; null when it has none. */
export function renderGlossary(glossary, context) {
  const terms = items(glossary);
  if (!terms.length) return null;
  const collator = new Intl.Collator(context.words.language);
  const sorted = [...terms].sort((a, b) => collator.compare(a.term, b.term));
  const plainContext = { ...context, glossary: new Map() };
  return el(
    "section",
    { class: "end-matter glossary", id: GLOSSARY_ID, "aria-labelledby": `${GLOSSARY_ID}-title` },
    el("h2", { id: `${GLOSSARY_ID}-title` }, context.words.t("glossary")),
    el(
      "dl",
      { class: "glossary-list" },
      sorted.map((term) => [
        el("dt", { id: `term-${term.id}`, tabindex: "-1" }, term.term),
        el(
          "dd",
          {},
          renderPronunciation(term, context.words),
          renderRichText(term.definition, plainContext, "prose prose-small"),
          renderAliases(term, context.words),
        ),
      ]),
    ),
  );
}
