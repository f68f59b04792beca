// The text family: rich text, callouts, questions and answers.

import { el, hasText, items, markBlock } from "../dom.js";
import { icon } from "../icons.js";
import { renderRichText } from "../richtext.js";

const CALLOUT_KINDS = ["information", "tip", "important", "warning"];

/** Show rich text. */
export function renderText(value, context) {
  return renderRichText(value, context);
}

/** Show a callout; its kind is said in words, not only by its color. */
export function renderCallout(value, context) {
  const content = renderRichText(value.content, context);
  if (!content && !hasText(value.title)) return null;
  const kind = CALLOUT_KINDS.includes(value.kind) ? value.kind : "unknown";
  return el(
    "aside",
    { class: `callout callout-${kind}` },
    el("p", { class: "callout-kind" }, kind !== "unknown" && icon(kind), context.words.label("callout", kind) || context.words.t("not_chosen")),
    hasText(value.title) && el("h3", { class: "block-title" }, value.title),
    content,
  );
}

/** Show questions with their answers. */
export function renderQuestionsAnswers(value, context) {
  const level = hasText(value.title) ? 4 : 3;
  const entries = items(value.items).map((item) => renderQuestion(item, context, level)).filter(Boolean);
  if (!entries.length) return null;
  return el("div", { class: "questions-answers" }, hasText(value.title) && el("h3", { class: "block-title" }, value.title), entries);
}

function renderQuestion(item, context, level) {
  const { question, answer } = item.value ?? {};
  if (!hasText(question)) return null;
  return markBlock(el("div", { class: "question-answer" }, el(`h${level}`, {}, question), renderRichText(answer, context)), item);
}
