"""Caches in the memory of this process: what was counted, ranked or written for an answer.

A list takes as long after the thousandth request as after the first, unless something has changed. The
store of documents knows when (``Store.get_state``): each entry carries the state at which it is true, and
only a request that has read the same state may use it.
"""

from __future__ import annotations

import threading
from array import array
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from wagtail.models import Page

from treatments.api.http.caching import find_first

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from django.db.models import QuerySet

#: Drop an entry after this, however quiet it is: what was changed without a signal shows then.
LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a cache.

    Attributes:
        value: The answer; nobody changes it any more.
        state: The state of the store at which it is true.
        valid_until: When time alone makes it untrue; None if it never does.
        expires_at: When it is dropped, true or not; None if it stays until it is evicted.
        size: How many bytes it takes.
    """

    value: Any
    state: str
    valid_until: datetime | None
    expires_at: datetime | None
    size: int


class ProcessCache:
    """A cache of limited size, safe for threads, that evicts the least recently used entries first.

    Args:
        maxsize: The size of all entries together, in bytes.
        lifetime: How long an entry lives at most; None if it lives until it is evicted.
    """

    def __init__(self, maxsize: int, lifetime: timedelta | None = LIFETIME):
        self.lifetime = lifetime
        # TLRUCache knows expiry too, but asks the clock for each key and takes three times as long for a hit.
        self._entries: LRUCache[Hashable, Entry] = LRUCache(maxsize, attrgetter("size"))
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return the number of entries."""
        with self._lock:
            return len(self._entries)

    def get(self, key: Hashable) -> Entry | None:
        """Return an entry or None; the caller compares its state with the present one."""
        with self._lock:
            entry = self._entries.get(key)
            if entry and entry.expires_at and entry.expires_at <= timezone.now():
                del self._entries[key]
                return None
            return entry

    def set(
        self,
        key: Hashable,
        value: Any,
        state: str,
        valid_until: datetime | None,
        size: int = 1,
    ) -> None:
        """Add or replace an entry. One larger than an eighth of the cache is left out.

        Args:
            key: What was asked.
            value: The answer; nobody changes it any more.
            state: As it was read before the answer was made, or in the same query.
            valid_until: When time alone makes it untrue, from ``build_next_expiry``.
            size: How many bytes it takes.
        """
        latest = timezone.now() + self.lifetime if self.lifetime else None
        expires_at = find_first([valid_until, latest])
        with self._lock:
            self._entries.pop(key, None)
            if size <= self._entries.maxsize // 8:
                self._entries[key] = Entry(value, state, valid_until, expires_at, size)

    def set_on_commit(
        self,
        key: Hashable,
        value: Any,
        state: str,
        valid_until: datetime | None,
        size: int = 1,
    ) -> None:
        """Add or replace an entry once the transaction is committed, or at once outside of one.

        A transaction that is rolled back takes its state with it, and another one may come to the same state
        with other content. The arguments are those of ``set``.
        """
        transaction.on_commit(
            partial(self.set, key, value, state, valid_until, size=size)
        )

    def delete(self, key: Hashable) -> None:
        """Delete an entry."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Delete all entries."""
        with self._lock:
            self._entries.clear()


#: Counts, facets and rankings, by their bytes (``measure``).
LISTS = ProcessCache(16 * 1024 * 1024)
#: Articles as v2 gives them, by their bytes.
V2_ARTICLES = ProcessCache(16 * 1024 * 1024)
#: Documents that were sent lately, by their bytes. Their state is their tag, which each read asks the database
#: for anyway; only the bytes need not be sent again. What has a tag never changes, so it never expires.
DOCUMENTS = ProcessCache(16 * 1024 * 1024, lifetime=None)

#: What an entry takes beside its ids: the texts and tuples of its key, and its place in the cache.
OVERHEAD = 2048


def measure(key: Hashable, ids: int = 0) -> int:
    """Return about how many bytes an entry takes.

    Args:
        key: What was asked; a client chooses how long it is.
        ids: How many numbers the answer has, as ``pack_ids`` holds them.
    """
    return OVERHEAD + 4 * len(repr(key)) + 8 * ids


def pack_ids(ids: Iterable[int]) -> array[int]:
    """Return ids in 8 bytes each; a list takes five times as much."""
    return array("q", ids)


def clear_all() -> None:
    """Clear every cache, as after another database was put in the place of this one."""
    for cache in (LISTS, V2_ARTICLES, DOCUMENTS):
        cache.clear()


def build_next_expiry(now: datetime) -> Subquery:
    """Return a subquery: the next instant at which a page expires, or NULL."""
    return Subquery(build_expiries(now)[:1])


def build_expiries(now: datetime) -> QuerySet:
    """Return the instants at which pages expire, the next one first.

    Args:
        now: An instant before anything was read for the answer, so that what expires while the answer is
            made ends it at once.
    """
    expiring = Page.objects.filter(live=True, expire_at__gt=now)
    return expiring.order_by("expire_at").values_list("expire_at", flat=True)
