// Where something is in the article: blocks by their ids, what they are called, and the way to them.

import { hasText } from "../dom.js";

const NAMES = "h2, h3, .block-title, .criterion-text, .step-title, summary, p, li, figcaption, caption";
const CITATIONS = "sup[data-reference], sup.citations";
/** What the words before and behind do not belong to: “Day 1” and “2 tablets” are no “Day 12 tablets”. */
const PARTS = "p, li, ul, ol, br, h2, h3, h4, h5, h6, blockquote, tr, td, th, div, dt, dd";
const MAX_LENGTH = 60;

/** Return the element of a block, or null where the article shows none. */
export function findBlock(root, blockId) {
  if (!hasText(blockId)) return null;
  return root.querySelector(`[data-block-id="${CSS.escape(blockId)}"]`);
}

/** Return a few words by which people know a block. */
export function describeBlock(node) {
  const named = node.matches("li") ? null : node.querySelector(NAMES);
  const copy = (named ?? node).cloneNode(true);
  for (const tool of copy.querySelectorAll(`.draft-comment, .draft-mark, .visually-hidden, svg, ${CITATIONS}`)) tool.remove();
  for (const level of copy.querySelectorAll("sup, sub")) {
    level.replaceWith(`${level.localName === "sup" ? "^" : "_"}(${level.textContent})`);
  }
  for (const part of copy.querySelectorAll(PARTS)) part.replaceWith(" ", ...part.childNodes, " ");
  const text = copy.textContent.replace(/\s+/g, " ").trim();
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH).trimEnd()}…` : text;
}

/** Bring a block into view, and put the focus there, so that the keyboard goes on from it. */
export function goToBlock(node) {
  for (let parent = node.parentElement; parent; parent = parent.parentElement) {
    if (parent.localName === "details") parent.open = true;
  }
  if (!node.hasAttribute("tabindex")) node.setAttribute("tabindex", "-1");
  node.scrollIntoView({ block: "center" });
  node.focus({ preventScroll: true });
  node.classList.add("draft-found");
  setTimeout(() => node.classList.remove("draft-found"), 2500);
}
