/**
 * Walks a whole article, so that the compiler says whether the types know every part of it.
 *
 * A `switch` over blocks, rich text or states ends with `assertNever`: a new kind that is not
 * handled here does not compile.
 */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type Article = Schemas["Article"];
type OtherPage = Schemas["OtherPage"];
type Section = Schemas["SectionBlock"];
type Block = Section["value"]["content"][number];
type RichText = Schemas["RichText"];
type RichTextNode = NonNullable<RichText["nodes"]>[number];
type Image = Schemas["Image"];
type Found =
  paths["/api/v3/articles/find/"]["get"]["responses"]["200"]["content"]["application/json"];
type ArticleList =
  paths["/api/v3/articles/"]["get"]["responses"]["200"]["content"]["application/json"];
type ListQuery = NonNullable<paths["/api/v3/articles/"]["get"]["parameters"]["query"]>;

function assertNever(value: never): never {
  throw new Error(`Not known: ${JSON.stringify(value)}`);
}

function readNode(node: RichTextNode): string {
  switch (node.type) {
    case "text":
      return node.text;
    case "break":
      return "\n";
    case "rule":
      return "\n---\n";
    case "paragraph":
    case "list_item":
    case "quote":
    case "bold":
    case "italic":
    case "subscript":
    case "superscript":
    case "code":
      return readNodes(node.children);
    case "heading":
      return `${"#".repeat(node.level)} ${readNodes(node.children)}`;
    case "list":
      return `${node.ordered ? "1." : "-"} ${readNodes(node.children)}`;
    case "link": {
      const language: string | null = node.hreflang;
      const inner: number | null = node.page_id ?? node.document_id;
      return `${readNodes(node.children)} (${node.href} ${language} ${inner})`;
    }
    case "term":
      return `${readNodes(node.children)} [${node.id}]`;
    case "citation":
      return `[${node.number}: ${node.reference_id}]`;
    default:
      return assertNever(node);
  }
}

function readNodes(nodes: readonly RichTextNode[]): string {
  return nodes.map(readNode).join("");
}

function readRichText(text: RichText): string {
  return text.nodes ? readNodes(text.nodes) : (text.markdown ?? (text.html || text.text));
}

function readImage(image: Image): string {
  const large = image.renditions["large"];
  const source = large ? `${large.url} ${large.width}x${large.height}` : "";
  const point = image.focal_point;
  return `${image.alt} ${image.caption} ${image.credit} ${source} ${point ? point.x + point.y : ""}`;
}

function readReferences(references: readonly Schemas["Reference"][]): string {
  return references.map(readReference).join(" ");
}

function readReference(reference: Schemas["Reference"]): string {
  const number: number | null = reference.number;
  switch (reference.status) {
    case "current":
    case "corrected":
      return `${number}. ${reference.vancouver} ${reference.doi || reference.url}`;
    case "expression_of_concern":
    case "retracted":
      return `${number}. ${reference.status}: ${reference.vancouver}`;
    default:
      return assertNever(reference.status);
  }
}

function readDuration(duration: Schemas["DurationValue"]): string {
  return `${duration.value}-${duration.upper_value} ${duration.unit}`;
}

function readCriterion(criterion: Schemas["CriterionValue"]): string {
  const { quantity, code } = criterion;
  const unit: Schemas["QuantityValue"]["unit"] = quantity.unit;
  const bounds =
    quantity.comparator === "between"
      ? `${quantity.value} to ${quantity.upper_value} ${unit}`
      : `${quantity.comparator} ${quantity.value} ${unit}`;
  switch (criterion.characteristic) {
    case "include":
    case "exclude":
      return [
        criterion.characteristic,
        criterion.text,
        criterion.explanation,
        bounds,
        code.system ?? code.other_system,
        code.code,
        criterion.timing,
        criterion.note,
        readReferences(criterion.citations),
      ].join(" ");
    default:
      return assertNever(criterion.characteristic);
  }
}

function readLogic(
  logic: Schemas["CriteriaListValue"]["logic"],
  minimum: number | null,
): string {
  switch (logic) {
    case "all":
    case "any":
      return logic;
    case "at_least":
      return `at least ${minimum ?? 1}`;
    default:
      return assertNever(logic);
  }
}

