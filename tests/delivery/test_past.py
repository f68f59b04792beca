"""What is kept for ever cannot be changed unnoticed: triggers and chains of hashes."""

from __future__ import annotations

import threading

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.state import ModelState, ProjectState

from tests import past
from tests.delivery.commands import fail, run
from treatments.delivery.models import Ledger, Version
from treatments.models.append_only import AppendOnlyError
from treatments.models.chains import chain_rows, find_flaws, hash_row
from treatments.models.triggers import drop_guard, guard_after_migrate, has_guard
from treatments.review.models import Decision, DecisionHead

pytestmark = pytest.mark.django_db

MODELS = [Version, Decision]


def describe(model):
    return [(flaw.pk, flaw.problem) for flaw in find_flaws(model)]


# The database refuses


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET locale = 'es'",
        "UPDATE {table} SET {pk} = {pk} + 10",
        "UPDATE {table} SET chain_hash = ''",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE {pk} = 2",
    ],
)
def test_the_database_refuses_to_change_and_to_delete(model, statement):
    past.append(model, 2)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        past.execute(statement, model)
    assert describe(model) == []
    assert model.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite")
@pytest.mark.parametrize("model", MODELS)
def test_sqlite_refuses_to_replace(model):
    past.append(model, 2)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        past.execute("REPLACE INTO {table} SELECT * FROM {table}", model)
    assert describe(model) == []


@pytest.mark.needs_postgresql
@pytest.mark.parametrize("model", MODELS)
def test_postgresql_refuses_to_truncate_what_has_rows(model):
    past.execute("TRUNCATE {table}", model)
    past.append(model, 2)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        past.execute("TRUNCATE {table}", model)
    assert model.objects.count() == 2


@pytest.mark.needs_postgresql
def test_postgresql_refuses_to_change_on_conflict():
    past.append(Decision, 1)

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        past.execute(
            "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({pk}) DO UPDATE SET name = 'Other'",
            Decision,
        )


@pytest.mark.parametrize("model", MODELS)
def test_a_migration_that_lost_the_triggers_gets_them_back(model):
    drop_guard(connection, model._meta.db_table)
    assert not has_guard(connection, model)
    assert "its triggers are missing" in fail("verify_audit")
    assert "its triggers are missing" in fail("check_documents")

    guard_after_migrate(model._meta.app_config, connection.alias)

    assert has_guard(connection, model)
    run("verify_audit")


def test_rows_are_added_one_by_one():
    with pytest.raises(AppendOnlyError):
        Version.objects.bulk_create([past.build_version()])


# A test's flush


def test_flush_deletes_nothing_that_is_kept_for_ever(committing, settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "ALLOW_FLUSH": False}
    run("flush", interactive=False, inhibit_post_migrate=True)
    past.append(Version, 2)

    assert "ALLOW_FLUSH" in fail("flush", interactive=False)
    assert describe(Version) == []
    assert Version.objects.count() == 2

    settings.TREATMENTS = {**settings.TREATMENTS, "ALLOW_FLUSH": True}
    run("flush", interactive=False, inhibit_post_migrate=True)
    assert not Version.objects.exists()
    assert has_guard(connection, Version)
    past.append(Version, 1)
    assert describe(Version) == []


# The chain


@pytest.mark.parametrize(
    ("build", "digest"),
    [
        (
            past.build_version,
            "3a8b19cc1b2d66fb8e6238ff4bb62b62ca47e11c0cd275141f8dd6bb536068c1",
        ),
        (
            past.build_decision,
            "fec11ffaae524ac02d9126df825016f1bdb33016241049358edf0f53112c0cb0",
        ),
    ],
)
def test_a_hash_is_the_same_for_ever(build, digest):
    """Rows have been chained by it: a new column takes null, and nothing else may change it."""
    assert hash_row(build(pk=3), "previous") == digest


@pytest.mark.parametrize("model", MODELS)
def test_a_row_has_the_same_hash_before_and_after_it_is_stored(model):
    rows = past.append(model, 3)

    assert [row.pk for row in rows] == [1, 2, 3]
    assert len({row.chain_hash for row in rows}) == 3
    assert describe(model) == []


