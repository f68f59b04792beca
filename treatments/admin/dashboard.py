"""What editors see about articles when they come in: their drafts, and what was published last.

Each panel costs a fixed number of queries and shows only articles that its viewer may change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.models import Revision

from treatments.admin.access import EDIT, find_permitted, may_do_any
from treatments.models import TreatmentPage

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

ARTICLES_PER_PANEL = 6


def get_editable_articles(user: AbstractBaseUser) -> QuerySet[TreatmentPage]:
    """Return the articles that a user may change, with what a row of a panel shows."""
    editable = find_permitted(user, TreatmentPage, EDIT)
    revisions = Revision.objects.defer("content").select_related("user")
    return (
        TreatmentPage.objects.defer_streamfields()
        .filter(pk__in=editable.values("pk"), alias_of__isnull=True)
        .select_related("locale")
        .prefetch_related(Prefetch("latest_revision", queryset=revisions))
        .prefetch_workflow_states()
        .annotate_approved_schedule()
    )


def get_drafts(user: AbstractBaseUser) -> QuerySet[TreatmentPage]:
    """Return the articles with unpublished work that a user began or changed last, the newest first."""
    mine = Q(owner=user) | Q(latest_revision__user=user)
    return (
        get_editable_articles(user)
        .filter(mine, has_unpublished_changes=True)
        .order_by("-latest_revision_created_at")
    )


def get_last_published(user: AbstractBaseUser) -> QuerySet[TreatmentPage]:
    """Return the published articles that a user may change, the latest publication first."""
    return (
        get_editable_articles(user)
        .filter(live=True)
        .order_by("-last_published_at", "-pk")
    )


def has_article_access(user: AbstractBaseUser) -> bool:
    """Return whether a user may change pages at all; others see no panels."""
    return may_do_any(user, TreatmentPage, ("add", *EDIT))


def get_editor_name(page: TreatmentPage) -> str:
    """Return who changed an article last; empty when nobody is known."""
    user = page.latest_revision.user if page.latest_revision else None
    return (user.get_full_name().strip() or user.get_username()) if user else ""


class ArticlesPanel(Component):
    """A table of articles on the dashboard."""

    template_name = "treatments/dashboard_articles.html"
    name: str
    heading: Any
    empty: Any
    date_heading: Any
    date_attribute: str
    shows_editor = False

    def __init__(self, articles: QuerySet[TreatmentPage]):
        self.articles = articles

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Return the rows, read in this one place."""
        return {
            "panel": self,
            "rows": [
                {
                    "page": page,
                    "date": getattr(page, self.date_attribute),
                    "changed_by": get_editor_name(page) if self.shows_editor else "",
                }
                for page in self.articles[:ARTICLES_PER_PANEL]
            ],
        }


class DraftsPanel(ArticlesPanel):
    """The viewer's unpublished work."""

    name = "treatments-drafts"
    order = 230
    heading = _("My drafts")
    empty = _("You have no unpublished work. What you save as a draft appears here.")
    date_heading = _("Last change")
    date_attribute = "latest_revision_created_at"
    shows_editor = True


class LastPublishedPanel(ArticlesPanel):
    """What readers got last."""

    name = "treatments-last-published"
    order = 240
    heading = _("Published last")
    empty = _("No article that you may edit is published yet.")
    date_heading = _("Published")
    date_attribute = "last_published_at"


def build_panels(user: AbstractBaseUser) -> list[ArticlesPanel]:
    """Return the panels for a user; none for somebody who may not work on pages."""
    if not has_article_access(user):
        return []
    return [DraftsPanel(get_drafts(user)), LastPublishedPanel(get_last_published(user))]
