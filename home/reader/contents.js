// The table of contents: beside the article on wide screens, folded above it on narrow ones.

import { el, hasText } from "./dom.js";

const WIDE = "(min-width: 64rem)";

/**
 * Return the table of contents for `entries` (`{anchor, title, isEndMatter}`), or null for fewer than
 * two. Sections come from the API's `toc`, the rest are the reader's own lists at the end.
 */
export function renderContents(entries, { words }) {
  const given = entries.filter((entry) => entry && hasText(entry.anchor) && hasText(entry.title));
  if (given.length < 2) return null;
  const links = given.map((entry) =>
    el("li", { class: entry.isEndMatter && "toc-end" }, el("a", { href: `#${entry.anchor}` }, entry.title)),
  );
  const details = el(
    "details",
    { class: "toc" },
    el("summary", { id: "toc-title" }, words.t("contents")),
    el("nav", { "aria-labelledby": "toc-title" }, el("ol", { role: "list" }, links)),
  );
  const wide = window.matchMedia(WIDE);
  const follow = () => {
    details.open = wide.matches;
  };
  follow();
  wide.addEventListener("change", follow);
  details.addEventListener("click", (event) => {
    if (!wide.matches && event.target.closest("a")) details.open = false;
  });
  return details;
}

/** Mark the entry of the part that is being read. Call it when the article stands in the document. */
export function followReading(contents) {
  if (!contents || typeof IntersectionObserver === "undefined") return;
  const links = new Map(
    [...contents.querySelectorAll("a")].map((link) => [document.getElementById(link.hash.slice(1)), link]),
  );
  links.delete(null);
  const visible = new Set();
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) visible[isIntersecting ? "add" : "delete"](target);
      const current = [...links.keys()].find((part) => visible.has(part));
      if (!current) return;
      for (const [part, link] of links) {
        if (part === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-10% 0px -65% 0px" },
  );
  for (const part of links.keys()) observer.observe(part);
}

/** Keep `node` below the contents on wide screens and at the end of the article on narrow ones. */
export function placeBeside(node, rail, end) {
  const wide = window.matchMedia(WIDE);
  const place = () => (wide.matches ? rail : end).append(node);
  place();
  wide.addEventListener("change", place);
}