def test_numbers_and_strange_texts_keep_their_hash():
    strange = {"b": [1.0, 1e20, 0.1, None], "a": {"é\\": "\u2028"}, "2": True}
    past.build_version(facets=strange, note="a\r\n\ud7ff", body=b"\x00\xff").save()

    assert describe(Version) == []


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "change",
    [
        "page_id = 99",
        "locale = ''",
        "translation_key = 'bbbbbbbb11114111811111111111111b'",
    ],
)
def test_a_changed_row_is_found_and_named(model, change):
    past.append(model, 4)
    past.tamper("UPDATE {table} SET " + change + " WHERE {pk} = 2", model)  # noqa: S608

    assert describe(model) == [(2, "It is not as it was written.")]


@pytest.mark.parametrize(
    "change",
    [
        "body = %s",
        "public_from = '2026-05-01 12:30:15.123457+00'",
        "created_at = '2026-05-01 12:30:16+00'",
        "site_id = 1",
        "note = ' '",
        "etag = 'x'",
        "chain_hash = ''",
    ],
)
def test_every_column_of_a_version_counts(change):
    past.append(Version, 3)
    values = [b"other"] if "%s" in change else []
    statement = "UPDATE {table} SET " + change + " WHERE {pk} = 1"  # noqa: S608
    past.tamper(statement, Version, *values)

    assert describe(Version)[0] == (1, "It is not as it was written.")


@pytest.mark.parametrize("model", MODELS)
def test_a_removed_row_is_found(model):
    past.append(model, 4)
    past.tamper("DELETE FROM {table} WHERE {pk} IN (2, 3)", model)

    ((pk, problem),) = describe(model)
    assert pk == 4
    assert "between 1 and 4 is missing" in problem


@pytest.mark.parametrize("model", MODELS)
def test_a_removed_last_row_is_found(model):
    past.append(model, 3)
    past.tamper("DELETE FROM {table} WHERE {pk} = 3", model)

    assert describe(model) == [(3, "It was the last one, and is missing.")]


@pytest.mark.parametrize("model", MODELS)
def test_a_row_that_somebody_added_is_found(model):
    rows = past.append(model, 2)
    forged = past.BUILDERS[model](pk=3)
    forged.chain_hash = hash_row(forged, rows[-1].chain_hash)
    forged.save_base(raw=True, force_insert=True)

    assert describe(model) == [(3, "It was added past the application.")]


@pytest.mark.parametrize(
    ("model", "head"), [(Version, Ledger), (Decision, DecisionHead)]
)
def test_rows_of_an_older_release_are_chained_in_their_order(model, head):
    rows = past.append(model, 5)
    before = [row.chain_hash for row in rows]
    past.tamper("DELETE FROM {table} WHERE {pk} = 4", model)
    past.tamper("UPDATE {table} SET chain_hash = ''", model)
    head.objects.all().delete()
    drop_guard(connection, model._meta.db_table)

    state = ProjectState()
    for each in (model, head):
        state.add_model(ModelState.from_model(each))
    chain_rows(*(state.apps.get_model(each._meta.label) for each in (model, head)))

    guard_after_migrate(model._meta.app_config, connection.alias)
    after = list(model.objects.order_by("pk").values_list("chain_hash", flat=True))
    assert after[:3] == before[:3]
    assert describe(model) == []
    added = past.BUILDERS[model]()
    added.save()
    assert added.pk == 6
    assert describe(model) == []


@pytest.mark.needs_postgresql
@pytest.mark.parametrize("model", MODELS)
def test_parallel_writers_keep_one_chain(committing, model):
    failures = []

    def write():
        try:
            for _ in range(5):
                with transaction.atomic():
                    past.BUILDERS[model]().save()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    rows = model.objects.order_by("pk").values_list("pk", flat=True)
    assert list(rows) == list(range(1, 21))
    assert describe(model) == []


def test_a_version_that_is_rolled_back_leaves_no_gap():
    past.append(Version, 1)
    with transaction.atomic():
        past.build_version().save()
        transaction.set_rollback(True)
    past.append(Version, 1)

    assert [row.pk for row in Version.objects.order_by("pk")] == [1, 2]
    assert describe(Version) == []


def test_a_dump_and_a_load_keep_the_chain(committing, tmp_path):
    past.append(Version, 2)
    past.append(Decision, 2)
    file = tmp_path / "dump.xml"
    call_command(
        "dumpdata",
        "treatments_delivery",
        "treatments_review",
        format="xml",
        output=str(file),
    )
    run("flush", interactive=False, inhibit_post_migrate=True)
    call_command("loaddata", str(file), verbosity=0)

    run("verify_audit")
    past.append(Decision, 1)
    run("verify_audit")
