// Images with the renditions and the focal point that the API gives.

import { el } from "./dom.js";

const ORDER = ["small", "medium", "large"];

function listRenditions(image) {
  return ORDER.map((name) => image.renditions?.[name]).filter((rendition) => rendition?.url);
}

/**
 * Return an <img> for an image of the API; null when there is none. `alt` is the description of this
 * use of the image; without one the image's own is taken.
 */
export function renderImage(image, { alt, sizes = "(min-width: 48rem) 42rem, 100vw", className, isLazy = true } = {}) {
  const renditions = image ? listRenditions(image) : [];
  if (!renditions.length) return null;
  const largest = renditions.at(-1);
  const fallback = renditions.length > 1 ? renditions.at(-2) : largest;
  const node = el("img", {
    class: className,
    src: fallback.url,
    srcset: renditions.length > 1 && renditions.map(({ url, width }) => `${url} ${width}w`).join(", "),
    sizes: renditions.length > 1 && sizes,
    width: largest.width,
    height: largest.height,
    alt: alt ?? image.alt ?? "",
    loading: isLazy && "lazy",
    decoding: "async",
  });
  const position = getFocalPosition(image);
  if (position) node.style.objectPosition = position;
  return node;
}

function getFocalPosition({ focal_point: point, width, height }) {
  if (!point || !width || !height || point.x === undefined || point.y === undefined) return "";
  const toPercent = (value, total) => `${Math.round(Math.min(1, Math.max(0, value <= 1 ? value : value / total)) * 100)}%`;
  return `${toPercent(point.x, width)} ${toPercent(point.y, height)}`;
}
