"""What to read instead of a page that is gone: where the redirect of its path leads to.

Imports nothing of Wagtail's v3 API: the admin's hooks, which are loaded while our fields are
registered with it, need this module.
"""

from __future__ import annotations

from wagtail.contrib.redirects.models import Redirect

from treatments.api.addresses import get_path
from treatments.api.visibility import get_public_pages


def find_replacement_path(path: str) -> str:
    """Return where the redirect of a path leads to: a public page, or the address it gives; else nothing."""
    redirects = Redirect.objects.filter(old_path=Redirect.normalise_path(path))
    for redirect in redirects.select_related("redirect_page"):
        if redirect.redirect_page_id is None:
            return redirect.redirect_link
        if get_public_pages().filter(pk=redirect.redirect_page_id).exists():
            return get_path(redirect.redirect_page)
    return ""
