// Who stands behind an article, when it was published and reviewed, and what it is about in codes.

import { renderCodes, renderFacts } from "./blocks/parts.js";
import { el, hasText, items } from "./dom.js";

/** Return the dates that readers look for first; null when the API gives none. */
export function renderDates(page, { words }) {
  const published = words.date(page.version?.published_at ?? page.meta?.first_published_at);
  const reviewed = words.date(page.governance?.last_reviewed);
  const lines = [
    published && words.t("published_on", { date: published }),
    reviewed && words.t("last_reviewed_on", { date: reviewed }),
  ].filter(Boolean);
  return lines.length ? el("p", { class: "dates" }, lines.map((line) => el("span", {}, line))) : null;
}

/** Return what is known about the article and its makers; null when nothing is. */
export function renderAbout(page, context) {
  const { words } = context;
  const { authors, reviewers, next_review_due: due } = page.governance ?? {};
  const nextReview = words.date(due);
  const conditions = items(page.conditions);
  const facts = renderFacts([
    [words.t("treatment"), page.treatment?.name],
    [words.t("conditions"), conditions.map((condition) => condition.name).filter(hasText).join(", ")],
    [words.t("body_site"), page.body_site],
    [words.t("intent"), words.label("intent", page.intent)],
  ]);
  const parts = [
    facts,
    renderPeople(words.t("authors"), authors, context),
    renderPeople(words.t("reviewers"), reviewers, context),
    hasText(nextReview) && el("p", {}, words.t("next_review_on", { date: nextReview })),
    page.version?.number && el("p", { class: "fine-print" }, words.t("version", { number: page.version.number })),
    renderCodes(
      [page.treatment, ...conditions].filter(Boolean).flatMap((entry) => items(entry.codes).map((code) => ({ name: entry.name, code }))),
      context,
    ),
  ].filter(Boolean);
  if (!parts.length) return null;
  return el(
    "section",
    { class: "end-matter about", "aria-labelledby": "article-about-title" },
    el("h2", { id: "article-about-title" }, words.t("about")),
    parts,
  );
}

function renderPeople(label, people, context) {
  const entries = items(people).filter((person) => hasText(person.name));
  if (!entries.length) return null;
  return el("div", { class: "people" }, el("h3", {}, label), el("ul", { role: "list" }, entries.map((person) => renderPerson(person, context))));
}

function renderPerson(person, { words }) {
  const name = [person.name, person.credentials].filter(hasText).join(", ");
  const details = [words.label("role", person.role), person.affiliation].filter(hasText).join(" · ");
  return el(
    "li",
    {},
    el("span", { class: "person-name" }, name),
    hasText(details) && el("span", { class: "person-detail" }, details),
    hasText(person.interests) && el("span", { class: "person-detail" }, `${words.t("interests")}: ${person.interests}`),
    hasText(person.orcid) &&
      el("a", { class: "person-detail", href: `https://orcid.org/${person.orcid}`, rel: "noopener" }, `ORCID ${person.orcid}`),
  );
}
