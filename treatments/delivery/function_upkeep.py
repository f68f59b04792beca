"""Makes the functions that read documents, after each migration."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import ProgrammingError, connections, transaction

from treatments.delivery.models import Document
from treatments.delivery.read_functions import forget
from treatments.delivery.reading import describe_functions

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)


def create_functions(connection: BaseDatabaseWrapper) -> None:
    """Make the functions that a database does not have yet."""
    with connection.cursor() as cursor:
        for name, statement in describe_functions().items():
            cursor.execute("SELECT to_regproc(%s)", [name])
            if cursor.fetchone()[0] is None:
                cursor.execute(statement)


def create_after_migrate(using: str, **kwargs: Any) -> None:
    """Make the functions in a database that has the tables."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    if Document._meta.db_table not in connection.introspection.table_names():
        return
    try:
        with transaction.atomic(using=using):
            create_functions(connection)
    except ProgrammingError:
        # A role that may make tables but no functions: reads are slower, and right.
        logger.exception("The functions that read documents cannot be made.")
    forget(using)
