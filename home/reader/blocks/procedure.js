// Procedure steps, numbered through all phases as the patient lives through them.

import { el, hasText, items, markBlock } from "../dom.js";
import { icon } from "../icons.js";
import { renderImage } from "../images.js";
import { renderCitations } from "../references.js";
import { renderRichText } from "../richtext.js";
import { renderVideoLink } from "./media.js";
import { renderFacts, renderParagraph } from "./parts.js";

/** Show a procedure with its phases. */
export function renderProcedureSteps(value, context) {
  const { words } = context;
  let number = 1;
  const phases = items(value.phases).map((phase) => {
    const first = number;
    number += items(phase.value?.steps).length;
    return renderPhase(phase, first, context);
  });
  return el(
    "section",
    { class: "procedure" },
    hasText(value.procedure) && el("h3", { class: "block-title" }, value.procedure, renderCitations(value.citations, context)),
    renderFacts(
      [
        [words.t("procedure_where"), words.label("setting", value.setting)],
        [words.t("procedure_anesthesia"), words.label("anesthesia", value.anesthesia)],
        [words.t("procedure_time"), words.duration(value.total_time)],
      ],
      "facts facts-row",
    ),
    phases,
  );
}

function renderPhase(phase, first, context) {
  const steps = items(phase.value?.steps);
  if (!steps.length) return null;
  const node = el(
    "section",
    { class: "phase" },
    el("h4", { class: "phase-title" }, context.words.label("phase", phase.type)),
    renderParagraph(phase.value.introduction, { className: "phase-introduction" }),
    el("ol", { class: "steps", start: first, role: "list" }, steps.map((step, index) => renderStep(step, first + index, context))),
  );
  return markBlock(node, phase);
}

function renderStep(item, number, context) {
  const { words } = context;
  const step = item.value ?? {};
  const node = el(
    "li",
    { class: "step", value: number },
    el("span", { class: "step-number", "aria-hidden": "true" }, words.number(number)),
    el(
      "div",
      { class: "step-body" },
      el("h5", { class: "step-title" }, step.title, renderCitations(step.citations, context)),
      step.optional && el("p", { class: "mark step-optional" }, words.t("step_optional")),
      renderRichText(step.text, context),
      renderFacts([
        [words.t("step_by"), step.performed_by],
        [words.t("step_time"), words.duration(step.duration)],
        [words.t("step_feel"), step.sensations],
        [words.t("step_risks"), step.risks],
      ]),
      renderNote("tip", "tip", words.t("step_tip"), step.tip),
      renderNote("call", "phone", words.t("step_call"), step.when_to_call),
      renderImage(step.image?.image, { alt: step.image?.alt, className: "step-image" }),
      hasText(step.video_url) && el("p", {}, renderVideoLink(step.video_url, context)),
    ),
  );
  return markBlock(node, item);
}

function renderNote(kind, iconName, label, text) {
  if (!hasText(text)) return null;
  return el("p", { class: `step-note step-note-${kind}` }, icon(iconName), el("span", {}, el("strong", {}, `${label}: `), text));
}
