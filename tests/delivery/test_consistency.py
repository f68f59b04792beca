"""Editors and readers at once, over several processes, on PostgreSQL: nobody reads what is out of date.

``CONSISTENCY_SECONDS`` says for how long; the tests of every day are short.
"""

from __future__ import annotations

import io
import os
import queue

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import factories, live_server
from tests.delivery import consistency
from tests.delivery.consistency_board import Plan
from treatments.delivery.building import refresh_marked
from treatments.delivery.models import Change, Ledger, Mark, Version
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.needs_postgresql

database = live_server.database
SECONDS = float(os.environ.get("CONSISTENCY_SECONDS", "8"))
ARTICLES = 2


@pytest.fixture
def plan(database, settings):
    """Return a site with an article, a term and a section for each editor."""
    home = factories.create_site()
    image = factories.create_image()
    plan = Plan(
        pages=[],
        terms=[],
        sections=[],
        others=[],
        image=image.pk,
        seconds=SECONDS,
        database_url=build_url(),
        # Each process has a cache of its own: the harder case.
        environment={"MEDIA_ROOT": str(settings.MEDIA_ROOT), "REDIS_URL": ""},
    )
    for number in range(ARTICLES):
        section = create_section(home, f"section-{number}-0")
        plan.others.append(create_section(home, f"other-{number}").pk)
        term = factories.create_term(f"term {number}", definition="<p>number 0</p>")
        page = factories.create_article(
            section,
            title=f"Article {number}",
            summary="number 0",
            hero_image=image,
            hero_image_alt="A drawing",
            intro=f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>',
        )
        plan.pages.append(page.pk)
        plan.terms.append(term.pk)
        plan.sections.append(section.pk)
    return plan


def create_section(home, slug):
    home.refresh_from_db()
    section = home.add_child(
        instance=TreatmentIndexPage(title=slug, slug=slug, locale=home.locale)
    )
    return factories.publish(section)


def build_url() -> str:
    """Return the URL of the database of this test, for other processes."""
    values = connection.settings_dict
    credentials = values["USER"]
    if values["PASSWORD"]:
        credentials = f"{credentials}:{values['PASSWORD']}"
    place = f"{values['HOST']}:{values['PORT']}" if values["PORT"] else values["HOST"]
    return f"postgres://{credentials}@{place}/{values['NAME']}"


def get_failures(board) -> list[str]:
    found = []
    while True:
        try:
            found.append(board.failures.get(timeout=0.2))
        except queue.Empty:
            return found


@pytest.mark.parametrize("kill", [False, True], ids=["alive", "killed"])
def test_nobody_reads_what_is_out_of_date(plan, client, kill):
    board = consistency.run(plan, readers=2, kill=kill)
    print(  # noqa: T201 - what a long run shows
        f"\n{sum(board.writes)} writes, {sum(board.reads)} reads, {board.builds.value} documents built by the builder, "
        f"{Ledger.objects.get().position} versions, {sum(board.refused)} writes refused, {board.kills} processes killed"
    )
    assert get_failures(board) == []
    assert sum(board.writes) >= 5
    # A deadlock now and then; more would hide that nobody writes any more.
    assert sum(board.refused) <= 2 + sum(board.writes) / 10, board.reason.value
    assert sum(board.reads) >= 5
    refresh_marked()
    assert not Mark.objects.exists()
    assert not Change.objects.filter(generation__isnull=True).exists()
    call_command("check_documents", stdout=io.StringIO(), stderr=io.StringIO())
    check_feed(client)


def check_feed(client) -> None:
    """Replay the feed from zero: it gives what is public, and has no gap."""
    state, since, positions = {}, 0, []
    while True:
        part = client.get(
            "/api/v3/articles/changes/", {"since": since, "limit": 100}
        ).json()
        for change in part["items"]:
            positions.append(change["position"])
            if change["kind"] == "withdrawn":
                state.pop(change["id"])
            else:
                state[change["id"]] = change["etag"]
        since = part["next"]
        if not part["has_more"]:
            break
    assert positions == list(range(1, Version.objects.count() + 1))
    manifest = client.get("/api/v3/articles/manifest/").json()["items"]
    assert state == {entry["id"]: entry["etag"] for entry in manifest}


def test_several_processes_build_what_is_marked(plan, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", plan.database_url)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    monkeypatch.setenv("REDIS_URL", "")
    out = io.StringIO()
    call_command("rebuild_documents", processes=2, stdout=out, stderr=io.StringIO())
    assert f"{ARTICLES} documents were built." in out.getvalue()
    assert not Mark.objects.exists()
    call_command("check_documents", stdout=io.StringIO(), stderr=io.StringIO())
    # A process that cannot start is reported, and waited for no longer.
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:9/nothing")
    with pytest.raises(CommandError, match="2 of 2 processes have died"):
        call_command("rebuild_documents", processes=2, stdout=out, stderr=io.StringIO())
