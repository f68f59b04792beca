"""The text of an article in the reader, for whoever decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages

from treatments.api.drafts.preview import render_text
from treatments.models import TreatmentArticleMixin
from treatments.review.admin.concerned import may_see_reviews
from treatments.review.contents import get_article

if TYPE_CHECKING:
    from treatments.models import TreatmentPage

MAX_ID = 2**63


def find_article(page_id: int) -> TreatmentPage | Any:
    """Return an article that can have reviews.

    Raises:
        Http404: there is none.
    """
    page = get_article(page_id) if page_id < MAX_ID else None
    if not isinstance(page, TreatmentArticleMixin) or page.alias_of_id:
        raise Http404
    return page


class ReadView(View):
    """Shows the latest draft as readers would get it: the very text that the review screen asks about."""

    def get(self, request: HttpRequest, page_id: int, revision_id: int) -> HttpResponse:
        """Show the revision as long as it is the latest one."""
        page = find_article(page_id)
        if not may_see_reviews(request.user, page):
            raise PermissionDenied
        revision = page.get_latest_revision()
        if revision is None:
            raise Http404
        if revision.pk != revision_id:
            note = _("The text has changed. Read what it says now.")
            messages.warning(request, note)
            return redirect("treatments_review:page", page.pk)
        return render_text(revision.as_object(), request)
