// Starts the reader: finds the page of the current address in the API and hands it to its view.

import { ApiError, createApi } from "./api.js";
import { showArticle } from "./article.js";
import { renderFooter, renderHeader } from "./chrome.js";
import { addDraftTools, openDraft, showDraftFailure } from "./draft/draft.js";
import { hasText } from "./dom.js";
import { showHome } from "./home.js";
import { createWords } from "./i18n.js";
import { showIndex } from "./index.js";
import { followEditor, readPreviewContext, showNoPreview } from "./preview.js";
import { showError, showGone, showLoading, showNotFound, showUnknownPage } from "./states.js";

/** Page type of the API → [name of the view, function that shows it]. */
const VIEWS = {
  "home.HomePage": ["home", showHome],
  "treatments.TreatmentIndexPage": ["index", showIndex],
  "treatments.TreatmentPage": ["article", showArticle],
};

const root = document.getElementById("content");
const header = document.getElementById("site-header");
const footer = document.getElementById("site-footer");
const { apiRoot, apiV3Root } = document.body.dataset;
const api = createApi({ v2: apiRoot, v3: apiV3Root });
const path = location.pathname;
const isDraft = document.body.dataset.view === "draft";
const preview = readPreviewContext();

// What frames a page must not keep anybody from reading it.
async function readOptional(promise) {
  try {
    return await promise;
  } catch (error) {
    console.warn(`The reader goes on without ${error.url}: ${error.message}`);
    return null;
  }
}

// A draft that somebody who may edit it looks at comes with the shell, in the shape of the API.
function readPreview() {
  const document_ = document.getElementById("preview-document");
  return document_ ? JSON.parse(document_.textContent) : null;
}

async function start() {
  delete document.documentElement.dataset.readerReady;
  const words = createWords(document.documentElement.lang);
  const frame = { words, path, page: null, site: null, navigation: null };
  const endLoading = showLoading(root, frame);
  const framing = Promise.all([readOptional(api.getSite(words.locale)), readOptional(api.getNavigation(words.locale))]);
  let view = "error";
  try {
    if (document.body.dataset.view === "no-preview") {
      endLoading();
      showNoPreview(root, words);
      document.documentElement.dataset.readerReady = "no-preview";
      return;
    }
    const draft = isDraft ? await openDraft({ v3: apiV3Root, words }) : null;
    const page = draft?.article ?? readPreview() ?? (await api.findPage(path));
    [frame.site, frame.navigation] = await framing;
    frame.page = page;
    frame.isDraft = isDraft;
    if (draft) frame.path = page.path;
    endLoading();
    view = showPage(frame);
    if (draft) view = addDraftTools(root, frame, draft);
  } catch (error) {
    [frame.site, frame.navigation] = await framing;
    endLoading();
    view = await showFailure(frame, error);
  }
  renderHeader(header, frame);
  renderFooter(footer, frame);
  goToFragment();
  if (preview) followEditor(root, preview, words);
  document.documentElement.dataset.readerReady = view;
}

function showPage(frame) {
  const { page, site } = frame;
  const [name, show] = VIEWS[page.meta?.type ?? page.type] ?? ["unknown", showUnknownPage];
  const title = hasText(page.seo?.title) ? page.seo.title : page.title;
  document.title = [title, site?.organization].filter(hasText).join(" – ");
  if (!frame.isDraft) describeToMachines(page.json_ld);
  show(root, frame);
  return name;
}

// For search engines that run scripts: what the page says, in the words of schema.org.
function describeToMachines(jsonLd) {
  if (!jsonLd) return;
  const script = document.createElement("script");
  script.type = "application/ld+json";
  script.textContent = JSON.stringify(jsonLd);
  document.head.append(script);
}

async function showFailure(frame, error) {
  if (isDraft && error instanceof ApiError && error.status) return showDraftFailure(root, frame, error);
  if (error instanceof ApiError && error.status === 404) {
    showNotFound(root, frame);
    return "not-found";
  }
  if (error instanceof ApiError && error.status === 410) {
    const { replacement_path: replacement } = error.problem;
    showGone(root, frame, error.problem, replacement ? await readOptional(api.findPage(replacement)) : null);
    return "gone";
  }
  console.error(error);
  showError(root, frame, error, start);
  return "error";
}

// The browser looked for the fragment before the article was there.
function goToFragment() {
  if (location.hash.length < 2 || isDraft) return;
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ behavior: "instant" });
}

// Paper has nothing to unfold.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    details.dataset.openedForPrint = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const details of document.querySelectorAll("details[data-opened-for-print]")) {
    details.open = false;
    delete details.dataset.openedForPrint;
  }
});

start();
