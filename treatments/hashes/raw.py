"""What a page says, as short hashes: by field, by block that has an id, and by editorial part of a clinical block.

Such a part is the caption of a figure.

Two contents have the same fingerprints when readers get the same from them. Bookkeeping, the keys
that the rich text editor gives its paragraphs, the ids of list items, and whether a default is
written out or left away do not count.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import get_all_child_m2m_relations, get_all_child_relations
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page

from treatments.article_fields import ARTICLE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

#: All fields and child relations that an article is made of. What else Wagtail's own fields hold is bookkeeping.
CONTENT_FIELDS = frozenset(name for row in ARTICLE_FIELDS for name in row.fields)
#: Those whose changes do not concern anybody's treatment. What stands neither here nor in ``editorial_fields`` of a
#: project's page model nor in a block with ``clinically_significant = False``, at any depth, is clinical.
EDITORIAL_FIELDS = frozenset(
    name for row in ARTICLE_FIELDS if not row.is_clinical for name in row.fields
)

_PARAGRAPH_KEY = re.compile(r'\s+data-block-key="[^"]*"')


@dataclass
class Fingerprints:
    """The hashes of one content.

    Attributes:
        digests: Field name, block id, or ``<block id>.<name>`` of an editorial part → hash, in the order of the page.
        editorial: Those of the keys that are not clinical.
    """

    digests: dict[str, str] = field(default_factory=dict)
    editorial: set[str] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """Return plain data for a JSON field."""
        return {"digests": self.digests, "editorial": sorted(self.editorial)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Fingerprints:
        """Return what ``to_json`` wrote."""
        return cls(dict(data["digests"]), set(data["editorial"]))


def get_owner(key: str) -> str:
    """Return the field or the block that a key of ``Fingerprints`` belongs to."""
    return key.partition(".")[0]


def get_content_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """Yield the fields of a model that hold content, on a page or in a row below it."""
    for each in model._meta.fields:
        is_bookkeeping = (
            not each.serialize  # ty: ignore[missing-attribute]
            or each.primary_key
            or getattr(each, "auto_now", False)
            or getattr(each, "auto_now_add", False)
            or each.name in ("sort_order", "locale", "translation_key")
            or (each.model is Page and each.name not in CONTENT_FIELDS)
        )
        if not is_bookkeeping:
            yield each


def get_content_relations(model: type[models.Model]) -> list[Any]:
    """Return the child relations of a clusterable model that hold content."""
    return [
        relation
        for relation in get_all_child_relations(model)
        if relation.get_accessor_name() != COMMENTS_RELATION_NAME
    ]


def build_fingerprints(
    model: type[models.Model],
    content: dict[str, Any],
    defaults: dict[int, Any] | None = None,
) -> Fingerprints:
    """Return the fingerprints of a page's serialized content.

    ``content`` has the form of a revision and of wagtail-localize's ``content_json``. A caller with
    many pages hands the same dict as ``defaults`` to each call, where the blocks' defaults are kept.
    """
    return _Builder({} if defaults is None else defaults).build(model, content)


class _Builder:
    """Walks through one content."""

    def __init__(self, defaults: dict[int, Any]) -> None:
        self.result = Fingerprints()
        self.defaults = defaults
        #: The innermost block with an id.
        self.owner = ""

    def build(self, model: type[models.Model], content: dict[str, Any]) -> Fingerprints:
        """Walk through the fields and the child relations."""
        editorial = EDITORIAL_FIELDS.union(getattr(model, "editorial_fields", ()))
        for each in get_content_fields(model):
            is_clinical = each.name not in editorial
            self.reserve(each.name)
            value = self.read_field(each, content.get(each.name), is_clinical)
            self.add(each.name, value, is_clinical)
        for relation in get_content_relations(model):
            name = relation.get_accessor_name()
            is_clinical = name not in editorial
            self.reserve(name)
            value = self.read_rows(relation, content.get(name) or [], is_clinical)
            self.add(name, value, is_clinical)
        for each in get_all_child_m2m_relations(model):
            self.reserve(each.name)
            self.add(
                each.name,
                sorted(content.get(each.name) or []),
                each.name not in editorial,
            )
        return self.result

    def read_field(self, each: models.Field, value: Any, is_clinical: bool) -> Any:
        """Return the canonical value of a field; None when it is empty or the default."""
        if isinstance(each, StreamField):
            raw = json.loads(value or "[]") if not isinstance(value, list) else value
            return self.read_stream(each.stream_block, raw, is_clinical)
        default = None if each.is_relation else each.get_default()
        return mark_different(clean_plain(value), clean_plain(default))

    def read_rows(
        self, relation: Any, rows: list[dict[str, Any]], is_clinical: bool
    ) -> list[Any]:
        """Return the canonical rows of a child relation, in their order."""
        model = relation.related_model
        result = []
        for row in sorted(rows, key=lambda row: row.get("sort_order") or 0):
            values = {
                each.name: self.read_field(each, row.get(each.name), is_clinical)
                for each in get_content_fields(model)
                if each.name != relation.field.name
            }
            for deeper in get_content_relations(model):
                name = deeper.get_accessor_name()
                values[name] = self.read_rows(deeper, row.get(name) or [], is_clinical)
            result.append(drop_empty(values))
        return result

    def read_stream(
        self, block: blocks.StreamBlock, raw: list[dict[str, Any]], is_clinical: bool
    ) -> list[Any]:
        """Fingerprint the children; return what counts for the parent: which they are, in order.

        A child without an id counts with its content. An editorial child counts for itself, with
        its place: to move a figure is not to change the section around it.
        """
        order: list[Any] = []
        run = 0
        for child in raw:
            child_block = block.child_blocks.get(child["type"])
            if child_block is None:
                # Its type no longer exists: nobody sees it.
                continue
            key = child.get("id")
            child_is_clinical = is_clinical and is_significant(child_block)
            if key:
                self.reserve(key)
            outer, self.owner = self.owner, key or self.owner
            value = [
                child["type"],
                self.read_block(child_block, child.get("value"), child_is_clinical),
            ]
            self.owner = outer
            if key and is_clinical and not child_is_clinical:
                run += 1
                self.add(key, [*value, order[-1:], run], False)
                continue
            run = 0
            if key:
                self.add(key, value, child_is_clinical)
            order.append(key or value)
        return order

    def read_block(self, block: blocks.Block, raw: Any, is_clinical: bool) -> Any:
        """Return the canonical value of a block; None where it is empty."""
        if isinstance(block, blocks.StreamBlock):
            return self.read_stream(block, raw or [], is_clinical)
        if isinstance(block, blocks.StructBlock):
            raw = raw or {}
            return drop_empty(
                {
                    name: self.read_struct_child(child, name, raw, is_clinical)
                    for name, child in block.child_blocks.items()
                }
            )
        if isinstance(block, blocks.ListBlock):
            return [
                self.read_block(block.child_block, unwrap_item(item), is_clinical)
                for item in raw or []
            ]
        return clean_plain(raw)

    def read_struct_child(
        self, child: blocks.Block, name: str, raw: dict[str, Any], is_clinical: bool
    ) -> Any:
        """Return the canonical value of a struct's child; None when it is the default.

        An editorial child of a clinical block counts for itself.
        """
        if not (self.owner and is_clinical) or is_significant(child):
            return self.read_value(child, name, raw, is_clinical)
        key = f"{self.owner}.{name}"
        self.reserve(key)
        self.add(key, self.read_value(child, name, raw, False), False)
        return None

    def read_value(
        self, child: blocks.Block, name: str, raw: dict[str, Any], is_clinical: bool
    ) -> Any:
        """Return the canonical value of a struct's child; None when it is the default."""
        if isinstance(child, blocks.StreamBlock | blocks.StructBlock):
            return self.read_block(child, raw.get(name), is_clinical)
        if name not in raw:
            return None
        value = self.read_block(child, raw[name], is_clinical)
        return mark_different(value, self.get_default(child))

    def get_default(self, block: blocks.Block) -> Any:
        """Return the canonical value of a leaf's or a list's default."""
        key = id(block)
        if key not in self.defaults:
            raw = block.get_prep_value(block.get_default())
            # In a builder of its own: what stands in a default is not on the page.
            builder = _Builder(self.defaults)
            # Leaves out what the blocks of the page leave out.
            builder.owner = "default"
            self.defaults[key] = builder.read_block(block, raw, True)
        return self.defaults[key]

    def reserve(self, key: str) -> None:
        """Give a key its place, before the blocks inside of it."""
        self.result.digests.setdefault(key, "")

    def add(self, key: str, value: Any, is_clinical: bool) -> None:
        """Store the hash of a value; a key without content is not stored."""
        # Not empty where two blocks have the same id, as with a copied stream: they count as one.
        before = self.result.digests.get(key, "")
        if value:
            text = json.dumps([before, value], sort_keys=True, cls=DjangoJSONEncoder)
            digest = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
            self.result.digests[key] = digest
            if not is_clinical:
                self.result.editorial.add(key)
        elif not before:
            del self.result.digests[key]


