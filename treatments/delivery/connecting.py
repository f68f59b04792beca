"""A read that finds out by itself whether the connection to the database still works."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import InterfaceError, OperationalError, connection

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


def read(ask: Callable[[], Answer]) -> Answer:
    """Return what a query gives that changes nothing, on a new connection where the old one has broken.

    With ``CONN_HEALTH_CHECKS`` Django sends a query of its own before the first one of a request, which
    takes as long as the read of a document. A read can be repeated instead: its success is the check, and
    Django does not make another one in this request.

    Args:
        ask: Sends the query; called a second time where the connection is lost.
    """
    used = connection.connection
    if used is None or connection.in_atomic_block:
        return ask()
    connection.health_check_done = True  # ty: ignore[missing-attribute]
    try:
        return ask()
    except (OperationalError, InterfaceError):
        # A transaction that has failed can have replaced it already.
        if connection.connection is used:
            if connection.is_usable():
                raise
            connection.close()
        return ask()
