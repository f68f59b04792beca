"""The doors of the admin through which something goes that public articles use.

Each shows the places first, and the ways to go on: put another entry there, or remove it at once for a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import DO_NOTHING, ForeignKey
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.forms.models import registry
from wagtail.models import Page

from treatments.content.removals import FREE, InUseError, may_publish, prepare_removal
from treatments.content.replacing import ReplacementError
from treatments.content.uses import Use, find_uses, list_pages
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpRequest, HttpResponse, QueryDict

TEMPLATE = "treatments/in_use.html"
#: What the forms of the screen are told apart by.
WAY = "treatments-way"
#: So many places a message names.
MOST_PLACES = 20


class ReplaceForm(forms.Form):
    """Asks what takes the place of an entry."""

    def __init__(self, instance: Any, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        model = type(instance)
        chooser = registry.get(ForeignKey(model, on_delete=DO_NOTHING)) or {}
        self.fields["replace_by"] = forms.ModelChoiceField(
            model._default_manager.all(),
            label=_("Replace it by"),
            widget=chooser.get("widget"),
        )


class ReasonForm(forms.Form):
    """Asks why something has to go at once."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For those who review the articles then."),
    )


def guard_removal(
    request: HttpRequest, instances: Sequence[Any], *, is_deleted: bool
) -> HttpResponse | None:
    """Return the screen with the places where public articles use something; None where it may go.

    Args:
        request: Of whoever may delete or unpublish it.
        instances: Snippets, images or documents.
        is_deleted: Whether it is to be deleted, not only unpublished.
    """
    if request.method == "GET":
        instances = [each for each in instances if not isinstance(each, FREE)]
        uses = find_all_uses(instances, is_deleted=is_deleted)
        return show_uses(request, instances, uses, is_deleted=is_deleted) if uses else None  # fmt: skip
    way = request.POST.get(WAY, "")
    given = {name: request.POST.get(name, "") for name in ("replace_by", "reason")}
    before = find_all_uses(instances, is_deleted=is_deleted) if way else []
    try:
        prepare_removal(
            instances,
            request.user,
            is_deleted=is_deleted,
            replace_by=given["replace_by"] if way == "replace" else None,
            reason=given["reason"] if way == "remove" else "",
        )
    except InUseError as error:
        detail = error.detail
        uses = error.uses
    except ReplacementError as error:
        detail, uses = str(error), before
    else:
        tell(request, way, before)
        return None
    messages.error(request, detail)
    return show_uses(request, instances, uses, is_deleted=is_deleted, status=409)


def find_all_uses(instances: Iterable[Any], *, is_deleted: bool) -> list[Use]:
    """Return the places of several entries."""
    return [use for each in instances for use in find_uses(each, is_deleted=is_deleted)]


def show_uses(
    request: HttpRequest,
    instances: Sequence[Any],
    uses: list[Use],
    *,
    is_deleted: bool,
    status: int = 200,
) -> HttpResponse:
    """Answer with the places and the ways to go on."""
    may_publish_all = all(
        may_publish(source, request.user)
        for source in {use.source.pk: use.source for use in uses}.values()
    )
    is_single = len(instances) == 1
    posted = request.POST if request.POST.get(WAY) else None
    replacing = (
        build_replacing(instances[0], posted) if is_single and may_publish_all else None
    )
    removing = ReasonForm(posted) if may_publish_all else None
    context = {
        "title": _("Delete") if is_deleted else _("Unpublish"),
        "subtitle": str(instances[0]) if is_single else "",
        "instances": instances,
        "is_deleted": is_deleted,
        "groups": group_uses(uses),
        "replacing": replacing,
        "removing": removing,
        "way": WAY,
        "media": sum(
            (each.media for each in (replacing, removing) if each), forms.Media()
        ),
        "next": request.GET.get("next") or request.POST.get("next", ""),
        "edit_url": AdminURLFinder().get_edit_url(instances[0]) if is_single else "",
    }
    return TemplateResponse(request, TEMPLATE, context, status=status)


