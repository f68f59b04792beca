"""The screen about the reviews of one article: how it stands, what was decided, what readers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from treatments.models import TreatmentArticleMixin
from treatments.review.contents import Content, get_article, hash_revision
from treatments.review.decisions import DecisionError, record_decision
from treatments.review.editorial import find_clinical_sections, wave_through
from treatments.review.models import (
    ChangeNote,
    Decision,
    ReviewRecord,
    ReviewRequest,
    Verdict,
)
from treatments.review.people import explain_authorship, get_user_actor
from treatments.review.policies import get_policy
from treatments.review.records import find_open_sections
from treatments.review.requests import announce, dismiss
from treatments.review.screens.access import (
    is_reviewer,
    may_publish,
    may_see_reviews,
)
from treatments.review.screens.forms import (
    ChangeNoteForm,
    DecisionForm,
    DismissForm,
)
from treatments.review.screens.labels import STATUS_LABELS
from treatments.review.sections import name_sections
from treatments.review.states import load_state
from treatments.review.waiting import Awaited, find_early, find_opposed

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from wagtail.models import Revision

MAX_ID = 2**63
DECISIONS_SHOWN = 50


class ArticleReviewView(WagtailAdminTemplateMixin, View):
    """Shows how an article stands to its reviews, and takes decisions."""

    template_name = "treatments_review/article.html"
    header_icon = "clipboard-list"
    page_title = gettext_lazy("Review")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """Ask for the right to edit the page, or for a reviewer."""
        if not may_see_reviews(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Any:
        """Return the article.

        Raises:
            Http404: there is none.
        """
        pk = self.kwargs["page_id"]
        page = get_article(pk) if pk < MAX_ID else None
        if not isinstance(page, TreatmentArticleMixin) or page.alias_of_id:
            raise Http404
        return page

    @cached_property
    def revision(self) -> Revision:
        """Return the latest draft.

        Raises:
            Http404: the article has none.
        """
        revision = self.page.get_latest_revision()
        if revision is None:
            raise Http404
        return revision

    @cached_property
    def draft(self) -> Any:
        """Return the article as it stands in the latest draft."""
        return self.revision.as_object()

    @cached_property
    def content(self) -> Content:
        """Return what the latest draft says."""
        return hash_revision(self.revision)

    @cached_property
    def open_sections(self) -> list[str]:
        """Return what of the latest draft nobody has reviewed."""
        return find_open_sections(self.draft, self.content)

    @cached_property
    def may_publish(self) -> bool:
        """Tell whether the viewer answers for what the public gets."""
        return may_publish(self.request.user, self.page)

    @cached_property
    def own_text(self) -> str:
        """Return why the viewer may not approve, as an author; empty for everybody else."""
        return explain_authorship(
            get_user_actor(self.request.user), self.draft, self.revision
        )

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Return what the viewer may decide."""
        found = []
        if is_reviewer(self.request.user):
            if not self.own_text:
                found += [Verdict.APPROVED, Verdict.APPROVED_SECTIONS]
            found.append(Verdict.CHANGES_REQUESTED)
        if self.may_publish and self.is_editorial:
            found.append(Verdict.EDITORIAL)
        return found

    @cached_property
    def is_editorial(self) -> bool:
        """Tell whether what was changed since the last review may be waved through."""
        return bool(self.open_sections) and not find_clinical_sections(
            self.draft, self.revision, self.content, self.open_sections
        )

    def build_form(self, data: Any = None) -> DecisionForm | None:
        """Return the form; none for somebody who decides nothing here."""
        if not self.verdicts:
            return None
        return DecisionForm(data, content=self.content, verdicts=self.verdicts)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the screen."""
        return self.render_to_response(self.get_context_data(**kwargs))

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Do what one of the forms asks for."""
        actions = {
            "decide": self.decide,
            "dismiss": self.dismiss,
            "add_note": self.add_note,
            "remove_note": self.remove_note,
        }
        action = actions.get(request.POST.get("action", ""))
        if action is None:
            raise Http404
        return action()

    def decide(self) -> HttpResponse:
        """Record a decision about exactly what was on the screen."""
        form = self.build_form(self.request.POST)
        if form is None:
            raise PermissionDenied
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        given = form.cleaned_data
        if given["content_hash"] != self.content.content_hash:
            message = _(
                "The text has changed since you opened this page. Read it again."
            )
            messages.error(self.request, message)
            return self.leave()
        try:
            if given["verdict"] == Verdict.EDITORIAL:
                wave_through(
                    self.revision,
                    self.draft,
                    self.content,
                    self.request.user,
                    given["statement"],
                )
            else:
                is_partial = given["verdict"] != Verdict.APPROVED
                record_decision(
                    self.revision,
                    self.draft,
                    self.content,
                    get_user_actor(self.request.user),
                    Verdict(given["verdict"]),
                    scope=given["sections"] if is_partial else (),
                    statement=given["statement"],
                )
        except DecisionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, _("Your decision is recorded."))
        return self.leave()

    def dismiss(self) -> HttpResponse:
        """Close a request without a review."""
        self.require_publisher()
        requests = ReviewRequest.objects.filter(page_id=self.page.pk, closed_at=None)
        pk = self.request.POST.get("request", "")
        request = requests.filter(pk=pk).first() if pk.isdecimal() else None
        form = DismissForm(self.request.POST)
        if request is None:
            raise Http404
        if not form.is_valid():
            messages.error(self.request, _("Say why no review is needed."))
            return self.leave()
        dismiss(request, self.request.user, form.cleaned_data["note"])
        messages.success(self.request, _("The request is closed."))
        return self.leave()

    def add_note(self) -> HttpResponse:
        """Tell readers about a change."""
        self.require_publisher()
        form = ChangeNoteForm(self.request.POST)
        form.instance.page_id = self.page.pk
        form.instance.author = self.request.user
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(note_form=form))
        form.save()
        announce([self.page.pk])
        messages.success(self.request, _("Readers see this note now."))
        return self.leave()

    def remove_note(self) -> HttpResponse:
        """Take a note back."""
        self.require_publisher()
        pk = self.request.POST.get("note", "")
        notes = ChangeNote.objects.filter(page_id=self.page.pk)
        if not (pk.isdecimal() and notes.filter(pk=pk).delete()[0]):
            raise Http404
        announce([self.page.pk])
        messages.success(self.request, _("The note is gone."))
        return self.leave()

    def require_publisher(self) -> None:
        """Refuse everybody else.

        Raises:
            PermissionDenied: the viewer may not publish the article.
        """
        if not self.may_publish:
            raise PermissionDenied

    def leave(self) -> HttpResponse:
        """Show the screen anew."""
        return redirect("treatments_review:page", self.page.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the article, whoever may edit it."""
        may_edit = self.page.permissions_for_user(self.request.user).can_edit()
        url = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        title = self.page.get_admin_display_title()
        return [
            *self.breadcrumbs_items,
            {"url": url if may_edit else "", "label": title},
            {"url": "", "label": _("Review")},
        ]

    def get_draft_url(self) -> str:
        """Return where the viewer reads what there is to decide about; nothing where that is by a draft link only."""
        if self.page.permissions_for_user(self.request.user).can_edit():
            return reverse("wagtailadmin_pages:view_draft", args=[self.page.pk])
        is_public = self.page.live and not self.page.has_unpublished_changes
        return (self.page.full_url or "") if is_public else ""

    def get_page_subtitle(self) -> str:
        """Return the title of the article."""
        return self.page.get_admin_display_title()

    def name_awaited(self, found: list[Awaited]) -> list[dict[str, Any]]:
        """Return who decided, and the names of the sections."""
        titles = self.content.titles
        return [
            {
                "name": each.decision.name,
                "sections": name_sections(each.sections, titles),
            }
            for each in found
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the state, the decisions, the requests and the notes."""
        state = load_state(self.page.pk)
        titles = self.content.titles
        decisions = list(
            Decision.objects.filter(page_id=self.page.pk).order_by("-pk")[
                :DECISIONS_SHOWN
            ]
        )
        requests = ReviewRequest.objects.filter(page_id=self.page.pk, closed_at=None)
        context = {
            "page": self.page,
            "state": state,
            "status_label": STATUS_LABELS[state.status],
            "policy": get_policy(self.page.kind),
            "has_record": ReviewRecord.objects.filter(pk=self.page.pk).exists(),
            "changed": name_sections(state.changed_sections, titles),
            "open_sections": name_sections(self.open_sections, titles),
            "opposed": self.name_awaited(find_opposed(self.draft, self.content)),
            "early": self.name_awaited(
                find_early(self.draft, self.revision, self.content)
            ),
            "own_text": self.own_text if is_reviewer(self.request.user) else "",
            "is_draft": self.page.has_unpublished_changes,
            "draft_url": self.get_draft_url(),
            "decisions": [
                {"decision": each, "sections": name_sections(each.scope, titles)}
                for each in decisions
            ],
            "requests": [
                {"request": each, "sections": name_sections(each.sections, titles)}
                for each in requests
            ],
            "notes": ChangeNote.objects.filter(page_id=self.page.pk),
            "may_publish": self.may_publish,
            "form": self.build_form(),
            "note_form": ChangeNoteForm() if self.may_publish else None,
            "dismiss_form": DismissForm() if self.may_publish else None,
        }
        return super().get_context_data(**{**context, **kwargs})
