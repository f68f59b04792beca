// What stands above a draft: for whom it is, which version, until when, and what in it is not published.

import { el, hasText } from "../dom.js";
import { describeDraft } from "../i18n.js";

/** Return the banner: `node`, a place for the changes, and one for the buttons of the review. */
export function renderBanner({ link, revision, manifest }, words) {
  const changes = el("div", { class: "draft-changes", role: "status" });
  const tools = el("div", { class: "draft-tools" });
  const node = el(
    "section",
    { class: "draft-banner", "aria-labelledby": "draft-title" },
    el("p", { class: "draft-title", id: "draft-title" }, words.t("draft_for", { name: link.recipient })),
    hasText(link.purpose) && el("p", { class: "draft-purpose" }, link.purpose),
    el(
      "p",
      { class: "fine-print" },
      [
        words.t("draft_of", { date: words.moment(revision.created_at) }),
        link.is_pinned && words.t("draft_pinned"),
        words.t("draft_expires", { date: words.moment(link.expires_at) }),
      ]
        .filter(Boolean)
        .join(" · "),
    ),
    renderLanguages(link, words),
    renderManifest(manifest, words),
    changes,
    tools,
  );
  return { node, changes, tools };
}

function renderLanguages({ locale, locales }, words) {
  const others = locales.filter((code) => code !== locale);
  if (!others.length) return null;
  const links = others.map((code) =>
    el(
      "li",
      {},
      el("a", { href: `/${code}/draft/`, lang: code, hreflang: code }, describeDraft(code)),
    ),
  );
  return el("nav", { class: "draft-languages", "aria-label": words.t("language") }, el("ul", { role: "list" }, links));
}

function renderManifest(manifest, words) {
  const drafts = manifest.filter((item) => item.state === "draft" && hasText(item.title));
  const missing = manifest.filter((item) => item.state === "missing").length;
  return [
    drafts.length > 0 &&
      el(
        "details",
        { class: "draft-manifest" },
        el("summary", {}, `${words.t("draft_states")} (${words.number(drafts.length)})`),
        el("ul", {}, drafts.map((item) => el("li", {}, item.title))),
      ),
    missing > 0 && el("p", { class: "draft-missing" }, words.count("draft_missing", missing)),
  ];
}
