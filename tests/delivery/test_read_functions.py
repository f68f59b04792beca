"""The functions of PostgreSQL that read a document, and the documents that a process holds."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.delivery.conftest import ARTICLES
from treatments.api.resolve.sites import get_host
from treatments.delivery import function_upkeep, read_functions, reading

HOST = ("testserver", 80)


@pytest.fixture
def page(index):
    return factories.create_article(index)


@pytest.fixture
def _unknown():
    """Have the process not know whether there are functions."""
    read_functions.forget()
    yield
    read_functions.forget()


def drop_functions():
    with connection.cursor() as cursor:
        for name in reading.describe_functions():
            cursor.execute(
                "SELECT format('DROP FUNCTION %%s', oid::regprocedure) FROM pg_proc WHERE proname = %s",
                [name],
            )
            cursor.execute(cursor.fetchone()[0])


@pytest.mark.needs_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("column", ["body", "body_gzip", "body_br", "card", "ledger"])
def test_a_function_gives_what_the_query_gives(client, page, column):
    path = client.get(f"{ARTICLES}/{page.pk}/").json()["path"]
    for lookup, value in (("page_id", page.pk), ("path", path)):
        with CaptureQueriesContext(connection) as queries:
            found = reading.find(HOST, lookup, value, column, "")
        assert f"_by_{lookup}_" in queries[-1]["sql"]
        read_functions._missing[connection.alias] = float("inf")
        try:
            with CaptureQueriesContext(connection) as queries:
                plain = reading.find(HOST, lookup, value, column, "")
            assert "LEFT JOIN" in queries[-1]["sql"]
        finally:
            read_functions.forget()
        assert found == plain
        assert found[0].is_public
        known = reading.find(HOST, lookup, value, column, found[0].etag)
        assert known[0].content is None


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_a_database_without_functions_is_read_all_the_same(client, page):
    expected = client.get(f"{ARTICLES}/{page.pk}/").content
    read_functions.forget()
    drop_functions()
    # Inside a transaction, which must go on.
    assert client.get(f"{ARTICLES}/{page.pk}/").content == expected
    assert uses_functions(client, page) is False
    function_upkeep.create_after_migrate(connection.alias)
    assert client.get(f"{ARTICLES}/{page.pk}/").content == expected
    assert uses_functions(client, page) is True


def uses_functions(client, page):
    """Tell whether an article is read by a function, in one query."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{ARTICLES}/{page.pk}/").status_code == 200
    assert len(queries) == 1
    return "treatments_read_" in queries[0]["sql"]


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_functions_that_another_process_makes_are_found_after_a_while(
    client, page, monkeypatch
):
    drop_functions()
    client.get(f"{ARTICLES}/{page.pk}/")
    # Not create_after_migrate(): another process has migrated.
    function_upkeep.create_functions(connection)
    assert uses_functions(client, page) is False
    later = monotonic() + read_functions.RETRY_AFTER
    monkeypatch.setattr(read_functions, "monotonic", lambda: later)
    client.get(f"{ARTICLES}/{page.pk}/")
    assert uses_functions(client, page) is True


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_functions_that_disappear_fail_one_transaction_at_most(client, page):
    client.get(f"{ARTICLES}/{page.pk}/")
    assert uses_functions(client, page) is True
    drop_functions()
    with pytest.raises(ProgrammingError), transaction.atomic():
        reading.find(HOST, "page_id", page.pk, "body", "")
    assert uses_functions(client, page) is False


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_a_role_that_may_not_use_functions_reads_all_the_same(client, page):
    expected = client.get(f"{ARTICLES}/{page.pk}/").content
    assert uses_functions(client, page) is True
    read_functions.forget()
    with become_role() as execute:
        execute("RESET ROLE")
        for name in reading.describe_functions():
            execute(f"REVOKE EXECUTE ON FUNCTION {name} FROM PUBLIC")
        execute("SET LOCAL ROLE {role}")
        assert client.get(f"{ARTICLES}/{page.pk}/").content == expected
        assert uses_functions(client, page) is False


