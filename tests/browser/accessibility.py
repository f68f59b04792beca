"""A small accessibility check of a page in a window: what can be decided without a person.

It follows rules of WCAG 2.2, level AA: 1.1.1 alternative texts, 1.3.1 headings and landmarks, 1.4.3 contrast,
2.4.1 titles, 3.1.1 and 3.1.2 languages, 4.1.2 names, and references between elements that lead nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIND_PROBLEMS = r"""
() => {
  const problems = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const short = (node) => node.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const isShown = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const getText = (node) => {
    const texts = [...node.childNodes].map((child) => {
      if (child.nodeType === Node.TEXT_NODE) return child.data;
      if (child.nodeType !== Node.ELEMENT_NODE || child.getAttribute("aria-hidden") === "true") return "";
      return child.matches("img") ? child.alt : getText(child);
    });
    return texts.join("").trim();
  };
  const getName = (node) => {
    const labels = (node.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
    const labelled = labels.map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
    const label = node.labels?.[0];
    return labelled || node.getAttribute("aria-label")?.trim() || (label ? getText(label) : "") || getText(node);
  };

  if (!document.title.trim()) problems.push("The document has no title.");
  for (const node of all("html, [lang]")) {
    if (!/^[a-z]{2}(-[A-Za-z0-9]+)*$/.test(node.lang)) problems.push(`No language: ${short(node)}`);
  }
  for (const name of ["main", "h1"]) {
    if (all(name).length !== 1) problems.push(`${all(name).length} elements ${name} instead of one`);
  }
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(isShown)) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) problems.push(`A heading jumps from level ${level} to ${next}: ${short(heading)}`);
    if (!getText(heading)) problems.push(`An empty heading: ${short(heading)}`);
    level = next;
  }
  for (const image of all("img")) if (!image.hasAttribute("alt")) problems.push(`An image without alt: ${short(image)}`);
  for (const image of all("svg")) {
    if (!image.closest("[aria-hidden=true], [role=img][aria-label]") && !getName(image)) problems.push(`A nameless drawing: ${short(image)}`);
  }
  const named = "a[href], button, summary, input, select, textarea, [role=button], [role=dialog], nav, section[role], table";
  for (const node of all(named)) {
    if (node.matches("table") ? !node.caption && !getName(node) : !getName(node)) problems.push(`No name: ${short(node)}`);
  }
  for (const cell of all("table")) {
    if (!cell.querySelector("th[scope]")) problems.push(`A table without header cells: ${short(cell)}`);
  }
  for (const node of all("[tabindex]")) if (node.tabIndex > 0) problems.push(`A tabindex above 0: ${short(node)}`);
  const seen = new Set();
  for (const { id } of all("[id]")) {
    if (seen.has(id)) problems.push(`The id ${id} is there twice.`);
    seen.add(id);
  }
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
    for (const node of all(`[${attribute}]`)) {
      for (const id of node.getAttribute(attribute).split(" ")) {
        if (!seen.has(id)) problems.push(`${attribute} leads nowhere: ${short(node)}`);
      }
    }
  }
  for (const link of all("a[href^='#']")) {
    if (!seen.has(decodeURIComponent(link.hash.slice(1)))) problems.push(`A link leads nowhere: ${short(link)}`);
  }
  for (const list of all("ul, ol")) {
    if ([...list.children].some((child) => child.localName !== "li")) problems.push(`A list with something else than items: ${short(list)}`);
  }

  const parse = (color) => {
    const numbers = color.match(/[\d.]+/g).map(Number);
    const scale = color.startsWith("color(") ? 255 : 1;
    const [red, green, blue, alpha = 1] = numbers;
    return [red * scale, green * scale, blue * scale, alpha];
  };
  const blend = (above, below) => above.slice(0, 3).map((part, index) => part * above[3] + below[index] * (1 - above[3]));
  const getBackground = (node) => {
    const layers = [];
    for (let parent = node; parent; parent = parent.parentElement) layers.push(parse(getComputedStyle(parent).backgroundColor));
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    return layers.reverse().reduce((below, layer) => blend(layer, below), isDark ? [18, 18, 18] : [255, 255, 255]);
  };
  const getLuminance = (color) => {
    const [red, green, blue] = color.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const reported = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !isShown(node) || node.closest("script, style, noscript, .visually-hidden")) continue;
    const style = getComputedStyle(node);
    const background = getBackground(node);
    const [light, dark] = [getLuminance(blend(parse(style.color), background)), getLuminance(background)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const key = `${style.color} on ${background.map(Math.round)}`;
    if (ratio < (isLarge ? 3 : 4.5) - 0.01 && !reported.has(key)) {
      reported.add(key);
      problems.push(`Contrast ${ratio.toFixed(2)} (${key}): ${short(node)}`);
    }
  }
  return problems;
}
"""


def find_problems(window: Page) -> list[str]:
    """Return one sentence for each problem of the page that a window shows."""
    return window.evaluate(FIND_PROBLEMS)
