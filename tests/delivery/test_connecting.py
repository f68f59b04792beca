"""A read on a connection that is no more: it is repeated on a new one, and nothing else is."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection

from tests import factories
from tests.delivery.conftest import ARTICLES
from treatments.delivery import connecting, read_functions


class LostConnection:
    """A database wrapper whose connection breaks at the first query."""

    def __init__(self, *, is_usable=False, in_atomic_block=False):
        self.connection = object()
        self.in_atomic_block = in_atomic_block
        self.health_check_done = False
        self.asked = self.closed = 0
        self.is_usable = lambda: is_usable

    def ask(self):
        self.asked += 1
        if self.asked == 1:
            raise OperationalError("server closed the connection unexpectedly")
        return "answer"

    def close(self):
        self.closed += 1


def test_a_lost_connection_is_replaced_and_asked_once_more(monkeypatch):
    lost = LostConnection()
    monkeypatch.setattr(connecting, "connection", lost)
    assert connecting.read(lost.ask) == "answer"
    assert (lost.asked, lost.closed) == (2, 1)


@pytest.mark.parametrize("state", ["is_usable", "in_atomic_block"])
def test_nothing_is_asked_twice_in_a_transaction_or_where_the_connection_works(
    monkeypatch, state
):
    lost = LostConnection(**{state: True})
    monkeypatch.setattr(connecting, "connection", lost)
    with pytest.raises(OperationalError):
        connecting.read(lost.ask)
    assert (lost.asked, lost.closed) == (1, 0)


@pytest.mark.usefixtures("committing")
def test_a_read_does_not_have_django_ask_the_connection_first(client, monkeypatch):
    article = factories.create_article(factories.create_site().index)
    url = f"{ARTICLES}/{article.pk}/"
    assert client.get(url).status_code == 200
    checks = []
    monkeypatch.setattr(connection, "health_check_enabled", True)
    monkeypatch.setattr(connection, "is_usable", lambda: checks.append(True) or True)
    connection.health_check_done = False
    assert client.get(url).status_code == 200
    assert not checks


@pytest.mark.needs_postgresql
@pytest.mark.usefixtures("committing")
@pytest.mark.parametrize("address", [ARTICLES, "/api/v2/pages"])
@pytest.mark.parametrize("knows_functions", [True, False])
def test_a_reader_does_not_notice_that_the_server_has_closed_the_connection(
    client, address, knows_functions
):
    article = factories.create_article(factories.create_site().index)
    url = f"{address}/{article.pk}/"
    for _ in range(3):
        before = client.get(url)
    assert not read_functions._missing
    if not knows_functions:
        read_functions.forget()
    assert connection.connection is not None
    given = connection.get_connection_params()
    given = {
        name: given[name]
        for name in ("dbname", "user", "password", "host", "port")
        if given.get(name)
    }
    with psycopg.connect(**given, autocommit=True) as other:
        pid = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    after = client.get(url)
    assert after.status_code == 200
    assert after.content == before.content
    assert connection.connection.info.backend_pid != pid
