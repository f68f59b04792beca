"""Every exit answers alike whether a page is public: the table of the contract, state by state."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import URLPattern, URLResolver

from cms.api import v2_router
from tests.delivery.public_exits import (
    EXITS,
    EXPECTED,
    OTHERS,
    find_hidden_titles,
    follow,
    read,
)
from tests.delivery.public_states import NOTE, Case, States
from tests.openapi import get_document
from tests.ports import offer
from treatments.ports import store

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


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
    asked = {each.operation for each in EXITS.values()} - {"-"}
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
    offer(monkeypatch, store._stores)
    for state, case in states.cases.items():
        # Nothing remembers what was deleted.
        expected = "404" if state == "deleted" else EXPECTED[state]["id"]
        for name in ("v2 detail", "v3 detail", "article"):
            answer = follow(client, EXITS[name].build(case, states))
            assert answer.status_code == int(expected), (state, name)
            assert not find_hidden_titles(read(answer))
