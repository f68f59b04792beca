"""The public fields of the reference content as JSON-ready dictionaries.

Pure mappers without queries, except where noted: whoever calls them has loaded what they need. They
do not decide what is public; callers pass published objects only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snippets.identifiers import IDENTIFIERS

if TYPE_CHECKING:
    from snippets.models import (
        Condition,
        Contributor,
        GlossaryTerm,
        Reference,
        Treatment,
    )


def represent_reference(reference: Reference) -> dict[str, Any]:
    """Return the CSL core fields, the identifiers and the Vancouver rendering, in the active language."""
    return {
        "id": reference.pk,
        "csl_type": reference.type,
        "title": reference.title,
        "authors": reference.author_list,
        "container_title": reference.container_title,
        "publisher": reference.publisher,
        "issued": {
            "year": reference.issued_year,
            "month": reference.issued_month,
            "day": reference.issued_day,
        },
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.page,
        "vancouver": reference.vancouver,
        "pmid": reference.pmid,
        "pmcid": reference.pmcid,
        "doi": reference.doi,
        "nct": reference.nct,
        "url": get_reference_url(reference),
        "status": reference.status,
        "is_sample": reference.is_sample,
        "checked_on": reference.checked_on.isoformat()
        if reference.checked_on
        else None,
    }


def get_reference_url(reference: Reference) -> str:
    """Return where a reader can look the source up; empty when nothing is known."""
    for kind in ("doi", "pmid", "pmcid", "nct"):
        value = getattr(reference, kind)
        if value:
            return IDENTIFIERS[kind].get_url(value)
    return reference.url


def represent_contributor(contributor: Contributor) -> dict[str, Any]:
    """Return what readers may know about a person."""
    return {
        "id": contributor.pk,
        "name": contributor.name,
        "credentials": contributor.credentials,
        "role": contributor.role,
        "affiliation": contributor.affiliation,
        "orcid": contributor.orcid,
        "interests": contributor.interests,
    }


def represent_condition(condition: Condition) -> dict[str, Any]:
    """Return a condition with its codes."""
    return _represent_vocabulary(condition)


def represent_treatment(treatment: Treatment) -> dict[str, Any]:
    """Return a treatment with its schema.org type and codes."""
    return {**_represent_vocabulary(treatment), "schema_type": treatment.schema_type}


def represent_term(
    term: GlossaryTerm, *, definition: dict[str, str], image: dict | None
) -> dict[str, Any]:
    """Return a glossary term; the caller renders the definition and the image in the page's language."""
    return {
        "id": term.pk,
        "slug": term.slug,
        "term": term.term,
        "definition": definition,
        "aliases": term.alias_list,
        "pronunciation": term.pronunciation,
        "image": image,
    }


def _represent_vocabulary(entry: Condition | Treatment) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "slug": entry.slug,
        "name": entry.name,
        "description": entry.description,
        "also_known_as": entry.alias_list,
        "codes": entry.codes,
    }
