"""Rows that prove each other: each has a hash of what it says and of the hash of the row before it.

Whoever changes, adds or removes a row would have to write all later hashes anew, and then the last one is not the
one that an earlier export holds: ``treatments.models.audits``. The order is that of the primary keys, which is that of
the commits, since whoever adds a row holds the lock of the head.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models, transaction

from treatments.models.append_only import (
    AppendOnlyError,
    AppendOnlyModel,
    AppendOnlyQuerySet,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How many rows are read at once.
BATCH_SIZE = 200
#: The column that no hash covers: the hash itself.
CHAIN_HASH = "chain_hash"


class ChainHead(models.Model):
    """The one row that orders what an app appends: whoever appends holds its lock until the commit.

    Attributes:
        position: The primary key of the last row.
        chain_hash: Its hash.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)
    chain_hash = models.CharField(max_length=64, blank=True, default="")

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position}"

    @classmethod
    def lock(cls) -> Self:
        """Return the row, locked until the transaction ends.

        The first statement is a write, so that SQLite takes its lock at once.
        """
        rows = cls._default_manager
        if not rows.filter(pk=1).update(id=1):
            rows.bulk_create([cls(pk=1)], ignore_conflicts=True)
            rows.filter(pk=1).update(id=1)
        return rows.get(pk=1)

    @classmethod
    def read(cls) -> Self:
        """Return the row as it is now; an empty one before anything was appended."""
        return cls._default_manager.filter(pk=1).first() or cls()


class ChainedQuerySet(AppendOnlyQuerySet):
    """Rows can be read, and are added one by one."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Refuse.

        Raises:
            AppendOnlyError: always.
        """
        raise AppendOnlyError(self.model)


class ChainedModel(AppendOnlyModel):
    """A model whose rows are kept for ever, each with a hash that follows from all rows before it.

    A column that is added later takes null, and rows without it keep their hashes.
    """

    #: 64 hexadecimal digits, see ``hash_row``.
    chain_hash = models.CharField(max_length=64, editable=False)

    objects = ChainedQuerySet.as_manager()

    #: The model with the head of the chain.
    chain_head: ClassVar[type[ChainHead]]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append behind the last row.

        Raises:
            AppendOnlyError: the row exists.
        """
        if not self._state.adding:
            raise AppendOnlyError(type(self))
        with transaction.atomic(savepoint=False):
            head = self.chain_head.lock()
            self.pk = head.position = head.position + 1
            self.chain_hash = head.chain_hash = hash_row(self, head.chain_hash)
            super().save(*args, **kwargs)
            head.save(update_fields=["position", "chain_hash"])


def hash_row(row: models.Model, previous: str) -> str:
    """Return 64 hexadecimal digits of what a row says, and of the hash of the row before it.

    They must be the same for ever: what is hashed, and how, cannot be changed any more.

    Args:
        row: With the values that are in the database, or will be.
        previous: The hash of the row before it; empty for the first one.
    """
    content = {
        field.attname: describe_value(value)
        for field in row._meta.concrete_fields
        if field.name != CHAIN_HASH
        and (value := field.to_python(getattr(row, field.attname))) is not None
    }
    text = json.dumps(
        {"model": row._meta.label_lower, "previous": previous, "row": content},
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def describe_value(value: Any) -> Any:
    """Return the JSON form of a column's value, the same before it is stored and after."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"sha256-{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        return moment.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (dict, list, tuple)):
        # As the database gives it back: names are texts, and there are no tuples.
        return settle_numbers(json.loads(json.dumps(value)))
    return value if isinstance(value, (str, int)) else str(value)


def settle_numbers(value: Any) -> Any:
    """Return a JSON value in which 3.0 is 3: PostgreSQL writes large numbers in a way of its own."""
    if isinstance(value, dict):
        return {key: settle_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [settle_numbers(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@dataclass(frozen=True, slots=True)
class Flaw:
    """One row that is not as it was written, or is missing, and what is wrong with it."""

    model: type[models.Model]
    pk: int
    problem: str

    def __str__(self) -> str:
        name = str(self.model._meta.verbose_name)
        return f"{name[:1].upper()}{name[1:]} {self.pk}: {self.problem}"


def list_chained_models() -> list[type[ChainedModel]]:
    """Return the models of all apps whose rows prove each other."""
    found = [model for model in apps.get_models() if issubclass(model, ChainedModel)]
    return sorted(found, key=get_label)


def get_label(model: type[models.Model]) -> str:
    """Return the name of a model in exports and in hashes."""
    return model._meta.label_lower


def walk(model: type[models.Model]) -> Iterator[Any]:
    """Yield all rows in their order, a batch at a time: they are large, and no cursor stays open."""
    rows = model._base_manager.order_by("pk")
    batch = list(rows[:BATCH_SIZE])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH_SIZE])


def find_flaws(
    model: type[ChainedModel],
    inspect: Callable[[Any], Iterator[str]] | None = None,
) -> Iterator[Flaw]:
    """Yield what is wrong with a chain. Others may append meanwhile.

    Args:
        model: Whose rows.
        inspect: Finds more that is wrong with a row.
    """
    head, found = model.chain_head.read(), None
    previous, last = "", 0
    for row in walk(model):
        if row.chain_hash != hash_row(row, previous):
            yield Flaw(model, row.pk, describe_break(row.pk, last))
        if inspect is not None:
            yield from (Flaw(model, row.pk, problem) for problem in inspect(row))
        if row.pk == head.position:
            found = row.chain_hash
        previous, last = row.chain_hash, row.pk
    if head.position and found is None:
        yield Flaw(model, head.position, "It was the last one, and is missing.")
    elif head.position and found != head.chain_hash:
        yield Flaw(model, head.position, "It is not the last one that was written.")
    if last > model.chain_head.read().position:
        yield Flaw(model, last, "It was added past the application.")


def describe_break(pk: int, last: int) -> str:
    """Return what is wrong where a row's hash does not follow from the one before it."""
    if pk == last + 1:
        return "It is not as it was written."
    return f"It is not as it was written, or what stood between {last} and {pk} is missing."


def chain_rows(model: type[models.Model], head: type[models.Model]) -> None:
    """Chain the rows that were there before their table had hashes; for migrations.

    Args:
        model: The model of the rows, as the migration knows it.
        head: That of the head.
    """
    previous, last, batch = "", 0, []
    for row in walk(model):
        previous = row.chain_hash = hash_row(row, previous)
        last = row.pk
        batch.append(row)
        if len(batch) == BATCH_SIZE:
            model._base_manager.bulk_update(batch, [CHAIN_HASH])
            batch = []
    model._base_manager.bulk_update(batch, [CHAIN_HASH])
    if last:
        head._base_manager.update_or_create(
            pk=1, defaults={"position": last, CHAIN_HASH: previous}
        )
