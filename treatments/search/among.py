"""Whether a row is one of thousands: a condition that costs a database one parameter, whatever their number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Expression


class IsInArray(Func):
    """Whether a number stands in an array of PostgreSQL."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()


class IsInJson(Func):
    """Whether a number stands in a JSON array, in SQLite."""

    arg_joiner = " IN (SELECT value FROM json_each("
    template = "%(expressions)s))"
    output_field = BooleanField()


def is_among(page_ids: Sequence[int], column: str = "pk") -> Expression | Q:
    """Return the condition that a column holds one of some ids."""
    if connection.vendor == "postgresql":
        return IsInArray(F(column), Value(list(page_ids)))
    if connection.vendor == "sqlite":
        return IsInJson(F(column), Value(json.dumps(list(page_ids))))
    return Q(**{f"{column}__in": page_ids})
