"""Puts our routers on Wagtail's v3 API: public reads that stock v3 refuses to anonymous callers, or answers otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from treatments.api.articles import endpoints as v3_articles
from treatments.api.guard import pages
from treatments.api.guard.error_handlers import register_error_handlers
from treatments.api.http.own_views import mount
from treatments.api.site import endpoints
from treatments.api.snippets import endpoints as v3_snippets

if TYPE_CHECKING:
    from ninja import NinjaAPI


def register_routers(api: NinjaAPI) -> None:
    """Put our routers on the API object. Call it once, before ``api.urls`` is read."""
    register_error_handlers(api)
    pages.register_public_pages()
    for name, router in v3_snippets.ROUTERS.items():
        mount(api, f"/{name}/", router)
    v3_articles.register_article_routers(api)
    mount(api, "/", endpoints.router)
