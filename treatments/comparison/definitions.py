"""What the parts of a document are called, how much they weigh, and what their codes mean.

All of it comes from the definitions themselves, blocks and model fields, so that the blocks of a project
need no list here. What has no definition any more, such as a block type that was removed, keeps the
name that it has in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField

from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)
from treatments.article_fields import Weight
from treatments.models import TreatmentPage, TreatmentPageRelated
from treatments.models.own_fields import get_article_fields, get_own_fields
from treatments.ports.states import ReviewStatus, TranslationStatus

#: Parts of parts that readers do not read. A block can have a field of such a name, which is content.
TECHNICAL_KEYS = frozenset(
    (
        "translation_key",
        "html_url",
        "renditions",
        "width",
        "height",
        "focal_point",
        "path",
        "number",
        "id",
        "slug",
        "csl_type",
        "schema_type",
        "checked_on",
        "is_sample",
    )
)
#: What the article's document calls objects of which model.
MODELS: dict[str, Any] = {
    "treatment": Treatment,
    "conditions": Condition,
    "references": Reference,
    "citations": Reference,
    "glossary": GlossaryTerm,
    "authors": Contributor,
    "reviewers": Contributor,
    "promotions": Promotion,
}
#: Names of what has neither a block nor a model field of its own.
LABELS: dict[str, Any] = {
    "alt": _("Description of the image"),
    "authors": _("Authors"),
    "behind_blocks": _("Parts that are behind"),
    "behind_since": _("Behind since"),
    "caption": _("Caption"),
    "change_notes": _("Notes on changes"),
    "changed_sections": _("Sections changed since the review"),
    "citations": _("Citations"),
    "code": _("Code"),
    "codes": _("Codes"),
    "conditions": _("Conditions"),
    "credit": _("Credit"),
    "date": _("Date"),
    "definition": _("Definition"),
    "description": _("Description"),
    "glossary": _("Glossary"),
    "governance": _("Authors and reviews"),
    "hero": _("Main image"),
    "html_url": _("Web address"),
    "image": _("Image"),
    "issued": _("Issued"),
    "json_ld": _("Data for search engines"),
    "language": _("Language"),
    "last_reviewed": _("Last reviewed"),
    "locale": _("Language"),
    "next_review_due": _("Next review due"),
    "notice": _("Notice about the review"),
    "page": _("Page"),
    "path": _("Address"),
    "promotions": _("Promotions"),
    "references": _("References"),
    "related": _("Related articles"),
    "relation": _("Relation"),
    "renditions": _("Image files"),
    "review_state": _("State of the review"),
    "reviewers": _("Reviewers"),
    "seo": _("Search engines"),
    "source_locale": _("Source language"),
    "status": _("Status"),
    "summary": _("Summary"),
    "title": _("Title"),
    "toc": _("Table of contents"),
    "translation": _("Translation"),
    "translations": _("Other languages"),
    "url": _("Address"),
    "vancouver": _("Citation"),
    "version": _("Version"),
}
#: What the codes mean that have neither a block nor a model field of their own.
CODES: dict[str, dict[str, Any]] = {
    "review_state": {
        ReviewStatus.NEVER_REVIEWED: _("Never reviewed"),
        ReviewStatus.CURRENT: _("Up to date"),
        ReviewStatus.DUE_SOON: _("Due soon"),
        ReviewStatus.OVERDUE: _("Overdue"),
        ReviewStatus.CHANGED_SINCE_REVIEW: _("Changed since the review"),
        ReviewStatus.ON_HOLD: _("On hold"),
    },
    "status": {
        TranslationStatus.SOURCE: _("Original"),
        TranslationStatus.CURRENT: _("Up to date"),
        TranslationStatus.BEHIND_EDITORIAL: _("Behind: editorial"),
        TranslationStatus.BEHIND_CLINICAL: _("Behind: clinical"),
        TranslationStatus.INCOMPLETE: _("Incomplete"),
        TranslationStatus.HELD: _("Held back"),
    },
    "relation": dict(TreatmentPageRelated.Relation.choices),
    "kind": dict(TreatmentPage.Kind.choices),
}
NAME_IN_LABEL = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Definition:
    """What is known of one part of a document.

    Attributes:
        source: The block, the model or the model field that it is made from, or its codes with what they mean;
            None where there is nothing of these.
        label: What people call it.
        weight: What a change of it can mean.
        is_code: Whether its text is a code, and not words.
    """

    source: Any = None
    label: str = ""
    weight: Weight = Weight.CONTENT
    is_code: bool = False

    def get_children(self) -> dict[str, blocks.Block]:
        """Return the blocks in a block, by name."""
        if isinstance(self.source, (blocks.StructBlock, blocks.StreamBlock)):
            return self.source.child_blocks
        return {}

    def get_choices(self) -> dict[Any, str]:
        """Return code → words, for a value that is chosen from a fixed list."""
        if isinstance(self.source, (blocks.ChoiceBlock, blocks.MultipleChoiceBlock)):
            given = self.source.deconstruct()[2].get(
                "choices", type(self.source).choices
            )
            return dict(unfold_choices(given))
        if isinstance(self.source, dict):
            return {code: str(words) for code, words in self.source.items()}
        return dict(getattr(self.source, "flatchoices", ()) or ())

    def get_item_name(self) -> str:
        """Return which field of a struct names it, such as the heading of a section; else nothing."""
        label_format = getattr(getattr(self.source, "meta", None), "label_format", None)
        match = NAME_IN_LABEL.search(str(label_format or ""))
        if match:
            return match[1]
        names = self.get_children()
        return next(
            (name for name in ("heading", "title", "name") if name in names), ""
        )


def unfold_choices(choices: Any) -> Iterable[tuple[Any, str]]:
    """Yield ``(code, words)`` of Django choices, groups unfolded; nothing of a function, which may ask a database."""
    if callable(choices) or not isinstance(choices, Iterable):
        return
    for code, label in choices:
        if isinstance(label, (list, tuple)):
            yield from unfold_choices(label)
        else:
            yield code, str(label)


def define_article(label: str) -> Definition:
    """Return the definition of an article by its page type, such as ``treatments.TreatmentPage``."""
    try:
        return Definition(apps.get_model(label))
    except (LookupError, ValueError):
        return Definition()


def define_field(article: Definition, key: str) -> Definition:
    """Return the definition of a field of an article."""
    row = get_article_fields(article.source).get(key)
    block = get_own_fields(article.source).get(key)
    child = define_block(article, block, key) if block else define_child(article, key)
    return replace(child, weight=row.weight) if row else child


def define_child(parent: Definition, key: str) -> Definition:
    """Return the definition of a part of a part: a field of a struct, the item of a list."""
    block = parent.get_children().get(key)
    if block is not None:
        return define_block(parent, block, key)
    source = parent.source
    if isinstance(source, blocks.ListBlock) and key == "item":
        return define_block(parent, source.child_block, key)
    if isinstance(source, blocks.PageChooserBlock):
        source = None
    elif isinstance(source, blocks.ChooserBlock):
        source = source.model_class
    weight = parent.weight
    if key in TECHNICAL_KEYS and not isinstance(source, blocks.Block):
        weight = Weight.TECHNICAL
    label = str(LABELS.get(key) or humanize(key))
    # A page's own field of that name is its place in the tree.
    field = None if key == "path" else get_field(source, key)
    if key in MODELS:
        return Definition(MODELS[key], label, weight)
    if field is None:
        return Definition(
            None if isinstance(source, blocks.Block) else CODES.get(key),
            label,
            weight,
            key in CODES or is_unit(key),
        )
    label = capfirst(str(field.verbose_name))
    if isinstance(field, StreamField):
        return Definition(field.stream_block, label, weight)
    if source is Reference and key == "status":
        weight = Weight.CLINICAL
    return Definition(field, label, weight, bool(field.choices) or is_unit(key))


def define_block(parent: Definition, block: blocks.Block, key: str) -> Definition:
    """Return the definition of a block in another; ``clinically_significant`` in its Meta changes the weight."""
    weight = parent.weight
    is_significant = getattr(block.meta, "clinically_significant", None)
    if weight in (Weight.WORDS, Weight.CONTENT):
        if is_significant:
            weight = Weight.CLINICAL
        elif is_significant is not None:
            weight = Weight.WORDS
    if isinstance(block, blocks.URLBlock) and weight is not Weight.CLINICAL:
        weight = Weight.EDITORIAL
    is_code = isinstance(
        block, (blocks.ChoiceBlock, blocks.MultipleChoiceBlock, blocks.RegexBlock)
    )
    label = capfirst(str(block.label or "")) or humanize(key)
    return Definition(block, label, weight, is_code or is_unit(key))


def define_object(parent: Definition) -> Definition:
    """Return the definition of what was chosen: beside what a term explains, its own words weigh little."""
    if parent.weight is Weight.CLINICAL and parent.source in (Treatment, Condition):
        return parent
    if parent.source is GlossaryTerm:
        return replace(parent, weight=Weight.CONTENT)
    return replace(parent, weight=min(parent.weight, Weight.EDITORIAL))


def get_field(source: Any, key: str) -> Any:
    """Return a concrete field of a model, or None."""
    try:
        field = source._meta.get_field(key)
    except (AttributeError, FieldDoesNotExist):
        return None
    return field if getattr(field, "concrete", False) else None


def is_unit(key: str) -> bool:
    """Tell whether a field holds a unit: a word that is as clinical as its number."""
    return key == "unit" or key.endswith("_unit")


def humanize(key: str) -> str:
    """Return ``Csl type`` for ``csl_type``."""
    return capfirst(key.replace("_", " ").strip())
