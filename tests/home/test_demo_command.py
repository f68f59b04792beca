"""The command of the demonstration: its accounts, and what it says."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry, Site

from home.demo.accounts import ACCOUNTS
from home.demo.removal import remove
from home.management.commands import load_demo
from tests.home.small_demo import read_rows

pytestmark = pytest.mark.django_db


def test_accounts_are_refused_on_a_public_server(folder, settings):
    settings.DEBUG = False
    before = read_rows()
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demo", "--with-accounts", stdout=StringIO())
    assert read_rows() == before


def test_accounts_belong_to_their_groups_and_open_the_admin(loaded, settings, client):
    settings.DEBUG = True
    output = StringIO()
    call_command("load_demo", "--with-accounts", stdout=output)
    for account in ACCOUNTS:
        user = get_user_model().objects.get(username=account.username)
        assert set(user.groups.values_list("name", flat=True)) == set(account.groups)
        assert client.login(username=account.username, password=account.password)
        assert user.has_perm("wagtailadmin.access_admin")
        assert f"{account.username:<12} {account.password}" in output.getvalue()


def test_an_account_of_somebody_else_is_not_changed(loaded, settings):
    settings.DEBUG = True
    own = get_user_model().objects.create_user("editor", password="my own secret")  # noqa: S106
    output = StringIO()
    call_command("load_demo", "--with-accounts", stdout=output)
    own.refresh_from_db()
    assert own.check_password("my own secret")
    assert "demo-editor" not in output.getvalue()
    remove()
    assert get_user_model().objects.get() == own


def test_the_command_says_what_to_open(folder):
    output = StringIO()
    call_command("load_demo", "--port", "8123", stdout=output)
    for address in (
        "/en/",
        "/es/",
        "/admin/",
        "/api/v2/pages/?type=treatments.TreatmentPage&locale=es&fields=*",
        "/api/v3/docs/",
    ):
        assert f"http://127.0.0.1:8123{address}\n" in output.getvalue()
    assert Site.objects.get().port == 8123
    again = StringIO()
    call_command("load_demo", "--port", "8123", stdout=again)
    assert "nothing was changed" in again.getvalue()
    removed = StringIO()
    call_command("load_demo", "--remove", stdout=removed)
    assert "Removed 8 pages" in removed.getvalue()
    assert not ModelLogEntry.objects.filter(data__has_key="demonstration").exists()


def test_each_part_is_named_as_it_begins(loaded, monkeypatch):
    called, output = [], StringIO()
    monkeypatch.setattr(
        load_demo, "call_command", lambda name, **options: called.append(name)
    )
    call_command("load_demo", "--migrate", stdout=output)
    assert called == ["migrate"]
    lines = [line for line in output.getvalue().splitlines() if line[:1] != " "]
    assert lines[:2] == ["Preparing the database.", "Loading the demo content."]
    assert re.findall(r"^  Done in \d+ seconds\.$", output.getvalue(), re.M)[1:]
    output = StringIO()
    call_command("load_demo", stdout=output)
    assert called == ["migrate"]
    assert "database" not in output.getvalue()
