"""Whether what a write refers to exists: one query for each kind of thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model


class Choice(NamedTuple):
    """A place in a body, and the key that it has of a model."""

    pointer: str
    model: type[Model]
    raw: Any


def find_missing(choices: Iterable[Choice]) -> Iterator[tuple[Choice, str]]:
    """Yield each choice of nothing, with what to say about it."""
    by_model: dict[type[Model], list[Choice]] = {}
    for choice in choices:
        by_model.setdefault(choice.model, []).append(choice)
    for model, chosen in by_model.items():
        keys = [read_key(model, choice.raw) for choice in chosen]
        wanted = {key for key in keys if is_storable(key)}
        found = set(
            model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True)
        )
        for choice, key in zip(chosen, keys, strict=True):
            if key not in found:
                yield (
                    choice,
                    f"There is no {model._meta.verbose_name} with the id {str(choice.raw)[:40]!r}.",
                )


def read_key(model: type[Model], raw: Any) -> Any:
    """Return a key as the database has it, or None where it can be none."""
    try:
        return model._meta.pk.to_python(raw)
    except (ValidationError, ValueError, TypeError, OverflowError):
        return None


def is_storable(key: Any) -> bool:
    """Tell whether a database can be asked for a key."""
    return key is not None and (not isinstance(key, int) or abs(key) < 2**63)
