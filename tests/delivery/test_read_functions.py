"""The functions of PostgreSQL that read a document, and the documents that a process holds."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.delivery.conftest import ARTICLES
from treatments.delivery import read_functions, reading

HOST = ("testserver", 80)


@pytest.fixture
def page(index):
    return factories.create_article(index)


@pytest.fixture
def _unknown():
    """Have the process not know whether there are functions."""
    read_functions._known.clear()
    yield
    read_functions._known.clear()


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
@pytest.mark.parametrize("column", ["body", "body_gzip", "body_br", "card"])
def test_a_function_gives_what_the_query_gives(client, page, column):
    path = client.get(f"{ARTICLES}/{page.pk}/").json()["path"]
    for lookup, value in (("page_id", page.pk), ("path", path)):
        with CaptureQueriesContext(connection) as queries:
            found = reading.find(HOST, lookup, value, column, "")
        assert f"_by_{lookup}_" in queries[-1]["sql"]
        read_functions._known[connection.alias] = False
        try:
            with CaptureQueriesContext(connection) as queries:
                plain = reading.find(HOST, lookup, value, column, "")
            assert "LEFT JOIN" in queries[-1]["sql"]
        finally:
            read_functions._known.clear()
        assert found == plain
        assert found[0].is_public
        known = reading.find(HOST, lookup, value, column, found[0].etag)
        assert known[0].content is None


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_a_database_without_functions_is_read_all_the_same(client, page):
    expected = client.get(f"{ARTICLES}/{page.pk}/").content
    read_functions._known.clear()
    drop_functions()
    # Inside a transaction, which must go on.
    assert client.get(f"{ARTICLES}/{page.pk}/").content == expected
    assert read_functions._known == {connection.alias: False}
    read_functions.create_after_migrate(connection.alias)
    assert client.get(f"{ARTICLES}/{page.pk}/").content == expected
    assert read_functions._known == {connection.alias: True}


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_another_error_is_no_missing_function(page, monkeypatch):
    monkeypatch.setattr(
        reading,
        "get_parameters",
        lambda *_args: {
            "known": "",
            "now": "no time",
            "hostname": "",
            "port": 80,
            "recipe": "",
        },
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        reading.find(HOST, "page_id", page.pk, "body", "")
    assert connection.alias not in read_functions._known


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("_unknown")
@pytest.mark.django_db
def test_a_role_that_may_not_make_functions_can_migrate(monkeypatch, caplog):
    def refuse(_connection):
        raise ProgrammingError("permission denied")

    monkeypatch.setattr(read_functions, "create_functions", refuse)
    read_functions.create_after_migrate(connection.alias)
    assert "cannot be made" in caplog.text


def test_each_query_has_a_function_of_its_own():
    names = {
        read_functions.get_name(lookup, "body", f"SELECT {number}")
        for lookup in read_functions.LOOKUPS
        for number in (1, 2)
    }
    assert len(names) == 4
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
