// The side for comments and decisions. It is there where the project has them and the link is for them.

import { ApiError } from "../api.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { toList } from "./answers.js";
import { createComments } from "./comments.js";
import { createDecisions } from "./decisions.js";

/** Ask what the link may do, and add the buttons and the side for it. */
export async function startReview(root, banner, draft, words) {
  const side = createSide(root, words);
  const tools = await Promise.all([
    ask(draft.api.getComments, (threads) => createComments({ root, side, draft, words, threads })),
    ask(draft.api.getDecisions, (decisions) => createDecisions({ side, draft, words, decisions })),
  ]);
  for (const tool of tools) if (tool) banner.tools.append(tool.button);
  document.documentElement.dataset.reviewReady = tools.map((tool) => tool?.name ?? "none").join(" ");
}

// Where the project has no such endpoint, or the link is not for it, there is nothing to show.
async function ask(read, create) {
  try {
    return create(toList(await read()));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (![403, 404, 405].includes(error.status)) console.warn(`The reader goes on without ${error.url}: ${error.message}`);
    return null;
  }
}

// A panel at the side, at the bottom of a phone. Escape closes it, and the focus goes back to where it was.
function createSide(root, words) {
  const title = el("h2", { id: "draft-side-title", tabindex: "-1" });
  const status = el("p", { class: "draft-status", role: "status" });
  const content = el("div", { class: "draft-side-content" });
  const close = el(
    "button",
    { type: "button", class: "draft-close", "aria-label": words.t("close"), on: { click: () => side.close() } },
    icon("cross"),
  );
  const node = el(
    "aside",
    { class: "draft-side", id: "draft-side", "aria-labelledby": "draft-side-title", hidden: true },
    el("header", { class: "draft-side-head" }, title, close),
    status,
    content,
  );
  let opener = null;
  const side = {
    node,
    title,
    content,

    /** Show something; the focus comes along unless the panel is only filled again. */
    open(name, heading, { moveFocus = true } = {}) {
      if (node.hidden) opener = document.activeElement;
      node.hidden = false;
      node.dataset.shows = name;
      title.textContent = heading;
      document.documentElement.classList.add("has-draft-side");
      if (moveFocus) title.focus({ preventScroll: true });
    },

    close() {
      node.hidden = true;
      status.textContent = "";
      document.documentElement.classList.remove("has-draft-side");
      if (opener?.isConnected) opener.focus();
    },

    /** Say how it went. */
    tell(text) {
      status.textContent = text;
    },
  };
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") side.close();
  });
  root.append(node);
  return side;
}
