"""What was counted, ranked or written for an answer, kept in this process for as long as it is true.

A list is as long after the thousandth request as after the first, unless something has changed. Whoever
keeps documents knows when (``stores.Store.get_state``): what is kept carries that state, and is only used
by a request that has read the same one.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from wagtail.models import Page

from treatments.api.http.caching import find_first

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from django.db.models import QuerySet

#: However still it is, ask again after this: what was changed without a signal shows then.
LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept.

    Attributes:
        value: The answer.
        state: What it is true for.
        ends_at: How long it is kept at most; None as long as there is room.
        turns_at: When time alone makes another one of it; None where it does not.
        size: How much room it takes.
    """

    value: Any
    state: str
    ends_at: datetime | None
    turns_at: datetime | None
    size: int


class KeptAnswers:
    """Answers of one kind; those that nobody has asked for longest are dropped first.

    Args:
        room: How large all of them may be together, in the unit of their sizes.
        lifetime: How long each is kept at most; None for as long as there is room.
    """

    def __init__(self, room: int, lifetime: timedelta | None = LIFETIME):
        self.room = room
        self.lifetime = lifetime
        self._answers: OrderedDict[Hashable, Kept] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._answers)

    def get(self, key: Hashable) -> Kept | None:
        """Return what was kept, or None; the caller compares its state with the present one."""
        with self._lock:
            kept = self._answers.get(key)
            if kept is None:
                return None
            if kept.ends_at is not None and kept.ends_at <= timezone.now():
                self._drop(key)
                return None
            self._answers.move_to_end(key)
            return kept

    def keep(
        self,
        key: Hashable,
        value: Any,
        state: str,
        turns_at: datetime | None,
        size: int = 1,
    ) -> None:
        """Keep an answer, unless it would take more than an eighth of the room.

        Args:
            key: What was asked.
            value: The answer; nobody changes it any more.
            state: As it was read before the answer was made, or in the same query.
            turns_at: When time alone changes the answer, from ``build_next_expiry``.
            size: How much room it takes.
        """
        latest = timezone.now() + self.lifetime if self.lifetime is not None else None
        with self._lock:
            self._drop(key)
            if size > self.room // 8:
                return
            ends_at = find_first([turns_at, latest])
            self._answers[key] = Kept(value, state, ends_at, turns_at, size)
            self._size += size
            while self._size > self.room:
                self._drop(next(iter(self._answers)))

    def keep_committed(
        self,
        key: Hashable,
        value: Any,
        state: str,
        turns_at: datetime | None,
        size: int = 1,
    ) -> None:
        """Keep an answer as soon as what it was read with is committed, at once outside a transaction.

        A transaction that is rolled back takes its state back, and another one comes to it with something else.
        The arguments are those of ``keep``.
        """
        transaction.on_commit(
            partial(self.keep, key, value, state, turns_at, size=size)
        )

    def forget(self, key: Hashable) -> None:
        """Forget one answer."""
        with self._lock:
            self._drop(key)

    def forget_all(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        """Make the room of an answer free again."""
        kept = self._answers.pop(key, None)
        if kept is not None:
            self._size -= kept.size


#: Counts, facets and rankings, by their bytes (``measure``).
LISTS = KeptAnswers(16 * 1024 * 1024)
#: Articles as v2 gives them, by their bytes.
V2_ARTICLES = KeptAnswers(16 * 1024 * 1024)
#: Documents that were sent lately, by their bytes. Their state is their tag, which whoever reads one has asked
#: the database for in the same moment: the database need not send its bytes again. What has a tag never changes.
DOCUMENTS = KeptAnswers(16 * 1024 * 1024, lifetime=None)

#: What an answer takes beside its ids: the texts and the tuples of its key, and its place among the others.
OVERHEAD = 2048


def measure(key: Hashable, ids: int = 0) -> int:
    """Return about how many bytes an answer takes.

    Args:
        key: What was asked; a client chooses how long it is.
        ids: How many numbers the answer has, as ``pack_ids`` holds them.
    """
    return OVERHEAD + 4 * len(repr(key)) + 8 * ids


def pack_ids(ids: Iterable[int]) -> array[int]:
    """Return ids in 8 bytes each; a list takes five times as much."""
    return array("q", ids)


def forget_all() -> None:
    """Forget everything, as after another database was put in the place of this one."""
    for answers in (LISTS, V2_ARTICLES, DOCUMENTS):
        answers.forget_all()


def build_next_expiry(now: datetime) -> Subquery:
    """Return a subquery: the next instant at which a page expires, or NULL."""
    return Subquery(build_expiries(now)[:1])


def build_expiries(now: datetime) -> QuerySet:
    """Return the instants at which pages expire, the next one first.

    Args:
        now: When the answer that is to be kept was asked for, before anything was read for it: what
            expires while it is made ends it at once.
    """
    expiring = Page.objects.filter(live=True, expire_at__gt=now)
    return expiring.order_by("expire_at").values_list("expire_at", flat=True)
