"""Reads what pages say at present, many at once, in the form that revisions and wagtail-localize store."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from modelcluster.models import (
    get_all_child_m2m_relations,
    get_serializable_data_for_fields,
)
from wagtail.models import Page

from treatments.hashes.raw import (
    Fingerprints,
    build_fingerprints,
    get_content_relations,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.db import models

    #: Translation key and id of the locale: one page in one language.
    PageKey = tuple[UUID, int]


def read_fingerprints(keys: Collection[PageKey]) -> dict[PageKey, Fingerprints]:
    """Return the fingerprints of the pages as they stand in their tables; missing pages are left out.

    That is the public content, and of a page that was unpublished what it said last. The number of
    queries depends on the page types and their child relations, not on the number of pages.
    """
    if not keys:
        return {}
    pages = Page.objects.specific().filter(
        translation_key__in={key for key, _locale in keys},
        locale_id__in={locale_id for _key, locale_id in keys},
        alias_of__isnull=True,
    )
    by_model = defaultdict(list)
    for page in pages:
        if (page.translation_key, page.locale_id) in keys:
            by_model[type(page)].append(page)
    defaults: dict[int, Any] = {}
    return {
        (page.translation_key, page.locale_id): build_fingerprints(
            model, content, defaults
        )
        for model, pages in by_model.items()
        for page, content in zip(pages, serialize(model, pages), strict=True)
    }


def serialize(
    model: type[models.Model], instances: Collection[models.Model]
) -> list[dict[str, Any]]:
    """Return what ``serializable_data()`` gives for each instance, with one query for each relation."""
    contents = [get_serializable_data_for_fields(instance) for instance in instances]
    for relation in get_content_relations(model):
        field = relation.field
        rows = list(
            relation.related_model._default_manager.filter(
                **{f"{field.name}__in": [instance.pk for instance in instances]}
            )
        )
        by_parent = defaultdict(list)
        if rows:
            for row, data in zip(
                rows, serialize(relation.related_model, rows), strict=True
            ):
                by_parent[getattr(row, field.attname)].append(data)
        for instance, content in zip(instances, contents, strict=True):
            content[relation.get_accessor_name()] = by_parent[instance.pk]
    for field in get_all_child_m2m_relations(model):
        by_parent = defaultdict(list)
        parent, child = field.m2m_field_name(), field.m2m_reverse_field_name()
        for parent_id, child_id in field.remote_field.through._default_manager.filter(
            **{f"{parent}__in": [instance.pk for instance in instances]}
        ).values_list(parent, child):
            by_parent[parent_id].append(child_id)
        for instance, content in zip(instances, contents, strict=True):
            content[field.name] = by_parent[instance.pk]
    return contents