function readCriteria(list: Schemas["CriteriaListValue"]): string {
  const items = list.items.map((item) => {
    switch (item.type) {
      case "criterion":
        return readCriterion(item.value);
      case "group":
        return [
          item.value.lead_in,
          readLogic(item.value.logic, item.value.minimum),
          ...item.value.items.map((child) => {
            const criterion: "criterion" = child.type;
            return `${criterion} ${child.id} ${readCriterion(child.value)}`;
          }),
        ].join(" ");
      default:
        return assertNever(item);
    }
  });
  return [
    list.purpose,
    list.title,
    list.lead_in,
    list.population,
    readLogic(list.logic, list.minimum),
    ...items,
    list.evidence.system,
    list.evidence.level,
    list.as_of,
    list.disclaimer,
    readReferences(list.citations),
  ].join(" ");
}

function readSteps(procedure: Schemas["ProcedureStepsValue"]): string {
  const phases = procedure.phases.map((phase) => {
    switch (phase.type) {
      case "before":
      case "during":
      case "after":
      case "recovery":
        return [
          phase.type,
          phase.value.introduction,
          ...phase.value.steps.map(({ id, type, value: step }) =>
            [
              `${type} ${id}`,
              step.title,
              readRichText(step.text),
              step.performed_by,
              readDuration(step.duration),
              step.sensations,
              step.risks,
              step.tip,
              step.when_to_call,
              step.optional ? "optional" : "",
              step.image.image ? readImage(step.image.image) : step.image.alt,
              step.video_url,
              readReferences(step.citations),
            ].join(" "),
          ),
        ].join(" ");
      default:
        return assertNever(phase);
    }
  });
  return [
    procedure.procedure,
    procedure.setting,
    procedure.anesthesia,
    readDuration(procedure.total_time),
    ...phases,
    readReferences(procedure.citations),
  ].join(" ");
}

function readStatistic(statistic: Schemas["StatisticValue"]): string {
  return [
    statistic.qualifier,
    statistic.value,
    statistic.upper_value,
    statistic.denominator,
    statistic.outcome,
    statistic.reference_class,
    statistic.place,
    statistic.period,
    statistic.comparison.label,
    statistic.comparison.value,
    statistic.interval.level_percent,
    statistic.interval.low,
    statistic.interval.high,
    statistic.as_of,
    statistic.note,
    readReferences(statistic.citations),
  ].join(" ");
}

function readOptions(block: Schemas["BenefitsRisksValue"]): string {
  const options = block.options.map((option) => {
    switch (option.type) {
      case "option":
      case "no_treatment": {
        const points = [...option.value.benefits, ...option.value.risks];
        return [
          option.value.name,
          ...points.map(({ value }) => `${value.text} ${readReferences(value.citations)}`),
        ].join(" ");
      }
      default:
        return assertNever(option);
    }
  });
  return [block.title, block.introduction, ...options].join(" ");
}

function readTable(table: Schemas["DataTableValue"]): string {
  const head: string[] = table.columns.map((column) => column.value);
  const rows = table.rows.map(({ value }) => {
    const cells: string[] = value.cells.map((cell) => cell.value);
    return [value.heading, ...cells].join("|");
  });
  return [table.caption, head.join("|"), ...rows].join("\n");
}

function readCard(page: Schemas["PageCard"]): string {
  return `${page.title} ${page.path} ${page.locale} ${page.fallback} ${page.kind}`;
}

function readPromotion(promotion: Schemas["PromotionCard"]): string {
  const label = promotion.is_sponsored ? "Sponsored" : "";
  return `${label} ${promotion.title} ${promotion.link_url} ${promotion.link_text}`;
}

function readBlock(block: Block): string {
  const id: string = block.id;
  switch (block.type) {
    case "rich_text":
      return readRichText(block.value);
    case "callout":
      return `${block.value.kind} ${block.value.title} ${readRichText(block.value.content)}`;
    case "questions_answers":
      return block.value.items
        .map(({ value }) => `${value.question} ${readRichText(value.answer)}`)
        .join(" ");
    case "procedure_steps":
      return readSteps(block.value);
    case "criteria_list":
      return readCriteria(block.value);
    case "statistic":
      return readStatistic(block.value);
    case "evidence_note":
      return `${block.value.system} ${block.value.level} ${block.value.claim}`;
    case "benefits_risks":
      return readOptions(block.value);
    case "care_card":
      return `${block.value.level} ${readRichText(block.value.content)}`;
    case "figure":
      return block.value.image ? readImage(block.value.image) : block.value.caption;
    case "video":
      return `${block.value.url} ${readRichText(block.value.transcript)}`;
    case "table":
      return readTable(block.value);
    case "related_article":
      return block.value.page ? readCard(block.value.page) : block.value.teaser;
    case "promotion_slot":
      return block.value.promotions.map(readPromotion).join(id);
    default:
      return assertNever(block);
  }
}

