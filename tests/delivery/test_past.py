"""What is kept for ever cannot be changed unnoticed: triggers, chains of hashes, signed exports."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.state import ModelState, ProjectState

from tests import past
from treatments.append_only import AppendOnlyError
from treatments.chains import chain_rows, find_flaws, hash_row
from treatments.delivery.models import Document, Ledger, Version
from treatments.guards import drop_guard, guard_after_migrate, has_guard
from treatments.review.models import Decision, DecisionHead

pytestmark = pytest.mark.django_db

MODELS = [Version, Decision]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="


def run(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def fail(command, *args, **options):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(command, *args, stdout=out, stderr=out, **options)
    return f"{out.getvalue()}{caught.value}"


def describe(model):
    return [(flaw.pk, flaw.problem) for flaw in find_flaws(model)]


@pytest.fixture
def key(settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "AUDIT_KEY": KEY}


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


# The commands


def test_check_documents_names_what_was_changed(page, read):
    read(page.pk)
    past.append(Version, 1)
    past.append(Decision, 2)
    assert "1 documents are" in run("check_documents")

    past.tamper("UPDATE {table} SET title = 'Other' WHERE {pk} = 1", Version)
    past.tamper("UPDATE {table} SET name = 'Other' WHERE {pk} = 2", Decision)

    said = fail("check_documents")
    assert "Published version 1: It is not as it was written." in said
    assert "Published version 1: Its document has another title." in said
    assert f"Article {page.pk}: Its version has another title." in said
    assert "Decision 2: It is not as it was written." in said
    assert "Nothing repairs them but a backup." in said


def test_check_documents_looks_into_bodies_that_were_changed_before_they_had_hashes(
    page, read
):
    read(page.pk)
    version = Version.objects.get()
    version.etag = "0" * 64
    digest = hash_row(version, "")
    past.tamper(
        "UPDATE {table} SET etag = %s, chain_hash = %s", Version, version.etag, digest
    )
    Ledger.objects.update(chain_hash=digest)

    said = fail("check_documents")
    assert "Published version 1: Its hash is that of another document." in said
    assert "as it was written" not in said


def test_check_documents_compares_times(page, read):
    read(page.pk)
    Document.objects.update(public_from=past.MOMENT)

    assert "Its version has another public_from." in fail("check_documents")


def test_check_documents_survives_bytes_that_are_none(page, read):
    read(page.pk)
    Document.objects.update(body_gzip=b"\x00")
    past.tamper("UPDATE {table} SET body = %s", Version, b"\x00")

    said = fail("check_documents")
    assert f"Article {page.pk}: Its bytes cannot be read." in said
    assert "Published version 1: Its document cannot be read." in said


# An auditor


def test_nothing_is_exported_without_a_key():
    assert "AUDIT_KEY" in fail("export_audit")


def test_an_export_holds_both_heads(key):
    versions, decisions = past.append(Version, 2), past.append(Decision, 1)

    export = json.loads(run("export_audit"))

    assert export["payload"]["chains"] == {
        "treatments_delivery.version": {
            "position": 2,
            "count": 2,
            "hash": versions[-1].chain_hash,
        },
        "treatments_review.decision": {
            "position": 1,
            "count": 1,
            "hash": decisions[-1].chain_hash,
        },
    }
    assert (
        export["signature"]["public_key"]
        == run("export_audit", public_key=True).strip()
    )


def test_an_auditor_sees_what_came_after_an_export_and_no_change(key, tmp_path):
    file = tmp_path / "audit.json"
    past.append(Version, 2)
    run("export_audit", output=file)
    past.append(Version, 2)
    past.append(Decision, 1)

    assert "Nothing was changed." in run("verify_audit", str(file))


def forge(model, head):
    """Chain all rows anew, as whoever owns the database can."""
    previous, last = "", 0
    for row in model.objects.order_by("pk"):
        previous, last = hash_row(row, previous), row.pk
        past.tamper(
            "UPDATE {table} SET chain_hash = %s WHERE {pk} = %s", model, previous, last
        )
    head.objects.update(position=last, chain_hash=previous)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET page_id = 99 WHERE {pk} = 1",
        "DELETE FROM {table} WHERE {pk} = 3",
        "DELETE FROM {table} WHERE {pk} = 1",
        "DELETE FROM {table}",
    ],
)
@pytest.mark.parametrize(
    ("model", "head"), [(Version, Ledger), (Decision, DecisionHead)]
)
def test_an_auditor_finds_what_was_changed_with_all_hashes(
    key, tmp_path, model, head, statement
):
    file = tmp_path / "audit.json"
    past.append(model, 3)
    run("export_audit", output=file)
    past.tamper(statement, model)
    forge(model, head)

    assert "Nothing was changed." in run("verify_audit")
    assert f"{file}: " in fail("verify_audit", str(file))


def test_nothing_is_exported_of_what_was_changed(key):
    past.append(Decision, 2)
    past.tamper("UPDATE {table} SET name = 'Other' WHERE {pk} = 2", Decision)

    said = fail("export_audit")
    assert "Decision 2: It is not as it was written." in said
    assert "Nothing was exported" in said


def test_an_export_that_somebody_else_signed_is_refused(key, settings, tmp_path):
    file = tmp_path / "audit.json"
    past.append(Version, 1)
    run("export_audit", output=file)
    public_key = run("export_audit", public_key=True).strip()
    settings.TREATMENTS = {**settings.TREATMENTS, "AUDIT_KEY": OTHER_KEY}

    assert "not signed with this key" in fail("verify_audit", str(file))
    run("verify_audit", str(file), public_key=public_key)
    settings.TREATMENTS = {**settings.TREATMENTS, "AUDIT_KEY": None}
    run("verify_audit", str(file), public_key=public_key)
    assert "AUDIT_KEY" in fail("verify_audit", str(file))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"count": 2', '"count": 1', "not signed with this key"),
        ('"payload"', '"other"', "no export"),
        ("{", "", "no export"),
    ],
)
def test_an_export_that_was_changed_is_refused(key, tmp_path, old, new, said):
    file = tmp_path / "audit.json"
    past.append(Version, 2)
    run("export_audit", output=file)
    file.write_text(file.read_text().replace(old, new, 1))

    assert said in fail("verify_audit", str(file))


def test_openssl_verifies_an_export(key, tmp_path):
    """An auditor needs nothing of ours for it, as docs/operators.md shows."""
    export = json.loads(run("export_audit"))
    payload, signature = tmp_path / "payload", tmp_path / "signature"
    payload.write_text(
        json.dumps(export["payload"], sort_keys=True, separators=(",", ":"))
    )
    signature.write_bytes(base64.b64decode(export["signature"]["value"]))
    prefix = bytes.fromhex("302a300506032b6570032100")
    public = tmp_path / "key.der"
    public.write_bytes(prefix + base64.b64decode(export["signature"]["public_key"]))

    result = subprocess.run(  # noqa: S603
        [
            *("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER"),
            *("-inkey", public, "-rawin", "-in", payload, "-sigfile", signature),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Signature Verified Successfully" in result.stdout, result.stderr


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
