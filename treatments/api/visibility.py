"""What an anonymous reader may see. Every public answer goes through these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from wagtail.models import Collection, CollectionViewRestriction, Page

if TYPE_CHECKING:
    from wagtail.query import PageQuerySet


def get_public_pages() -> PageQuerySet:
    """Return the live pages that are not private, of all sites. One query, made at once."""
    return Page.objects.live().public()


def get_private_collection_ids() -> set[int]:
    """Return the ids of the collections with a view restriction, and of all below them."""
    paths = list(
        CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    )
    if not paths:
        return set()
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    return set(Collection.objects.filter(below).values_list("pk", flat=True))
