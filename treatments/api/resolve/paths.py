"""From a path of the site, in any language, to the page there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.encoding import uri_to_iri
from wagtail.models import Page, Site

from treatments.content.visibility import get_public_pages

if TYPE_CHECKING:
    from django.http import HttpRequest


class SiteTrees:
    """The trees of a site, one for each of its languages; of the asked site, if no other is named.

    Attributes:
        root: The home page in the site's default language; None where there is no site.
        roots: Language code → home page.
    """

    def __init__(self, request: HttpRequest | None = None, site: Site | None = None):
        site = site or Site.find_for_request(request)
        self.root: Page | None = site.root_page if site else None
        self.roots: dict[str, Page] = {}
        if self.root is not None:
            pages = Page.objects.filter(translation_key=self.root.translation_key)
            for page in pages.select_related("locale").order_by():
                self.roots[page.locale.language_code] = page
        self.languages = dict(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", []))

    def locate(self, path: str) -> tuple[Page, str] | None:
        """Return the home page of a path's language and the ``url_path`` of a page there, or None.

        A first component that is a content language chooses the tree of that language; without one the
        path is looked up below the site's root page.
        """
        if "\0" in path:
            return None
        components = split_path(path)
        root = self.root
        if components and components[0] in self.languages:
            root = self.roots.get(components.pop(0))
        if root is None:
            return None
        return root, root.url_path + "".join(f"{part}/" for part in components)

    def list_places(self, path: str) -> list[str]:
        """Return the ``url_path`` of every page that a path may name, from the top."""
        place = self.locate(path) if path else None
        if place is None:
            return []
        root, url_path = place
        parts = url_path.removeprefix(root.url_path).split("/")[:-1]
        return [
            root.url_path + "".join(f"{part}/" for part in parts[: end + 1])
            for end in range(len(parts))
        ]


def split_path(path: str) -> list[str]:
    """Return the components of a path, as they stand in the tree; a query is no part of it."""
    return [part for part in uri_to_iri(path.split("?")[0]).split("/") if part]


def find_public_page(
    request: HttpRequest | None, path: str, site: Site | None = None
) -> Page | None:
    """Return the public page at a path such as ``/es/treatments/``, or None; of the asked site, if no other is named."""
    place = SiteTrees(request, site).locate(path)
    if place is None:
        return None
    root, url_path = place
    pages = get_public_pages().filter(url_path=url_path, path__startswith=root.path)
    return pages.first()
