// What stands around every page: header, language switch, breadcrumb and footer.

import { el, hasText, hiddenText, items } from "./dom.js";
import { describeTranslation } from "./i18n.js";
import { icon } from "./icons.js";

/** Fill the header: the organization, the main navigation and the languages that this page exists in. */
export function renderHeader(root, { site, navigation, page, path, words, isDraft = false }) {
  const homePath = `/${words.locale}/`;
  root.replaceChildren(
    el(
      "div",
      { class: "site-bar" },
      el(
        "a",
        { class: "site-name", href: homePath, "aria-current": path === homePath && "page" },
        hasText(site?.organization) ? site.organization : words.t("home"),
      ),
      renderNavigation(navigation, path, words),
      // The published translations are no drafts; the banner leads to those.
      !isDraft && renderLanguages(page?.translations, words),
    ),
  );
}

function renderNavigation(navigation, path, words) {
  const links = items(navigation?.items)
    .filter((item) => hasText(item.path) && hasText(item.title))
    .map((item) => el("li", {}, el("a", { href: item.path, "aria-current": getCurrent(item.path, path) }, item.title)));
  if (!links.length) return null;
  return el("nav", { class: "site-navigation", "aria-label": words.t("main_navigation") }, el("ul", { role: "list" }, links));
}

function getCurrent(itemPath, path) {
  if (itemPath === path) return "page";
  return path.startsWith(itemPath) ? "true" : null;
}

function renderLanguages(translations, words) {
  const links = items(translations)
    .filter((translation) => hasText(translation.path) && translation.locale !== words.locale)
    .map((translation) =>
      el(
        "li",
        {},
        el(
          "a",
          { href: translation.path, lang: translation.locale, hreflang: translation.locale, rel: "alternate" },
          el("span", { class: "language-long" }, describeTranslation(translation)),
          el("span", { class: "language-short", "aria-hidden": "true" }, translation.language),
        ),
      ),
    );
  if (!links.length) return null;
  return el("nav", { class: "languages", "aria-label": words.t("language") }, icon("globe"), el("ul", { role: "list" }, links));
}

/** Return the way from the home page to this page; null when there is nothing between them. */
export function renderBreadcrumb({ navigation, page, path, words }) {
  const trail = findTrail(items(navigation?.items), path);
  if (!trail.length) trail.push(...findParent(page));
  if (!trail.length) return null;
  const links = [{ path: `/${words.locale}/`, title: words.t("home") }, ...trail];
  return el(
    "nav",
    { class: "breadcrumb", "aria-label": words.t("breadcrumb") },
    el("ol", { role: "list" }, links.map((link) => el("li", {}, el("a", { href: link.path }, link.title)))),
  );
}

// The ancestors of the path in the navigation, without the page itself.
function findTrail(entries, path) {
  const ancestor = entries.find((entry) => hasText(entry.path) && entry.path !== path && path.startsWith(entry.path));
  return ancestor ? [ancestor, ...findTrail(items(ancestor.children), path)] : [];
}

// A page that is not in the navigation still has a parent. Home pages stand for themselves.
function findParent(page) {
  const { title, meta } = page.meta?.parent ?? {};
  const isHome = meta?.type === "home.HomePage";
  return hasText(title) && hasText(meta?.html_url) && !isHome ? [{ title, path: meta.html_url }] : [];
}

/** Fill the footer: what the site says about itself, and all its pages. */
export function renderFooter(root, { site, navigation, words }) {
  const pages = renderSiteMap(navigation, words);
  root.replaceChildren(
    el(
      "div",
      { class: "site-footer-inner" },
      hasText(site?.emergency_note) && el("p", { class: "emergency-note" }, icon("phone"), el("span", {}, site.emergency_note)),
      pages,
      el(
        "div",
        { class: "imprint" },
        hasText(site?.organization) && el("p", { class: "imprint-name" }, site.organization),
        hasText(site?.tagline) && el("p", {}, site.tagline),
        hasText(site?.disclaimer) && el("p", { class: "disclaimer" }, site.disclaimer),
        hasText(site?.contact_email) &&
          el("p", {}, `${words.t("contact")}: `, el("a", { href: `mailto:${site.contact_email}` }, site.contact_email)),
      ),
    ),
  );
}

function renderSiteMap(navigation, words) {
  const renderList = (entries) => {
    const links = items(entries)
      .filter((entry) => hasText(entry.path) && hasText(entry.title))
      .map((entry) => el("li", {}, el("a", { href: entry.path }, entry.title), renderList(entry.children)));
    return links.length ? el("ul", { role: "list" }, links) : null;
  };
  const list = renderList(navigation?.items);
  return list && el("nav", { class: "site-map", "aria-label": words.t("site_map") }, list);
}

/** Return the link back to the top, which shows once the reader has scrolled. */
export function renderBackToTop({ words }) {
  const link = el("a", { class: "back-to-top", href: "#top" }, icon("up"), hiddenText(words.t("back_to_top")));
  const top = document.getElementById("top-marker");
  if (top && typeof IntersectionObserver !== "undefined") {
    new IntersectionObserver(([entry]) => link.classList.toggle("shown", !entry.isIntersecting), {
      rootMargin: "150% 0px 0px 0px",
    }).observe(top);
  } else {
    link.classList.add("shown");
  }
  return link;
}
