"""The document of one article: its page, and the nodes that the page refers to."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from treatments.exports.pruning import prune
from treatments.exports.schema_org import entities, parts
from treatments.exports.schema_org.nodes import VOCABULARY, Scope, join_texts, make_term

if TYPE_CHECKING:
    from collections.abc import Sequence

from treatments.exports.schema_org.nodes import Node, SiteInfo

#: Role of a contributor → what the person is to the page; an author where the role says no more.
ROLES = {
    "translator": "translator",
    "editor": "editor",
    "clinical_reviewer": "contributor",
    "patient_reviewer": "contributor",
}
#: Audience → type, words, member of MedicalAudienceType, which has none for patients.
AUDIENCES = {
    "patient": ("Patient", _("Patients and families"), None),
    "professional": ("MedicalAudience", _("Health professionals"), "Clinician"),
}
PAGE = "webpage"


def build_json_ld(article: dict[str, Any], site: SiteInfo) -> dict[str, Any]:
    """Return the JSON-LD document of one article.

    Args:
        article: The article as ``represent_page`` returns it, with ``id``, ``title`` and ``locale``. Of
            what not every project knows, these are used when given: ``governance.last_reviewed``,
            ``governance.reviewers``, ``version.first_published_at``, ``translation.source_locale``.
        site: Who publishes it.

    Returns:
        ``{"@context": …, "@graph": [node, …]}``, the page first. The words that we add stand in the
        article's language. Nothing is promised about how a search engine shows the page.
    """
    url = article.get("html_url") or ""
    base = url or f"urn:uuid:{article['uuid']}"
    # What was made up for a demonstration is no source.
    references = [
        reference
        for reference in article.get("references") or []
        if not reference.get("is_sample")
    ]
    scope = Scope(
        base=base,
        site=site,
        url=url,
        references={
            entry["id"]: entities.get_source_id(entry, base) for entry in references
        },
        anchors={entry["id"]: entry["anchor"] for entry in article.get("toc") or []},
    )
    with translation.override(article["locale"]):
        people = build_people(article, scope)
        organization = entities.build_organization(scope)
        treatment = entities.build_treatment(article, scope)
        conditions = [
            entities.build_condition(condition, scope)
            for condition in article.get("conditions") or []
        ]
        sources = [entities.build_source(entry, scope) for entry in references]
        page = {
            **build_page(article, scope),
            **{role: refer(nodes) for role, nodes in people.items()},
            "publisher": {"@id": organization["@id"]} if organization else None,
            "about": refer([treatment, *conditions]),
            "mainEntity": {"@id": treatment["@id"]} if treatment else None,
            "citation": refer(sources),
        }
    nodes = [page, organization, *chain(*people.values()), treatment, *conditions]
    unique = {node["@id"]: node for node in [*nodes, *sources] if node}
    return {"@context": VOCABULARY, "@graph": prune(list(unique.values()))}


def refer(nodes: Sequence[Node | None]) -> list[Node]:
    """Return references to nodes of the document, each once."""
    return [{"@id": name} for name in dict.fromkeys(n["@id"] for n in nodes if n)]


def build_page(article: Node, scope: Scope) -> Node:
    """Return the page with its parts."""
    governance = article.get("governance") or {}
    version = article.get("version") or {}
    hero = entities.build_image(article.get("hero"), scope, "primaryimage")
    description = (article.get("seo") or {}).get("description")
    return {
        "@id": scope.make_id(PAGE),
        "@type": "MedicalWebPage",
        "name": article["title"],
        "alternateName": [name["value"] for name in article.get("also_known_as") or []],
        "description": description or article.get("summary"),
        "abstract": join_texts(
            *(point["value"] for point in article.get("key_points") or [])
        ),
        "inLanguage": article["locale"],
        "url": scope.url,
        "datePublished": version.get("first_published_at"),
        "dateModified": version.get("published_at"),
        "lastReviewed": str(governance.get("last_reviewed") or "")[:10],
        **build_audience(article.get("audience")),
        "image": {"@id": hero["@id"]} if hero else None,
        "primaryImageOfPage": hero,
        **build_translations(article, scope),
        "relatedLink": [
            scope.site.make_absolute(entry["page"]["path"])
            for entry in article.get("related") or []
            if entry["page"].get("path")
        ],
        "hasPart": [
            *(parts.build_section(block, scope) for block in article.get("body") or []),
            parts.build_questions(article, scope),
            entities.build_glossary(article, scope),
        ],
        "mentions": [
            entities.build_decision(block, scope)
            for block in article.get("regulatory_status") or []
        ],
    }


def build_people(article: Node, scope: Scope) -> dict[str, list[Node]]:
    """Return the people of an article by what they are to its page."""
    governance = article.get("governance") or {}
    people: dict[str, list[Node]] = {}
    for person in governance.get("authors") or []:
        role = ROLES.get(person.get("role", ""), "author")
        people.setdefault(role, []).append(entities.build_person(person, scope))
    reviewers = governance.get("reviewers") or []
    if reviewers:
        people["reviewedBy"] = [
            entities.build_person(person, scope) for person in reviewers
        ]
    return people


def build_audience(audience: str | None) -> Node:
    """Return who the page is written for."""
    kind, words, term = AUDIENCES.get(audience or "", ("", "", None))
    return {
        "audience": {"@type": kind, "audienceType": str(words)},
        "medicalAudience": make_term(term),
    }


def build_translations(article: Node, scope: Scope) -> Node:
    """Return the original of a translation, or the translations of an original.

    Between languages of which nobody knows which one was first, nothing is said.
    """
    source = (article.get("translation") or {}).get("source_locale")
    status = (article.get("translation") or {}).get("status")
    others = [
        other
        for other in article.get("translations") or []
        if other.get("html_url") or other.get("path")
    ]
    if source == article["locale"] or status == "source":
        # A version without a status was written by hand; it is a translation for nobody.
        followed = [other for other in others if other.get("status", True)]
        nodes = [build_other_page(other, scope) for other in followed]
        return {"workTranslation": nodes}
    originals = [other for other in others if source and other["locale"] == source]
    nodes = [build_other_page(other, scope) for other in originals]
    return {"translationOfWork": nodes}


def build_other_page(other: Node, scope: Scope) -> Node:
    """Return the page of another language under the identifier that its own document gives it."""
    url = other.get("html_url") or scope.site.make_absolute(other["path"])
    return {
        "@id": f"{url}#{PAGE}",
        "@type": "MedicalWebPage",
        "name": other.get("title"),
        "inLanguage": other["locale"],
        "url": url,
    }
