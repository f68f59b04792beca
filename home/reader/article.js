// A treatment article, in the order in which a patient needs its parts.

import { renderBlocks } from "./blocks/index.js";
import { renderCards, renderPromotion } from "./cards.js";
import { renderBackToTop, renderBreadcrumb } from "./chrome.js";
import { followReading, placeBeside, renderContents } from "./contents.js";
import { append, el, hasText, items, markBlock, values } from "./dom.js";
import { activateTerms, GLOSSARY_ID, indexGlossary, renderGlossary } from "./glossary.js";
import { renderAbout, renderDates } from "./governance.js";
import { renderImage } from "./images.js";
import { renderNotices } from "./notices.js";
import { indexReferences, linkBack, REFERENCES_ID, renderReferences } from "./references.js";
import { renderDecisions } from "./regulatory.js";
import { renderRichText } from "./richtext.js";

const QUESTIONS_ID = "article-questions";
const DECISIONS_ID = "article-decisions";
const RELATED_ID = "article-related";
const RELATIONS = ["before", "what_to_expect", "alternative", "after", "more"];

/** Put an article into `root`. */
export function showArticle(root, frame) {
  const { page, words } = frame;
  const context = { ...frame, references: indexReferences(page.references), glossary: indexGlossary(page.glossary) };
  const sections = renderSections(page, context);
  const questions = renderQuestions(page.questions, context);
  const decisions = renderDecisions(page.regulatory_status, context, DECISIONS_ID);
  const related = renderRelated(page.related, context);
  const references = renderReferences(page.references, context);
  const glossary = renderGlossary(page.glossary, context);

  const contents = renderContents(
    [
      ...sections.entries,
      questions && { anchor: QUESTIONS_ID, title: words.t("questions"), isEndMatter: true },
      decisions && { anchor: DECISIONS_ID, title: words.t("regulatory_status"), isEndMatter: true },
      related && { anchor: RELATED_ID, title: words.t("related"), isEndMatter: true },
      references && { anchor: REFERENCES_ID, title: words.t("references"), isEndMatter: true },
      glossary && { anchor: GLOSSARY_ID, title: words.t("glossary"), isEndMatter: true },
    ],
    context,
  );
  const rail = el("div", { class: "rail" }, contents);
  const end = el("div", { class: "article-end" });
  const article = el(
    "div",
    { class: "article-text" },
    renderKeyPoints(page.key_points, context),
    renderRichText(page.intro, context, "prose intro"),
    sections.nodes,
    questions,
    decisions,
    related,
    renderPromotions(page.promotions, "footer", sections.nodes, context),
    references,
    glossary,
    renderAbout(page, context),
    end,
  );
  const node = el(
    "article",
    { class: "article", dataset: { pageId: page.id } },
    renderHead(page, context),
    el("div", { class: "article-columns" }, rail, article),
  );
  root.replaceChildren(node, renderBackToTop(context));

  const beside = renderPromotions(page.promotions, "sidebar", sections.nodes, context);
  if (beside) placeBeside(beside, rail, end);
  linkBack(node, page.references, context);
  activateTerms(node, context);
  followReading(contents);
}

function renderHead(page, context) {
  const { words } = context;
  const kind = words.label("kind", page.kind);
  const names = values(page.also_known_as).filter(hasText);
  return el(
    "header",
    { class: "article-head" },
    renderBreadcrumb(context),
    renderNotices(page, context),
    hasText(kind) && el("p", { class: "kicker" }, kind),
    el("h1", {}, page.title),
    hasText(page.summary) && el("p", { class: "summary" }, page.summary),
    names.length > 0 && el("p", { class: "other-names" }, `${words.t("also_known_as")}: ${names.join(" · ")}`),
    renderDates(page, context),
    renderImage(page.hero, { className: "hero", isLazy: false, sizes: "(min-width: 72rem) 68rem, 100vw" }),
  );
}

function renderKeyPoints(stream, { words }) {
  const points = items(stream).filter((point) => hasText(point.value ?? point));
  if (!points.length) return null;
  return el(
    "section",
    { class: "key-points", "aria-labelledby": "key-points-title" },
    el("h2", { id: "key-points-title" }, words.t("key_points")),
    el("ul", {}, points.map((point) => markBlock(el("li", {}, point.value ?? point), point.id ? point : null))),
  );
}

function renderSections(page, context) {
  const anchors = new Map(items(page.toc).map((entry) => [entry.id, entry]));
  const nodes = [];
  const entries = [];
  for (const block of items(page.body)) {
    if (block.type !== "section") {
      nodes.push(...renderBlocks([block], context));
      continue;
    }
    const { heading, health_aspect: aspect, content } = block.value ?? {};
    const anchor = anchors.get(block.id)?.anchor ?? `section-${block.id}`;
    const titleId = `${anchor}-title`;
    const node = el(
      "section",
      { id: anchor, class: "section", "aria-labelledby": titleId, dataset: { healthAspect: aspect } },
      el("h2", { id: titleId }, heading),
      renderBlocks(content, context),
    );
    nodes.push(markBlock(node, block));
    entries.push({ anchor, title: anchors.get(block.id)?.title ?? heading });
  }
  return { nodes, entries };
}

function renderQuestions(stream, { words }) {
  const questions = items(stream).filter((question) => hasText(question.value ?? question));
  if (!questions.length) return null;
  return el(
    "section",
    { class: "end-matter ask", id: QUESTIONS_ID, "aria-labelledby": `${QUESTIONS_ID}-title` },
    el("h2", { id: `${QUESTIONS_ID}-title` }, words.t("questions")),
    el(
      "ul",
      { class: "ask-list" },
      questions.map((question) => markBlock(el("li", {}, question.value ?? question), question.id ? question : null)),
    ),
  );
}

function renderRelated(related, context) {
  const { words } = context;
  const known = items(related);
  const groups = RELATIONS.map((relation) => {
    const pages = known.filter((entry) => entry.relation === relation).map((entry) => entry.page);
    const cards = renderCards(pages, context, { level: 4, hasKind: false });
    return cards && [el("h3", { class: "related-title" }, words.label("relation", relation)), cards];
  }).filter(Boolean);
  if (!groups.length) return null;
  return el(
    "section",
    { class: "end-matter related", id: RELATED_ID, "aria-labelledby": `${RELATED_ID}-title` },
    el("h2", { id: `${RELATED_ID}-title` }, words.t("related")),
    groups,
  );
}

// The promotions of a placement that no slot within the article shows already.
function renderPromotions(promotions, placement, sections, context) {
  const isShown = (promotion) =>
    sections.some((section) => section.querySelector(`[data-promotion-id="${Number(promotion.id)}"]`));
  const nodes = items(promotions)
    .filter((promotion) => promotion.placement === placement && !isShown(promotion))
    .map((promotion) => renderPromotion(promotion, context))
    .filter(Boolean);
  return nodes.length ? append(el("div", { class: `promotions promotions-${placement}` }), nodes) : null;
}
