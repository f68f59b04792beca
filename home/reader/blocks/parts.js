// Parts that several blocks share.

import { el, hasText } from "../dom.js";

/** Return a list of label and value pairs; pairs without a value are left out, and so is an empty list. */
export function renderFacts(pairs, className = "facts") {
  const given = pairs.filter(([, value]) => (value instanceof Node ? true : hasText(value)));
  if (!given.length) return null;
  return el(
    "dl",
    { class: className },
    given.map(([label, value]) => el("div", {}, el("dt", {}, label), el("dd", {}, value))),
  );
}

/** Return a paragraph with plain text, and optional citations behind it; null for an empty text. */
export function renderParagraph(text, { className, citations } = {}) {
  return hasText(text) ? el("p", { class: className }, text, citations) : null;
}

/** Return a `<details>` with a list of codes for professionals; null when there are none. */
export function renderCodes(entries, { words }) {
  const given = entries.filter(({ code }) => code && hasText(code.code));
  if (!given.length) return null;
  const lines = given.map(({ name, code }) => {
    const system = code.system || code.other_system;
    const label = words.label("code_system", system) || system;
    return el("li", {}, hasText(name) && `${name}: `, `${label} `, el("code", {}, code.code));
  });
  return el("details", { class: "codes" }, el("summary", {}, words.t("codes")), el("ul", {}, lines));
}
