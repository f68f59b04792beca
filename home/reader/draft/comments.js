// Comments on blocks, criteria and steps, with their threads. Texts of others are shown as text, never as HTML.

import { el, hasText, hiddenText, items } from "../dom.js";
import { icon } from "../icons.js";
import { describeFailure, toList } from "./answers.js";
import { describeBlock, findBlock, goToBlock } from "./places.js";

const NAME = "comments";
// The API takes no more, unless the project sets another limit.
const MAX_LENGTH = 2000;
// What is shown beside the text, and is no part of it.
const SKIPPED = ["promotion_slot"];

// The words with which a block begins; the button stands behind them, not among those of a block within it.
const BEGINNINGS = "h2, h3, h4, .block-title, p, figcaption";

function putBeside(block, button) {
  const own = [...block.querySelectorAll(BEGINNINGS)].find((node) => node.closest("[data-block-id]") === block);
  if (!own) block.append(button);
  else if (own.localName === "p") own.append(button);
  else own.after(button);
}

/** Add a button to every block, and the panel that they open; returns the button for all comments. */
export function createComments({ root, side, draft, words, threads }) {
  const mayComment = draft.link.may_comment;
  const buttons = new Map();
  const count = el("span", {});
  const button = el(
    "button",
    { type: "button", class: "button button-quiet", "aria-controls": "draft-side", on: { click: () => show(null) } },
    icon("comment"),
    count,
  );
  let place = null;

  function addButtons() {
    for (const block of root.querySelectorAll(".article [data-block-id]")) {
      if (SKIPPED.includes(block.dataset.blockType) || block.hidden) continue;
      const own = el(
        "button",
        {
          type: "button",
          class: "draft-comment",
          "aria-controls": "draft-side",
          "aria-label": words.t("comment_on", { text: describeBlock(block) }),
          on: { click: () => show(block.dataset.blockId) },
        },
        icon("comment"),
        el("span", { class: "draft-comment-count" }),
      );
      putBeside(block, own);
      buttons.set(block.dataset.blockId, own);
    }
  }

  function countThreads() {
    const open = threads.filter((thread) => !thread.is_resolved);
    count.textContent = threads.length ? words.count("comments_count", threads.length) : words.t("comments");
    for (const [blockId, own] of buttons) {
      const number = open.filter((thread) => thread.block_id === blockId).length;
      own.classList.toggle("has-comments", number > 0);
      own.lastElementChild.textContent = number ? words.number(number) : "";
    }
  }

  function show(blockId, options) {
    place = blockId;
    const node = findBlock(root, blockId);
    const shown = blockId ? threads.filter((thread) => thread.block_id === blockId) : threads;
    side.open(NAME, words.t("comments"), options);
    side.content.replaceChildren(
      el("p", { class: "draft-about" }, node ? words.t("comments_on", { text: describeBlock(node) }) : words.t("comments_all")),
      el("div", {}, blockId && el("button", { type: "button", class: "button button-quiet", on: { click: () => show(null) } }, words.t("comments_all"))),
      shown.length
        ? el("ol", { class: "draft-threads", role: "list" }, shown.map((thread) => renderThread(thread, !blockId)))
        : el("p", {}, words.t(blockId ? "comments_none_here" : "comments_none")),
      mayComment ? renderForm(blockId) : "",
    );
  }

  function renderThread(thread, hasPlace) {
    return el(
      "li",
      { class: ["draft-thread", thread.is_resolved && "is-resolved"] },
      hasPlace && renderPlace(thread),
      renderComment(thread),
      thread.is_resolved && el("p", { class: "mark" }, words.t("comment_resolved")),
      items(thread.replies).length > 0 &&
        el("ol", { class: "draft-replies", role: "list" }, thread.replies.map((reply) => el("li", {}, renderComment(reply)))),
      mayComment && renderActions(thread),
    );
  }

  function renderPlace(thread) {
    if (!hasText(thread.block_id)) return el("p", { class: "draft-quote" }, words.t("comments_about_all"));
    // Parts outside of every block have a name instead of an id.
    const part = words.label("part", thread.block_id);
    if (part) return el("p", { class: "draft-quote" }, part);
    const node = findBlock(root, thread.block_id);
    const text = hasText(thread.quote) ? thread.quote : node && describeBlock(node);
    if (!node) {
      return el("p", { class: "draft-quote" }, hasText(text) && `“${text}” `, words.t("comment_about_gone"));
    }
    return el("button", { type: "button", class: "draft-quote", on: { click: () => goToBlock(node) } }, `“${text}”`);
  }

  function renderComment({ author, is_yours: isYours, created_at: createdAt, text }) {
    return el(
      "div",
      { class: "draft-said" },
      el(
        "p",
        { class: "fine-print" },
        el("strong", {}, author),
        isYours && ` (${words.t("comment_yours")})`,
        " · ",
        el("time", { datetime: createdAt }, words.moment(createdAt)),
      ),
      el("p", { class: "draft-text" }, text),
    );
  }

  // Everybody may go on with a thread, which opens a resolved one again; only who began it may settle it.
  function renderActions(thread) {
    const answer = el("div", {});
    return el(
      "div",
      { class: "draft-actions" },
      el(
        "button",
        {
          type: "button",
          class: "button button-quiet",
          "aria-label": words.t("comment_reply_to", { name: thread.author }),
          on: {
            click: () => {
              const form = renderForm(thread.block_id, thread);
              answer.replaceChildren(form);
              form.querySelector("textarea").focus();
            },
          },
        },
        words.t("comment_reply"),
      ),
      thread.is_yours && !thread.is_resolved && el(
        "button",
        {
          type: "button",
          class: "button button-quiet",
          "aria-label": words.t("comment_resolve_of", { name: thread.author }),
          on: { click: (event) => send(event.currentTarget, () => draft.api.resolveComment(thread.id), "comment_was_resolved") },
        },
        words.t("comment_resolve"),
      ),
      answer,
    );
  }

  function renderForm(blockId, parent = null) {
    const id = `draft-text-${parent?.id ?? "new"}`;
    const field = el("textarea", { id, rows: 4, maxlength: MAX_LENGTH, required: true, "aria-describedby": `${id}-hint` });
    const submit = el("button", { type: "submit", class: "button" }, words.t(parent ? "comment_reply" : "comment_send"));
    return el(
      "form",
      {
        class: "draft-form",
        on: {
          submit: (event) => {
            event.preventDefault();
            const text = field.value.trim();
            if (!text) return field.focus();
            return send(submit, () => draft.api.postComment({ blockId, text, parent: parent?.id ?? null }), "comment_sent");
          },
        },
      },
      el("label", { for: id }, words.t(parent ? "comment_reply_text" : "comment_text"), hiddenText(parent ? ` ${parent.author}` : "")),
      field,
      el("p", { class: "fine-print", id: `${id}-hint` }, words.t("comment_hint", { name: draft.link.recipient })),
      submit,
    );
  }

  // A message is sent once, and what was written stays until it has arrived.
  async function send(control, request, thanks) {
    control.disabled = true;
    side.tell("");
    try {
      await request();
    } catch (error) {
      side.tell(describeFailure(error, words));
      control.disabled = false;
      return;
    }
    try {
      threads = toList(await draft.api.getComments());
    } catch (error) {
      console.warn(`The comments are not up to date: ${error.message}`);
    }
    countThreads();
    show(place);
    side.tell(words.t(thanks));
  }

  if (mayComment || threads.length) addButtons();
  countThreads();
  return mayComment || threads.length ? { name: NAME, button } : null;
}
