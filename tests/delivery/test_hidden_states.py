"""What the table of exits does not ask shows nothing hidden either: redirects, facets, hashes of versions, the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from tests.delivery.public_exits import ARTICLES, EXPECTED, VISIBLE, follow, read

pytestmark = pytest.mark.django_db


def test_a_hidden_version_is_not_given_by_its_hash(client, states):
    for state, etag in states.etags.items():
        assert etag, state
        status = client.get(f"{ARTICLES}/versions/{etag}/").status_code
        assert status == int(EXPECTED[state]["past"]), state


def test_facets_count_what_lists_show(client, states):
    body = client.get(f"{ARTICLES}/?facets=kind,condition,locale").json()
    listed = len(VISIBLE) + 1
    assert body["count"] == listed
    assert [each["count"] for each in body["facets"]["kind"]] == [listed]
    assert [each["count"] for each in body["facets"]["locale"]] == [listed]


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_redirects_show_no_hidden_place(client, states, version):
    listed = client.get(f"/api/{version}/redirects/?limit=100")
    text = read(listed)
    for hidden in ("draft", "private", "scheduled", "belowprivate"):
        assert f"word{hidden}" not in text
    for hidden in ("draft", "private", "scheduled", "below_private"):
        assert f"/to-{hidden}" not in text
    assert "/old-address" in text
    assert "/wordmoved" in text
    shown = {each["id"] for each in listed.json()["items"]}
    for old_path, pk in states.redirects.items():
        expected = 200 if pk in shown else 404
        for address in (f"{pk}/", f"find/?html_path={old_path}", f"find/?id={pk}"):
            answer = follow(client, f"/api/{version}/redirects/{address}")
            assert answer.status_code == expected, (old_path, address)


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize(
    "form", ["/old-address", "/old-address/", "/old-address/?page=2"]
)
def test_a_redirect_is_found_however_its_path_is_written(client, states, version, form):
    address = f"/api/{version}/redirects/find/"
    answer = client.get(address, {"html_path": form})
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert answer.status_code == 200
    assert answer.json()["id"] == states.redirects["/old-address"]
    moved = client.get(f"{ARTICLES}/find/", {"path": form}).json()
    assert moved["moved_to"] == states.cases["public"].path


@pytest.mark.parametrize(
    "address",
    [
        "/api/v2/pages/find/?html_path=",
        "/api/v3/pages/find/?html_path=",
        f"{ARTICLES}/find/?path=",
    ],
)
def test_find_knows_every_page_of_the_sitemap(client, states, address):
    items = client.get("/api/v3/sitemap/?limit=100").json()["items"]
    assert "/en/" in {item["path"] for item in items}
    assert "/en/treatments/" in {item["path"] for item in items}
    for item in items:
        answer = follow(client, f"{address}{item['path']}")
        assert answer.status_code == 200, item["path"]
        body = answer.json()
        assert body.get("path") == item["path"]


def test_an_alias_has_its_own_address_and_the_content_of_its_source(client, states):
    alias, source = states.cases["alias"], states.cases["source"]
    for address in (
        f"{ARTICLES}/{alias.pk}/",
        f"/api/v2/pages/{alias.pk}/",
        f"/api/v3/pages/{alias.pk}/",
    ):
        body = client.get(address).json()
        assert (body["id"], body["path"]) == (alias.pk, alias.path)
        assert body["title"] == f"Title {source.word}"
        assert body["version"]["number"] == 1


def test_the_shell_of_what_is_gone_names_nothing(client, states):
    answer = client.get(states.cases["withdrawn"].path)
    assert answer.status_code == 410
    text = answer.content.decode()
    assert "<main" in text
    assert "Title word" not in text
    assert answer["Cache-Control"] == "no-store"


def test_what_was_private_for_a_moment_is_not_in_the_past(client, states):
    case = states.cases["public"]
    page = Page.objects.get(pk=case.pk)
    address = f"{ARTICLES}/{case.pk}/"
    before = timezone.now()
    restriction = PageViewRestriction.objects.create(
        page=page.get_parent(), restriction_type="login"
    )
    within = timezone.now()
    restriction.delete()
    after = timezone.now() + timedelta(milliseconds=1)
    assert ask(client, address, before) == 200
    assert ask(client, address, within) == 404
    assert client.get(address).status_code == 200
    kinds = [each["kind"] for each in client.get(f"{address}versions/").json()["items"]]
    assert kinds == ["published", "withdrawn", "published"]
    assert ask(client, address, within) == 404
    assert ask(client, address, before) == 200
    while timezone.now() <= after:
        pass
    assert ask(client, address, after) == 200


def test_what_was_below_a_private_page_for_a_moment_is_not_in_the_past(client, states):
    case = states.cases["public"]
    page = Page.objects.get(pk=case.pk)
    home = page.get_parent()
    private = Page.objects.get(slug="hushprivatesection")
    page.move(private, pos="last-child")
    within = timezone.now()
    Page.objects.get(pk=page.pk).move(home, pos="last-child")
    address = f"{ARTICLES}/{case.pk}/"
    assert ask(client, address, within) == 404
    assert client.get(address).status_code == 200


def ask(client: Any, address: str, instant: Any) -> int:
    """Return the status of an article at an instant."""
    text = instant.isoformat().replace("+", "%2B")
    return client.get(f"{address}?as_of={text}").status_code
