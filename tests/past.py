"""Rows that are kept for ever, and people who change them behind the application's back."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from treatments.delivery.models import Version
from treatments.models.triggers import lift_guards
from treatments.review.models import Decision, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from django.db.models import Model

MOMENT = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
KEY = uuid.UUID("aaaaaaaa-1111-4111-8111-111111111111")


def build_version(**values: Any) -> Version:
    """Return the withdrawal of an article that nobody knows."""
    given: dict[str, Any] = {
        "page_id": 7,
        "number": 1,
        "kind": Version.Kind.WITHDRAWN,
        "translation_key": KEY,
        "type": "treatments.TreatmentPage",
        "locale": "en",
        "path": "/en/surgery/",
        "schema": "",
        "facets": {"kind": ["procedure"]},
        "public_from": MOMENT,
        "created_at": MOMENT,
        "reason": "unpublished",
        "cause": {"action": "unpublish", "revision_id": None},
    }
    return Version(**given | values)


def build_decision(**values: Any) -> Decision:
    """Return what somebody decided about a text that nobody knows."""
    given: dict[str, Any] = {
        "page_id": 7,
        "translation_key": KEY,
        "locale": "en",
        "verdict": Verdict.APPROVED,
        "content_hash": "sha256-1",
        "sections": {"intro": "sha256-2"},
        "person": "user:1",
        "user_id": "1",
        "name": "Dr. Núñez",
        "is_clinical": True,
        "decided_at": MOMENT,
    }
    return Decision(**given | values)


BUILDERS: dict[type[Model], Callable[..., Any]] = {
    Version: build_version,
    Decision: build_decision,
}


def append(model: type[Model], count: int) -> list[Any]:
    """Append rows, and return them as they are stored."""
    for number in range(count):
        BUILDERS[model](page_id=number + 1).save()
    return list(model._base_manager.order_by("pk"))


@contextmanager
def behind_the_back(model: type[Model]) -> Generator[Any]:
    """Give a cursor to somebody who has taken the triggers of a table away."""
    with lift_guards(connection, [model]), connection.cursor() as cursor:
        yield cursor


def execute(statement: str, model: type[Model], *values: Any) -> None:
    """Execute SQL in which ``{table}`` and ``{pk}`` stand for those of a model, as somebody does who has not."""
    with connection.cursor() as cursor:
        cursor.execute(fill(statement, model), values)


def tamper(statement: str, model: type[Model], *values: Any) -> None:
    """Execute SQL, see ``execute``, without triggers."""
    with behind_the_back(model) as cursor:
        cursor.execute(fill(statement, model), values)


def fill(statement: str, model: type[Model]) -> str:
    """Write the names of a model's table and of its key into SQL."""
    meta = model._meta
    return statement.format(table=meta.db_table, pk=meta.pk.column)
