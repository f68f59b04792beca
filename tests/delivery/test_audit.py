"""What auditors find: the check of all documents, and signed exports of the heads of the chains."""

from __future__ import annotations

import base64
import json
import subprocess

import pytest

from tests import past
from tests.delivery.commands import fail, run
from treatments.delivery.models import Document, Ledger, Version
from treatments.models.chains import hash_row
from treatments.review.models import Decision, DecisionHead

pytestmark = pytest.mark.django_db
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER_KEY = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="


@pytest.fixture
def key(settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "AUDIT_KEY": KEY}


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
