"""Search with a backend of Wagtail's, such as Elasticsearch or OpenSearch.

``TREATMENTS["SEARCH_BACKEND_ALIAS"]`` names the entry of ``WAGTAILSEARCH_BACKENDS``. An entry with the
code of a language behind the name (``articles_es``, ``articles_pt_br``) holds the articles of that
language, so that it can have an analyzer of its own.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from wagtail.models import Locale
from wagtail.search.backends import get_search_backend

from snippets.words import spell
from treatments.conf import get_conf
from treatments.models import IndexedArticle
from treatments.search.backends.base import SearchBackend
from treatments.search.stemming import split_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

logger = logging.getLogger(__name__)

#: Wagtail fetches the hits in pages of a hundred, one after the other.
MAX_HITS = 1_000


class WagtailBackend(SearchBackend):
    """Hands the entries of the article index to Wagtail's search."""

    def index(self, entries: Iterable[IndexedArticle]) -> None:
        """Write the entries to the backend of their language."""
        by_alias = defaultdict(list)
        for entry in entries:
            by_alias[get_alias(entry.locale.language_code)].append(entry)
        for alias, group in by_alias.items():
            backend = get_search_backend(alias)
            try:
                with transaction.atomic():
                    backend.add_bulk(IndexedArticle, group)
            except Exception:
                # Whatever another server answers: nobody may be kept from publishing by it.
                logger.exception("Articles are not indexed in %r.", alias)

    def remove(self, page_ids: Iterable[int]) -> None:
        """Delete the entries from every backend that may hold them."""
        page_ids = list(page_ids)
        for alias in get_aliases():
            backend = get_search_backend(alias)
            for pk in page_ids:
                try:
                    with transaction.atomic():
                        backend.delete(IndexedArticle(pk=pk))
                except Exception:
                    logger.exception("Article %s is not removed from %r.", pk, alias)

    def find(
        self, words: str, language_codes: Sequence[str], *, any_word: bool = False
    ) -> list[int]:
        """Return at most ``MAX_HITS`` page ids, the best of each backend first."""
        # Only words go out: in Wagtail's and in Elasticsearch's query language they are no syntax.
        asked = " ".join(map(spell, split_query(words)))
        if not asked:
            return []
        by_alias: dict[str, list[str]] = {}
        for code in language_codes:
            by_alias.setdefault(get_alias(code), []).append(code)
        found = [
            self._find(alias, codes, asked, "or" if any_word else "and")
            for alias, codes in by_alias.items()
        ]
        # The scores of two indexes cannot be compared: they take turns.
        merged = [pk for pk in chain(*zip_longest(*found)) if pk is not None]
        return merged[:MAX_HITS]

    def _find(
        self, alias: str, codes: list[str], asked: str, operator: str
    ) -> list[int]:
        locale_ids = Locale.objects.filter(language_code__in=codes)
        ids = list(locale_ids.values_list("pk", flat=True))
        entries = IndexedArticle.objects.filter(locale_id__in=ids).only("pk")
        results = get_search_backend(alias).search(asked, entries, operator=operator)
        return [entry.pk for entry in results[:MAX_HITS]]

    def is_ready(self) -> bool:
        """Tell that every search reaches the server; what it holds, only its own tools can tell."""
        return bool(get_aliases())


def get_alias(code: str) -> str:
    """Return the name of the backend for a language: its own, or that of all languages.

    Raises:
        ImproperlyConfigured: there is no backend of that name.
    """
    known = {"default", *getattr(settings, "WAGTAILSEARCH_BACKENDS", {})}
    name = get_conf().search_backend_alias
    if name not in known:
        raise ImproperlyConfigured(
            f"TREATMENTS['SEARCH_BACKEND_ALIAS']: {name!r} is not in WAGTAILSEARCH_BACKENDS."
        )
    own = f"{name}_{code.replace('-', '_').lower()}"
    return own if own in known else name


def get_aliases() -> list[str]:
    """Return the names of the backends that may hold articles, each once."""
    codes = [code for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES]
    return list(
        dict.fromkeys([get_conf().search_backend_alias, *map(get_alias, codes)])
    )
