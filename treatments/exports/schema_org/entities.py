"""What an article speaks of and rests on: treatment, conditions, people, images, sources, terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from snippets.codes import CODE_SYSTEMS
from snippets.identifiers import IDENTIFIERS as KINDS

if TYPE_CHECKING:
    from treatments.exports.schema_org.nodes import Node, Scope

CODE_SYSTEM_NAMES = dict(CODE_SYSTEMS)
#: Types whose nodes have a place in the body; a drug has none.
PROCEDURES = frozenset(
    [
        "MedicalTherapy",
        "SurgicalProcedure",
        "MedicalProcedure",
        "RadiationTherapy",
        "PalliativeProcedure",
        "PsychologicalTreatment",
    ]
)
#: CSL type → type. A regulatory decision is no legislation; schema.org has no type for it.
SOURCE_TYPES = {
    "article-journal": "ScholarlyArticle",
    "book": "Book",
    "chapter": "Chapter",
    "report": "Report",
    "webpage": "WebPage",
    "dataset": "Dataset",
}
CONTAINER_TYPES = {
    "article-journal": "Periodical",
    "chapter": "Book",
    "webpage": "WebSite",
}
IDENTIFIERS = ("doi", "pmid", "pmcid")
PAGINATED = frozenset(["article-journal", "report", "chapter"])
#: “Family AB”, as references have it.
PERSON = re.compile(r"^\S.* [^\W\d_]{1,4}$")
SIGNED_BY_PEOPLE = frozenset(["article-journal", "book", "chapter"])
STATUSES = {
    "corrected": _("Corrected"),
    "expression_of_concern": _("Expression of concern"),
    "retracted": _("Retracted"),
}


def build_code(system: str, code: str) -> Node | None:
    """Return a code of a public system, or None for an empty one."""
    if not code:
        return None
    return {
        "@type": "MedicalCode",
        "codingSystem": CODE_SYSTEM_NAMES.get(system, system),
        "codeValue": code,
        "inCodeSet": system,
    }


def build_block_code(code: Node) -> Node | None:
    """Return the code of a block, whose system is from the list or another one."""
    return build_code(
        code.get("system") or code.get("other_system") or "", code.get("code") or ""
    )


def build_treatment(article: Node, scope: Scope) -> Node | None:
    """Return the treatment that an article is about.

    It has no ``contraindication``, ``seriousAdverseOutcome`` or ``legalStatus``: an article's criteria,
    risks and decisions hold for the people and the procedure that their own texts name, and would be
    false as statements about the treatment as such. Nor has it a ``guideline``: an evidence note is
    no recommendation of a medical society, and the levels A, B and C say what kind of studies there
    are, which GRADE's certainty and OCEBM's levels (they depend on the question) do not.
    """
    treatment = article.get("treatment")
    if not treatment:
        return None
    kind = treatment.get("schema_type") or "MedicalTherapy"
    return {
        "@id": scope.make_id("treatment"),
        "@type": kind,
        "name": treatment["name"],
        "alternateName": treatment.get("also_known_as"),
        "description": treatment.get("description"),
        "bodyLocation": article.get("body_site") if kind in PROCEDURES else None,
        "code": [build_code(**code) for code in treatment.get("codes", [])],
    }


def build_condition(condition: Node, scope: Scope) -> Node:
    """Return a condition with its codes."""
    return {
        "@id": scope.make_id(f"condition-{condition.get('slug') or condition['id']}"),
        "@type": "MedicalCondition",
        "name": condition["name"],
        "alternateName": condition.get("also_known_as"),
        "description": condition.get("description"),
        "code": [build_code(**code) for code in condition.get("codes", [])],
    }


def build_person(person: Node, scope: Scope) -> Node:
    """Return somebody who wrote, reviewed or translated an article."""
    orcid = person.get("orcid")
    return {
        "@id": f"https://orcid.org/{orcid}"
        if orcid
        else scope.make_id(f"person-{person['id']}"),
        "@type": "Person",
        "name": person["name"],
        "honorificSuffix": person.get("credentials"),
        "affiliation": {
            "@type": "Organization",
            "name": person.get("affiliation"),
        },
        "sameAs": f"https://orcid.org/{orcid}" if orcid else None,
    }


def build_organization(scope: Scope) -> Node | None:
    """Return the publisher, or None when it is not known."""
    site = scope.site
    if not site.organization:
        return None
    return {
        "@id": f"{site.url.rstrip('/')}/#organization",
        "@type": "Organization",
        "name": site.organization,
        "url": site.url,
        "logo": site.make_media_absolute(site.logo_url) if site.logo_url else None,
    }


def build_image(image: Node | None, scope: Scope, name: str | None = None) -> Node:
    """Return an image at its largest rendition; empty where there is none.

    Args:
        image: The image as the API gives it.
        scope: The document.
        name: The fragment that identifies the image, if anything refers to it.
    """
    renditions = list((image or {}).get("renditions", {}).values())
    if not image or not renditions:
        return {}
    largest = max(renditions, key=lambda rendition: rendition["width"])
    return {
        "@id": scope.make_id(name),
        "@type": "ImageObject",
        "contentUrl": scope.site.make_media_absolute(largest["url"]),
        "description": image.get("alt"),
        "caption": image.get("caption"),
        "creditText": image.get("credit"),
    }


def build_described_image(value: Node | None, scope: Scope) -> Node:
    """Return the image of an image block with its description."""
    return build_image((value or {}).get("image"), scope)


def get_source_id(reference: Node, base: str) -> str:
    """Return the identifier of a cited source: its DOI or PubMed address, where it has one."""
    for kind in ("doi", "pmid"):
        if reference.get(kind):
            return KINDS[kind].get_url(reference[kind])
    return f"{base}#reference-{reference['id']}"


def build_source(reference: Node, scope: Scope) -> Node:
    """Return a cited source with its identifiers."""
    csl_type = reference["csl_type"]
    issued = reference.get("issued") or {}
    parts = (issued.get("year"), issued.get("month"), issued.get("day"))
    known = parts[: parts.index(None)] if None in parts else parts
    return {
        "@id": scope.references[reference["id"]],
        "@type": SOURCE_TYPES.get(csl_type, "CreativeWork"),
        "name": reference["title"],
        "author": build_authors(reference),
        "datePublished": "-".join(f"{part:02d}" for part in known),
        "isPartOf": build_container(reference),
        "pagination": reference.get("page") if csl_type in PAGINATED else None,
        "publisher": {"@type": "Organization", "name": reference.get("publisher")},
        **build_identifiers(reference),
        "creativeWorkStatus": str(STATUSES.get(reference.get("status", ""), "")),
    }


def build_identifiers(reference: Node) -> Node:
    """Return what identifies a source, and where it is.

    The number of a trial identifies its registry entry. Several works report on one trial, so they are
    about it, and its page is not theirs.
    """
    trial = reference.get("nct")
    is_entry = reference["csl_type"] == "dataset"
    names = (*IDENTIFIERS, "nct") if is_entry else IDENTIFIERS
    given = {name: reference[name] for name in names if reference.get(name)}
    url = reference.get("url")
    if trial and not is_entry and url == KINDS["nct"].get_url(trial):
        url = None
    return {
        "identifier": [build_identifier(*entry) for entry in given.items()],
        "url": url,
        "about": {
            "@type": "MedicalTrial",
            "identifier": build_identifier("nct", trial),
        }
        if trial and not is_entry
        else None,
    }


def build_identifier(name: str, value: str) -> Node:
    """Return an identifier with the name of its system."""
    return {"@type": "PropertyValue", "propertyID": name, "value": value}


def build_authors(reference: Node) -> list[Node]:
    """Return the authors of whom the kind of work and the form of the name say who they are.

    People sign articles and books (“Khan SA”), groups the other works; “Cancer Research UK” on a report
    could be either, and is left out.
    """
    authors = []
    for name in reference.get("authors", []):
        if name.rstrip(".").lower() == "et al":
            continue
        is_person = bool(PERSON.match(name)) and name.rsplit(" ", 1)[1].isupper()
        if is_person == (reference["csl_type"] in SIGNED_BY_PEOPLE):
            kind = "Person" if is_person else "Organization"
            authors.append({"@type": kind, "name": name})
    return authors


def build_container(reference: Node) -> Node:
    """Return what a source appeared in: a journal with volume and issue, a book, a website."""
    csl_type = reference["csl_type"]
    container: Node = {
        "@type": CONTAINER_TYPES.get(csl_type, "CreativeWork"),
        "name": reference.get("container_title"),
    }
    if csl_type != "article-journal":
        return container
    if reference.get("volume"):
        container = {
            "@type": "PublicationVolume",
            "volumeNumber": reference["volume"],
            "isPartOf": container,
        }
    if reference.get("issue"):
        container = {
            "@type": "PublicationIssue",
            "issueNumber": reference["issue"],
            "isPartOf": container,
        }
    return container


def build_glossary(article: Node, scope: Scope) -> Node | None:
    """Return the terms that an article explains, or None without any."""
    terms = article.get("glossary") or []
    if not terms:
        return None
    return {
        "@id": scope.make_id("glossary"),
        "@type": "DefinedTermSet",
        "name": str(_("Glossary")),
        "hasDefinedTerm": [
            {
                "@id": scope.make_id(f"term-{term.get('slug') or term['id']}"),
                "@type": "DefinedTerm",
                "name": term["term"],
                "alternateName": term.get("aliases"),
                "description": term["definition"]["text"],
                "image": build_image(term.get("image"), scope),
            }
            for term in terms
        ],
    }


def build_decision(block: Node, scope: Scope) -> Node:
    """Return what an authority has decided, as a document that the article mentions."""
    value: dict[str, Any] = block["value"]
    name = " ".join(filter(None, [value["authority"], value.get("identifier")]))
    return {
        "@id": scope.make_id(block.get("id")),
        "@type": "CreativeWork",
        "name": name,
        "description": value["indication"],
        "author": {"@type": "Organization", "name": value["authority"]},
        "identifier": value.get("identifier"),
        "dateCreated": value.get("decided_on"),
        "creativeWorkStatus": value.get("status"),
        "about": {
            "@type": "MedicalEntity",
            "code": build_block_code(value.get("code") or {}),
        },
    }
