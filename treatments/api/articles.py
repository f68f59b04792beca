"""Whole articles as documents: the same shape live and as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from treatments.api.representation import represent_pages

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
