"""What to read instead of a page that is gone: where the redirect of its path leads to.

Imports nothing of Wagtail's v3 API: the admin's hooks, which are loaded while our fields are
registered with it, need this module.
"""

from __future__ import annotations

from django.db.models import F, Q
from wagtail.contrib.redirects.models import Redirect

from treatments.api.addresses import get_path
from treatments.api.visibility import get_public_pages


def find_replacement_path(path: str, site_id: int | None) -> str:
    """Return where the redirect of a path leads to: a public page, or the address it gives; else nothing.

    The redirect of the site itself comes before that of all sites.
    """
    redirects = Redirect.objects.filter(
        Q(site__isnull=True) | Q(site=site_id),
        old_path=Redirect.normalise_path(path),
    ).order_by(F("site").asc(nulls_last=True))
    for redirect in redirects.select_related("redirect_page"):
        if redirect.redirect_page_id is None:
            return redirect.redirect_link
        if get_public_pages().filter(pk=redirect.redirect_page_id).exists():
            return get_path(redirect.redirect_page)
    return ""
