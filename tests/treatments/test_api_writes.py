"""What is written comes back as sent, and a mistake in it is named by its place."""

from __future__ import annotations

import copy
import json
import re

import pytest

from tests.treatments.api_calls import read_problem, read_source, send
from treatments.api.http.problems import ProblemType
from treatments.models import TreatmentPageCondition

pytestmark = pytest.mark.django_db


def test_a_document_can_be_read_changed_and_sent_back_whole(client, full_page, token):
    before = read_source(client, full_page, token)
    body = copy.deepcopy(before)
    body["title"] = "Another title"
    body["meta"]["action"] = "publish"
    answer = send(client, "patch", f"/api/v3/pages/{full_page.pk}/", body, token)
    assert answer.status_code == 200, answer.content[:2000]
    after = read_source(client, full_page, token)
    assert after["title"] == "Another title"
    for name in (
        "body",
        "key_points",
        "intro",
        "article_conditions",
        "article_contributors",
        "related_articles",
        "hero",
        "treatment",
        "references",
    ):
        assert strip_keys(after[name]) == strip_keys(before[name]), name


def strip_keys(value):
    """Return a value without what Draftail adds to each paragraph, and with 30 for 30.0."""
    text = re.sub(r' data-block-key=\\"[^"]*\\"', "", json.dumps(value, sort_keys=True))
    return re.sub(r"(\d)\.0\b", r"\1", text)


def test_a_field_below_meta_is_changed_too(client, full_page, token):
    body = read_source(client, full_page, token)
    body["meta"] |= {"slug": "renamed", "seo_title": "For search", "action": "publish"}
    answer = send(client, "patch", f"/api/v3/pages/{full_page.pk}/", body, token)
    assert answer.status_code == 200, answer.content[:2000]
    full_page.refresh_from_db()
    assert (full_page.slug, full_page.seo_title) == ("renamed", "For search")
    assert answer.json()["path"] == "/en/treatments/renamed/"
    assert answer.json()["meta"]["html_url"].endswith("/en/treatments/renamed/")


@pytest.mark.parametrize(
    ("body", "pointer", "hint"),
    [
        ({"summry": "x"}, "/summry", "Did you mean summary?"),
        ({"meta": {"acton": "publish"}}, "/meta/acton", "Did you mean action?"),
        (
            {"article_conditions": [{"conditon": 1}]},
            "/article_conditions/0/conditon",
            "Did you mean condition?",
        ),
    ],
)
def test_a_typo_in_a_write_is_refused(client, full_page, token, body, pointer, hint):
    for url, method, more in (
        (f"/api/v3/pages/{full_page.pk}/", "patch", {}),
        ("/api/v3/pages/", "post", {"title": "New"}),
    ):
        meta = {
            "type": "treatments.TreatmentPage",
            "parent_id": full_page.get_parent().pk,
        }
        sent = {
            **more,
            **body,
            "meta": {**(meta if method == "post" else {}), **body.get("meta", {})},
        }
        problem = read_problem(
            send(client, method, url, sent, token), 422, ProblemType.VALIDATION_FAILED
        )
        assert [entry["pointer"] for entry in problem["errors"]] == [pointer]
        assert hint in problem["errors"][0]["msg"]


def find_place(value, wanted, pointer=""):
    """Return the pointer of the first block of a type."""
    if isinstance(value, dict):
        if value.get("type") == wanted:
            return pointer
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return None
    for key, child in pairs:
        found = find_place(child, wanted, f"{pointer}/{key}")
        if found is not None:
            return found
    return None


def get_block(body, pointer):
    for part in pointer.split("/")[1:]:
        body = body[int(part) if part.isdecimal() else part]
    return body


def patch_body(client, page, token, change):
    body = read_source(client, page, token)["body"]
    pointer = change(body)
    sent = {"body": body, "meta": {"action": "publish"}}
    answer = send(client, "patch", f"/api/v3/pages/{page.pk}/", sent, token)
    return pointer, answer


