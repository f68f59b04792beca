// In Wagtail's editor: a click on a block in the preview opens that block in the form, and a preview of another
// origin is shown as soon as it is there.

(() => {
  const MESSAGE = "treatments:edit-block";
  const BLOCK_ID = /^[0-9A-Za-z-]{1,64}$/;
  const SETTLING_MS = 100;
  const PATIENCE_MS = 1000;
  const script = document.currentScript;
  const origins = new Set([location.origin, ...JSON.parse(script.dataset.origins)]);

  // The message of a preview in this page, and of nobody else.
  function readMessage(event) {
    if (!origins.has(event.origin)) return null;
    const isPreview = [...document.querySelectorAll("iframe")].some((frame) => frame.contentWindow === event.source);
    const { type, blockId } = event.data ?? {};
    return isPreview && type === MESSAGE && typeof blockId === "string" && BLOCK_ID.test(blockId) ? blockId : null;
  }

  // Whatever is folded or on another tab is opened by the control that a person would use.
  function unfold(node) {
    for (let parent = node; parent; parent = parent.parentElement) {
      if (!parent.id || !parent.hasAttribute("hidden")) continue;
      document.querySelector(`[aria-controls~="${CSS.escape(parent.id)}"]`)?.click();
    }
  }

  // The block itself, or the nearest block around it that the form has.
  function openBlock(blockId) {
    const section = document.getElementById(`block-${blockId}-section`);
    if (!section) return;
    unfold(section);
    for (const content of section.querySelectorAll(":scope > [hidden][id]")) unfold(content);
    const target = section.querySelector("[data-panel-toggle]") ?? section;
    // Opening a tab moves the page too; what was asked for comes last.
    setTimeout(() => {
      target.focus({ preventScroll: true });
      section.scrollIntoView({ block: "start" });
      history.replaceState(history.state, "", `#${section.id}`);
    }, SETTLING_MS);
  }

  // Before Wagtail's panel shows the next preview, it waits for the place in the last one: ten seconds, where a frontend
  // of another origin does not tell it. What waits longer than PATIENCE_MS is shown from its top.
  function showWaiting({ target }) {
    const isPreview = target instanceof HTMLIFrameElement && target.dataset.wPreviewTarget === "iframe";
    if (!isPreview) return;
    setTimeout(() => {
      const isShown = target.id !== "" || !target.isConnected;
      const top = { type: "w-preview:set-scroll-position", x: 0, y: 0, origin: "*" };
      if (!isShown) window.postMessage({ wagtail: top }, location.origin);
    }, PATIENCE_MS);
  }

  document.addEventListener("load", showWaiting, true);
  window.addEventListener("message", (event) => {
    const blockId = readMessage(event);
    if (blockId) openBlock(blockId);
  });
})();
