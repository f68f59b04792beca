// Criteria lists. The words say how many of the criteria count and which must not apply; nothing is computed.

import { el, hasText, items, markBlock } from "../dom.js";
import { icon } from "../icons.js";
import { renderCitations } from "../references.js";
import { renderEvidenceLevel } from "./evidence.js";
import { renderCodes, renderFacts, renderParagraph } from "./parts.js";

const PURPOSES = ["may_help", "may_not_suit", "official_indication", "ask_about"];

// Lists in which a criterion that applies speaks for the treatment.
const FAVORABLE = ["may_help", "official_indication"];

const MARK_ICONS = { included: "check", plain: "dot", excluded: "cross" };

/** Show a criteria list with its groups. */
export function renderCriteriaList(value, context) {
  const { words } = context;
  const purpose = PURPOSES.includes(value.purpose) ? value.purpose : "unknown";
  const purposeLabel = words.label("purpose", purpose) || words.t("not_chosen");
  const hasTitle = hasText(value.title);
  const isFavorable = FAVORABLE.includes(purpose);
  const asOf = words.date(value.as_of);
  return el(
    "section",
    { class: `criteria criteria-${purpose}` },
    hasTitle && value.title.trim() !== purposeLabel && el("p", { class: "kicker" }, purposeLabel),
    el("h3", { class: "block-title" }, hasTitle ? value.title : purposeLabel),
    renderParagraph(value.lead_in, { className: "lead-in", citations: renderCitations(value.citations, context) }),
    renderLogic(value, words),
    renderItems(value.items, context, isFavorable),
    renderFacts([
      [words.t("population"), value.population],
      [words.t("evidence"), renderEvidenceLevel(value.evidence, context) ?? ""],
    ]),
    renderParagraph(value.disclaimer, { className: "disclaimer" }),
    renderParagraph(asOf && words.t("criteria_as_of", { date: asOf }), { className: "fine-print" }),
    renderCodes(listCodes(value.items), context),
  );
}

function renderLogic({ logic, minimum, items: children }, words) {
  if (items(children).length < 2) return null;
  if (logic === "at_least") {
    return minimum ? el("p", { class: "logic" }, words.t("logic_at_least", { minimum: words.number(minimum) })) : null;
  }
  if (logic !== "all" && logic !== "any") return null;
  return el("p", { class: "logic" }, words.t(logic === "all" ? "logic_all" : "logic_any"));
}

function renderItems(stream, context, isFavorable) {
  const entries = items(stream)
    .map((item) => (item.type === "group" ? renderGroup(item, context, isFavorable) : renderCriterion(item, context, isFavorable)))
    .filter(Boolean);
  return entries.length ? el("ul", { class: "criteria-items", role: "list" }, entries) : null;
}

function renderGroup(item, context, isFavorable) {
  const group = item.value ?? {};
  const node = el(
    "li",
    { class: "criteria-group" },
    renderParagraph(group.lead_in, { className: "criterion-text" }),
    renderLogic(group, context.words),
    renderItems(group.items, context, isFavorable),
  );
  return markBlock(node, item);
}

function renderCriterion(item, context, isFavorable) {
  const { words } = context;
  const criterion = item.value ?? {};
  if (!hasText(criterion.text)) return null;
  const isExcluded = criterion.characteristic === "exclude";
  const includedMark = isFavorable ? "included" : "plain";
  const mark = isExcluded ? "excluded" : includedMark;
  const details = [criterion.timing, criterion.explanation, criterion.note].filter(hasText);
  const node = el(
    "li",
    { class: ["criterion", isExcluded && "criterion-excluded"] },
    el("span", { class: ["criterion-mark", `criterion-mark-${mark}`] }, icon(MARK_ICONS[mark])),
    el(
      "div",
      {},
      el(
        "p",
        { class: "criterion-text" },
        isExcluded && [el("strong", { class: "criterion-not" }, words.t("must_not_apply")), " "],
        criterion.text,
        renderQuantity(criterion, words),
        renderCitations(criterion.citations, context),
      ),
      details.map((text) => el("p", { class: "criterion-detail" }, text)),
    ),
  );
  return markBlock(node, item);
}

// The limit as data, unless the sentence already says it in these words.
function renderQuantity(criterion, words) {
  const quantity = words.quantity(criterion.quantity);
  if (!quantity) return null;
  const normalize = (text) => text.toLocaleLowerCase(words.language).replace(/\s+/g, " ");
  if (normalize(criterion.text).includes(normalize(quantity))) return null;
  return [" ", el("span", { class: "quantity" }, `(${quantity})`)];
}

function listCodes(stream) {
  return items(stream).flatMap((item) =>
    item.type === "group" ? listCodes(item.value?.items) : [{ name: item.value?.text, code: item.value?.code }],
  );
}
