"""What was counted, ranked or written for an answer, kept in this process for as long as it is true.

A list is as long after the thousandth request as after the first, unless something has changed. Whoever
keeps documents knows when (``stores.Store.get_state``): what is kept carries that state, and is only used
by a request that has read the same one.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Subquery
from django.utils import timezone
from wagtail.models import Page

if TYPE_CHECKING:
    from collections.abc import Hashable

    from django.db.models import QuerySet

#: However still it is, ask again after this: what was changed without a signal shows then.
LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, the state that it is true for, the instant at which time alone can change it, and its size."""

    value: Any
    state: str
    ends_at: datetime
    size: int


class KeptAnswers:
    """Answers of one kind; those that nobody has asked for longest are dropped first.

    Args:
        room: How large all of them may be together, in the unit of their sizes.
    """

    def __init__(self, room: int):
        self.room = room
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
            if kept.ends_at <= timezone.now():
                self._drop(key)
                return None
            self._answers.move_to_end(key)
            return kept

    def keep(
        self,
        key: Hashable,
        value: Any,
        state: str,
        ends_at: datetime | None,
        size: int = 1,
    ) -> None:
        """Keep an answer, unless it would take more than an eighth of the room.

        Args:
            key: What was asked.
            value: The answer; nobody changes it any more.
            state: As it was read before the answer was made, or in the same query.
            ends_at: When time alone changes the answer, from ``build_next_expiry``.
            size: How much room it takes.
        """
        latest = timezone.now() + LIFETIME
        with self._lock:
            self._drop(key)
            if size > self.room // 8:
                return
            ends_at = min(ends_at or latest, latest)
            self._answers[key] = Kept(value, state, ends_at, size)
            self._size += size
            while self._size > self.room:
                self._drop(next(iter(self._answers)))

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


#: Counts, facets and rankings, by their number; a ranking of 10,000 articles takes 80 kB.
LISTS = KeptAnswers(256)
#: Articles as v2 gives them, by their bytes.
V2_ARTICLES = KeptAnswers(16 * 1024 * 1024)
#: Documents that were sent lately, by their bytes. Their state is their tag, which whoever reads one has asked
#: the database for in the same moment: the database need not send its bytes again.
DOCUMENTS = KeptAnswers(16 * 1024 * 1024)


def forget_all() -> None:
    """Forget everything, as after another database was put in the place of this one."""
    for answers in (LISTS, V2_ARTICLES, DOCUMENTS):
        answers.forget_all()


def build_next_expiry() -> Subquery:
    """Return a subquery: the next instant at which a page expires, or NULL."""
    return Subquery(build_expiries()[:1])


def build_expiries() -> QuerySet:
    """Return the instants at which pages expire, the next one first."""
    expiring = Page.objects.filter(live=True, expire_at__gt=timezone.now())
    return expiring.order_by("expire_at").values_list("expire_at", flat=True)
