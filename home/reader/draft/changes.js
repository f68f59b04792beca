// What has changed since the version that this link has shown before: marked in the text, and listed above it.

import { el, hasText } from "../dom.js";
import { findBlock, goToBlock } from "./places.js";

const TAGS = { removed: "del", added: "ins" };

/** Ask for the changes where something was shown before, and show them. */
export async function showChanges(root, banner, { api, revision }, words) {
  if (!revision.previous_id) return;
  let differences;
  try {
    ({ differences } = await api.getDifferences(revision.previous_id));
  } catch (error) {
    // The version before may be deleted by now; the draft can be read without it.
    console.info(`The changes are not shown: ${error.message}`);
    return;
  }
  const told = differences.filter((difference) => difference.significance !== "technical");
  if (!told.length) {
    banner.changes.replaceChildren(el("p", { class: "fine-print" }, words.t("draft_no_changes")));
    return;
  }
  const list = told.map((difference) => renderDifference(root, difference, words));
  banner.changes.replaceChildren(
    el(
      "details",
      { class: "draft-change-list", open: told.length <= 5 },
      el("summary", {}, words.count("draft_changes", told.length)),
      el("ol", {}, list),
    ),
  );
}

function renderDifference(root, difference, words) {
  const node = findBlock(root, difference.block_id);
  const place = [difference.place, difference.field].filter(hasText).join(" → ");
  if (node) markChanged(node, words);
  return el(
    "li",
    {},
    el(
      "p",
      { class: "draft-place" },
      place,
      node &&
        el(
          "button",
          {
            type: "button",
            class: "button button-quiet",
            "aria-label": words.t("draft_show_place_of", { place }),
            on: { click: () => goToBlock(node) },
          },
          words.t("draft_show_place"),
        ),
    ),
    renderTexts(difference, words),
  );
}

function renderTexts({ kind, old, new: current, words: runs }, words) {
  if (kind === "moved") return el("p", {}, words.t("draft_was_moved", { old, new: current }));
  if (runs.length) {
    return el("p", { class: "draft-words" }, runs.map(({ mark, text }) => (TAGS[mark] ? el(TAGS[mark], {}, text) : text)));
  }
  return el("p", { class: "draft-words" }, hasText(old) && el("del", {}, old), " ", hasText(current) && el("ins", {}, current));
}

function markChanged(node, words) {
  if (node.classList.contains("draft-changed")) return;
  node.classList.add("draft-changed");
  node.prepend(el("span", { class: "draft-mark" }, words.t("draft_changed")));
}
