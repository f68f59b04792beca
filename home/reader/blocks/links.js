// Blocks that lead elsewhere: the card of a related article, and the promotions of the moment.

import { el, values } from "../dom.js";
import { renderCard, renderPromotion } from "../cards.js";

/** Show the card of another article; nothing while that article is not published. */
export function renderRelatedArticle(value, context) {
  const card = renderCard(value.page, context, { teaser: value.teaser, hasImage: true });
  return card && el("div", { class: "related-article" }, card);
}

/** Show the promotions of a slot; nothing when none is due. */
export function renderPromotionSlot(value, context) {
  const promotions = values(value.promotions)
    .map((promotion) => renderPromotion(promotion, context))
    .filter(Boolean);
  if (!promotions.length) return null;
  return el("div", { class: "promotion-slot", dataset: { placement: value.placement } }, promotions);
}
