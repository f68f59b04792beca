// How sure we are: the level of evidence in a system that doctors know, and in plain words.

import { el, hasText } from "../dom.js";
import { renderCitations } from "../references.js";
import { renderFacts, renderParagraph } from "./parts.js";

const GRADE_MARKS = { high: 4, moderate: 3, low: 2, very_low: 1 };

/** Return a level (`{system, level, plain_words}`) as an element; null when none is given. */
export function renderEvidenceLevel(evidence, context) {
  const name = evidence ? describeLevel(evidence, context) : null;
  if (!name && !hasText(evidence?.plain_words)) return null;
  return el("span", { class: "evidence-level" }, name, name && hasText(evidence.plain_words) && " ", hasText(evidence.plain_words) && evidence.plain_words);
}

function describeLevel({ system, level }, { words }) {
  if (!hasText(system) || !hasText(level)) return null;
  const systemName = words.label("evidence_system", system) || system;
  const plainLevel = system === "grade" ? words.label("grade", level) : "";
  const marks = system === "grade" ? GRADE_MARKS[level] : 0;
  return el(
    "span",
    { class: "level" },
    marks > 0 && [el("span", { class: "level-marks", "aria-hidden": "true" }, "⊕".repeat(marks) + "○".repeat(4 - marks)), " "],
    `${systemName}: ${plainLevel || words.t("evidence_level", { level })}.`,
  );
}

/** Show a claim with its level of evidence. */
export function renderEvidenceNote(value, context) {
  const { words } = context;
  if (!hasText(value.claim)) return null;
  return el(
    "aside",
    { class: "evidence-note" },
    el("h3", { class: "kicker" }, words.t("evidence_note")),
    renderParagraph(value.claim, { className: "claim", citations: renderCitations(value.citations, context) }),
    renderParagraph(value.plain_words),
    renderFacts([
      [words.t("evidence"), describeLevel(value, context) ?? ""],
      [words.t("evidence_limits"), value.limits],
    ]),
  );
}
