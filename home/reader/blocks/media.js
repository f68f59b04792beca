// Figures and videos. A video stays where it is until the reader opens it: nothing is embedded.

import { el, hasText } from "../dom.js";
import { icon } from "../icons.js";
import { renderImage } from "../images.js";
import { renderRichText } from "../richtext.js";
import { renderFacts } from "./parts.js";

/** Show an image with its caption and credit. */
export function renderFigure(value) {
  const image = renderImage(value.image, { alt: value.alt });
  if (!image) return null;
  const hasCaption = hasText(value.caption) || hasText(value.credit);
  return el(
    "figure",
    { class: "figure" },
    image,
    hasCaption &&
      el(
        "figcaption",
        {},
        hasText(value.caption) && el("span", { class: "caption" }, value.caption),
        hasText(value.credit) && [" ", el("span", { class: "credit" }, value.credit)],
      ),
  );
}

/** Return a link to a video elsewhere, with the name of the site that it opens. */
export function renderVideoLink(url, { words }) {
  const host = getHost(url);
  return el(
    "a",
    { class: "video-link", href: url, rel: "noopener" },
    icon("play"),
    el("span", {}, words.t("watch_video"), host && el("span", { class: "video-host" }, ` (${words.t("video_elsewhere", { host })})`)),
  );
}

function getHost(url) {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return "";
  }
}

function formatLength(seconds, words) {
  if (!seconds) return "";
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  return [minutes && words.amount(minutes, null, "min"), rest && words.amount(rest, null, "s")].filter(Boolean).join(" ");
}

/** Show a video as a link with its still image, length and transcript. */
export function renderVideo(value, context) {
  const { words } = context;
  const poster = renderImage(value.poster?.image, { alt: value.poster?.alt, className: "video-poster" });
  const transcript = renderRichText(value.transcript, context, "prose prose-small");
  return el(
    "section",
    { class: "video" },
    el("p", { class: "kicker" }, words.t("video")),
    hasText(value.title) && el("h3", { class: "block-title" }, value.title),
    poster,
    hasText(value.url) && el("p", {}, renderVideoLink(value.url, context)),
    renderFacts([[words.t("video_length"), formatLength(value.duration_seconds, words)]], "facts facts-row"),
    transcript && el("details", { class: "transcript" }, el("summary", {}, words.t("transcript")), transcript),
    hasText(value.credit) && el("p", { class: "fine-print" }, value.credit),
  );
}
