"""Triggers by which the database itself refuses to change or delete rows that are kept for ever.

``migrate`` makes them after all migrations, since SQLite drops those of a table that it rebuilds. A migration that
has to write to such rows takes them away first: ``drop_guard``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connections, router, transaction
from django.utils.translation import override

from treatments.models.append_only import AppendOnlyModel, describe_refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

#: The function of PostgreSQL that refuses, with the words for it as its argument. An empty table may be emptied:
#: Django does so between tests.
REFUSE = """
CREATE OR REPLACE FUNCTION treatments_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE has_rows boolean := true;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO has_rows;
    END IF;
    IF has_rows THEN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
#: Vendor → ending of a trigger's name → what it does.
TRIGGERS = {
    "sqlite": {
        "unchanged": "BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, {words}); END",
        "undeleted": "BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, {words}); END",
        # INSERT OR REPLACE deletes a row without any trigger for deletions.
        "unreplaced": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {pk} = NEW.{pk}) "
        "BEGIN SELECT RAISE(ABORT, {words}); END",
    },
    "postgresql": {
        "unchanged": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION treatments_refuse({words})",
        "kept": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION treatments_refuse({words})",
    },
}
FIND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'",
}


def list_guarded_models(connection: BaseDatabaseWrapper) -> list[type[Model]]:
    """Return the models of which a database has append-only tables."""
    tables = set(connection.introspection.table_names())
    return [
        model
        for model in apps.get_models()
        if issubclass(model, AppendOnlyModel)
        and router.allow_migrate_model(connection.alias, model)
        and model._meta.db_table in tables
    ]


def has_guard(connection: BaseDatabaseWrapper, model: type[Model]) -> bool:
    """Tell whether a table has all triggers that its database can have."""
    wanted = TRIGGERS.get(connection.vendor, {})
    if not wanted:
        return True
    table = model._meta.db_table
    name = table if connection.vendor == "sqlite" else connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(FIND[connection.vendor], [name])
        found = {row[0] for row in cursor.fetchall()}
    return {f"{table}_{ending}" for ending in wanted} <= found


def make_guard(connection: BaseDatabaseWrapper, model: type[Model]) -> None:
    """Make the triggers of a table anew."""
    meta, quote = model._meta, connection.ops.quote_name
    # Not in the language of whoever migrates.
    with override("en"):
        words = "'" + describe_refusal(model).replace("'", "''") + "'"
    with transaction.atomic(using=connection.alias):
        drop_guard(connection, meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(REFUSE)
            for ending, text in TRIGGERS.get(connection.vendor, {}).items():
                action = text.format(
                    table=quote(meta.db_table),
                    pk=quote(str(meta.pk.column)),
                    words=words,
                )
                name = quote(f"{meta.db_table}_{ending}")
                cursor.execute(f"CREATE TRIGGER {name} {action}")


def drop_guard(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers of a table away."""
    quote = connection.ops.quote_name
    suffix = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for ending in TRIGGERS.get(connection.vendor, {}):
            name = quote(f"{table}_{ending}")
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


@contextmanager
def lift_guards(
    connection: BaseDatabaseWrapper, models: Iterable[type[Model]]
) -> Generator[None]:
    """Allow changes and deletions of rows of some tables inside."""
    models = list(models)
    for model in models:
        drop_guard(connection, model._meta.db_table)
    try:
        yield
    finally:
        for model in models:
            make_guard(connection, model)


def guard_after_migrate(app_config: Any, using: str, **kwargs: Any) -> None:
    """Make the triggers that are missing from the tables of an app."""
    connection = connections[using]
    for model in list_guarded_models(connection):
        is_own = model._meta.app_config is app_config
        if is_own and not has_guard(connection, model):
            make_guard(connection, model)
