"""Every exit answers alike whether a page is public: the table of the contract, state by state."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.api import v2_router
from tests.delivery.public_states import CODE, NOTE, Case, States, create_states
from tests.openapi import get_document
from tests.shared import share
from treatments.api import stores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db

#: What the contract promises of an article in each state.
#:
#: id, path: the answer by its id and by its path.
#: lists: whether it stands in lists, search, facets, feeds and the sitemap.
#: menu: whether it stands in the menu, where an editor has put it.
#: block: the answer to a block of its own by the block's id.
#: past: the answer for an instant, and the list of its versions.
#: told: what is said of one that is gone: its reason, and with it the date, the note and the replacement.
TABLE = """
state                 id   path   lists  menu  block  past  told
public                200  200    yes    yes   200    200   -
source                200  200    yes    yes   200    200   -
below_draft           200  200    yes    yes   200    200   -
moved                 200  moved  yes    yes   200    200   -
draft                 404  404    no     no    404    404   -
scheduled             404  404    no     no    404    404   -
below_private         404  404    no     no    404    404   -
private               410  410    no     no    410    404   nothing
password              410  410    no     no    410    404   nothing
groups                410  410    no     no    410    404   nothing
below_private_later   410  410    no     no    410    404   nothing
withdrawn_and_private 410  410    no     no    410    404   nothing
expired               410  410    no     no    410    404   expired
withdrawn             410  410    no     no    410    404   noted
redirected            410  410    no     no    410    404   replaced
deleted               410  410    no     no    410    404   deleted
taken                 410  200    no     no    410    404   unpublished
alias                 200  200    no     yes   -      404   -
alias_other_language  404  404    no     no    -      404   -
alias_of_withdrawn    410  410    no     no    -      404   noted
alias_of_private      410  410    no     no    -      404   nothing
alias_of_draft        404  404    no     no    -      404   -
"""


def read_table() -> dict[str, dict[str, str]]:
    """Return the table: state → column → cell."""
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


EXPECTED = read_table()
#: The states whose titles may be read.
VISIBLE = {state for state, row in EXPECTED.items() if row["lists"] == "yes"}


@dataclass(frozen=True)
class Exit:
    """A way to ask for an article.

    Attributes:
        column: What the table says of it.
        operations: Names of the operations that answer.
        build: From a case and the site to the address.
    """

    column: str
    operations: tuple[str, ...]
    build: Callable[[Case, States], str]


V2_TYPE = "type=treatments.TreatmentPage"
ARTICLES = "/api/v3/articles"
EXITS = {
    "v2 detail": Exit(
        "id", ("v2:pages:detail",), lambda c, s: f"/api/v2/pages/{c.pk}/"
    ),
    "v2 find by id": Exit(
        "id", ("v2:pages:find",), lambda c, s: f"/api/v2/pages/find/?id={c.pk}"
    ),
    "v3 detail": Exit("id", ("pages_detail",), lambda c, s: f"/api/v3/pages/{c.pk}/"),
    "v3 draft": Exit(
        "id", ("pages_detail",), lambda c, s: f"/api/v3/pages/{c.pk}/?version=draft"
    ),
    "v3 find by id": Exit(
        "id", ("pages_find",), lambda c, s: f"/api/v3/pages/find/?id={c.pk}"
    ),
    "article": Exit("id", ("articles_detail",), lambda c, s: f"{ARTICLES}/{c.pk}/"),
    "part of an article": Exit(
        "id", ("articles_detail",), lambda c, s: f"{ARTICLES}/{c.pk}/?fields=title"
    ),
    "v2 find": Exit(
        "path",
        ("v2:pages:find",),
        lambda c, s: f"/api/v2/pages/find/?html_path={c.path}",
    ),
    "v3 find": Exit(
        "path", ("pages_find",), lambda c, s: f"/api/v3/pages/find/?html_path={c.path}"
    ),
    "article by path": Exit(
        "path", ("articles_find",), lambda c, s: f"{ARTICLES}/find/?path={c.path}"
    ),
    "article by path and query": Exit(
        "path",
        ("articles_find",),
        lambda c, s: f"{ARTICLES}/find/?path={c.path[:-1]}?a=b",
    ),
    "HTML": Exit("path", (), lambda c, s: c.path),
    "v2 list": Exit(
        "lists", ("v2:pages:listing",), lambda c, s: "/api/v2/pages/?limit=100"
    ),
    "v2 articles": Exit(
        "lists",
        ("v2:pages:listing",),
        lambda c, s: f"/api/v2/pages/?{V2_TYPE}&limit=100&fields=*",
    ),
    "v2 search": Exit(
        "lists",
        ("v2:pages:listing",),
        lambda c, s: f"/api/v2/pages/?search={get_shown_word(c)}",
    ),
    "v2 filter": Exit(
        "lists", ("v2:pages:listing",), lambda c, s: f"/api/v2/pages/?slug={c.word}"
    ),
    "v2 descendants": Exit(
        "lists",
        ("v2:pages:listing",),
        lambda c, s: f"/api/v2/pages/?descendant_of={s.index}&limit=100",
    ),
    "v2 index page": Exit(
        "lists", ("v2:pages:detail",), lambda c, s: f"/api/v2/pages/{s.index}/"
    ),
    "v3 list": Exit("lists", ("pages_list",), lambda c, s: "/api/v3/pages/?limit=100"),
    "v3 articles": Exit(
        "lists", ("pages_list",), lambda c, s: f"/api/v3/pages/?{V2_TYPE}&limit=100"
    ),
    "v3 search": Exit(
        "lists",
        ("pages_list",),
        lambda c, s: f"/api/v3/pages/?search={get_shown_word(c)}",
    ),
    "v3 filter": Exit(
        "lists", ("pages_list",), lambda c, s: f"/api/v3/pages/?slug={c.word}"
    ),
    "v3 descendants": Exit(
        "lists",
        ("pages_list",),
        lambda c, s: f"/api/v3/pages/?descendant_of={s.index}&limit=100",
    ),
    "v3 index page": Exit(
        "lists", ("pages_detail",), lambda c, s: f"/api/v3/pages/{s.index}/"
    ),
    "articles": Exit(
        "lists", ("articles_list",), lambda c, s: f"{ARTICLES}/?limit=100"
    ),
    "whole articles": Exit(
        "lists",
        ("articles_list",),
        lambda c, s: f"{ARTICLES}/?limit=100&fields=title,body,intro",
    ),
    "articles by id": Exit(
        "lists", ("articles_list",), lambda c, s: f"{ARTICLES}/?ids={c.pk}"
    ),
    "search": Exit(
        "lists",
        ("articles_list",),
        lambda c, s: f"{ARTICLES}/?search={get_shown_word(c)}",
    ),
    "by code": Exit(
        "lists",
        ("articles_by_code",),
        lambda c, s: (
            f"{ARTICLES}/by-code/?system=http://id.nlm.nih.gov/mesh&code={CODE}&limit=100"
        ),
    ),
    "manifest": Exit(
        "lists", ("articles_manifest",), lambda c, s: f"{ARTICLES}/manifest/"
    ),
    "changes": Exit(
        "lists", ("articles_changes",), lambda c, s: f"{ARTICLES}/changes/?limit=1000"
    ),
    "sitemap": Exit("lists", ("sitemap",), lambda c, s: "/api/v3/sitemap/?limit=100"),
    "users of a term": Exit(
        "lists",
        ("glossary_articles",),
        lambda c, s: f"/api/v3/glossary/{s.term}/articles/?limit=100",
    ),
    "users of a reference": Exit(
        "lists",
        ("references_articles",),
        lambda c, s: f"/api/v3/references/{s.reference}/articles/?limit=100",
    ),
    "users of a contributor": Exit(
        "lists",
        ("contributors_articles",),
        lambda c, s: f"/api/v3/contributors/{s.contributor}/articles/?limit=100",
    ),
    "menu": Exit("menu", ("navigation",), lambda c, s: "/api/v3/navigation/"),
    "section": Exit(
        "block", ("sections_detail",), lambda c, s: f"/api/v3/sections/{c.section}/"
    ),
    "FHIR": Exit(
        "block", ("criteria_fhir",), lambda c, s: f"/api/v3/criteria/{c.criteria}/fhir/"
    ),
    "as of": Exit(
        "past",
        ("articles_detail",),
        lambda c, s: f"{ARTICLES}/{c.pk}/?as_of={get_now()}",
    ),
    "versions": Exit(
        "past", ("articles_versions",), lambda c, s: f"{ARTICLES}/{c.pk}/versions/"
    ),
}
#: What the exits above do not ask, with the reason why the table says nothing of it. Their answers are swept too.
OTHERS = {
    "articles_changes_stream": "the entries of the change feed, as events",
    "articles_version": "by the hash of a version: below",
    "articles_diff": "between versions that are listed",
    **dict.fromkeys(
        ("conditions_list", "conditions_by_slug", "conditions_detail", "contributors_list", "contributors_detail",
         "glossary_list", "glossary_by_slug", "glossary_letters", "glossary_detail", "references_list",
         "references_detail", "treatments_list", "treatments_by_slug", "treatments_detail"),
        "entries, which are public by themselves",
    ),
    **dict.fromkeys(("documents_list", "documents_detail", "images_list", "images_detail"), "files: test_leaks"),
    **dict.fromkeys(("redirects_list", "redirects_find", "redirects_detail"), "below"),
    **dict.fromkeys(("locales_list", "site"), "of the site"),
    **dict.fromkeys(
        ("drafts_detail", "drafts_comments_list", "drafts_decisions_list", "drafts_diff", "drafts_preview"),
        "for the holder of a link",
    ),
    **dict.fromkeys(
        ("pages_revisions_list", "pages_revisions_detail", "schema_list", "schema_detail", "sites_list",
         "sites_detail", "snippets_list", "snippets_detail", "snippets_revisions_list",
         "snippets_revisions_detail", "whoami"),
        "with a token only",
    ),
    **{
        f"v2:{name}:{view}": "as in v3"
        for name in ("images", "documents", "redirects", "glossary", "references", "contributors", "conditions", "treatments")
        for view in ("listing", "detail", "find")
    },
}  # fmt: skip

shared_states = share("shared_states", create_states)


@pytest.fixture
def states(shared_states):
    return shared_states


def get_shown_word(case: Case) -> str:
    """Return a word that only one article has; an alias has that of its source."""
    return "wordsource" if case.word == "wordalias" else case.word


def get_now() -> str:
    """Return the present instant for an address."""
    return f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"


def follow(client: Any, address: str) -> Any:
    """Return the answer at an address, after the redirect of a find."""
    answer = client.get(address)
    if answer.status_code == 302 and "/find/" in address and not answer.content:
        return client.get(answer["Location"])
    return answer


def read(answer: Any) -> str:
    """Return the text of an answer and of its headers."""
    return f"{answer.content.decode()} {answer.headers}"


def find_hidden_titles(text: str) -> set[str]:
    """Return the words of hidden articles in a text, beside those in addresses."""
    found = re.findall(r"(?:Title|Summary|Section) word([a-z]+)", text)
    visible = {state.replace("_", "") for state in VISIBLE} | {"successor"}
    return set(found) - visible


def list_cells(name: str) -> Iterator[tuple[str, str]]:
    """Yield the states that an exit is asked for, with what is expected."""
    for state, row in EXPECTED.items():
        cell = row[EXITS[name].column]
        if cell != "-":
            yield state, cell


def is_listed(answer: Any, case: Case) -> bool:
    """Tell whether a list has an article: by its id, in the sitemap by its path."""
    assert answer.status_code == 200, answer.content[:300]
    entries = list(iterate(json.loads(answer.content)))
    if "alternates" in answer.content.decode():
        return any(each.get("path") == case.path for each in entries)
    # Of a tombstone, and of what was before it, the feed gives no title.
    return any(
        each.get("id") == case.pk and each.get("title") != "" for each in entries
    )


def iterate(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON value."""
    if isinstance(value, list):
        value = {str(index): child for index, child in enumerate(value)}
    elif isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else ():
        yield from iterate(child)


