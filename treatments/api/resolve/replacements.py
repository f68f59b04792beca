"""What to read instead of a page that is gone: where the redirect of its path leads to.

Imports nothing of Wagtail's v3 API: the admin's hooks, which are loaded while our fields are
registered with it, need this module.
"""

from __future__ import annotations

from django.db.models import F, Q
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from treatments.api.resolve.old_paths import was_public_path
from treatments.api.resolve.own_links import is_hidden_link
from treatments.api.resolve.paths import SiteTrees, find_public_page
from treatments.content.addresses import get_path
from treatments.content.visibility import get_public_pages


def find_replacement_path(path: str, site_id: int | None) -> str:
    """Return where the redirect of a path leads to: a public page, or an address that hides none; else nothing.

    The redirect of the site itself comes before that of all sites.
    """
    redirects = Redirect.objects.filter(
        Q(site__isnull=True) | Q(site=site_id),
        old_path=Redirect.normalise_path(path),
    ).order_by(F("site").asc(nulls_last=True))
    for redirect in redirects.select_related("redirect_page"):
        site = find_site(site_id)
        if redirect.redirect_page_id is None:
            link = redirect.redirect_link
            if not is_hidden_link(link, site):
                return link
        elif get_public_pages().filter(
            pk=redirect.redirect_page_id
        ).exists() and was_public_path(SiteTrees(site=site), redirect):
            return get_path(redirect.redirect_page)
    return ""


def find_moved_path(path: str, site_id: int | None) -> str:
    """Return where the public page of an old path is now, by the redirect of the path; else nothing."""
    moved = find_replacement_path(path, site_id)
    page = find_public_page(None, moved, find_site(site_id)) if moved else None
    return moved if page is not None else ""


def find_site(site_id: int | None) -> Site | None:
    """Return a site, the default one where none is named."""
    named = {"is_default_site": True} if site_id is None else {"pk": site_id}
    return Site.objects.select_related("root_page").filter(**named).first()
