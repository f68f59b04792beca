"""The screen about the reviews of one article: how it stands, what was decided, what readers are told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from treatments.admin.access import may_edit, may_publish
from treatments.comparison.outlines import build_outline
from treatments.ports.publication import PublicationRefusedError
from treatments.review.admin.concerned import is_reviewer, may_see_reviews
from treatments.review.admin.forms import (
    ChangeNoteForm,
    DecisionForm,
    DismissForm,
    TaskForm,
)
from treatments.review.admin.labels import STATUS_LABELS
from treatments.review.admin.reading_views import find_article
from treatments.review.changes import (
    Changes,
    find_changes,
    find_changes_since_decision,
    pick_beside,
    pick_content,
)
from treatments.review.contents import name_sections
from treatments.review.editorial import find_clinical_sections
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
from treatments.review.refusals import DecisionError, OutdatedTextError
from treatments.review.requests import announce, dismiss
from treatments.review.states import load_state
from treatments.review.texts import Text, load_text, read_shown, sign_shown
from treatments.review.waiting import Awaited, find_early, find_opposed
from treatments.review.workflows import (
    ReviewRefusedError,
    act_in_task,
    decide,
    find_other_actions,
)

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from treatments.review.contents import Content
    from treatments.review.people import Actor

DECISIONS_SHOWN = 50


class ArticleReviewView(WagtailAdminTemplateMixin, View):
    """Shows how an article stands to its reviews, and takes decisions."""

    template_name = "treatments_review/article.html"
    header_icon = "clipboard-list"
    page_title = gettext_lazy("Review")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """Ask for the right to edit or publish the page, or for somebody who reviews it."""
        if not may_see_reviews(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Any:
        """Return the article.

        Raises:
            Http404: there is none.
        """
        return find_article(self.kwargs["page_id"])

    @cached_property
    def text(self) -> Text:
        """Return the latest draft.

        Raises:
            Http404: the article has none.
        """
        text = load_text(self.page.pk)
        if text is None:
            raise Http404
        return text

    @property
    def draft(self) -> Any:
        """Return the article as it stands in the latest draft."""
        return self.text.draft

    @property
    def content(self) -> Content:
        """Return what the latest draft says."""
        return self.text.content

    @cached_property
    def actor(self) -> Actor:
        """Return the person behind the viewer's account."""
        return get_user_actor(self.request.user)

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
        return explain_authorship(self.actor, self.draft, self.text.revision)

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
            self.draft, self.text.revision, self.content, self.open_sections
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
            "act": self.act,
            "cancel": self.cancel,
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
        if form.data.get("content_hash", "") not in ("", self.content.content_hash):
            return self.show_changes()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        given = form.cleaned_data
        verdict = Verdict(given["verdict"])
        is_partial = verdict in (Verdict.APPROVED_SECTIONS, Verdict.CHANGES_REQUESTED)
        try:
            decide(
                self.page.pk,
                self.request.user,
                verdict,
                given["content_hash"],
                scope=given["sections"] if is_partial else (),
                statement=given["statement"],
            )
        except OutdatedTextError:
            return self.show_changes()
        except DecisionError as error:
            form.add_error(None, str(error))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(self.request, _("Your decision is recorded."))
        return self.leave()

    def act(self) -> HttpResponse:
        """Approve or reject in a task of Wagtail's exactly what was on the screen."""
        form = TaskForm(self.request.POST)
        if not form.is_valid():
            raise Http404
        given = form.cleaned_data
        try:
            act_in_task(
                self.page.pk,
                self.request.user,
                given["task_action"],
                given["content_hash"],
                given["comment"],
            )
        except OutdatedTextError:
            return self.show_changes()
        except (ReviewRefusedError, PublicationRefusedError) as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, _("Your decision is recorded."))
        return self.leave()

    def cancel(self) -> HttpResponse:
        """End the workflow: an article that is locked by it can be withdrawn then, whoever has submitted it."""
        self.require_publisher()
        state = self.page.current_workflow_state
        if state is not None:
            state.cancel(user=self.request.user)
            messages.success(self.request, _("The workflow is canceled."))
        return self.leave()

    def show_changes(self) -> HttpResponse:
        """Say that nothing was decided, since the text has changed, and what has changed; a 409."""
        # What was loaded may be what was shown.
        self.__dict__.pop("text", None)
        shown = read_shown(self.request.POST.get("shown", ""))
        changes = find_changes(shown, self.content) if shown else Changes()
        given = self.request.POST.get("statement") or self.request.POST.get("comment")
        context = {
            "page": self.page,
            "changes": changes,
            "sections": name_sections(changes.sections, self.content.titles),
            "statement": given or "",
        }
        return TemplateResponse(
            self.request,
            "treatments_review/changed.html",
            {**super().get_context_data(), **context},
            status=HTTPStatus.CONFLICT,
        )

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
        is_editor = may_edit(self.request.user, self.page)
        url = reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        title = self.page.get_admin_display_title()
        return [
            *self.breadcrumbs_items,
            {"url": url if is_editor else "", "label": title},
            {"url": "", "label": _("Review")},
        ]

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
        changes = find_changes_since_decision(self.actor, self.page.pk, self.content)
        task = self.page.current_workflow_task
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
                find_early(self.draft, self.text.revision, self.content)
            ),
            "own_text": self.own_text if is_reviewer(self.request.user) else "",
            "is_draft": self.page.has_unpublished_changes,
            "read_url": reverse(
                "treatments_review:read", args=[self.page.pk, self.text.revision.pk]
            ),
            "outline": build_outline(pick_content(self.content.document)),
            "beside": build_outline(pick_beside(self.content.document)),
            "content_title": self.draft.title,
            "language": self.page.locale.language_code,
            "changes": changes,
            "changed_since": name_sections(changes.sections, titles) if changes else [],
            "shown": sign_shown(self.content),
            "content_hash": self.content.content_hash,
            "task": task,
            "may_cancel": bool(task) and self.may_publish,
            "task_actions": find_other_actions(self.page, task, self.request.user),
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
