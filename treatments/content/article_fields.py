"""The types that the API gives the fields of ``treatments.article_fields``, in the order of a document."""

from __future__ import annotations

from functools import cache
from typing import Any

from treatments.article_fields import ARTICLE_FIELDS
from treatments.content import shapes
from treatments.content.block_shapes import public_blocks
from treatments.content.representation import COMMON_SHAPES
from treatments.content.shape_types import LanguageCode, Uri, Uuid, choice_of
from treatments.models.own_fields import get_blocks, get_own_fields

#: Raised when the shape of an article changes in a way that a client must know of.
SCHEMA_VERSION = "1.0"
#: What every page has, of which type ever.
PAGE_SHAPES: dict[str, Any] = {
    "locale": LanguageCode,
    "title": str,
    "html_url": Uri | None,
    **COMMON_SHAPES,
}
#: ``None`` stands for the type of the block that the field is read as.
ARTICLE_SHAPES: dict[str, Any] = {
    "uuid": Uuid,
    "summary": None,
    "kind": shapes.ArticleKind,
    "audience": shapes.ArticleAudience,
    "intent": shapes.ArticleIntent | None,
    "treatment": None,
    "conditions": list[shapes.Condition],
    "also_known_as": None,
    "body_site": None,
    "hero": shapes.Image | None,
    "key_points": None,
    "intro": None,
    "toc": list[shapes.TocEntry],
    "body": None,
    "questions": None,
    "regulatory_status": None,
    "related": list[shapes.RelatedArticle],
    "references": list[shapes.Reference],
    "glossary": list[shapes.Term],
    "governance": shapes.Governance,
    "translation": shapes.TranslationInfo,
    "promotions": list[shapes.PromotionCard],
    "seo": shapes.Seo,
    "json_ld": shapes.JsonLd,
    "version": shapes.Version,
}
#: Key of a card → key of the document that says the same.
CARD_FIELDS = {row.card: row.name for row in ARTICLE_FIELDS if row.card}


@cache
def get_article_shapes(model: type[Any]) -> dict[str, Any]:
    """Return the type of each field that articles of a type have beside what every page has."""
    known = ARTICLE_SHAPES | dict.fromkeys(get_own_fields(model))
    return {
        name: public_blocks.get_type(get_blocks(model)[name])
        if shape is None
        else shape
        for name, shape in known.items()
    }


@cache
def get_document_shapes(model: type[Any]) -> dict[str, Any]:
    """Return the type of each field of the articles of one page model."""
    own = {"id": int, "type": choice_of([model._meta.label])}
    return own | PAGE_SHAPES | get_article_shapes(model)