function readSection(section: Section): string {
  const blocks = section.value.content.map(readBlock);
  return [section.id, section.value.heading, section.value.standalone, ...blocks].join("\n");
}

function readReviewState(state: Schemas["Governance"]["review_state"]): string {
  switch (state) {
    case "current":
    case "due_soon":
      return "Reviewed";
    case "never_reviewed":
    case "overdue":
    case "changed_since_review":
    case "on_hold":
      return `Careful: ${state}`;
    default:
      return assertNever(state);
  }
}

function readGovernance(governance: Schemas["Governance"]): string {
  const people = [...governance.authors, ...governance.reviewers];
  return [
    readReviewState(governance.review_state),
    governance.last_reviewed,
    governance.next_review_due,
    ...people.map((person) => `${person.name}, ${person.credentials} (${person.role})`),
    ...governance.change_notes.map((note) => `${note.date} ${note.kind} ${note.text}`),
  ].join("\n");
}

function readTranslation(link: Schemas["TranslationLink"]): string {
  const address = `<link rel="alternate" hreflang="${link.locale}" href="${link.html_url ?? link.path}">`;
  switch (link.status) {
    case "source":
    case "current":
    case null:
      return address;
    case "behind_editorial":
    case "behind_clinical":
    case "incomplete":
    case "held":
      return `${address} ${link.status} ${link.behind_since}`;
    default:
      return assertNever(link.status);
  }
}

export function readArticle(article: Article): string {
  const treatment = article.treatment;
  return [
    article.type,
    article.title,
    article.summary,
    article.kind,
    article.audience,
    article.intent,
    treatment ? `${treatment.name} ${treatment.schema_type}` : "",
    ...article.conditions.flatMap(({ codes }) => codes.map(({ system, code }) => system + code)),
    ...article.also_known_as.map((name) => name.value),
    article.hero ? readImage(article.hero) : "",
    ...article.key_points.map((point) => point.value),
    readRichText(article.intro),
    ...article.toc.map((entry) => `#${entry.anchor} ${entry.title} ${entry.id}`),
    ...article.body.map(readSection),
    ...article.questions.map((question) => question.value),
    ...article.regulatory_status.map(({ value }) => `${value.authority} ${value.status} ${value.decided_on}`),
    ...article.related.map(({ relation, page }) => `${relation} ${readCard(page)}`),
    ...article.references.map(readReference),
    ...article.glossary.map((term) => `${term.term}: ${readRichText(term.definition)}`),
    readGovernance(article.governance),
    article.translation.source_locale,
    ...article.translation.behind_blocks,
    ...article.translations.map(readTranslation),
    ...article.promotions.map(readPromotion),
    `${article.seo.title} ${article.seo.description}`,
    JSON.stringify(article.json_ld["@graph"]),
    `${article.version.number} ${article.version.etag} ${article.version.schema}`,
  ].join("\n");
}

function isOtherPage(page: Exclude<Found, { type: "moved" }>): page is OtherPage {
  return page.type !== "treatments.TreatmentPage";
}

/** What is at a path: `null` says that it has moved. */
export function readFound(found: Found): string | null {
  if (found.type === "moved") {
    const target: string = found.moved_to;
    return found.is_permanent ? target : null;
  }
  if (isOtherPage(found)) return `${found.type} ${found.path}`;
  const type: Article["type"] = found.type;
  return `${type} ${found.id}`;
}

export const query: ListQuery = {
  kind: ["procedure"],
  facets: ["kind", "locale"],
  order: "relevance",
  search: "liver",
};

export function readList(list: ArticleList): string {
  const cards = list.items.map((card) => {
    const highlights = (card.highlights ?? []).map(({ field, html }) => `${field} ${html}`);
    return [card.id, card.title, card.path, card.review_state, ...highlights].join(" ");
  });
  const facets = (list.facets?.condition ?? []).map(
    ({ value, label, count }) => `${label} (${value}): ${count}`,
  );
  return [list.count, list.next, list.next_cursor, ...cards, ...facets].join("\n");
}
