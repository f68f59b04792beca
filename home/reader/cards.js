// Cards that lead to other pages, and promotions.

import { el, hasText, items } from "./dom.js";
import { icon } from "./icons.js";
import { renderImage } from "./images.js";

/**
 * Return a link to a page of the API; null when the page is not published. A page in another language
 * than the reader's says so, for people and for screen readers.
 */
export function renderPageLink(page, { words }, className) {
  if (!page || !hasText(page.path) || !hasText(page.title)) return null;
  const isForeign = hasText(page.locale) && page.locale !== words.locale;
  return el(
    "a",
    { class: className, href: page.path, hreflang: isForeign && page.locale, lang: isForeign && page.locale, dataset: { pageId: page.id } },
    page.title,
  );
}

function renderForeignNote(page, { words }) {
  if (!hasText(page.locale) || page.locale === words.locale) return null;
  const name = new Intl.DisplayNames([words.language], { type: "language" }).of(page.locale);
  return el("span", { class: "mark" }, words.t("in_language", { language: name }));
}

/** Return the card of an article; null when it is not published. `teaser` takes the place of its summary. */
export function renderCard(page, context, { teaser, level = 3, hasImage = false, hasKind = true } = {}) {
  const link = renderPageLink(page, context, "card-link");
  if (!link) return null;
  const kind = hasKind ? context.words.label("kind", page.kind) : "";
  const text = hasText(teaser) ? teaser : page.summary;
  const image = hasImage && renderImage(page.image, { alt: "", sizes: "(min-width: 48rem) 20rem, 100vw", className: "card-image" });
  const isForeign = link.hasAttribute("lang") && !hasText(teaser);
  return el(
    "article",
    { class: ["card", image && "card-with-image"] },
    image,
    el(
      "div",
      { class: "card-body" },
      hasText(kind) && el("p", { class: "kicker" }, kind),
      el(`h${level}`, { class: "card-title" }, link),
      hasText(text) && el("p", { class: "card-text", lang: isForeign && page.locale }, text),
      renderForeignNote(page, context),
    ),
  );
}

/** Return cards in a list; null when none of the pages is published. */
export function renderCards(pages, context, options = {}) {
  const cards = items(pages).map((page) => renderCard(page, context, options)).filter(Boolean);
  if (!cards.length) return null;
  return el("ul", { class: "cards", role: "list" }, cards.map((card) => el("li", {}, card)));
}

/** Return a promotion with its mark, so that nobody takes it for a part of the article. */
export function renderPromotion(promotion, { words }) {
  if (!promotion || !hasText(promotion.title)) return null;
  const hasLink = hasText(promotion.link_url) && hasText(promotion.link_text);
  return el(
    "aside",
    { class: ["promotion", promotion.is_sponsored && "promotion-sponsored"], "aria-label": promotion.title, dataset: { promotionId: promotion.id } },
    el("p", { class: "promotion-mark" }, words.t(promotion.is_sponsored ? "sponsored" : "promotion")),
    renderImage(promotion.image, { sizes: "18rem", className: "promotion-image" }),
    el("p", { class: "promotion-title" }, promotion.title),
    hasText(promotion.text) && el("p", { class: "promotion-text" }, promotion.text),
    hasLink &&
      el(
        "p",
        { class: "promotion-link" },
        el("a", { href: promotion.link_url, rel: promotion.is_sponsored ? "sponsored noopener" : "noopener" }, promotion.link_text, icon("right")),
      ),
  );
}
