"""Remembers which blocks readers have got, and gives the sections their anchors."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from treatments.models import PublishedBlock
from treatments.models.anchors import GivenAnchors, choose_anchors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    class Entry(Protocol):
        """What the article index holds of an article, as far as its blocks are concerned."""

        @property
        def fields(self) -> Mapping[str, Any]: ...
        @property
        def sections(self) -> Sequence[tuple[str, str]]: ...
        @property
        def blocks(self) -> Iterable[Sequence[Any]]: ...


#: Tells anchors from other names that are read in the same query.
ANCHOR = "anchor"


def select_anchors(page_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Return a query of the id of each article and, as one text, its anchors: to be read with other names at once."""
    rows = PublishedBlock.objects.filter(page_id__in=page_ids).exclude(anchor="")
    parts = (Cast("pk", TextField()), Cast("block_id", TextField()), "anchor")
    text = Concat(parts[0], Value(" "), parts[1], Value(" "), parts[2], output_field=TextField())  # fmt: skip
    return rows.order_by().values_list(Value(ANCHOR), "page_id", text)


def read_anchors(rows: Iterable[tuple[int, str]]) -> dict[int, GivenAnchors]:
    """Return the anchors that articles have given.

    Args:
        rows: What ``select_anchors`` gives, without its first column and in any order.
    """
    anchors: dict[int, GivenAnchors] = defaultdict(GivenAnchors)
    split = [(page_id, *text.split(" ", 2)) for page_id, text in rows]
    for page_id, _pk, block_id, anchor in sorted(split, key=lambda row: int(row[1])):
        anchors[page_id].add(str(uuid.UUID(block_id)), anchor)
    return anchors


def remember_blocks(entries: Mapping[int, Entry]) -> None:
    """Write down the blocks of live articles that are new; in the transaction of the publication."""
    if not entries:
        return
    known: dict[int, set[tuple[str, bool]]] = defaultdict(set)
    given: dict[int, GivenAnchors] = defaultdict(GivenAnchors)
    rows = PublishedBlock.objects.filter(page_id__in=entries.keys()).order_by("pk")
    for page_id, block_id, anchor in rows.values_list("page_id", "block_id", "anchor"):
        known[page_id].add((str(block_id), bool(anchor)))
        if anchor:
            given[page_id].add(str(block_id), anchor)
    now, new = timezone.now(), []
    for page_id in sorted(entries):
        entry = entries[page_id]
        chosen = choose_anchors(entry.sections, given[page_id])
        ids = [block_id for block_id, _heading in entry.sections]
        anchors = dict(zip(ids, chosen, strict=True))
        new += [
            PublishedBlock(
                page_id=page_id,
                translation_key=entry.fields["translation_key"],
                locale_id=entry.fields["locale_id"],
                block_id=block_id,
                anchor=anchors.get(block_id, ""),
                public_from=now,
            )
            for block_id in dict.fromkeys(str(block[0]) for block in entry.blocks)
            if (block_id, block_id in anchors) not in known[page_id]
        ]
    # Another process may publish the same article: its rows are as good as these.
    PublishedBlock.objects.bulk_create(new, ignore_conflicts=True)


def list_holders(
    block_id: uuid.UUID, page_id: int | None = None
) -> list[PublishedBlock]:
    """Return the article that has had a block first, in all its languages: one row for each page.

    What else has had it is a copy from the time when copies had the ids of their source.

    Args:
        block_id: Of the block.
        page_id: Only this page, where one was named.
    """
    rows = PublishedBlock.objects.filter(block_id=block_id)
    if page_id is not None:
        rows = rows.filter(page_id=page_id)
    found = list(rows.order_by("public_from", "pk"))
    own = [row for row in found if row.translation_key == found[0].translation_key]
    return list({row.page_id: row for row in reversed(own)}.values())
