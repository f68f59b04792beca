"""Whole articles as documents: the same shape live and as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from treatments.content.lookups import get_article_models
from treatments.content.representation import represent_pages
from treatments.models import TreatmentArticleMixin
from treatments.ports.store import get_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Page

    from treatments.content.drafts import DraftView
    from treatments.ports.drafts import DraftGrant


def load_documents(
    page_ids: Iterable[int], uses: dict[int, set[str]] | None = None
) -> dict[int, dict[str, Any]]:
    """Return the documents of articles by their ids.

    Whoever calls this has made sure that they are public. ``uses``: see ``represent_pages``.
    """
    return build_documents(load_articles(Q(pk__in=list(page_ids))), uses)


def load_articles(condition: Q) -> list[Any]:
    """Return the articles of every type that fulfil a condition on pages; one query for each installed type."""
    articles: list[Any] = []
    for model in get_article_models():
        # A type that inherits from another one has rows in both tables.
        own = ContentType.objects.get_for_model(model, for_concrete_model=False)
        articles += model._default_manager.filter(condition, content_type=own)
    return articles


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
    pages: Iterable[Page],
    uses: dict[int, set[str]] | None = None,
    drafts: DraftView | None = None,
    manifest: list[dict[str, Any]] | None = None,
    *,
    is_sealed: bool = True,
) -> dict[int, dict[str, Any]]:
    """Return the documents of specific pages, live or built from a revision.

    The arguments are those of ``represent_pages``.
    """
    pages = list(pages)
    answers = represent_pages(pages, uses, drafts, manifest, is_sealed=is_sealed)
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


def read_granted_revision(grant: DraftGrant) -> dict[str, Any]:
    """Return the article that a draft link shows, as anybody would get it.

    Raises:
        LookupError: the revision is gone.
    """
    return build_documents([grant.draft])[grant.page_id]
