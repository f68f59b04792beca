"""The shapes of the reads of reference content, for the OpenAPI document.

Like those in ``schemas``, they describe answers and are not run over them.
"""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from treatments.content.shape_types import LanguageCode, Uuid
from treatments.content.shapes import (
    Condition,
    Contributor,
    ReferenceFields,
    Term,
    Treatment,
)


class ContributorTranslation(Schema):
    """The same person in another language."""

    id: int
    locale: LanguageCode
    name: str


class VocabularyTranslation(Schema):
    """The same entry in another language."""

    id: int
    locale: LanguageCode
    name: str
    slug: str


class TermTranslation(Schema):
    """The same term in another language."""

    id: int
    locale: LanguageCode
    term: str
    slug: str


class GlossaryEntry(Term):
    """A term of the glossary, with its public translations."""

    locale: LanguageCode
    translation_key: Uuid
    translations: list[TermTranslation]


class ContributorEntry(Contributor):
    """Somebody who writes, reviews or translates articles, with the public translations."""

    locale: LanguageCode
    translation_key: Uuid
    translations: list[ContributorTranslation]


class ConditionEntry(Condition):
    """A disease or a state of a disease, with its public translations."""

    locale: LanguageCode
    translation_key: Uuid
    translations: list[VocabularyTranslation]


class TreatmentEntry(Treatment):
    """A therapy or a procedure, with its public translations."""

    locale: LanguageCode
    translation_key: Uuid
    translations: list[VocabularyTranslation]


class Listed(Schema):
    """A part of a list."""

    count: int = Field(ge=0, description="How many entries there are in all.")


class GlossaryList(Listed):
    """A part of the glossary, by name without regard to case and accents."""

    items: list[GlossaryEntry]


class ReferenceList(Listed):
    """A part of the references, by title."""

    items: list[ReferenceFields]


class ContributorList(Listed):
    """A part of the contributors, by name."""

    items: list[ContributorEntry]


class ConditionList(Listed):
    """A part of the conditions, by name."""

    items: list[ConditionEntry]


class TreatmentList(Listed):
    """A part of the treatments, by name."""

    items: list[TreatmentEntry]


class GlossaryLetter(Schema):
    """A letter under which there are terms; ``#`` for anything but a letter."""

    letter: str = Field(pattern="^[A-Z#]$")
    count: int = Field(ge=1)


class GlossaryLetters(Schema):
    """The letters of the glossary that have terms, `#` last."""

    items: list[GlossaryLetter]
