"""When documents become other ones by themselves: a promotion ends, a page expires, a review falls due."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db.models import Min, Q
from django.utils import timezone
from wagtail.models import Page

from snippets.models import Promotion
from treatments.content.dependencies import get_page_key
from treatments.delivery.marking import PAGE_PREFIX
from treatments.ports.states import get_review_states

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


def find_limits(
    pages: Collection[int], uses: Mapping[int, Iterable[str]], now: datetime
) -> dict[int, datetime | None]:
    """Return when each document becomes another one by itself: page id → instant, always after now.

    Args:
        pages: The ids of the articles.
        uses: The keys of what each of them contains: see ``treatments.content.dependencies``.
        now: When they were built.
    """
    promotions = Promotion.objects.filter(live=True).aggregate(
        starts=Min("starts_at", filter=Q(starts_at__gt=now)),
        ends=Min("ends_at", filter=Q(ends_at__gt=now)),
    )
    reviews = get_review_states(pages)
    ends = find_ends({key for keys in uses.values() for key in keys}, now)
    limits = {}
    for pk in pages:
        day = reviews[pk].changes_on or reviews[pk].next_review_due
        turn = timezone.make_aware(datetime.combine(day, time.min)) if day else None
        expiries = [ends[key] for key in uses[pk] if key in ends]
        instants = [*promotions.values(), *expiries, turn]
        limits[pk] = min(
            (each for each in instants if each and each > now), default=None
        )
    return limits


def find_ends(keys: set[str], now: datetime) -> dict[str, datetime]:
    """Return when the first language version of each page expires, for those that do: key → instant.

    A page that has expired is not public any more, although the command that unpublishes it has not run.
    """
    own = [key.removeprefix(PAGE_PREFIX) for key in keys if key.startswith(PAGE_PREFIX)]
    pages = Page.objects.filter(
        translation_key__in=own, live=True, expire_at__gt=now
    ).order_by()
    ends: dict[str, datetime] = {}
    for key, instant in pages.values_list("translation_key", "expire_at"):
        name = get_page_key(key)
        ends[name] = min(instant, ends.get(name, instant))
    return ends