def check_cell(answer: Any, states: States, name: str, state: str, cell: str) -> str:
    """Return what is wrong with a cell; nothing where all is right."""
    case, column = states.cases[state], EXITS[name].column
    titles = find_hidden_titles(read(answer))
    if titles:
        return f"{state}: shows {titles}"
    if column in ("lists", "menu"):
        where = Case(case.word, case.pk, get_listed_path(state, case))
        is_right = is_listed(answer, where) == (cell == "yes")
        return "" if is_right else f"{state}: not {cell}"
    if cell == "moved":
        return check_moved(answer, state)
    if answer.status_code != int(cell):
        return f"{state}: {answer.status_code}, not {cell}"
    if answer.status_code == 410 and column in ("id", "path") and name != "HTML":
        return check_told(answer, states, name, state)
    return ""


def check_told(answer: Any, states: States, name: str, state: str) -> str:
    """Return what is wrong with what is said of one that is gone."""
    told, body, is_v2 = EXPECTED[state]["told"], answer.json(), name.startswith("v2")
    kind = "application/json" if is_v2 else "application/problem+json"
    reason = told if told in ("expired", "deleted") else "unpublished"
    wanted = {
        "reason": reason,
        "note": NOTE if told == "noted" else "",
        "replacement_path": states.cases["public"].path
        if told in ("noted", "replaced")
        else "",
    }
    is_right = (
        answer["Content-Type"] == kind
        and ("message" in body) == is_v2
        and body.items() >= wanted.items()
        and bool(body["withdrawn_at"]) == (told != "nothing")
    )
    return "" if is_right else f"{state}: {body}, not {wanted}"


