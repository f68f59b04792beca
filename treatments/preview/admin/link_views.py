"""The links of one article in the admin: the list, a new one, one with its uses, and the button that ends it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page

from treatments.preview.admin.forms import LinkForm
from treatments.preview.links import (
    LinkError,
    build_address,
    create_link,
    end_link,
    find_pages,
    is_locked_away,
    list_links,
    list_shareable,
    may_revoke,
    may_see,
    may_share,
)
from treatments.preview.mails import send_link
from treatments.preview.models import DraftLink, DraftLinkUse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

NAMESPACE = "treatments_drafts"
PER_PAGE = 30
USES_SHOWN = 100


class ScreenView(WagtailAdminTemplateMixin, View):
    """What the screens have in common: they are shown by a template, and kept by no browser."""

    header_icon = "treatment-share"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Keep the screen out of caches."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the screen."""
        return self.render_to_response(self.get_context_data(**kwargs))


class ArticleLinksView(ScreenView):
    """Lists the links of an article, the newest first."""

    page_title = gettext_lazy("Draft links")
    template_name = "treatments_preview/links.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for the right to edit that very page."""
        if not may_share(request.user, self.page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Page:
        """Return the page that the address names."""
        return get_object_or_404(
            Page.objects.select_related("locale"), pk=self.kwargs["page_id"]
        )

    def get_page_subtitle(self) -> str:
        """Return the title of the article."""
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the article."""
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
                "label": self.page.get_admin_display_title(),
            },
            *self.get_steps(),
        ]

    def get_steps(self) -> list[dict[str, Any]]:
        """Return the last parts of the way here."""
        return [{"url": "", "label": _("Draft links")}]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Lead to the form."""
        return [
            HeaderButton(
                label=_("Share this draft"),
                url=reverse(f"{NAMESPACE}:new", args=[self.page.pk]),
                icon_name="plus",
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return a page of the list."""
        paginator = WagtailPaginator(
            list_links(self.page).select_related("created_by"), PER_PAGE
        )
        items = paginator.get_page(self.request.GET.get("p"))
        return super().get_context_data(
            **kwargs,
            page=self.page,
            items=items,
            new_url=reverse(f"{NAMESPACE}:new", args=[self.page.pk]),
            list_url=get_list_url(self.page),
        )


class NewLinkView(ArticleLinksView):
    """Makes a link, and shows it this once."""

    page_title = gettext_lazy("Share this draft")
    template_name = "treatments_preview/new_link.html"
    header_buttons: ClassVar[list[HeaderButton]] = []

    @cached_property
    def versions(self) -> list[Page]:
        """Return the languages that can be shared."""
        return list_shareable(self.request.user, self.page)

    @cached_property
    def form(self) -> LinkForm:
        """Return the form, filled in where it was sent."""
        return LinkForm(self.versions, self.request.POST or None)

    def get_steps(self) -> list[dict[str, Any]]:
        """Lead back to the list."""
        return [
            {"url": get_list_url(self.page), "label": _("Draft links")},
            {"url": "", "label": _("Share this draft")},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make the link, send it where an address was given, and show it unless it was to be sent only."""
        if not self.form.is_valid():
            messages.validation_error(
                request, _("The draft was not shared."), form=self.form
            )
            return self.get(request)
        try:
            link, token = create_link(
                self.page, request.user, **self.form.read_choices()
            )
        except LinkError:
            messages.error(
                request,
                _("The draft cannot be shared: it is locked, private or gone."),
            )
            return self.get(request)
        address = build_address(self.page, token)
        is_sent = self.send(link, address)
        if link.is_sent_only:
            if not is_sent:
                end_link(link)
                return self.get(request)
            address = ""
        self.template_name = "treatments_preview/link_made.html"
        return self.render_to_response(
            self.get_context_data(link=link, address=address, is_sent=is_sent)
        )

    def send(self, link: DraftLink, address: str) -> bool:
        """Send the link where an address was given; tell whether it went out, and whoever shares if not."""
        if not link.recipient_email:
            return False
        try:
            send_link(link, self.page, address)
        except (OSError, ValueError):
            logger.exception("The draft link %s could not be sent", link.pk)
            advice = (
                _("The message could not be sent, and the link was ended. Try again.")
                if link.is_sent_only
                else _(
                    "The message could not be sent. Copy the link and send it yourself."
                )
            )
            messages.error(self.request, advice)
            return False
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the form."""
        return super().get_context_data(
            **kwargs, form=self.form, is_locked_away=is_locked_away(self.page)
        )


class LinkView(ScreenView):
    """Shows a link and what was done with it."""

    page_title = gettext_lazy("Draft link")
    template_name = "treatments_preview/link.html"

    @cached_property
    def link(self) -> DraftLink:
        """Return the link that the address names.

        Raises:
            PermissionDenied: the viewer may not see it.
        """
        link = get_object_or_404(
            DraftLink.objects.select_related("created_by", "ended_by", "contributor"),
            pk=self.kwargs["pk"],
        )
        if not may_see(self.request.user, link):
            raise PermissionDenied
        return link

    def get_page_subtitle(self) -> str:
        """Return whom the link is for."""
        return self.link.recipient_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the links of the article, as long as it is there."""
        own = [{"url": "", "label": self.link.recipient_name}]
        for page in find_pages(self.link):
            if may_share(self.request.user, page):
                list_step = {"url": get_list_url(page), "label": _("Draft links")}
                title = page.get_admin_display_title()
                url = reverse("wagtailadmin_pages:edit", args=[page.pk])
                article = {"url": url, "label": title}
                return [*self.breadcrumbs_items, article, list_step, *own]
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{NAMESPACE}:report"), "label": _("Draft links")},
            *own,
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the link and its uses."""
        uses = DraftLinkUse.objects.filter(link=self.link)
        return super().get_context_data(
            **kwargs,
            link=self.link,
            pages=find_pages(self.link),
            uses=uses[:USES_SHOWN],
            has_more=uses.count() > USES_SHOWN,
            may_revoke=self.link.end is None
            and may_revoke(self.request.user, self.link),
        )


class RevokeView(View):
    """Ends a link at once."""

    http_method_names: ClassVar[list[str]] = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End the link, and lead back to where the button was."""
        link = get_object_or_404(DraftLink, pk=pk)
        if not may_revoke(request.user, link):
            raise PermissionDenied
        if end_link(link, user=request.user):
            messages.success(
                request,
                _("The link of %(name)s shows nothing any more.")
                % {"name": link.recipient_name},
            )
        else:
            messages.warning(request, _("The link was over already."))
        following = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(following, {request.get_host()}):
            return redirect(following)
        return redirect(f"{NAMESPACE}:link", pk)


def get_list_url(page: Page) -> str:
    """Return the address of the list of an article's links."""
    return reverse(f"{NAMESPACE}:links", args=[page.pk])
