"""From a path of the site, in any language, to the public page there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from wagtail.models import Locale, Page, Site

from treatments.api.visibility import get_public_pages

if TYPE_CHECKING:
    from django.http import HttpRequest


def find_public_page(request: HttpRequest, path: str) -> Page | None:
    """Return the public page at a path such as ``/es/treatments/``, or None.

    A first component that is a content language chooses the tree of that language; without one the
    path is looked up below the site's root page.
    """
    components = [part for part in path.split("?")[0].split("/") if part]
    site = Site.find_for_request(request)
    if site is None or "\0" in path:
        return None
    root = site.root_page
    languages = {
        code for code, _name in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", [])
    }
    if components and components[0] in languages:
        locale = Locale.objects.filter(language_code=components.pop(0)).first()
        if locale is None:
            return None
        if locale.pk != root.locale_id:
            root = root.get_translation_or_none(locale)
    if root is None:
        return None
    url_path = root.url_path + "".join(f"{component}/" for component in components)
    return (
        get_public_pages().filter(url_path=url_path, path__startswith=root.path).first()
    )
