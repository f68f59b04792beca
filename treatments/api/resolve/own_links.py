"""The typed links of redirects that lead to our own pages: one to what is not public tells its address.

Imports nothing of Wagtail's v3 API; see ``replacements``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from wagtail.models import Page, Site

from treatments.api.resolve.paths import SiteTrees
from treatments.conf import get_conf
from treatments.content.visibility import get_public_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

BATCH_SIZE = 500


def is_hidden_link(link: str, site: Site | None, host: str = "") -> bool:
    """Tell whether a link leads to a page of ours that is not public; see ``find_hidden_links``."""
    return bool(find_hidden_links([link], site, host))


def find_hidden_links(
    links: Iterable[str], site: Site | None, host: str = ""
) -> set[str]:
    """Return those of some links that lead to a page of ours that is not public, or to something below it.

    Args:
        links: Paths of the site, or addresses on any host.
        site: Where paths without a host lead.
        host: Another name of its host, with the port.
    """
    hosts = OwnHosts(site, host)
    places = {link: hosts.list_places(link) for link in set(links) if link}
    is_public = load_standing({each for group in places.values() for each in group})
    return {
        link
        for link, group in places.items()
        if not next(
            (is_public[each] for each in reversed(group) if each in is_public), True
        )
    }


class OwnHosts:
    """The trees of our sites by their hosts; the frontend shows the site that was asked."""

    def __init__(self, site: Site | None, host: str = ""):
        self.asked = site
        root = get_conf().frontend_url or ""
        self.frontend = urlsplit(root)
        names = {"", urlsplit(f"//{host}").hostname or "", self.frontend.hostname or ""}
        self.names = names
        self.sites: list[Site] | None = None
        self.trees: dict[int, SiteTrees] = {}

    def list_places(self, link: str) -> list[str]:
        """Return the ``url_path`` of every page that a link may name, from the top; none on hosts of others."""
        try:
            parts = urlsplit(link.strip())
            name = parts.hostname or ""
        except ValueError:
            return []
        site = self.find_site(name)
        if site is None:
            return []
        path = urljoin("/", f"/{parts.path.lstrip('/')}")
        if name and name == self.frontend.hostname:
            path = path.removeprefix(self.frontend.path)
        if site.pk not in self.trees:
            self.trees[site.pk] = SiteTrees(site=site)
        return self.trees[site.pk].list_places(path)

    def find_site(self, name: str) -> Site | None:
        """Return the site with a host, or None."""
        if name in self.names:
            return self.asked
        if self.sites is None:
            self.sites = list(Site.objects.select_related("root_page"))
        return next(
            (each for each in self.sites if each.hostname.lower() == name), None
        )


def load_standing(url_paths: set[str]) -> dict[str, bool]:
    """Return which pages with some paths in the tree are public: path → whether it is."""
    wanted = sorted(url_paths)
    standing: dict[str, bool] = {}
    for start in range(0, len(wanted), BATCH_SIZE):
        pages = Page.objects.filter(url_path__in=wanted[start : start + BATCH_SIZE])
        found = dict(pages.order_by().values_list("pk", "url_path"))
        public = get_public_pages().filter(pk__in=found).order_by()
        ids = set(public.values_list("pk", flat=True))
        standing |= {path: pk in ids for pk, path in found.items()}
    return standing
