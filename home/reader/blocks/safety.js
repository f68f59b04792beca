// Care cards by urgency, and benefits beside risks for each option.

import { el, hasText, items, markBlock } from "../dom.js";
import { icon } from "../icons.js";
import { renderCitations } from "../references.js";
import { renderRichText } from "../richtext.js";
import { renderParagraph } from "./parts.js";

const CARE_ICONS = { emergency: "phone", urgent: "clock", non_urgent: "calendar", self_care: "home" };

/** Show a care card; its urgency is said in words, not only by its color. */
export function renderCareCard(value, context) {
  const content = renderRichText(value.content, context);
  if (!content && !hasText(value.title)) return null;
  const level = value.level in CARE_ICONS ? value.level : "unknown";
  return el(
    "section",
    { class: `care care-${level}` },
    el(
      "div",
      { class: "care-head" },
      el("p", { class: "care-level" }, CARE_ICONS[level] && icon(CARE_ICONS[level]), context.words.label("care", level) || context.words.t("not_chosen")),
      hasText(value.title) && el("h3", { class: "care-title" }, value.title),
    ),
    content && el("div", { class: "care-content" }, content),
  );
}

/** Show the options with their benefits and risks side by side. */
export function renderBenefitsRisks(value, context) {
  const hasTitle = hasText(value.title);
  const options = items(value.options).map((option) => renderOption(option, context, hasTitle ? 4 : 3));
  if (!options.length) return null;
  return el(
    "section",
    { class: "benefits-risks" },
    hasTitle && el("h3", { class: "block-title" }, value.title),
    renderParagraph(value.introduction),
    options,
  );
}

function renderOption(item, context, level) {
  const { words } = context;
  const option = item.value ?? {};
  const isNoTreatment = item.type === "no_treatment";
  const node = el(
    "section",
    { class: ["option", isNoTreatment && "option-none"] },
    isNoTreatment && el("p", { class: "kicker" }, words.t("no_treatment")),
    hasText(option.name) && el(`h${level}`, { class: "option-name" }, option.name),
    el(
      "div",
      { class: "option-sides" },
      renderSide("benefits", words.t("benefits"), option.benefits, context, level + 1),
      renderSide("risks", words.t("risks"), option.risks, context, level + 1),
    ),
  );
  return markBlock(node, item);
}

function renderSide(name, label, stream, context, level) {
  const points = items(stream).filter((point) => hasText(point.value?.text));
  if (!points.length) return null;
  return el(
    "div",
    { class: `side side-${name}` },
    el(`h${level}`, { class: "side-title" }, label),
    el(
      "ul",
      {},
      points.map((point) => markBlock(el("li", {}, point.value.text, renderCitations(point.value.citations, context)), point)),
    ),
  );
}
