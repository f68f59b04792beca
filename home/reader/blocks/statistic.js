// Numbers as natural frequencies: one sentence, and a picture in which each dot is a person.

import { el, hasText, svg } from "../dom.js";
import { renderCitations } from "../references.js";
import { renderFacts, renderParagraph } from "./parts.js";

const COLUMNS = { 10: 10, 100: 10, 1000: 40 };
const CELL = 10;
const RADIUS = 3.6;

// Qualifiers after which the number is an end and not a count: nobody is sure to be among them.
const OPEN_QUALIFIERS = ["up_to", "fewer_than"];

/** Show a statistic, and its comparison on the same denominator. */
export function renderStatistic(value, context) {
  const { words } = context;
  if (typeof value.value !== "number") return null;
  const total = Number(value.denominator);
  if (!total) return el("section", { class: "statistic" }, el("p", { class: "statistic-sentence" }, renderUnfinished(value, words)));
  const comparison = hasText(value.comparison?.label) && typeof value.comparison.value === "number" ? value.comparison : null;
  const isOpen = OPEN_QUALIFIERS.includes(value.qualifier);
  return el(
    "section",
    { class: "statistic" },
    el("p", { class: "statistic-sentence" }, renderSentence(value, total, words), renderCitations(value.citations, context)),
    comparison && el("p", { class: "statistic-comparison" }, renderComparison(comparison, total, words)),
    el(
      "div",
      { class: ["dot-arrays", `dots-of-${total}`], "aria-hidden": "true" },
      renderArray(value, total, isOpen, comparison ? value.reference_class : "", words),
      comparison && renderArray(comparison, total, false, comparison.label, words),
    ),
    el("p", { class: "fine-print", "aria-hidden": "true" }, words.t("statistic_each_dot", { total: words.number(total) })),
    renderFacts(
      [
        [words.t("statistic_place"), value.place],
        [words.t("statistic_period"), endsSentence(value) ? "" : value.period],
        renderInterval(value.interval, words),
        [words.t("statistic_as_of"), words.date(value.as_of)],
      ],
      "facts facts-row",
    ),
    renderParagraph(value.note, { className: "fine-print" }),
  );
}

function formatShare({ value, upper_value: upper }, total, words) {
  return words.t("statistic_share", { amount: words.amount(value, upper, null), total: words.number(total) });
}

function renderSentence(value, total, words) {
  const share = formatShare(value, total, words);
  const qualifier = words.label("qualifier", value.qualifier) || "{share}";
  const parts = [value.reference_class, value.outcome, endsSentence(value) && value.period];
  const rest = parts.filter(hasText).map((text) => text.trim());
  const end = rest.length && /[.!?]$/.test(rest.at(-1)) ? "" : ".";
  return [el("strong", {}, qualifier.replace("{share}", share)), rest.length ? ` ${rest.join(" ")}` : "", end];
}

// A draft whose author has not said yet of how many: the number must not look like a share of anything.
function renderUnfinished({ value, upper_value: upper, reference_class: group, outcome }, words) {
  return [words.amount(value, upper, null), words.t("not_chosen"), group, outcome].filter(hasText).join(" · ");
}

// A time that reads on, such as “within 3 years”, belongs into the sentence: a number means nothing without it.
function endsSentence({ outcome, period }) {
  return hasText(period) && /^[\p{Ll}\d]/u.test(period.trim()) && !/[.!?]$/.test(outcome?.trim() ?? "");
}

function renderComparison(comparison, total, words) {
  const share = formatShare(comparison, total, words);
  const text = words.t("statistic_compared", { share, label: comparison.label.trim() });
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function renderInterval(interval, words) {
  const { level_percent: level, low, high } = interval ?? {};
  if ([level, low, high].some((part) => typeof part !== "number")) return ["", ""];
  return [
    words.t("statistic_interval", { level: words.number(level) }),
    words.t("statistic_interval_ends", { low: words.number(low), high: words.number(high) }),
  ];
}

function renderArray(share, total, isOpen, label, words) {
  const certain = isOpen ? 0 : share.value;
  const possible = share.upper_value ?? share.value;
  const columns = COLUMNS[total] ?? 10;
  const shapes = { some: "", maybe: "", none: "" };
  for (let index = 0; index < total; index += 1) {
    const x = (index % columns) * CELL + CELL / 2;
    const y = Math.floor(index / columns) * CELL + CELL / 2;
    const kind = index + 1 <= possible ? "maybe" : "none";
    shapes[index + 1 <= certain ? "some" : kind] += circle(x, y);
    // A part of a person, as in 67.9 of 100, is a part of a dot.
    const part = Math.min(1, Math.max(0, (isOpen ? 0 : certain) - index));
    if (part > 0 && part < 1) shapes.some += slice(x, y, part);
  }
  const rows = Math.ceil(total / columns);
  return el(
    "figure",
    { class: "dot-array" },
    svg(
      "svg",
      { viewBox: `0 0 ${columns * CELL} ${rows * CELL}`, focusable: "false" },
      Object.entries(shapes).map(([kind, d]) => d && svg("path", { class: `dots dots-${kind}`, d })),
    ),
    hasText(label) && el("figcaption", {}, el("strong", {}, formatShare(share, total, words)), ` ${label}`),
  );
}

function circle(x, y) {
  return `M${x - RADIUS} ${y}a${RADIUS} ${RADIUS} 0 1 0 ${2 * RADIUS} 0a${RADIUS} ${RADIUS} 0 1 0 ${-2 * RADIUS} 0`;
}

function slice(x, y, part) {
  const angle = 2 * Math.PI * part;
  const endX = (x + RADIUS * Math.sin(angle)).toFixed(2);
  const endY = (y - RADIUS * Math.cos(angle)).toFixed(2);
  return `M${x} ${y}V${y - RADIUS}A${RADIUS} ${RADIUS} 0 ${part > 0.5 ? 1 : 0} 1 ${endX} ${endY}Z`;
}
