"""How the home page is represented in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from home.models import HomePage
from treatments.content import shapes
from treatments.content.representation import PageType, register
from treatments.content.rich_text import collect_rich_text, represent_rich_text

if TYPE_CHECKING:
    from treatments.content.needs import Needs
    from treatments.content.scopes import Scope


HOME_SHAPES: dict[str, Any] = {
    "intro": shapes.RichText,
    "featured": list[shapes.PageCard],
    "promotions": list[shapes.PromotionCard],
}


def collect_home(page: Any, needs: Needs) -> None:
    """Note the featured articles and what the introduction refers to."""
    collect_rich_text(page.intro, needs)
    needs.page_ids.update(
        row.article_id for row in page.featured_articles.all() if row.article_id
    )


def represent_home(page: Any, scope: Scope) -> dict[str, Any]:
    """Return the introduction, the featured articles and the promotions of the home page."""
    featured = [scope.get_page(row.article_id) for row in page.featured_articles.all()]
    return {
        "intro": represent_rich_text(page.intro, scope),
        "featured": [target for target in featured if target],
        "promotions": scope.get_promotions("home"),
    }


def register_home() -> None:
    """Register the home page."""
    register(
        HomePage,
        PageType(
            fields=tuple(HOME_SHAPES),
            collect=collect_home,
            represent=represent_home,
            get_shapes=lambda model: HOME_SHAPES,
        ),
    )
