"""The query parameters of our reads, as they are documented and checked.

A bad value is refused with its name (422). An unknown parameter does not get here: see ``guard.operations``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from snippets import identifiers
from snippets.models import Condition, Contributor, Reference, Treatment
from treatments.api.http.parameters import (
    DEFAULT_LIMIT,
    MAX_OFFSET,
    get_locale,
    get_max_limit,
)
from treatments.content.shape_types import choice_of

if TYPE_CHECKING:
    from wagtail.models import Locale

#: A page of the sitemap may be longer than any other: an entry is a few addresses.
SITEMAP_LIMIT = 1000


def check_digits(value: Any) -> Any:
    """Refuse what Python takes for a number and a reader does not: ``1_0``, `` 1``, ``1.0``."""
    if isinstance(value, str) and not (value.isascii() and value.isdecimal()):
        raise ValueError("The value must be a whole number, in digits only.")
    return value


def check_limit(value: int) -> int:
    """Refuse more entries than the project allows."""
    limit_max = get_max_limit()
    if limit_max is not None and value > limit_max:
        raise ValueError(f"The value must lie between 1 and {limit_max}.")
    return value


def drop_default(schema: dict[str, Any]) -> None:
    """Leave the default out of the document: a parameter that is missing filters nothing."""
    schema.pop("default", None)


def add_maximum(schema: dict[str, Any]) -> None:
    """Document how many entries the project allows."""
    limit_max = get_max_limit()
    if limit_max is not None:
        schema["maximum"] = limit_max


def filter_by(shape: Any, description: str, **bounds: Any) -> Any:
    """Return the type of a filter, None where it is not given."""
    bounded = Annotated[shape, Field(**bounds)] if bounds else shape
    field = Field(default=None, description=description, json_schema_extra=drop_default)
    return Annotated[bounded | SkipJsonSchema[None], field]  # ty: ignore[invalid-type-form]


def filter_by_identifier(kind: str, description: str) -> Any:
    """Return the type of a filter by an identifier, which is read in every form that editors may enter."""
    identifier = identifiers.IDENTIFIERS[kind]
    validator: Any = identifier.validate
    # JSON Schema has no sign for the very end of a text.
    pattern = validator.regex.pattern.replace(r"\Z", "$")
    bare = Annotated[str, Field(pattern=pattern), BeforeValidator(identifier.read)]
    return filter_by(bare, description)


Number = Annotated[int, BeforeValidator(check_digits)]
Search = Annotated[
    str, Field(max_length=200, description="Words to look for, the best hits first.")
]
LocaleFilter: Any = filter_by(
    str, "Only what is in this language, for example: es.", max_length=100
)
LanguageChoice: Any = filter_by(
    str, "The language; the site's default language without it.", max_length=100
)
SlugFilter: Any = filter_by(str, "Exactly this slug.", pattern="^[-a-zA-Z0-9_]+$")
LetterFilter: Any = filter_by(
    str,
    "The first letter, A to Z without accents; `#` (written `%23`) for anything else.",
    pattern="^[A-Z#]$",
)
ReferenceTypeFilter: Any = filter_by(
    choice_of(Reference.Type.values), "The kind of source, a type of CSL."
)
ReferenceStatusFilter: Any = filter_by(
    choice_of(Reference.Status.values), "Whether the source still stands."
)
PmidFilter: Any = filter_by_identifier("pmid", "PubMed ID.")
PmcidFilter: Any = filter_by_identifier("pmcid", "PubMed Central ID.")
DoiFilter: Any = filter_by_identifier(
    "doi", "DOI, in any case of its letters; a whole address of doi.org is read too."
)
NctFilter: Any = filter_by_identifier("nct", "Number at ClinicalTrials.gov.")
RoleFilter: Any = filter_by(choice_of(Contributor.Role.values), "What they do.")
OrcidFilter: Any = filter_by(
    Annotated[
        str,
        Field(pattern=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"),
        BeforeValidator(identifiers.IDENTIFIERS["orcid"].read),
    ],
    "ORCID iD.",
)
MeshFilter: Any = filter_by_identifier("mesh", "MeSH identifier.")
NcitFilter: Any = filter_by_identifier("ncit", "NCI Thesaurus code.")
CodeFilter: Any = filter_by(
    str,
    "A code of `system`, or of any system where none is given.",
    min_length=1,
    max_length=20,
)
ConditionSystemFilter: Any = filter_by(
    choice_of(uri for _field, uri in Condition.code_fields),
    "The code system of `code`.",
)
TreatmentSystemFilter: Any = filter_by(
    choice_of(uri for _field, uri in Treatment.code_fields),
    "The code system of `code`.",
)
SchemaTypeFilter: Any = filter_by(
    choice_of(Treatment.SchemaType.values), "The type at schema.org."
)


class PageQuery(Schema):
    """Which part of a list is wanted."""

    limit: Annotated[Number, AfterValidator(check_limit)] = Field(
        DEFAULT_LIMIT,
        ge=1,
        description="How many entries are wanted at most.",
        json_schema_extra=add_maximum,
    )
    offset: Number = Field(
        0, ge=0, le=MAX_OFFSET, description="How many entries are left out before them."
    )


class ListQuery(PageQuery):
    """A list that can be searched."""

    search: Search = ""


class GlossaryQuery(ListQuery):
    """Which terms are wanted."""

    locale: LocaleFilter = None
    letter: LetterFilter = None
    slug: SlugFilter = None


class ReferenceQuery(ListQuery):
    """Which references are wanted."""

    type: ReferenceTypeFilter = None
    status: ReferenceStatusFilter = None
    pmid: PmidFilter = None
    pmcid: PmcidFilter = None
    doi: DoiFilter = None
    nct: NctFilter = None


class ContributorQuery(ListQuery):
    """Which people are wanted."""

    locale: LocaleFilter = None
    role: RoleFilter = None
    orcid: OrcidFilter = None


class VocabularyQuery(ListQuery):
    """Which entries of a vocabulary are wanted."""

    locale: LocaleFilter = None
    slug: SlugFilter = None
    mesh_id: MeshFilter = None
    ncit_code: NcitFilter = None
    code: CodeFilter = None


class ConditionQuery(VocabularyQuery):
    """Which conditions are wanted."""

    system: ConditionSystemFilter = None


class TreatmentQuery(VocabularyQuery):
    """Which treatments are wanted."""

    system: TreatmentSystemFilter = None
    schema_type: SchemaTypeFilter = None


class LocaleQuery(Schema):
    """A read in one language."""

    locale: LanguageChoice = None


class LettersQuery(Schema):
    """Which letters are wanted."""

    locale: LocaleFilter = None


class ArticlesQuery(PageQuery):
    """Which articles are wanted."""

    locale: LocaleFilter = None


class SitemapQuery(PageQuery):
    """Which pages are wanted."""

    limit: Number = Field(
        SITEMAP_LIMIT,
        ge=1,
        le=SITEMAP_LIMIT,
        description="How many pages are wanted at most.",
    )
    locale: LocaleFilter = None


def find_locale(query: Schema) -> Locale | None:
    """Return the language that a read asks for, or None where it asks for none.

    Raises:
        ParameterError: the site has no such language.
    """
    return get_locale(getattr(query, "locale", None))
