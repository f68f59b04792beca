"""The public history of one article in the admin: its versions, one of them, two compared, and its withdrawal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page

from treatments.comparison.documents import Significance, compare
from treatments.comparison.outlines import build_outline
from treatments.delivery.admin.causes import describe_causes
from treatments.delivery.admin.forms import WithdrawalForm
from treatments.delivery.admin.places import may_publish, may_see_history
from treatments.delivery.article_diff import read_document
from treatments.delivery.building import refresh
from treatments.delivery.models import Document, Version
from treatments.delivery.withdrawals import (
    WithdrawalError,
    annotate_withdrawal,
    find_named_replacement,
    find_replacement,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

NAMESPACE = "treatments_history"
VERSIONS_PER_PAGE = 30
MAX_ID = 2**63


class ArticleHistoryView(WagtailAdminTemplateMixin, View):
    """What the screens about one article have in common."""

    header_icon = "history"
    page_title = gettext_lazy("Public history")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        """Ask for the right to edit the page; of a deleted one, for a right at its place."""
        if not may_see_history(request.user, self.page, self.page_id):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the screen."""
        return self.render_to_response(self.get_context_data(**kwargs))

    @cached_property
    def page_id(self) -> int:
        """Return the id of the page.

        Raises:
            Http404: no page can have it.
        """
        if self.kwargs["page_id"] >= MAX_ID:
            raise Http404
        return self.kwargs["page_id"]

    @cached_property
    def page(self) -> Page | None:
        """Return the page, or None when it is deleted."""
        return Page.objects.filter(pk=self.page_id).first()

    @cached_property
    def may_publish(self) -> bool:
        """Tell whether the viewer may change what readers are told."""
        return may_publish(self.request.user, self.page, self.page_id)

    def get_versions(self) -> QuerySet[Version]:
        """Return the versions of the article, the newest first, each with ``until``."""
        following = Version.objects.filter(
            page_id=OuterRef("page_id"), position__gt=OuterRef("position")
        )
        return (
            Version.objects.filter(page_id=self.page_id)
            .annotate(
                until=Subquery(following.order_by("position").values("public_from")[:1])
            )
            .order_by("-position")
        )

    def find_version(self, number: Any) -> Version:
        """Return a version with its document.

        Raises:
            Http404: the public never got a version with this number.
        """
        text = str(number)
        if not text.isascii() or not text.isdecimal() or int(text) >= 2**31:
            raise Http404
        version = self.get_versions().filter(number=int(text), body__isnull=False)
        found = version.first()
        if found is None:
            raise Http404
        return found

    def get_title(self) -> str:
        """Return what the article is called, also after it was deleted."""
        if self.page is not None:
            return self.page.get_admin_display_title()
        document = get_documents().filter(pk=self.page_id).first()
        return document.title if document else f"#{self.page_id}"

    def get_history_url(self) -> str:
        """Return the address of the list of versions."""
        return reverse(f"{NAMESPACE}:versions", args=[self.page_id])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the article, as long as it is there."""
        url = ""
        if self.page is not None:
            url = reverse("wagtailadmin_pages:edit", args=[self.page_id])
        items = [*self.breadcrumbs_items, {"url": url, "label": self.get_title()}]
        step = self.get_step()
        history = {
            "url": self.get_history_url() if step else "",
            "label": _("Public history"),
        }
        return [*items, history, *([{"url": "", "label": step}] if step else [])]

    def get_step(self) -> str:
        """Return what the screen shows beyond the list; nothing for the list."""
        return ""

    def get_page_subtitle(self) -> str:
        """Return the title of the article."""
        return self.get_title()


def get_documents() -> QuerySet[Document]:
    """Return the present documents without their bytes."""
    return Document.objects.defer("body", "body_gzip", "body_br", "card")


class VersionsView(ArticleHistoryView):
    """Lists what the public got, the newest first; two of them can be chosen to be compared."""

    template_name = "treatments_delivery/versions.html"
    form: WithdrawalForm | None = None

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Show the list; what was published a moment ago is on it."""
        refresh([self.page_id])
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Add a note to a withdrawal."""
        if not self.may_publish:
            raise PermissionDenied
        self.form = WithdrawalForm(request.POST)
        if not self.form.is_valid():
            messages.validation_error(
                request, _("The note was not saved."), form=self.form
            )
            return super().get(request, *args, **kwargs)
        try:
            annotate_withdrawal(
                self.page_id,
                note=self.form.cleaned_data["note"],
                replacement_path=self.form.cleaned_data["replacement_path"],
                user=request.user,  # ty: ignore[invalid-argument-type]
            )
        except WithdrawalError:
            messages.error(
                request,
                _("The article is not withdrawn, so there is nothing to explain."),
            )
        else:
            messages.success(request, _("Readers are told so from now on."))
        return redirect(self.get_history_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return a page of the list, and what is known of a withdrawal."""
        context = super().get_context_data(**kwargs)
        paginator = WagtailPaginator(
            self.get_versions().defer("body"), VERSIONS_PER_PAGE
        )
        items = paginator.get_page(self.request.GET.get("p"))
        causes = describe_causes(items.object_list)
        rows = [
            {
                "version": version,
                "cause": causes[version.position],
                "is_document": version.kind != Version.Kind.WITHDRAWN,
                "is_present": index == 0 and items.number == 1,
            }
            for index, version in enumerate(items.object_list)
        ]
        numbers = [
            version.number
            for version in items.object_list
            if version.kind != Version.Kind.WITHDRAWN
        ]
        document = get_documents().filter(pk=self.page_id).first()
        return {
            **context,
            "page_id": self.page_id,
            "page": self.page,
            "document": document,
            "rows": rows,
            "items": items,
            "history_url": None,
            "list_url": self.get_history_url(),
            "compared": (
                {"start": numbers[1], "end": numbers[0]} if len(numbers) > 1 else None
            ),
            "may_publish": self.may_publish,
            "withdrawal": self.get_withdrawal(document),
        }

    def get_withdrawal(self, document: Document | None) -> dict[str, Any] | None:
        """Return what readers are told of a withdrawn article, and the form to change it."""
        if document is None or document.state != Document.State.WITHDRAWN:
            return None
        version = Version.objects.filter(position=document.position or 0).first()
        replacement = find_replacement(document.path, version)
        note = version.note if version else ""
        form = self.form or WithdrawalForm(
            initial={
                "note": note,
                "replacement_path": find_named_replacement(version)
                or (version.replacement_path if version else ""),
            }
        )
        return {
            "since": document.public_from,
            "reason": describe_reason(document.reason),
            "note": note,
            "replacement_path": replacement,
            "form": form if self.may_publish else None,
        }


