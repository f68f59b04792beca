"""A page of a list of articles: in which order, from where on, how many there are in all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Min, Q, Subquery, Value
from django.db.models.functions import Coalesce

from treatments.api.articles.parameters import encode_cursor
from treatments.api.http.parameters import ParameterError
from treatments.api.http.process_cache import (
    LISTS,
    build_next_expiry,
    measure,
    pack_ids,
)
from treatments.search.among import is_among

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Hashable

    from django.db.models import QuerySet

    from treatments.models import IndexedArticle
    from treatments.ports.store import Store

LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
#: order → (column, what stands for a missing value, how it is read from a cursor)
ORDERS: dict[str, tuple[str, Any, Any]] = {
    "title": ("sort_title", None, str),
    "published_at": ("last_published_at", LONG_AGO, datetime.fromisoformat),
    "first_published_at": ("first_published_at", LONG_AGO, datetime.fromisoformat),
    "last_reviewed": ("last_reviewed", LONG_AGO.date(), date.fromisoformat),
}
RELEVANCE = "relevance"
BAD_CURSOR = "The parameter cursor is not a cursor that this list has given."


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A page of a list.

    Attributes:
        entries: In order.
        count: How many articles there are in all.
        next_cursor: Where to go on.
        state: That of the store when the entries were read; empty where there are none, or no store.
        ends_at: When the count becomes another one with time alone; None where that is not known.
    """

    entries: list[IndexedArticle]
    count: int
    next_cursor: str | None
    state: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a search has found, the best first.

    Attributes:
        found: The ids of all articles with the words, public or not.
        matching: Those of them that are public and pass the filters.
    """

    found: array[int]
    matching: array[int]


def check_order(given: Any, *, is_search: bool) -> str:
    """Return the order of a list.

    Raises:
        ParameterError: the order does not exist, or the cursor belongs to another order.
    """
    order = given.order or (RELEVANCE if is_search else "title")
    if given.cursor and given.offset:
        raise ParameterError(
            "The parameter cursor takes the place of offset: give one of them."
        )
    if given.cursor and given.cursor[0] != order:
        raise ParameterError("The parameter cursor belongs to a list in another order.")
    if order == RELEVANCE:
        if not is_search:
            raise ParameterError(
                "The parameter order takes relevance with search only."
            )
        if given.cursor and len(given.cursor) != 2:
            raise ParameterError(BAD_CURSOR)
    elif order.removeprefix("-") not in ORDERS:
        known = ", ".join([*ORDERS, *(f"-{known}" for known in ORDERS), RELEVANCE])
        raise ParameterError(
            f"The parameter order has an unknown value; known are: {known}."
        )
    return order


class PageReader:
    """Reads one page of a list, in as few queries as there are questions.

    The number of all articles and the ranking of a search are cached, with the state of the store at which
    they are true. The query of the entries reads that state too, so it tells by itself whether the cache
    still holds: one query in a quiet hour, two after each change.

    Args:
        articles: All that the list has.
        given: The parameters.
        order: The order.
        store: Where documents are kept.
        asked_at: An instant before ``articles`` was made: see ``process_cache.build_expiries``.
        has_words: Whether the words of the entries are needed.
        has_documents: Whether their whole documents are.
    """

    def __init__(
        self,
        articles: QuerySet[IndexedArticle],
        given: Any,
        *,
        order: str,
        store: Store | None,
        asked_at: datetime,
        has_words: bool = False,
        has_documents: bool = False,
    ):
        self.articles = articles
        self.given = given
        self.order = order
        self.store = store
        self.asked_at = asked_at
        self.has_words = has_words
        self.has_documents = has_documents

    def read(self, key: Hashable) -> ArticlePage:
        """Return a page of a list without a search.

        Args:
            key: What was asked, apart from the page.
        """
        cached = LISTS.get(key) if self.store else None
        is_far = cached is not None and self.is_far(cached.value)
        page = self.read_ordered(cached.value if cached and is_far else None)
        if cached is not None and page.state == cached.state:
            return replace(page, count=cached.value, ends_at=cached.valid_until)
        if is_far:
            # The order was turned around by a number that is no longer true.
            page = self.read_ordered(None, with_count=True)
            if page.entries:
                LISTS.delete(key)
                return page
        counted = self.articles.aggregate(
            total=Count("pk"), ends_at=Min(build_next_expiry(self.asked_at))
        )
        if page.state:
            LISTS.set_on_commit(
                key, counted["total"], page.state, counted["ends_at"], measure(key)
            )
        return replace(page, count=counted["total"], ends_at=counted["ends_at"])

    def read_found(
        self, key: Hashable, rank: Callable[[], tuple[list[int], list[int]]]
    ) -> tuple[Ranking, ArticlePage]:
        """Return what a search has found, and a page of it.

        Args:
            key: What was asked, apart from the page.
            rank: Searches: the ids of what was found, and of those that may be shown.
        """
        cached = LISTS.get(key) if self.store else None
        if cached is not None:
            page = self.read_ranked(cached.value)
            if page.state == cached.state:
                return cached.value, replace(page, ends_at=cached.valid_until)
        # Before the search: what changes meanwhile gives the entries another state.
        state, ends_at = self.read_state()
        found, matching = rank()
        ranking = Ranking(pack_ids(found), pack_ids(matching))
        if state:
            size = measure(key, len(found) + len(matching))
            LISTS.set_on_commit(key, ranking, state, ends_at, size)
        page = self.read_ranked(ranking)
        return ranking, replace(page, state=state, ends_at=ends_at)

    def read_state(self) -> tuple[str, datetime | None]:
        """Return the state of the store, and when time alone changes what is public."""
        if self.store is None:
            return "", None
        rows = self.articles.model._default_manager.order_by()
        expiry = build_next_expiry(self.asked_at)
        found = rows.values_list(self.store.get_state(), expiry)[:1]
        return next(iter(found), ("", None))

    def is_far(self, count: int) -> bool:
        """Tell whether a page is reached faster from the end of the list."""
        offset = self.given.offset
        return not self.given.cursor and count / 2 < offset < count

    def read_ordered(
        self, count: int | None, *, with_count: bool = False
    ) -> ArticlePage:
        """Return the entries of a page in the order of a column.

        Args:
            count: How many articles there are, to read the page from the end of the list; None to read it
                from the beginning.
            with_count: Count them in the same query.
        """
        given, is_descending = self.given, self.order.startswith("-")
        column, missing, read = ORDERS[self.order.removeprefix("-")]
        # Only what can be missing is replaced: an expression would not be found in an index.
        position = F(column) if missing is None else Coalesce(column, Value(missing))
        rows = self.add_cards(self.articles).annotate(position=position)
        if given.cursor:
            rows = rows.filter(after_cursor(given.cursor, read, is_descending))
        if with_count:
            rows = rows.annotate(total=self.build_count())
        start, end = given.offset, given.offset + given.limit + 1
        if count is not None:
            start, end = max(count - end, 0), count - given.offset
        is_descending = is_descending != (count is not None)
        sign = "-" if is_descending else ""
        entries = list(rows.order_by(f"{sign}position", f"{sign}pk")[start:end])
        if count is not None:
            entries.reverse()
        return self.build_page(entries)

    def build_page(self, entries: list[Any]) -> ArticlePage:
        """Return a page of entries, of which one may be too many: the first of the next page."""
        limit = self.given.limit
        next_cursor = None
        if len(entries) > limit:
            last = entries[limit - 1]
            value = last.position
            text = value if isinstance(value, str) else value.isoformat()
            next_cursor = encode_cursor(self.order, [text, last.pk])
        total = getattr(entries[0], "total", 0) if entries else 0
        return ArticlePage(entries[:limit], total, next_cursor, get_state(entries))

    def build_count(self) -> Subquery:
        """Return a subquery with the number of all articles."""
        rows = self.articles.order_by().values(all=Value(1))
        return Subquery(rows.annotate(total=Count("pk")).values("total"))

    def add_cards(self, articles: QuerySet[IndexedArticle]) -> QuerySet[IndexedArticle]:
        """Return a query whose entries have what their cards are made of."""
        if self.store is None:
            return articles.select_related("locale")
        rows = self.store.add_cards(articles, with_documents=self.has_documents)
        rows = rows.annotate(state=self.store.get_state())
        # The words of an article are marked where they stand; a list has no use for them.
        return rows if self.has_words else rows.only("pk")

    def read_ranked(self, ranking: Ranking) -> ArticlePage:
        """Return a page of what a search has found."""
        matching = ranking.matching
        if self.order != RELEVANCE:
            shown = self.articles.filter(is_among(matching))
            reader = PageReader(
                shown,
                self.given,
                order=self.order,
                store=self.store,
                asked_at=self.asked_at,
                has_words=True,
                has_documents=self.has_documents,
            )
            return replace(reader.read_ordered(None), count=len(matching))
        start = self.given.cursor[1] if self.given.cursor else self.given.offset
        end = start + self.given.limit
        wanted = list(matching[start:end])
        chosen = self.add_cards(self.articles.filter(pk__in=wanted))
        rows = {entry.pk: entry for entry in chosen}
        entries = [rows[pk] for pk in wanted if pk in rows]
        count = len(matching)
        next_cursor = encode_cursor(RELEVANCE, [end]) if end < count else None
        return ArticlePage(entries, count, next_cursor, get_state(entries))


def get_state(entries: list[Any]) -> str:
    """Return the state of the store that was read with some entries; empty where there are none."""
    return getattr(entries[0], "state", "") if entries else ""


def after_cursor(cursor: list[Any], read: Any, is_descending: bool) -> Q:
    """Return the condition for what comes after a cursor.

    Raises:
        ParameterError: the list has not given this cursor.
    """
    _order, *position = cursor
    if len(position) != 2 or not isinstance(position[0], str):
        raise ParameterError(BAD_CURSOR)
    try:
        value = read(position[0])
    except ValueError as error:
        raise ParameterError(BAD_CURSOR) from error
    comparison = "lt" if is_descending else "gt"
    # The first condition follows from the second, and is one that an index can answer.
    return Q(**{f"position__{comparison}e": value}) & (
        Q(**{f"position__{comparison}": value})
        | Q(**{f"pk__{comparison}": position[1]})
    )