def build_replacing(instance: Any, posted: QueryDict | None) -> ReplaceForm:
    """Return the form with what was chosen; empty where there is no such entry, which the chooser could not show."""
    form = ReplaceForm(instance, posted)
    is_unknown = form.is_bound and not form.is_valid()
    return ReplaceForm(instance) if is_unknown else form


def group_uses(uses: Iterable[Use]) -> list[dict[str, Any]]:
    """Return the places by article."""
    groups: dict[Any, dict[str, Any]] = {}
    for use in uses:
        key = (type(use.source), use.source.pk)
        group = groups.setdefault(
            key, {"title": use.title, "url": use.edit_url, "places": []}
        )
        if use.choice.place not in group["places"]:
            group["places"].append(use.choice.place)
    return list(groups.values())


def tell(request: HttpRequest, way: str, uses: list[Use]) -> None:
    """Say which articles were changed, or ask for a review now."""
    pages = list_pages(uses)
    if not pages:
        return
    if way == "replace":
        intro = ngettext(
            "%(count)d article uses the other entry now:",
            "%(count)d articles use the other entry now:",
            len(pages),
        )
    else:
        intro = ngettext(
            "%(count)d article lost something at once, and should be reviewed:",
            "%(count)d articles lost something at once, and should be reviewed:",
            len(pages),
        )
    page_uses = [use for use in uses if isinstance(use.source, Page)]
    messages.warning(
        request, build_places(intro % {"count": len(pages)}, group_uses(page_uses))
    )


def build_places(intro: str, groups: Sequence[dict[str, Any]]) -> str:
    """Return a message with a line for each article, with a link to edit it."""
    lines = format_html_join(
        "",
        '<li><a href="{}" class="w-underline" style="color: inherit">{}</a>: {}</li>',
        (
            (group["url"] or "", group["title"], "; ".join(group["places"]))
            for group in groups[:MOST_PLACES]
        ),
    )
    more = len(groups) - MOST_PLACES
    rest = format_html("<li>{}</li>", _("and %(count)d more") % {"count": more}) if more > 0 else ""  # fmt: skip
    return format_html("{}<ul>{}{}</ul>", intro, lines, rest)


def find_links(pages: Iterable[Any]) -> list[Use]:
    """Return where other public articles lead to articles that are about to go, with those below them."""
    going: dict[int, Any] = {}
    for page in pages:
        for each in page.get_descendants(inclusive=True).live().specific():
            if isinstance(each, TreatmentArticleMixin):
                going[each.pk] = each
    return [
        use
        for page in going.values()
        for use in find_uses(page, is_deleted=False)
        if use.source.pk not in going
    ]


def show_links(request: HttpRequest, pages: Iterable[Any]) -> None:
    """Say where public articles lead to pages that are about to go: the links go with them."""
    uses = find_links(pages) if request.method == "GET" else []
    if uses:
        intro = _("Public articles lead here. These links go at the same moment:")
        messages.warning(request, build_places(intro, group_uses(uses)))


def show_choices(request: HttpRequest, promotions: Iterable[Any]) -> None:
    """Say where public articles have chosen a notice that is about to go: it goes from there at that moment."""
    if request.method != "GET":
        return
    uses = find_all_uses(promotions, is_deleted=True)
    if uses:
        intro = _("Public articles show this notice. It goes from there at the same moment:")  # fmt: skip
        messages.warning(request, build_places(intro, group_uses(uses)))


def explain_expiry(instance: Any) -> str:
    """Return why an entry may not expire: it is used; empty where it may."""
    if isinstance(instance, FREE):
        return ""
    uses = find_uses(instance, is_deleted=False)
    if not uses:
        return ""
    titles = list(dict.fromkeys(f"“{use.title}”" for use in uses))
    names = ", ".join(titles[:MOST_PLACES])
    return _(
        "It cannot expire, because public articles use it: %(titles)s. Replace it there first."
    ) % {"titles": names}
