// The reader inside Wagtail's preview panel: it stays where it was, and a click on a block opens it in the editor.

import { el } from "./dom.js";

// Whoever clicks one of these wants to use it.
const USED = "a, button, summary, input, select, textarea, label, video, audio, iframe, dialog, [role=button]";
const MESSAGE = "treatments:edit-block";

/** Return what the editor says about this preview; null outside of a preview. */
export function readPreviewContext() {
  const node = document.getElementById("preview-context");
  return node ? JSON.parse(node.textContent) : null;
}

/** Make the preview useful to whoever types. Call it when the page stands in the document. */
export function followEditor(root, context, words) {
  keepScrollPosition(`treatments-preview-scroll:${context.page_id}:${context.mode}`);
  // Another language is edited elsewhere.
  if (context.is_typed && window.parent !== window) openBlocksInEditor(root, words);
}

// The panel loads the preview anew while somebody types, without any size at first, and scrolls it before the article
// is put together. So the place is sought for a while from when it is in sight, or until somebody scrolls.
const PATIENCE_MS = 3000;
const TRY_MS = 100;
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

function keepScrollPosition(key) {
  let wanted = Number(recall(key)) || null;
  let isWaiting = false;
  let timeInSight = 0;
  const isInSight = () => window.innerHeight > 0;
  const restore = () => {
    if (wanted !== null && isInSight() && Math.abs(window.scrollY - wanted) > 2) window.scrollTo({ top: wanted, behavior: "instant" });
  };
  const settle = () => {
    wanted = null;
    clearInterval(timer);
    window.removeEventListener("resize", restore);
    for (const name of HANDS) window.removeEventListener(name, settle);
  };
  const remember = () => {
    if (isWaiting || wanted !== null || !isInSight()) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      keep(key, String(Math.round(window.scrollY)));
    });
  };
  const timer = setInterval(() => {
    restore();
    if (isInSight()) timeInSight += TRY_MS;
    if (timeInSight >= PATIENCE_MS) settle();
  }, TRY_MS);
  window.addEventListener("resize", restore);
  window.addEventListener("scroll", remember, { passive: true });
  for (const name of HANDS) window.addEventListener(name, settle, { passive: true });
  restore();
}

// A browser may refuse to remember anything; the preview then starts at the top.
function recall(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch (error) {
    console.info(`The place is not remembered: ${error.message}`);
  }
}

// The preview has the origin of the admin; nobody else gets the message.
function openBlocksInEditor(root, words) {
  document.documentElement.classList.add("is-editable");
  for (const block of root.querySelectorAll("[data-block-id]")) block.title = words.t("preview_edit");
  root.addEventListener("click", (event) => {
    if (event.target.closest(USED) || String(window.getSelection())) return;
    const block = event.target.closest("[data-block-id]");
    if (!block) return;
    event.preventDefault();
    window.parent.postMessage({ type: MESSAGE, blockId: block.dataset.blockId }, location.origin);
  });
}

/** Say that there is no version in this language yet. */
export function showNoPreview(root, words) {
  root.replaceChildren(el("div", { class: "state", role: "status" }, el("h1", {}, words.t("preview_missing_title")), el("p", {}, words.t("preview_missing_text"))));
}
