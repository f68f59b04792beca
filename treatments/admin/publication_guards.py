"""Says in the admin what an article lacks, and which of its choices readers would not get, before it is published.

Nothing that was typed is lost: the draft is saved already, and stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from treatments.admin.access import may_publish
from treatments.content.hidden_choices import (
    HiddenChoice,
    HiddenChoiceError,
    check_choices,
    find_hidden_choices,
)
from treatments.content.incomplete_drafts import IncompleteDraftError, check_complete
from treatments.models import TreatmentArticleMixin
from treatments.ports.publication import find_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse


def check_before_publishing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Leave what was just saved a draft where readers would miss something required; warn of the rest."""
    if not isinstance(page, TreatmentArticleMixin):
        return None
    draft = page.get_latest_revision_as_object()
    hidden = find_hidden_choices(draft)
    if any(each.stops for each in hidden):
        intro = _(
            "Saved as a draft and not published: readers would not get what the article needs."
        )
        messages.error(request, build_list(intro, describe(hidden)))
        return redirect("wagtailadmin_pages:edit", draft.pk)
    try:
        check_complete(draft)
    except IncompleteDraftError as error:
        intro = _("Saved as a draft and not published: something is missing or not valid.")  # fmt: skip
        messages.error(request, build_list(intro, error.describe()))
        return redirect("wagtailadmin_pages:edit", draft.pk)
    warn(request, hidden)
    return None


def warn(request: HttpRequest, hidden: list[HiddenChoice]) -> None:
    """Name what readers do not get, and the article does without."""
    if hidden:
        intro = _("Readers do not get everything that this article has chosen:")
        messages.warning(request, build_list(intro, describe(hidden)))


def describe(hidden: Iterable[HiddenChoice]) -> list[str]:
    """Return a line for each choice."""
    return [each.describe() for each in hidden]


def build_list(intro: str, lines: Iterable[str]) -> str:
    """Return a message with one line for each place."""
    items = format_html_join("", "<li>{}</li>", ((each,) for each in lines))
    return format_html("{}<ul>{}</ul>", intro, items)


def check_bulk_publication(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Publish several articles only where each is complete, and readers get what it needs."""
    if action_type != "publish":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    drafts = find_drafts(pages, is_deep=is_with_descendants(action), user=request.user)
    for draft in drafts:
        try:
            check_choices(draft)
            check_complete(draft)
        except (HiddenChoiceError, IncompleteDraftError) as error:
            intro = _("Nothing was published, because of “%(title)s”.") % {
                "title": draft.title
            }
            messages.error(request, build_list(intro, error.describe()))
            return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
        warn(request, find_hidden_choices(draft))
    return None


def is_with_descendants(action: Any) -> bool:
    """Tell whether a bulk action was asked to take along what stands below the chosen pages."""
    form = action.cleaned_form
    return bool(form and form.cleaned_data.get("include_descendants"))


def find_drafts(pages: Iterable[Page], *, is_deep: bool, user: Any) -> list[Any]:
    """Return the articles that a bulk action publishes, as their newest drafts.

    Args:
        pages: What was chosen.
        is_deep: Whether the drafts below are published with them, as far as the user may publish them.
        user: Who publishes.
    """
    found: dict[int, Page] = {}
    for page in pages:
        found[page.pk] = page
        below = page.get_descendants().not_live() if is_deep else ()
        for each in below:
            if may_publish(user, each):
                found.setdefault(each.pk, each)
    articles = [each.specific for each in found.values()]
    return [
        each.get_latest_revision_as_object()
        for each in articles
        if isinstance(each, TreatmentArticleMixin)
    ]


def check_last_approval(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say it where an approval would publish an article that lacks something, or of which readers would."""
    is_approval = (
        request.method == "POST"
        and request.POST.get("action-workflow-action")
        and request.POST.get("workflow-action-name") == "approve"
    )
    state = page.current_workflow_state if is_approval else None
    if state is None or not state.is_at_final_task:
        return None
    if not isinstance(page.specific, TreatmentArticleMixin):
        return None
    draft = page.get_latest_revision_as_object()
    try:
        check_choices(draft)
        check_complete(draft)
    except HiddenChoiceError as error:
        intro = _("Not approved: readers would not get what the article needs.")
        lines = error.describe()
    except IncompleteDraftError as error:
        intro = _("Not approved: something is missing or not valid.")
        lines = error.describe()
    else:
        return None
    messages.error(request, build_list(intro, lines))
    return redirect("wagtailadmin_pages:edit", page.pk)


def show_refusal(request: HttpRequest, page: Page) -> None:
    """Tell whoever opens an article why its schedule waits."""
    if request.method != "GET" or not isinstance(page.specific, TreatmentArticleMixin):
        return
    reason = find_refusal(page)
    if reason:
        note = _("This article was to be published by now, and waits. %(reason)s")
        messages.error(request, note % {"reason": reason})
