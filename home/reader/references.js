// Citations in the text, the numbered list that they lead to, and the way back.

import { el, fragment, hasText, items } from "./dom.js";

export const REFERENCES_ID = "article-references";

/** Identifiers of a reference, and where they are looked up. */
const IDENTIFIERS = [
  ["doi", "https://doi.org/"],
  ["pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/"],
  ["pmid", "https://pubmed.ncbi.nlm.nih.gov/"],
  ["nct", "https://clinicaltrials.gov/study/"],
];

function getReferenceId(reference) {
  return `reference-${reference.id}`;
}

/** Return the references of an article by their id. */
export function indexReferences(references) {
  return new Map(items(references).map((reference) => [reference.id, reference]));
}

/** Return the link of one citation. */
export function makeCitation(reference, { words }) {
  return el(
    "a",
    {
      class: "citation",
      href: `#${getReferenceId(reference)}`,
      role: "doc-noteref",
      "aria-label": words.t("reference", { number: reference.number }),
      dataset: { cites: reference.id },
    },
    reference.number,
  );
}

/** Return the citations of a block as superscripts; null when there are none that the article lists. */
export function renderCitations(citations, context) {
  const links = items(citations)
    .map((citation) => context.references.get((citation.value ?? citation).id))
    .filter(Boolean)
    .map((reference) => makeCitation(reference, context));
  if (!links.length) return null;
  return el("sup", { class: "citations" }, links.map((link, index) => (index ? [",", link] : link)));
}

/** Return the numbered list of references as a section; null when the article has none. */
export function renderReferences(references, context) {
  const list = items(references);
  if (!list.length) return null;
  return el(
    "section",
    { class: "end-matter references", id: REFERENCES_ID, "aria-labelledby": `${REFERENCES_ID}-title` },
    el("h2", { id: `${REFERENCES_ID}-title` }, context.words.t("references")),
    el("ol", { class: "reference-list" }, list.map((reference) => renderReference(reference, context))),
  );
}

function renderReference(reference, { words }) {
  const status = words.label("reference_status", reference.status);
  return el(
    "li",
    { id: getReferenceId(reference), value: reference.number, tabindex: "-1" },
    renderText(reference, status),
    reference.is_sample && el("span", { class: "mark" }, words.t("sample_reference")),
    hasText(status) && el("strong", { class: ["mark", reference.status !== "corrected" && "mark-danger"] }, status),
    el("span", { class: "back-links" }),
  );
}

// The citation with its identifiers and addresses as links. Where it names none, the address stands behind it.
// Its status, which ends it, is left to the mark.
function renderText(reference, status) {
  const { vancouver, url } = reference;
  const targets = IDENTIFIERS.map(([name, root]) => [reference[name], `${root}${encodePath(reference[name])}`]);
  const ending = ` ${status}.`;
  const isMarked = hasText(status) && vancouver.endsWith(ending);
  const parts = [isMarked ? vancouver.slice(0, -ending.length) : vancouver];
  for (const [words, href] of [...targets, [url, url]]) {
    const index = hasText(words) ? parts.findIndex((part) => typeof part === "string" && part.includes(words)) : -1;
    if (index < 0) continue;
    const [before, ...after] = parts[index].split(words);
    parts.splice(index, 1, before, el("a", { href, rel: "noopener" }, words), after.join(words));
  }
  if (parts.length === 1 && hasText(url)) parts.push(" ", el("a", { href: url, rel: "noopener" }, getHost(url)));
  return el("span", { class: "reference-text" }, parts);
}

function encodePath(value) {
  return encodeURIComponent(value ?? "").replaceAll("%2F", "/");
}

function getHost(url) {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Give every citation below `root` an id, and every reference the links back to its citations. */
export function linkBack(root, references, { words }) {
  for (const reference of items(references)) {
    const slot = root.querySelector(`#${getReferenceId(reference)} .back-links`);
    const citations = [...root.querySelectorAll(`a[data-cites="${reference.id}"]`)];
    if (!slot || !citations.length) continue;
    const links = citations.map((citation, index) => {
      const position = index + 1;
      citation.id = `citation-${reference.id}-${position}`;
      const label = words.t("back_to_citation", { position, number: reference.number });
      return el("a", { href: `#${citation.id}`, role: "doc-backlink", "aria-label": label }, citations.length > 1 ? position : "↩");
    });
    slot.append(fragment(citations.length > 1 && el("span", { "aria-hidden": "true" }, "↩"), links));
  }
}
