"""A live render without the ledger: what an article costs where nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from treatments.api.answers import answer
from treatments.api.articles import load_documents
from treatments.api.visibility import get_readable_pages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def render_article(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return a public article, built from its page.

    Raises:
        Http404: there is no public article with this id.
    """
    if not get_readable_pages(request).filter(pk=page_id).exists():
        raise Http404
    return answer(load_documents([page_id])[page_id])