def describe_reason(reason: str) -> str:
    """Return why an article was withdrawn, in words."""
    words = {
        "unpublished": _("It was unpublished."),
        "expired": _("Its date of expiry was reached."),
        "deleted": _("It was deleted."),
        "moved": _("It was moved to another site."),
    }
    return words.get(reason, reason)


class VersionView(ArticleHistoryView):
    """Shows what the public got in one version."""

    template_name = "treatments_delivery/version.html"

    def get_step(self) -> str:
        """Return the number of the version."""
        return _("Version %(number)d") % {"number": self.version.number}

    @cached_property
    def version(self) -> Version:
        """Return the version."""
        return self.find_version(self.kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the document as an outline and as it is."""
        document = read_document(self.version)
        return {
            **super().get_context_data(**kwargs),
            "version": self.version,
            "cause": describe_causes([self.version])[self.version.position],
            "title": document.get("title", ""),
            "language": document.get("locale", ""),
            "outline": build_outline(document),
            "source": json.dumps(document, indent=2, ensure_ascii=False),
            "list_url": self.get_history_url(),
        }


class CompareView(ArticleHistoryView):
    """Shows what differs between two versions, what may concern somebody's treatment first."""

    template_name = "treatments_delivery/compare.html"

    def get_step(self) -> str:
        """Return the numbers of the versions."""
        before, after = self.versions
        return _("Versions %(before)d and %(after)d") % {
            "before": before.number,
            "after": after.number,
        }

    @cached_property
    def versions(self) -> tuple[Version, Version]:
        """Return both versions, the earlier one first, in whatever order they were chosen."""
        start, end = (
            self.find_version(self.request.GET.get(name, "")) for name in ("from", "to")
        )
        return (start, end) if start.position <= end.position else (end, start)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the differences by whom they concern."""
        before, after = self.versions
        differences = compare(read_document(before), read_document(after))
        headings = {
            Significance.CLINICAL: _("May concern somebody’s treatment"),
            Significance.EDITORIAL: _("Words, people, links and pictures"),
            Significance.TECHNICAL: _("Technical: readers see no difference"),
        }
        groups = [
            {
                "significance": significance.value,
                "heading": heading,
                "differences": [
                    each for each in differences if each.significance is significance
                ],
            }
            for significance, heading in headings.items()
        ]
        return {
            **super().get_context_data(**kwargs),
            "before": before,
            "after": after,
            "count": len(differences),
            "groups": [group for group in groups if group["differences"]],
            "list_url": self.get_history_url(),
        }
