// The home page.

import { renderCards, renderPromotion } from "./cards.js";
import { el, hasText, items } from "./dom.js";
import { renderRichText } from "./richtext.js";

/** Put the home page into `root`. */
export function showHome(root, frame) {
  const { page, site, words } = frame;
  const context = { ...frame, references: new Map(), glossary: new Map() };
  const featured = renderCards(page.featured, context, { hasImage: true });
  const promotions = items(page.promotions)
    .filter((promotion) => promotion.placement === "home")
    .map((promotion) => renderPromotion(promotion, context))
    .filter(Boolean);
  root.replaceChildren(
    el(
      "div",
      { class: "home", dataset: { pageId: page.id } },
      el(
        "header",
        { class: "page-head" },
        hasText(site?.tagline) && el("p", { class: "kicker" }, site.tagline),
        el("h1", {}, page.title),
        renderRichText(page.intro, context, "prose intro"),
      ),
      featured &&
        el("section", { class: "featured", "aria-labelledby": "featured-title" }, el("h2", { id: "featured-title" }, words.t("featured")), featured),
      promotions.length > 0 && el("div", { class: "promotions" }, promotions),
    ),
  );
}
