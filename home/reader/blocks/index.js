// Every block type of the API and the function that shows it. A new block type is one line here.

import { el, items, markBlock } from "../dom.js";
import { renderCriteriaList } from "./criteria.js";
import { renderEvidenceNote } from "./evidence.js";
import { renderPromotionSlot, renderRelatedArticle } from "./links.js";
import { renderFigure, renderVideo } from "./media.js";
import { renderProcedureSteps } from "./procedure.js";
import { renderBenefitsRisks, renderCareCard } from "./safety.js";
import { renderStatistic } from "./statistic.js";
import { renderTable } from "./table.js";
import { renderCallout, renderQuestionsAnswers, renderText } from "./text.js";

const RENDERERS = {
  rich_text: renderText,
  callout: renderCallout,
  questions_answers: renderQuestionsAnswers,
  procedure_steps: renderProcedureSteps,
  criteria_list: renderCriteriaList,
  statistic: renderStatistic,
  evidence_note: renderEvidenceNote,
  benefits_risks: renderBenefitsRisks,
  care_card: renderCareCard,
  figure: renderFigure,
  video: renderVideo,
  table: renderTable,
  related_article: renderRelatedArticle,
  promotion_slot: renderPromotionSlot,
};

/**
 * Return a block (`{type, id, value}`) as an element, or null when it has nothing to show. A type
 * that the reader does not know leaves a hidden mark, and a warning for developers.
 */
export function renderBlock(block, context) {
  const render = RENDERERS[block.type];
  if (!render) {
    console.warn(`The reader does not know the block type “${block.type}” (block ${block.id}).`);
    return markBlock(el("div", { hidden: true, dataset: { unknownBlock: block.type } }), block);
  }
  if (block.value === null || block.value === undefined) return null;
  return markBlock(render(block.value, context, block), block);
}

/** Return the blocks of a stream as elements, without those that have nothing to show. */
export function renderBlocks(stream, context) {
  return items(stream)
    .map((block) => renderBlock(block, context))
    .filter(Boolean);
}
