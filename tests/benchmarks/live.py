"""A live render without the ledger: what an article costs where nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from treatments.api.http.answers import answer
from treatments.api.resolve.sites import build_readable_condition
from treatments.content.documents import build_documents, load_articles

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def render_article(request: HttpRequest, page_id: int) -> HttpResponse:
    """Return a public article, built from its page.

    Raises:
        Http404: there is no public article with this id.
    """
    articles = load_articles(build_readable_condition(request) & Q(pk=page_id))
    if not articles:
        raise Http404
    return answer(build_documents(articles)[page_id])
