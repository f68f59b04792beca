"""Puts another entry where articles use one: in what the public reads, and in the draft beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import TranslatableMixin

from treatments.content.blocks import get_raw_stream
from treatments.content.choices import can_choose, get_link_models, get_own_fields
from treatments.content.hidden_choices import find_states
from treatments.content.visibility import is_published
from treatments.ports.publication import PublicationRefusedError
from treatments.signals import choices_replaced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from treatments.content.uses import Use

#: The opening tag of a link in a rich text as it is stored.
LINK = re.compile(r"<a\b[^>]*>")
LINK_TYPE = re.compile(r'\blinktype="([^"]*)"')
LINK_ID = re.compile(r'(\bid=")([^"]*)(")')


class ReplacementError(Exception):
    """Something cannot take the place of an entry; the text says why."""


class Replacement:
    """What takes the place of an entry in the articles of one language.

    Args:
        model: The kind of thing.
        pks: The ids that are replaced.
        pk: The id that takes their place.
    """

    def __init__(self, model: type[Model], pks: Iterable[Any], pk: Any):
        self.model, self.pks, self.pk = model, set(pks), pk

    def is_meant(self, model: Any, pk: Any) -> bool:
        """Tell whether a choice is replaced."""
        return issubclass(self.model, model) and pk in self.pks


@dataclass(frozen=True, slots=True)
class Rewriting:
    """An article in which another entry took the place of one.

    Attributes:
        source: The article with the other entry.
        replacement: What took the place of what.
        before: What the public read until then, serialized as in a revision.
        after: The same with the other entry.
        revisions: Id of the revision that it was, published or a draft → id of what it became.
        is_published: Whether the public reads it; otherwise it waits for its review.
    """

    source: Any
    replacement: Replacement
    before: dict[str, Any]
    after: dict[str, Any]
    revisions: dict[int, int]
    is_published: bool


def find_replacement(instance: Any, pk: Any) -> Any:
    """Return the published entry that is to take the place of another one.

    Raises:
        ReplacementError: there is none, it is the same, or readers would not get it.
    """
    model = type(instance)
    try:
        found = model._default_manager.filter(pk=pk).first()
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None:
        raise ReplacementError(
            _("There is no %(kind)s with the id %(id)s.")
            % {"kind": model._meta.verbose_name, "id": str(pk)[:40]}
        )
    if found.pk == instance.pk:
        raise ReplacementError(_("Choose another entry than the one that goes."))
    locale_id = getattr(found, "locale_id", 0)
    if find_states(model, {found.pk}, locale_id)[found.pk]:
        raise ReplacementError(
            _("“%(name)s” is not published: readers would not get it.")
            % {"name": found}
        )
    return found


def replace_uses(uses: Iterable[Use], replacement: Any, user: Any) -> list[Any]:
    """Put another entry at the places of some uses; return the articles that wait as drafts for their review.

    What the public reads is published anew with the other entry only, under the user's name. A draft beside it
    gets it too, and stays a draft.
    """
    by_source: dict[tuple[type[Model], Any], list[Use]] = {}
    for use in uses:
        by_source.setdefault((type(use.source), use.source.pk), []).append(use)
    rewritings = []
    with transaction.atomic():
        for (model, pk), inner in by_source.items():
            source = model._default_manager.get(pk=pk)
            other = localize(replacement, getattr(source, "locale_id", None))
            pks = {use.choice.pk for use in inner}
            meant = Replacement(type(replacement), pks, other.pk)
            rewritings.append(rewrite(source, meant, user))
        choices_replaced.send(sender=type(replacement), rewritings=rewritings)
    return [each.source for each in rewritings if not each.is_published]


def localize(instance: Any, locale_id: int | None) -> Any:
    """Return the published version of an entry in a language, or the entry."""
    if not isinstance(instance, TranslatableMixin):
        return instance
    own = instance.get_translations().filter(locale_id=locale_id).first()
    return own if own is not None and is_published(own) else instance


def rewrite(source: Any, replacement: Replacement, user: Any) -> Rewriting:
    """Put another entry into an article and into its draft; publish the article where it may be."""
    latest = source.get_latest_revision() if source.has_unpublished_changes else None
    before, live_id = source.serializable_data(), source.live_revision_id
    replace_in(source, replacement)
    after = source.serializable_data()
    revision = source.save_revision(user=user, log_action=True, clean=False)
    revisions = {live_id: revision.pk} if live_id else {}
    try:
        with transaction.atomic():
            revision.publish(user=user)
        is_published_now = True
    except PublicationRefusedError:
        is_published_now = False
    if latest is not None:
        revisions[latest.pk] = rewrite_draft(latest, replacement, user).pk
    return Rewriting(source, replacement, before, after, revisions, is_published_now)


def rewrite_draft(revision: Any, replacement: Replacement, user: Any) -> Any:
    """Save a draft anew with another entry; where it was scheduled, that goes over to the new one."""
    draft, schedule = revision.as_object(), revision.approved_go_live_at
    replace_in(draft, replacement)
    new = draft.save_revision(
        user=user, log_action=True, clean=False, approved_go_live_at=schedule
    )
    type(revision).objects.filter(pk=revision.pk).exclude(pk=new.pk).update(
        approved_go_live_at=None
    )
    return new


def replace_in(source: Any, replacement: Replacement) -> None:
    """Put another entry into the fields, rows, streams and rich texts of an article in memory."""
    for field in get_own_fields(type(source)):
        if isinstance(field, StreamField):
            raw = get_raw_stream(source, field.name)
            new = replace_raw(field.stream_block, raw, replacement)
            setattr(source, field.name, field.to_python(json.dumps(new, default=str)))
        elif isinstance(field, RichTextField):
            text = replace_links(getattr(source, field.name), replacement)
            setattr(source, field.name, text)
        elif isinstance(field, ParentalManyToManyField):
            chosen = [each.pk for each in getattr(source, field.name).all()]
            getattr(source, field.name).set(
                replace_pks(field.related_model, chosen, replacement)
            )
        elif replacement.is_meant(field.related_model, getattr(source, field.attname)):
            setattr(source, field.attname, replacement.pk)
    for relation in get_all_child_relations(source):
        replace_rows(source, relation, replacement)


def replace_rows(source: Any, relation: Any, replacement: Replacement) -> None:
    """Put another entry into the child rows of an article; a row that would stand twice goes."""
    name = relation.get_accessor_name()
    rows = list(getattr(source, name).all())
    fields = [each for each in relation.related_model._meta.concrete_fields if can_choose(each)]  # fmt: skip
    for field in fields:
        known = {getattr(row, field.attname) for row in rows}
        kept = []
        for row in rows:
            is_meant = replacement.is_meant(
                field.related_model, getattr(row, field.attname)
            )
            if is_meant and replacement.pk in known:
                continue
            if is_meant:
                setattr(row, field.attname, replacement.pk)
                known.add(replacement.pk)
            kept.append(row)
        rows = kept
    if fields:
        setattr(source, name, rows)


def replace_pks(model: Any, pks: Iterable[Any], replacement: Replacement) -> list[Any]:
    """Return ids with another one in place of those that go, each once."""
    new = (replacement.pk if replacement.is_meant(model, pk) else pk for pk in pks)
    return list(dict.fromkeys(new))


def replace_raw(block: blocks.Block, raw: Any, replacement: Replacement) -> Any:
    """Return a raw value with another entry."""
    if isinstance(block, blocks.RichTextBlock):
        return replace_links(raw, replacement)
    if isinstance(block, blocks.ChooserBlock):
        return replacement.pk if replacement.is_meant(block.model_class, raw) else raw
    if not raw:
        return raw
    if isinstance(block, blocks.StreamBlock):
        return [
            {**child, "value": replace_raw(inner, child.get("value"), replacement)}
            if (inner := block.child_blocks.get(child.get("type")))
            else child
            for child in raw
        ]
    if isinstance(block, blocks.StructBlock):
        return {
            name: replace_raw(block.child_blocks[name], value, replacement)
            if name in block.child_blocks
            else value
            for name, value in raw.items()
        }
    if isinstance(block, blocks.ListBlock):
        return replace_items(block, raw, replacement)
    if isinstance(block, TypedTableBlock):
        return replace_cells(block, raw, replacement)
    return raw


def replace_items(block: blocks.ListBlock, raw: Any, replacement: Replacement) -> Any:
    """Return the items of a list with another entry; one that would stand twice in it goes."""
    items, seen = [], set()
    is_choice = isinstance(block.child_block, blocks.ChooserBlock)
    for item in raw:
        is_wrapped = isinstance(item, dict) and "value" in item
        value = item["value"] if is_wrapped else item
        new = replace_raw(block.child_block, value, replacement)
        if is_choice and new == replacement.pk and new in seen:
            continue
        if is_choice:
            seen.add(new)
        items.append({**item, "value": new} if is_wrapped else new)
    return items


def replace_cells(block: TypedTableBlock, raw: Any, replacement: Replacement) -> Any:
    """Return a typed table with another entry."""
    kinds = [block.child_blocks.get(each["type"]) for each in raw.get("columns", [])]
    rows = [
        {
            **row,
            "values": [
                replace_raw(kind, cell, replacement) if kind else cell
                for kind, cell in zip(kinds, row["values"], strict=False)
            ],
        }
        for row in raw.get("rows", [])
    ]
    return {**raw, "rows": rows}


def replace_links(source: Any, replacement: Replacement) -> Any:
    """Return a rich text whose links lead to another entry; their words stay."""
    models = get_link_models()

    def replace(match: re.Match[str]) -> str:
        tag = match[0]
        kind, pk = LINK_TYPE.search(tag), LINK_ID.search(tag)
        if not kind or not pk or kind[1] not in models or not pk[2].isdecimal():
            return tag
        if not replacement.is_meant(models[kind[1]], int(pk[2])):
            return tag
        return LINK_ID.sub(rf"\g<1>{replacement.pk}\g<3>", tag)

    return LINK.sub(replace, source) if source else source
