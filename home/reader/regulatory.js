// What authorities have decided about a treatment.

import { renderFacts } from "./blocks/parts.js";
import { el, hasText, items, markBlock } from "./dom.js";

/** Return the decisions as a section with the given id; null when there are none. */
export function renderDecisions(stream, context, id) {
  const decisions = items(stream).map((item) => renderDecision(item, context)).filter(Boolean);
  if (!decisions.length) return null;
  return el(
    "section",
    { class: "end-matter decisions", id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title` }, context.words.t("regulatory_status")),
    decisions,
  );
}

function renderDecision(item, { words }) {
  const decision = item.value ?? {};
  if (!hasText(decision.authority) || !hasText(decision.indication)) return null;
  const decidedOn = words.date(decision.decided_on);
  const status = words.label("regulatory_status", decision.status);
  const { system, other_system: other, code } = decision.code ?? {};
  const systemName = words.label("code_system", system) || system || other;
  const node = el(
    "div",
    { class: "decision" },
    el("h3", { class: "block-title" }, decision.authority),
    hasText(status) && el("p", {}, el("strong", {}, status)),
    hasText(decidedOn) && el("p", { class: "fine-print" }, words.t("decided_on", { date: decidedOn })),
    el("p", {}, decision.indication),
    renderFacts([
      [words.t("decision_number"), decision.identifier],
      [hasText(code) ? systemName : "", code],
    ]),
  );
  return markBlock(node, item);
}