def get_listed_path(state: str, case: Case) -> str:
    """Return where a list says that an article is; of one whose path another has taken, nowhere."""
    if state == "moved":
        return case.path.replace("/treatments/", "/treatments/other/")
    return "" if state == "taken" else case.path


def check_moved(answer: Any, state: str) -> str:
    """Return what is wrong with the answer at an old path."""
    target = f"/en/treatments/other/word{state}/"
    if answer.status_code == 301:
        return "" if answer["Location"].endswith(target) else answer["Location"]
    return "" if answer.json().get("moved_to") == target else read(answer)


@pytest.mark.parametrize("name", EXITS)
def test_an_exit_answers_for_every_state(client, states, name):
    ask = cache(partial(follow, client))
    wrong = []
    for state, cell in list_cells(name):
        answer = ask(EXITS[name].build(states.cases[state], states))
        wrong.append(check_cell(answer, states, name, state, cell))
    assert not any(wrong), "\n".join(filter(None, wrong))


def test_the_table_has_every_state_and_enough_cells(states):
    assert set(EXPECTED) == set(states.cases)
    cells = sum(len(list(list_cells(name))) for name in EXITS)
    assert cells == 870


def test_every_endpoint_has_a_column_or_a_reason(states):
    asked = {name for exit_ in EXITS.values() for name in exit_.operations}
    documented = {
        operation["operationId"]
        for item in get_document()["paths"].values()
        for method, operation in item.items()
        if method == "get"
    }
    known = asked | set(OTHERS)
    assert known == documented | set(list_v2_views())


def list_v2_views() -> Iterator[str]:
    """Yield the names of all views of v2."""
    patterns, _app, _namespace = v2_router.urls
    for each in patterns:
        assert isinstance(each, URLResolver)
        for view in each.url_patterns:
            assert isinstance(view, URLPattern)
            yield f"v2:{each.namespace}:{view.name}"


def test_without_a_ledger_wagtails_own_dates_decide(client, states, monkeypatch):
    monkeypatch.setattr(stores, "_store", None)
    for state, case in states.cases.items():
        # Nothing remembers what was deleted.
        expected = "404" if state == "deleted" else EXPECTED[state]["id"]
        for name in ("v2 detail", "v3 detail", "article"):
            answer = follow(client, EXITS[name].build(case, states))
            assert answer.status_code == int(expected), (state, name)
            assert not find_hidden_titles(read(answer))


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
