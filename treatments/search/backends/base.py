"""What searches the articles: the interface of a backend, which one is in use, and one for any database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING

from django.db.models import Case, IntegerField, Q, Value, When

from treatments.models import IndexedArticle
from treatments.search.stemming import split_query, stem_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: Nobody pages further than this.
MAX_RESULTS = 10_000

#: The fields that are searched, the weightiest first.
FIELDS = ("title", "names", "summary", "headings", "text")


class SearchBackend(ABC):
    """Finds articles by their words. A project's own backend is a subclass, named by ``SEARCH_BACKEND``.

    What is found exists in the article index; whether a reader may see it is the caller's business.
    """

    @abstractmethod
    def index(self, entries: Iterable[IndexedArticle]) -> None:
        """Take in articles, new or with another text in one of ``FIELDS``. ``entry.locale`` is loaded."""

    @abstractmethod
    def remove(self, page_ids: Iterable[int]) -> None:
        """Forget articles, known or not."""

    @abstractmethod
    def find(
        self, words: str, language_codes: Sequence[str], *, any_word: bool = False
    ) -> list[int]:
        """Return the ids of at most ``MAX_RESULTS`` pages, the best first.

        All words must match in one of the languages, or with ``any_word`` at least one. Each language
        is searched by its own stems. Never raises for any ``words``. What is found is not filtered:
        the caller decides what a reader may see before it decides what to show instead of nothing.
        """

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether a search would find what is in the article index."""


class PortableBackend(SearchBackend):
    """Looks into the columns of the article index, in any database. For small sites: it reads every row."""

    weights = dict(zip(FIELDS, (10, 6, 4, 2, 1), strict=True))

    def index(self, entries: Iterable[IndexedArticle]) -> None:
        """Do nothing: the columns are the index."""

    def remove(self, page_ids: Iterable[int]) -> None:
        """Do nothing: the columns are the index."""

    def is_ready(self) -> bool:
        """Tell that the columns are always there."""
        return True

    def find(
        self, words: str, language_codes: Sequence[str], *, any_word: bool = False
    ) -> list[int]:
        """Return page ids; a word is found by its beginning, as written or by its stem."""
        asked = split_query(words)
        if not asked or not language_codes:
            return []
        return self._find(asked, language_codes, or_ if any_word else and_)

    def _find(
        self, asked: list[str], language_codes: Sequence[str], combine: Callable
    ) -> list[int]:
        in_languages = [
            Q(locale__language_code=code)
            & reduce(combine, [_contains(FIELDS, word, code) for word in asked])
            for code in language_codes
        ]
        scores = [
            Case(
                When(_contains([name], word, code), then=Value(weight)),
                default=Value(0),
                output_field=IntegerField(),
            )
            for code in language_codes
            for word in asked
            for name, weight in self.weights.items()
        ]
        found = IndexedArticle.objects.filter(reduce(or_, in_languages))
        ranked = found.annotate(score=reduce(add, scores)).order_by("-score", "pk")
        return list(ranked.values_list("pk", flat=True)[:MAX_RESULTS])


def _contains(names: Iterable[str], word: str, language: str) -> Q:
    """Return the condition that one of the fields holds a word or one of its stems."""
    forms = dict.fromkeys([word, *stem_word(word, language)])
    return reduce(
        or_, [Q(**{f"{name}__icontains": form}) for name in names for form in forms]
    )
