"""The redirects of a site: which of them may be followed, and which may be shown.

A redirect tells two addresses, and neither may be that of a place that is hidden: where it leads is public, and
where it comes from was. What somebody asks for by its path is known already; a list shows less than may be
followed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from treatments.api.resolve.own_links import find_hidden_links
from treatments.api.resolve.paths import SiteTrees
from treatments.content.privacy import PrivacyLog
from treatments.content.visibility import build_private_condition, get_public_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest

#: What a redirect's address can have at most.
MAX_PATH_CHARACTERS = 255
BATCH_SIZE = 500


def match_redirect(request: HttpRequest, path: str) -> Redirect | None:
    """Return the redirect of a path, wherever it leads: with its query where it has one of its own, else without."""
    if not path or "\0" in path:
        return None
    plain = urlsplit(path).path if "?" in path or "#" in path else path
    for each in dict.fromkeys((path, plain)):
        normal = Redirect.normalise_path(each)
        if len(normal) <= MAX_PATH_CHARACTERS:
            redirect = get_redirect(request, normal)
            if redirect is not None:
                return redirect
    return None


def find_redirect(request: HttpRequest, path: str) -> Redirect | None:
    """Return the redirect of a path, if it may be followed: it leads to a public page, and not from a hidden one."""
    redirect = match_redirect(request, path)
    if redirect is None:
        return None
    target = redirect.redirect_page_id
    if target and not get_public_pages().filter(pk=target).exists():
        return None
    if not target and list_hidden_links(request, [redirect]):
        return None
    return redirect if was_public_path(SiteTrees(request), redirect) else None


def was_public_path(trees: SiteTrees, redirect: Redirect) -> bool:
    """Tell whether the public got the page of a redirect where that comes from; what somebody typed is meant so."""
    return redirect.pk not in OldPaths(trees, [redirect]).find_never_public()


def get_listed_redirects(request: HttpRequest) -> QuerySet[Redirect]:
    """Return the redirects of the asked site that may be shown: neither address is that of a hidden place."""
    site = Site.find_for_request(request)
    public = Redirect.objects.filter(
        Q(site__isnull=True) | Q(site=site),
        Q(redirect_page__isnull=True)
        | Q(redirect_page__in=get_public_pages().values("pk")),
    )
    columns = ("old_path", "redirect_link", "automatically_created", "created_at")
    rows = public.select_related("redirect_page").only(
        *columns, "redirect_page__first_published_at"
    )
    paths = OldPaths(SiteTrees(request), rows)
    hidden = paths.find_never_public() | paths.find_hidden()
    hidden |= list_hidden_links(request, paths.redirects)
    return public.exclude(pk__in=hidden).order_by("pk")


def list_hidden_links(request: HttpRequest, redirects: list[Redirect]) -> set[int]:
    """Return the redirects whose typed link leads to a page of ours that is not public."""
    typed = [each for each in redirects if each.redirect_link]
    if not typed:
        return set()
    links = {each.redirect_link for each in typed}
    site = Site.find_for_request(request)
    hidden = find_hidden_links(links, site, request.get_host())
    return {each.pk for each in typed if each.redirect_link in hidden}


class OldPaths:
    """What stands in the page tree where some redirects come from."""

    def __init__(self, trees: SiteTrees, redirects: Iterable[Redirect]):
        self.redirects = list(redirects)
        self.places = {
            redirect.pk: trees.list_places(redirect.old_path)
            for redirect in self.redirects
        }
        self.pages = load_by_url_path(
            {each for group in self.places.values() for each in group}
        )

    def find_never_public(self) -> set[int]:
        """Return the redirects that Wagtail has made for pages that were not public where they come from."""
        made = [each for each in self.redirects if each.automatically_created]
        above: dict[int, list[int]] = defaultdict(list)
        for redirect in made:
            found = (self.pages.get(each) for each in self.places[redirect.pk])
            above[redirect.pk] = [page.pk for page in found if page is not None]
            if redirect.redirect_page_id:
                above[redirect.pk].append(redirect.redirect_page_id)
        log = PrivacyLog({pk for ids in above.values() for pk in ids}) if made else None
        hidden = set()
        for redirect in made:
            made_at = redirect.created_at or timezone.now()
            page = redirect.redirect_page
            published_at = page.first_published_at if page else made_at
            was_private = log is not None and any(
                log.was_private(pk, made_at) for pk in above[redirect.pk]
            )
            if published_at is None or published_at > made_at or was_private:
                hidden.add(redirect.pk)
        return hidden

    def find_hidden(self) -> set[int]:
        """Return the redirects that come from a page that is private, or was never published."""
        return {
            pk
            for pk, places in self.places.items()
            if any(is_hidden(self.pages.get(each)) for each in places)
        }


def is_hidden(page: Any) -> bool:
    """Tell whether a page is private, or was never published."""
    return page is not None and (page.is_private or page.first_published_at is None)


def load_by_url_path(url_paths: set[str]) -> dict[str, Any]:
    """Return the pages with some paths in the tree, with ``is_private``."""
    wanted = sorted(url_paths)
    is_private = ExpressionWrapper(build_private_condition(), BooleanField())
    pages: dict[str, Any] = {}
    for start in range(0, len(wanted), BATCH_SIZE):
        rows = Page.objects.filter(url_path__in=wanted[start : start + BATCH_SIZE])
        rows = rows.order_by().annotate(is_private=is_private)
        for page in rows.only("url_path", "first_published_at"):
            pages[page.url_path] = page
    return pages