def is_significant(block: blocks.Block) -> bool:
    """Tell whether what stands in a block may concern somebody's treatment."""
    return getattr(block.meta, "clinically_significant", True)


def mark_different(value: Any, default: Any) -> list[Any] | None:
    """Return a value inside a list, also an empty one; None where it is the default."""
    return None if value == default else [value]


def unwrap_item(item: Any) -> Any:
    """Return the value of a list's item, which older content has without a wrapper."""
    is_wrapped = isinstance(item, dict) and set(item) >= {"type", "value"}
    return item["value"] if is_wrapped else item


def drop_empty(values: dict[str, Any]) -> dict[str, Any] | None:
    """Leave out what is not there; None when nothing is left."""
    return {
        name: value for name, value in values.items() if value not in (None, [], {})
    } or None


def clean_plain(value: Any) -> Any:
    """Return a plain value in one form: no paragraph keys, 2 for 2.0, None for every emptiness."""
    if isinstance(value, str):
        if "data-block-key" in value:
            value = _PARAGRAPH_KEY.sub("", value)
        return value or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: clean_plain(entry) for name, entry in value.items()} or None
    if isinstance(value, list | tuple):
        return [clean_plain(entry) for entry in value] or None
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean_plain(json.loads(json.dumps(value, cls=DjangoJSONEncoder)))
