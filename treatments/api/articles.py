"""Whole articles as documents: the same shape live and as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from treatments.api.representation import represent_pages
from treatments.api.stores import get_store
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from collections.abc import Iterable


def load_documents(
    page_ids: Iterable[int], uses: dict[int, set[str]] | None = None
) -> dict[int, dict[str, Any]]:
    """Return the documents of pages by their ids; one query for each installed article type more.

    Whoever calls this has made sure that the pages are public. ``uses``: see ``represent_pages``.
    """
    pages = Page.objects.filter(pk__in=list(page_ids)).select_related("locale")
    return build_documents(pages.specific(), uses)  # ty: ignore[missing-attribute]


def represent_live_pages(pages: Iterable[Page]) -> dict[int, dict[str, Any]]:
    """Return the representation of live pages by id, of articles as they are stored.

    The caller has made sure that the pages are public.
    """
    pages = list(pages)
    store = get_store()
    articles = [
        page.pk
        for page in pages
        if isinstance(page, TreatmentArticleMixin) and page.alias_of_id is None
    ]
    answers = store.load(articles) if store and articles else {}
    others = [page for page in pages if page.pk not in answers]
    return {**answers, **(represent_pages(others) if others else {})}


def build_documents(
    pages: Iterable[Page], uses: dict[int, set[str]] | None = None
) -> dict[int, dict[str, Any]]:
    """Return the documents of specific pages, live or built from a revision."""
    pages = list(pages)
    answers = represent_pages(pages, uses)
    return {page.pk: build_document(page, answers[page.pk]) for page in pages}


def build_document(page: Page, representation: dict[str, Any]) -> dict[str, Any]:
    """Return the document of one page from its representation."""
    return {
        "id": page.pk,
        "type": page._meta.label,
        "locale": page.locale.language_code,
        "title": page.title,
        **representation,
    }
