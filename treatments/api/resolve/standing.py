"""What is said of a page that is not public: that it is gone, and why; nothing of what never was public.

The store knows what the public got of articles. Where there is none, Wagtail's own dates and log have to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from wagtail.models import Page, PageLogEntry, Site

from treatments.api.resolve.old_paths import match_redirect, was_public_path
from treatments.api.resolve.paths import SiteTrees, split_path
from treatments.api.resolve.replacements import find_replacement_path
from treatments.api.resolve.sites import build_site_condition
from treatments.content.addresses import get_path
from treatments.content.privacy import was_public_at
from treatments.content.representation import format_time
from treatments.content.visibility import build_private_condition, get_public_pages
from treatments.models import TreatmentArticleMixin
from treatments.ports.store import Gone, get_store

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

UNPUBLISHED = ("wagtail.unpublish", "wagtail.unpublish.scheduled")


def find_gone(request: HttpRequest, page_id: int) -> Gone | None:
    """Return what is said of a page of the asked site that is not public; None of what is, or never was."""
    if page_id >= 2**63:
        return None
    store = get_store()
    found = store.find_by_id(request, page_id) if store is not None else None
    if found is not None:
        return found if isinstance(found, Gone) else None
    pages = load_pages(request).filter(pk=page_id)
    return next((judge(request, page) for page in pages), None)


def find_gone_at(request: HttpRequest, path: str) -> Gone | None:
    """Return what is said of the page that the public last got at a path; None where a page is public there now."""
    if "\0" in path:
        return None
    store = get_store()
    given = "".join(f"/{part}" for part in split_path(path)) + "/"
    for each in dict.fromkeys((iri_to_uri(given), given)):
        found = store.find_by_path(request, each) if store is not None else None
        if found is not None:
            return found if isinstance(found, Gone) else None
    return find_gone_in_tree(request, path) or find_gone_target(request, path)


def find_gone_in_tree(request: HttpRequest, path: str) -> Gone | None:
    """Return what is said of the page that stands at a path, unless the public last got it at another one."""
    place = SiteTrees(request).locate(path)
    if place is None:
        return None
    root, url_path = place
    pages = load_pages(request).filter(url_path=url_path, path__startswith=root.path)
    page = pages.first()
    if page is None:
        return None
    store = get_store()
    if store is not None and store.find_public_hashes(page.pk):
        found = store.find_by_id(request, page.pk)
        # Had the public got it here, it would have been found by the path.
        if isinstance(found, Gone):
            return None
    return judge(request, page)


def find_gone_target(request: HttpRequest, path: str) -> Gone | None:
    """Return what is said of the page that has moved away from a path, and is not public now."""
    redirect = match_redirect(request, path)
    if redirect is None or not redirect.automatically_created:
        return None
    if redirect.redirect_page_id is None:
        return None
    if not was_public_path(SiteTrees(request), redirect):
        return None
    return find_gone(request, redirect.redirect_page_id)


def load_pages(request: HttpRequest) -> QuerySet[Page]:
    """Return the pages of the asked site with ``is_private``, public or not."""
    is_private = ExpressionWrapper(build_private_condition(), BooleanField())
    pages = Page.objects.filter(build_site_condition(request)).order_by()
    return pages.select_related("locale", "alias_of").annotate(is_private=is_private)


def judge(request: HttpRequest, page: Any) -> Gone | None:
    """Return what is said of an article that the store does not know as gone; an alias is gone like its source.

    Where there is a store, what it has not recorded was not public; but an article expires at its instant, whether
    or not anybody has noted it. Other pages have no past.

    Args:
        request: What was asked.
        page: A page of ``load_pages``.
    """
    model = page.specific_class
    if model is None or not issubclass(model, TreatmentArticleMixin):
        return None
    if page.alias_of_id:
        if page.alias_of.locale_id != page.locale_id:
            return None
        if not get_public_pages().filter(pk=page.alias_of_id).exists():
            return find_gone(request, page.alias_of_id)
    now = timezone.now()
    has_ended = page.expire_at is not None and page.expire_at <= now
    is_expired = page.expired or (page.live and has_ended)
    is_public = page.live and not has_ended and not page.is_private
    is_recorded = get_store() is not None and not (is_expired and page.live)
    if is_public or is_recorded or not was_public(page):
        return None
    if page.is_private:
        return build_private(page.pk)
    site = Site.find_for_request(request)
    return Gone(
        page_id=page.pk,
        reason="expired" if is_expired else "unpublished",
        since=page.expire_at if is_expired else find_end(page),
        note="",
        replacement_path=find_replacement_path(
            get_path(page), site.pk if site else None
        ),
    )


def was_public(page: Page) -> bool:
    """Tell whether the public ever got a page: by the store, else when it was published first."""
    store = get_store()
    if store is not None and store.find_public_hashes(page.pk):
        return True
    published_at = page.first_published_at
    return published_at is not None and was_public_at(page, published_at)


def find_end(page: Page) -> Any:
    """Return when a page was unpublished, by the log; None where that is not known."""
    entries = PageLogEntry.objects.filter(page_id=page.pk, action__in=UNPUBLISHED)
    return entries.order_by("-timestamp").values_list("timestamp", flat=True).first()


def build_private(page_id: int) -> Gone:
    """Return what is said of a page that was public and is private now: nothing but that."""
    return Gone(
        page_id=page_id, reason="unpublished", since=None, note="", replacement_path=""
    )


def represent_gone(gone: Gone) -> dict[str, Any]:
    """Return what a reader is told of a page that is gone, in the members of a problem document."""
    return {
        "reason": gone.reason,
        "withdrawn_at": format_time(gone.since),
        "note": gone.note,
        "replacement_path": gone.replacement_path,
    }


def describe_gone(gone: Gone) -> str:
    """Return in a sentence that a page is gone, and what to read instead."""
    detail = "The article was withdrawn."
    if gone.replacement_path:
        detail += f" Read instead: {gone.replacement_path}"
    return detail