@contextmanager
def become_role():
    """Be a role that may read tables and nothing else; gives a function that executes SQL with its ``{role}``."""
    role = f"reads_{uuid4().hex}"
    with connection.cursor() as cursor:

        def execute(sql):
            cursor.execute(sql.format(role=role))

        execute("CREATE ROLE {role}")
        execute("GRANT USAGE ON SCHEMA public TO {role}")
        execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        execute("SET LOCAL ROLE {role}")
        yield execute
        execute("RESET ROLE")


@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
@pytest.mark.parametrize("port", ["99999999999", "9" * 20, "9" * 5000])
def test_no_port_ends_the_use_of_functions(client, page, port):
    address = f"{ARTICLES}/{page.pk}/"
    expected = client.get(address).content
    # Gunicorn on a Unix socket takes the port from what the client has written.
    answer = client.get(address, SERVER_PORT=port)
    assert answer.content == expected
    assert client.get(f"{ARTICLES}/", SERVER_PORT=port).status_code == 200
    if connection.vendor == "postgresql":
        assert uses_functions(client, page) is True


@pytest.mark.parametrize(
    ("port", "expected"), [("8080", 8080), ("unknown", 0), ("", 0), ("9" * 5000, 0)]
)
def test_what_can_be_no_port_is_none(rf, settings, port, expected):
    settings.USE_X_FORWARDED_PORT = True
    request = rf.get("/", headers={"host": "testserver", "x-forwarded-port": port})
    assert get_host(request) == ("testserver", expected)


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_another_error_is_no_missing_function(page, monkeypatch):
    monkeypatch.setattr(
        reading,
        "get_parameters",
        lambda *_args: {
            "known": "",
            "hostname": "",
            "port": 80,
            "now": "no time",
            "recipe": "",
        },
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        reading.find(HOST, "page_id", page.pk, "body", "")
    assert not read_functions._missing


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_a_role_that_may_not_make_functions_can_migrate(client, page, caplog):
    expected = client.get(f"{ARTICLES}/{page.pk}/").content
    drop_functions()
    with become_role():
        function_upkeep.create_after_migrate(connection.alias)
        assert "cannot be made" in caplog.text
        assert client.get(f"{ARTICLES}/{page.pk}/").content == expected
        assert uses_functions(client, page) is False


def test_each_function_has_a_name_of_its_own(monkeypatch):
    names = {
        read_functions.write_function(lookup, "body", f"SELECT {number}", answer)[0]
        for lookup in read_functions.LOOKUPS
        for number in (1, 2)
        for answer in ("a text", "a bigint")
    }
    assert len(names) == 8
    before = read_functions.write_function("path", "body", "SELECT 1", "a text")
    monkeypatch.setitem(read_functions.PARAMETERS, "port", "bigint")
    after = read_functions.write_function("path", "body", "SELECT 1", "a text")
    assert before[0] != after[0]
    assert all(len(name) < 64 for name in reading.describe_functions())


@pytest.mark.django_db
def test_bytes_that_are_held_are_not_sent_by_the_database(client, page):
    address = f"{ARTICLES}/{page.pk}/"
    first = client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).content == first.content
    assert first["ETag"].strip('"') in queries[0]["sql"]
    page.title = "Another title"
    factories.publish(page)
    again = client.get(address)
    assert again.json()["title"] == "Another title"
    assert again["ETag"] != first["ETag"]
    page.unpublish()
    assert client.get(address).status_code == 410


@pytest.mark.django_db
def test_each_encoding_is_held_by_itself(client, page):
    address = f"{ARTICLES}/{page.pk}/"
    answers = {
        name: [
            client.get(address, headers={"Accept-Encoding": name}).content
            for _time in range(2)
        ]
        for name in ("identity", "gzip", "br")
    }
    assert all(first == again for first, again in answers.values())
    assert len({first for first, _again in answers.values()}) == 3