def test_a_mistake_in_a_nested_block_is_named_by_its_path(client, full_page, token):
    def change(body):
        place = find_place(body, "criteria_list")
        get_block(body, place)["value"]["items"][0]["value"]["text"] = ""
        return f"/body{place}/value/items/0/value/text"

    pointer, answer = patch_body(client, full_page, token, change)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert [entry["pointer"] for entry in problem["errors"]] == [pointer]
    assert problem["errors"][0]["type"] == "required"
    assert pointer in problem["detail"]


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ("criteria_list", "purpose"),
        ("statistic", "denominator"),
        ("care_card", "level"),
    ],
)
def test_a_clinical_choice_is_asked_for_when_it_is_published_and_not_before(
    client, full_page, token, block, field
):
    def change(body):
        place = find_place(body, block)
        del get_block(body, place)["value"][field]
        return f"/body{place}/value/{field}"

    pointer, answer = patch_body(client, full_page, token, change)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert [(each["pointer"], each["type"]) for each in problem["errors"]] == [
        (pointer, "required")
    ]
    body = read_source(client, full_page, token)["body"]
    change(body)
    url = f"/api/v3/pages/{full_page.pk}/"
    assert send(client, "patch", url, {"body": body}, token).status_code == 200


@pytest.mark.parametrize(
    ("change", "ending", "type_"),
    [
        (lambda block: block.pop("type"), "/type", "missing"),
        (lambda block: block.pop("value"), "/value", "missing"),
        (lambda block: block.update(type="nonsense"), "/type", "unknown_block_type"),
        (lambda block: block.update(type=[1]), "/type", "unknown_block_type"),
        (lambda block: block.update(vlaue=1), "/vlaue", "unknown_field"),
        (lambda block: block.update(id=5), "/id", "id_type"),
        (lambda block: block.update(value="text"), "/value", "dict_type"),
        (
            lambda block: block["value"].update(headng="x"),
            "/value/headng",
            "unknown_field",
        ),
        (
            lambda block: block["value"].update(heading=["x"]),
            "/value/heading",
            "value_type",
        ),
        (
            lambda block: block["value"].update(content={}),
            "/value/content",
            "list_type",
        ),
        (
            lambda block: block["value"]["content"].insert(0, 7),
            "/value/content/0",
            "block_type",
        ),
    ],
)
def test_a_block_of_the_wrong_form_is_refused(
    client, full_page, token, change, ending, type_
):
    def apply(body):
        change(body[0])
        return f"/body/0{ending}"

    pointer, answer = patch_body(client, full_page, token, apply)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert (pointer, type_) in [
        (entry["pointer"], entry["type"]) for entry in problem["errors"]
    ]


def test_an_id_of_nothing_is_refused_and_not_dropped(client, full_page, token):
    def change(body):
        place = find_place(body, "figure")
        get_block(body, place)["value"]["image"] = 999_999
        return f"/body{place}/value/image"

    pointer, answer = patch_body(client, full_page, token, change)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert [(e["pointer"], e["type"]) for e in problem["errors"]] == [
        (pointer, "not_found")
    ]


def test_a_block_id_that_is_given_twice_is_refused(client, full_page, token):
    def change(body):
        body.append(copy.deepcopy(body[0]))
        return "/body/1/id"

    pointer, answer = patch_body(client, full_page, token, change)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert pointer in [entry["pointer"] for entry in problem["errors"]]


def test_a_row_is_named_by_its_number_in_the_body(client, full_page, token):
    condition = TreatmentPageCondition.objects.get(page=full_page)
    rows = [
        {"condition": condition.condition_id},
        {"id": condition.pk, "condition": condition.condition_id},
    ]
    answer = send(
        client,
        "patch",
        f"/api/v3/pages/{full_page.pk}/",
        {"article_conditions": rows},
        token,
    )
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert [e["pointer"] for e in problem["errors"]] == [
        "/article_conditions/0/condition"
    ], problem


def test_the_root_of_the_tree_cannot_be_moved_or_copied(client, index, token):
    root = index.get_root()
    for url, body in (
        (f"/api/v3/pages/{root.pk}/actions/copy/", {}),
        (f"/api/v3/pages/{root.pk}/actions/create_alias/", {}),
        (f"/api/v3/pages/{root.pk}/actions/move/", {"destination_id": index.pk}),
        (
            f"/api/v3/pages/{index.pk}/actions/move/",
            {"destination_id": root.pk, "position": "left"},
        ),
    ):
        answer = send(client, "post", url, body, token)
        read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
