"""Says in the admin why an article is not published, before anything is lost; and warns where that is the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from treatments.admin.publication_guards import find_drafts, is_with_descendants
from treatments.models import TreatmentArticleMixin
from treatments.ports.publication import PublicationRefusedError, check_publication
from treatments.review.models import ClinicalReviewTask
from treatments.review.policies import get_policy
from treatments.review.publications import find_warning
from treatments.review.showing import note_shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

PUBLISH = "action-publish"


def save_instead(request: HttpRequest, parent: Page, model: type[Page]) -> None:
    """Save a new article as a draft where it would be published without a review: nothing that was typed is lost."""
    if not (request.method == "POST" and request.POST.get(PUBLISH)):
        return
    kind = request.POST.get("kind", "")
    is_article = issubclass(model, TreatmentArticleMixin)
    if is_article and get_policy(kind).publishing == "refuse":
        data = request.POST.copy()
        del data[PUBLISH]
        request.POST = data  # ty: ignore[invalid-assignment]
        message = _("Saved as a draft. It is published when it has been reviewed.")
        messages.warning(request, message)


def check_before_publishing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Leave what was just saved a draft and say what is missing, or warn of it."""
    if not isinstance(page, TreatmentArticleMixin):
        return None
    draft = page.get_latest_revision_as_object()
    try:
        check_publication(draft)
    except PublicationRefusedError as error:
        note = _("Saved as a draft and not published. %(reason)s") % {"reason": error}
        messages.error(request, note)
        return redirect("wagtailadmin_pages:edit", draft.pk)
    warn(request, draft)
    return None


def warn(request: HttpRequest, *drafts: Any) -> None:
    """Say that texts are published without a review, where that is the policy."""
    found = [each for each in drafts if find_warning(each)]
    if not found:
        return
    note = _("This text is published without a clinical review.")
    if len(drafts) > 1:
        note = _("These are published without a clinical review: %(titles)s.") % {
            "titles": ", ".join(each.title for each in found)
        }
    messages.warning(request, note)


def check_bulk_action(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Publish several articles only where each of them may be."""
    if action_type != "publish":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    drafts = find_drafts(pages, is_deep=is_with_descendants(action), user=request.user)
    for draft in drafts:
        try:
            check_publication(draft)
        except PublicationRefusedError as error:
            messages.error(request, f"{draft}: {error}")
            return redirect("wagtailadmin_explore", pages[0].get_parent().pk)
    warn(request, *drafts)
    return None


def is_approval(request: HttpRequest) -> bool:
    """Tell whether the editor was sent with the approval of a task."""
    return bool(
        request.method == "POST"
        and request.POST.get("action-workflow-action")
        and request.POST.get("workflow-action-name") == "approve"
    )


def check_last_approval(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say it where the approval in another task would publish what was not reviewed; note that the text is shown."""
    state = page.current_workflow_state if is_approval(request) else None
    if state is None or isinstance(page.current_workflow_task, ClinicalReviewTask):
        return None
    specific = page.specific
    if not isinstance(specific, TreatmentArticleMixin):
        return None
    if is_outdated(request, page):
        save_only(request)
        return None
    note_shown(request.user, page.pk)
    if not state.is_at_final_task:
        return None
    try:
        check_publication(page.get_latest_revision_as_object())
    except PublicationRefusedError as error:
        messages.error(request, str(error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


def is_outdated(request: HttpRequest, page: Page) -> bool:
    """Tell whether somebody has saved another text since the editor was opened, as far as the editor tells."""
    revision = page.get_latest_revision()
    saved, loaded, at = (
        request.POST.get(name, "")
        for name in (
            "overwrite_revision_id",
            "loaded_revision_id",
            "loaded_revision_created_at",
        )
    )
    if revision is None or not (saved or loaded):
        return False
    if saved:
        return saved != str(revision.pk)
    # Autosave writes into a revision that exists.
    is_same = not at or at == revision.created_at.isoformat()
    return loaded != str(revision.pk) or not is_same


def save_only(request: HttpRequest) -> None:
    """Save what was typed, and approve nothing."""
    data = request.POST.copy()
    del data["action-workflow-action"]
    request.POST = data  # ty: ignore[invalid-assignment]
    message = _(
        "Saved as a draft and not approved: somebody else has saved another text since you opened this one."
    )
    messages.error(request, message)


def warn_after_approval(request: HttpRequest, page: Page) -> None:
    """Warn where an approval has published what was not reviewed, what was typed with the approval too."""
    if not (is_approval(request) and isinstance(page, TreatmentArticleMixin)):
        return
    public = type(page).objects.get(pk=page.pk)
    if isinstance(public.current_workflow_task, ClinicalReviewTask):
        note = _(
            "This text is not approved: it waits for its clinical review. Read it there and decide."
        )
        url = reverse("treatments_review:page", args=[page.pk])
        messages.warning(request, note, buttons=[messages.button(url, _("Review"))])
        return
    is_published = public.live and public.live_revision_id == public.latest_revision_id
    if is_published and public.current_workflow_state is None:
        warn(request, public)


def check_conversion(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to convert an alias that the public reads, where what it says would need a review of its own."""
    # Not the page of the view: an alias is to be converted there.
    converted: Any = Page.objects.get(pk=page.pk).specific
    is_public = isinstance(converted, TreatmentArticleMixin) and converted.live
    if request.method != "POST" or not is_public:
        return None
    converted.alias_of_id = None
    try:
        check_publication(converted)
    except PublicationRefusedError as error:
        messages.error(request, str(error))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


def check_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to publish copies at once: a copy was never reviewed."""
    if request.method != "POST" or not request.POST.get("publish_copies"):
        return None
    if request.POST.get("alias"):
        return None
    pages = page.get_descendants(inclusive=True).live().specific()
    if any(
        isinstance(each, TreatmentArticleMixin)
        and get_policy(each.kind).publishing == "refuse"
        for each in pages
    ):
        note = _(
            "Copies are not published: they have to be reviewed first. Copy them as drafts."
        )
        messages.error(request, note)
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None
