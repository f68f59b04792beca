"""A value of the wrong type or form is refused with its place, in addresses and in bodies."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, UnreadablePostError

from tests import factories
from tests.treatments.hostile_writes.conftest import TERMS, read_pointers, read_problem
from treatments.api.http.problems import ProblemType

pytestmark = pytest.mark.django_db

# Reads of revisions


def build_revision_addresses(article):
    term = factories.create_term()
    term.save_revision()
    return [
        f"/api/v3/pages/{article.pk}/revisions/",
        f"{TERMS}/{term.pk}/revisions/",
    ]


@pytest.mark.parametrize("value", ["", "x", "±", "1.5", "0", "-1", "9" * 30])
def test_the_user_of_a_revision_is_found_by_a_number(editor, article, value):
    for url in build_revision_addresses(article):
        answer = editor.get(url, {"user_id": value})
        problem = read_problem(answer, ProblemType.INVALID_PARAMETER)
        assert "user_id" in problem["detail"]


def test_the_revisions_of_a_user_are_found(editor, article):
    user = get_user_model().objects.get()
    article.save_revision(user=user)
    url = f"/api/v3/pages/{article.pk}/revisions/"
    assert editor.get(url, {"user_id": user.pk}).json()["count"] == 1
    assert editor.get(url, {"user_id": user.pk + 1}).json()["count"] == 0


@pytest.mark.parametrize(
    "value",
    ["", "0.5", "1", "-1", "null", "2026-05-01", "2026-05-01T12:00:00", "noon"],
)
def test_a_moment_has_a_date_a_time_and_an_offset(editor, article, value):
    for url in build_revision_addresses(article):
        for name in ("created_at_from", "approved_go_live_at_to"):
            answer = editor.get(url, {name: value})
            problem = read_problem(answer, ProblemType.INVALID_PARAMETER)
            assert name in problem["detail"]
    answer = editor.get("/api/v3/pages/", {"first_published_at": value})
    read_problem(answer, ProblemType.INVALID_PARAMETER)


def test_a_moment_that_no_calendar_has_is_refused(editor, article):
    for url in [*build_revision_addresses(article), "/api/v3/pages/"]:
        name = "created_at_to" if "revisions" in url else "first_published_at"
        answer = editor.get(url, {name: "2026-13-45T99:00:00Z"})
        assert answer.status_code in {400, 422}, answer.content


def test_revisions_are_found_by_a_moment(editor, article):
    for url in build_revision_addresses(article):
        for value in ("2000-01-01T00:00:00Z", "2000-01-01t00:00:00.5-03:30"):
            assert editor.get(url, {"created_at_from": value}).json()["count"] > 0
            assert editor.get(url, {"created_at_to": value}).json()["count"] == 0


# Types of JSON


@pytest.mark.parametrize("value", [True, False, "5", 1.5])
def test_a_number_is_a_number(editor, article, value):
    url = f"/api/v3/images/{factories.create_image().pk}/"
    answer = editor.send("patch", url, {"focal_point_x": value})
    assert read_pointers(answer) == ["/focal_point_x"]
    rows = {"article_conditions": [{"condition_id": 1}, {"condition_id": value}]}
    answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", rows)
    assert read_pointers(answer) == ["/article_conditions/1/condition_id"]
    body = {"meta": {"type": "home.HomePage", "parent_id": value}, "title": "New"}
    answer = editor.send("post", "/api/v3/pages/", body)
    assert read_pointers(answer) == ["/meta/parent_id"]


@pytest.mark.parametrize("value", [0, 1, "true", 1.0, None])
def test_true_is_true(editor, article, value):
    answer = editor.act(article, "copy", {"recursive": value})
    assert read_pointers(answer) == ["/recursive"]


def test_values_of_the_documented_types_are_taken(editor, article):
    url = f"/api/v3/images/{factories.create_image().pk}/"
    for value in (5, 5.0, None):
        answer = editor.send("patch", url, {"focal_point_x": value})
        assert answer.status_code == 200, answer.content


def test_a_body_that_is_too_large_is_refused_before_it_is_checked(
    editor, article, settings
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = editor.act(article, "copy", {"title": "x" * 200})
    read_problem(answer, ProblemType.BODY_TOO_LARGE)


def test_a_body_that_breaks_off_is_malformed(editor, article, monkeypatch):
    def break_off(request):
        raise UnreadablePostError

    monkeypatch.setattr(HttpRequest, "body", property(break_off))
    answer = editor.act(article, "copy", {"title": "New"})
    read_problem(answer, ProblemType.MALFORMED_REQUEST)


def test_a_caller_without_a_token_is_asked_for_it_first(client, article):
    url = f"/api/v3/pages/{article.pk}/actions/copy/"
    answer = client.post(url, {"recursive": 1}, content_type="application/json")
    read_problem(answer, ProblemType.AUTHENTICATION_REQUIRED)


# What a change does not name


def test_a_change_without_a_slug_names_a_slug_that_is_taken(editor, index, article):
    article.slug = "taken"
    article.save_revision()
    factories.create_article(index, title="Other", slug="taken")
    for body in ({}, {"title": "New"}, {"meta": {"action": "publish"}}):
        answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", body)
        assert read_pointers(answer) == ["/slug"]
    answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", {"slug": "free"})
    assert answer.status_code == 200, answer.content


def test_an_image_without_a_description_asks_for_one(editor, article):
    body = {"hero_image_id": factories.create_image().pk}
    answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", body)
    assert read_pointers(answer) == ["/hero_image_alt"]


# The type of a page


@pytest.mark.parametrize("meta", [0, "", [], False, "x", 5])
def test_meta_is_an_object(editor, article, meta):
    answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", {"meta": meta})
    assert read_pointers(answer) == ["/meta"]
    answer = editor.send("post", "/api/v3/pages/", {"meta": meta, "title": "New"})
    assert read_pointers(answer) == ["/meta"]


@pytest.mark.parametrize("type_", [0, "", [], False, {}, 5])
def test_the_type_of_a_page_is_a_text(editor, article, type_):
    body = {"meta": {"type": type_}}
    answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", body)
    assert read_pointers(answer) == ["/meta/type"]
    body = {"meta": {"type": type_, "parent_id": 1}, "title": "New"}
    answer = editor.send("post", "/api/v3/pages/", body)
    assert read_pointers(answer) == ["/meta/type"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": "New"}, "/meta"),
        ({"title": "New", "meta": None}, "/meta"),
        ({"title": "New", "meta": {}}, "/meta/type"),
        ({"title": "New", "meta": {"parent_id": 1, "type": None}}, "/meta/type"),
    ],
)
def test_a_new_page_names_its_type(editor, article, body, pointer):
    assert read_pointers(editor.send("post", "/api/v3/pages/", body)) == [pointer]


@pytest.mark.parametrize("meta", [{}, {"meta": None}, {"meta": {}}])
def test_a_change_need_not_name_the_type(editor, article, meta):
    answer = editor.send("patch", f"/api/v3/pages/{article.pk}/", meta)
    assert answer.status_code == 200, answer.content
    term = factories.create_term()
    answer = editor.send("patch", f"{TERMS}/{term.pk}/", meta)
    assert answer.status_code == 200, answer.content
