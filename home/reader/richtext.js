// Rich text of the API, with its glossary terms and citations made usable by mouse, touch and keyboard.

import { el, hasText, setTrustedHtml } from "./dom.js";
import { makeCitation } from "./references.js";

/** Return rich text (`{html, text}`) as an element; null when there is none. */
export function renderRichText(richText, context, className = "prose") {
  if (!richText || !hasText(richText.html) || (!hasText(richText.text) && !/<img|<hr/.test(richText.html))) return null;
  const node = setTrustedHtml(el("div", { class: className }), richText.html);
  for (const term of node.querySelectorAll("dfn[data-term]")) enhanceTerm(term, context);
  for (const mark of node.querySelectorAll("sup[data-reference]")) enhanceCitation(mark, context);
  for (const link of node.querySelectorAll("a")) enhanceLink(link);
  return node;
}

function enhanceTerm(term, context) {
  const entry = context.glossary.get(Number(term.dataset.term));
  if (!entry) {
    term.replaceWith(...term.childNodes);
    return;
  }
  // Where nobody listens for the click (glossary.js does), this leads to the list of terms.
  const trigger = el("a", {
    class: "term",
    href: `#term-${entry.id}`,
    role: "button",
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
    title: context.words.t("explain_word"),
    dataset: { opensTerm: entry.id },
  });
  trigger.append(...term.childNodes);
  term.append(trigger);
}

function enhanceCitation(mark, context) {
  const reference = context.references.get(Number(mark.dataset.reference));
  if (reference) mark.replaceChildren(makeCitation(reference, context));
  mark.classList.add("citations");
}

function enhanceLink(link) {
  const href = link.getAttribute("href");
  // A link to a page that is not published has no address: its words stay.
  if (!href) {
    if (!link.classList.contains("citation") && !link.classList.contains("term")) link.replaceWith(...link.childNodes);
    return;
  }
  if (/^https?:/.test(href) && link.origin !== location.origin) {
    link.rel = "noopener";
    link.classList.add("external");
  }
}
