// The decision of a reviewer: about exactly the text that was read, which its hash names.

import { ApiError } from "../api.js";
import { el, hasText } from "../dom.js";
import { icon } from "../icons.js";
import { describeFailure, toList } from "./answers.js";

const NAME = "decisions";
const VERDICTS = ["approved", "approved_sections", "changes_requested"];
// The API takes no more, unless the project sets another limit.
const MAX_LENGTH = 2000;
// The order of the sections is a part of the text, and nothing to tick off.
const NO_PART = ["order"];

/** Return the button that opens the decisions; null where there is nothing to decide and nothing was. */
export function createDecisions({ side, draft, words, decisions }) {
  const { link, revision } = draft;
  const button = el(
    "button",
    { type: "button", class: ["button", !link.may_decide && "button-quiet"], "aria-controls": "draft-side", on: { click: show } },
    icon("check"),
    words.t(link.may_decide ? "decision" : "decisions"),
  );

  function name(section) {
    return hasText(section.heading) ? section.heading : words.label("part", section.id) || section.id;
  }

  function show() {
    side.open(NAME, words.t(link.may_decide ? "decision" : "decisions"));
    side.content.replaceChildren(
      link.may_decide ? renderForm() : "",
      el("h3", {}, words.t("decisions")),
      decisions.length
        ? el("ol", { class: "draft-threads", role: "list" }, decisions.map(renderDecision))
        : el("p", {}, words.t("decisions_none")),
    );
  }

  function renderDecision(decision) {
    const chosen = revision.sections.filter((section) => decision.sections.includes(section.id));
    return el(
      "li",
      { class: "draft-thread" },
      el("p", {}, el("strong", {}, words.label("decided", decision.verdict) || decision.verdict)),
      el(
        "p",
        { class: "fine-print" },
        [decision.name, decision.credentials].filter(hasText).join(", "),
        " · ",
        el("time", { datetime: decision.decided_at }, words.moment(decision.decided_at)),
      ),
      chosen.length > 0 && el("ul", {}, chosen.map((section) => el("li", {}, name(section)))),
      hasText(decision.statement) && el("p", { class: "draft-text" }, decision.statement),
      el("p", { class: "mark" }, words.t(decision.is_current ? "decision_current" : "decision_past")),
    );
  }

  function renderForm() {
    const parts = revision.sections.filter((section) => !NO_PART.includes(section.id));
    const sections = el(
      "fieldset",
      { class: "draft-parts", hidden: true },
      el("legend", {}, words.t("decision_sections")),
      parts.map((section) =>
        el("label", { class: "draft-choice" }, el("input", { type: "checkbox", name: "section", value: section.id }), el("span", {}, name(section))),
      ),
    );
    const verdicts = el(
      "fieldset",
      {},
      el("legend", {}, words.t("decision_verdict")),
      VERDICTS.map((verdict) =>
        el(
          "label",
          { class: "draft-choice" },
          el("input", { type: "radio", name: "verdict", value: verdict }),
          el("span", {}, words.label("verdict", verdict)),
        ),
      ),
    );
    verdicts.addEventListener("change", (event) => {
      sections.hidden = event.target.value === "approved";
    });
    const statement = el("textarea", {
      id: "draft-statement",
      name: "statement",
      rows: 4,
      maxlength: MAX_LENGTH,
      "aria-describedby": "draft-statement-hint",
    });
    const submit = el("button", { type: "submit", class: "button" }, words.t("decision_send"));
    return el(
      "form",
      {
        class: "draft-form",
        novalidate: true,
        on: {
          submit: (event) => {
            event.preventDefault();
            const given = new FormData(event.currentTarget);
            send(submit, {
              verdict: given.get("verdict"),
              sections: given.get("verdict") === "approved" ? [] : given.getAll("section"),
              statement: given.get("statement").trim(),
              content_hash: revision.content_hash,
            });
          },
        },
      },
      el("p", { class: "fine-print" }, words.t("decision_about", { date: words.moment(revision.created_at) })),
      verdicts,
      sections,
      el("label", { for: "draft-statement" }, words.t("decision_statement")),
      statement,
      el("p", { class: "fine-print", id: "draft-statement-hint" }, words.t("decision_statement_hint")),
      submit,
    );
  }

  function findMistake({ verdict, sections, statement }) {
    if (!verdict) return "decision_need_verdict";
    if (verdict === "approved_sections" && !sections.length) return "decision_need_sections";
    if (verdict === "changes_requested" && !statement) return "decision_need_statement";
    return "";
  }

  async function send(submit, decision) {
    const mistake = findMistake(decision);
    if (mistake) return side.tell(words.t(mistake));
    submit.disabled = true;
    side.tell("");
    try {
      await draft.api.postDecision(decision);
    } catch (error) {
      submit.disabled = false;
      if (error instanceof ApiError && error.status === 409) return tellOutdated();
      return side.tell(describeFailure(error, words));
    }
    try {
      decisions = toList(await draft.api.getDecisions());
    } catch (error) {
      console.warn(`The decisions are not up to date: ${error.message}`);
    }
    show();
    return side.tell(words.t("decision_sent"));
  }

  function tellOutdated() {
    side.tell(words.t("decision_outdated"));
    if (side.content.querySelector(".draft-reload")) return;
    side.content.prepend(
      el("p", { class: "draft-reload" }, el("button", { type: "button", class: "button", on: { click: () => location.reload() } }, words.t("decision_reload"))),
    );
  }

  return link.may_decide || decisions.length ? { name: NAME, button } : null;
}
