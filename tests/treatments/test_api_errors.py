"""Every error of the API is a problem document that says what is wrong and where."""

from __future__ import annotations

import copy
import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import override_settings
from jsonschema import Draft202012Validator
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.models import APIToken

from tests import factories
from treatments.api import openapi
from treatments.api.problems import ProblemType
from treatments.api.stream_input import (
    StreamInputError,
    check_stream_input,
    find_stream_errors,
)
from treatments.models import TreatmentPage, TreatmentPageCondition

pytestmark = pytest.mark.django_db
PROBLEM_SCHEMA: dict = {"components": {"schemas": {}}}
openapi.add_problem_schema(PROBLEM_SCHEMA)


@pytest.fixture
def index():
    return factories.create_site().index


@pytest.fixture
def token():
    return create_token(is_superuser=True)


def create_token(**kwargs):
    user = get_user_model().objects.create_user("editor", **kwargs)
    return APIToken.create_token(user=user, name="Tests")[1]


def read_problem(answer, status, kind):
    """Return a problem after checking its form."""
    assert answer.status_code == status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    schemas = PROBLEM_SCHEMA["components"]["schemas"]
    Draft202012Validator(
        {"components": {"schemas": schemas}, "$ref": "#/components/schemas/Problem"}
    ).validate(problem)
    assert problem["type"] == kind.uri
    assert problem["title"] == kind.title
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def send(client, method, url, body, token=None, **kwargs):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    kwargs.setdefault("content_type", "application/json")
    data = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return getattr(client, method)(url, data, headers=headers, **kwargs)


def test_the_kinds_of_problems_are_told_apart():
    assert len({kind.uri for kind in ProblemType}) == len(ProblemType)
    assert all(
        re.fullmatch(r"urn:wagtail-treatments:problem:[a-z-]+", kind.uri)
        for kind in ProblemType
    )


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_an_unknown_parameter_is_refused_with_the_nearest_known_one(
    client, index, version
):
    for path in ("pages/", "images/", "documents/", "redirects/", "glossary/"):
        answer = client.get(f"/api/{version}/{path}?limmit=5")
        problem = read_problem(answer, 400, ProblemType.UNKNOWN_PARAMETER)
        assert "Did you mean limit?" in problem["detail"], path


@pytest.mark.parametrize(
    "path",
    [
        "pages/{page}/?verson=draft",
        "pages/find/?html_pat=/",
        "images/1/?x=1",
        "sites/?x=1",
        "whoami/?x=1",
        "schema/?x=1",
        "locales/?x=1",
        "navigation/?x=1",
        "site/?x=1",
        "glossary/1/?x=1",
        "pages/?type=home.HomePage&kind=procedure",
    ],
)
def test_every_endpoint_refuses_unknown_parameters(client, index, token, path):
    headers = {"Authorization": f"Bearer {token}"}
    url = "/api/v3/" + path.format(page=index.pk)
    read_problem(client.get(url, headers=headers), 400, ProblemType.UNKNOWN_PARAMETER)


def test_columns_of_the_listed_type_are_filters(client, index):
    factories.create_article(index, title="Surgery", slug="surgery")
    for query in (
        "title=Surgery",
        "slug=surgery",
        "type=treatments.TreatmentPage&audience=patient",
    ):
        answer = client.get(f"/api/v3/pages/?{query}")
        assert answer.json()["count"] == 1, answer.content


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_repeated_parameter_is_refused(client, index, version):
    for path in ("pages/", "glossary/"):
        answer = client.get(f"/api/{version}/{path}?locale=en&locale=es")
        problem = read_problem(answer, 400, ProblemType.REPEATED_PARAMETER)
        assert "locale" in problem["detail"]


def test_parameters_that_take_many_values_may_be_repeated(client, index):
    url = "/api/v3/pages/?type=home.HomePage&type=treatments.TreatmentIndexPage&order=title&order=id"
    assert client.get(url).json()["count"] == 2


def test_a_bad_parameter_is_named(client, index):
    problem = read_problem(
        client.get("/api/v3/pages/?limit=x"), 422, ProblemType.VALIDATION_FAILED
    )
    assert [entry["pointer"] for entry in problem["errors"]] == ["limit"]
    problem = read_problem(
        client.get("/api/v3/glossary/?limit=x"), 422, ProblemType.VALIDATION_FAILED
    )
    assert [entry["pointer"] for entry in problem["errors"]] == ["limit"]
    problem = read_problem(
        client.get("/api/v3/glossary/?locale=xx"), 400, ProblemType.INVALID_PARAMETER
    )
    assert "locale" in problem["detail"]


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "path", ["", "nothing/", "v2/nothing/", "v3/nothing/", "v3/", "v3/pages/999999/"]
)
def test_an_unknown_address_is_a_problem(client, path, debug):
    with override_settings(DEBUG=debug):
        read_problem(client.get(f"/api/{path}"), 404, ProblemType.NOT_FOUND)


@pytest.mark.parametrize("url", ["/api/v2/pages/", "/api/v3/glossary/"])
def test_a_wrong_method_is_a_problem_with_the_right_ones(client, index, url):
    answer = client.delete(url)
    read_problem(answer, 405, ProblemType.METHOD_NOT_ALLOWED)
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("url", ["/api/v2/pages/", "/api/v3/pages/", "/api/v3/site/"])
def test_head_is_get_without_a_body(client, index, url):
    answer = client.head(url)
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["Content-Length"] == str(len(client.get(url).content))


def test_a_missing_or_wrong_token_is_asked_for(client):
    answer = client.get("/api/v3/whoami/")
    read_problem(answer, 401, ProblemType.AUTHENTICATION_REQUIRED)
    assert answer["WWW-Authenticate"] == 'Bearer realm="API"'
    answer = client.get("/api/v3/whoami/", headers={"Authorization": "Bearer wrong"})
    read_problem(answer, 401, ProblemType.AUTHENTICATION_REQUIRED)
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_token_without_rights_is_refused(client, index):
    token = create_token()
    body = {"title": "New", "meta": {"type": "home.HomePage", "parent_id": index.pk}}
    answer = send(client, "post", "/api/v3/pages/", body, token)
    read_problem(answer, 403, ProblemType.PERMISSION_DENIED)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "not valid JSON"),
        ("[null, null]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        (b"\xff\xfe", "UTF-8"),
        ("[" * 5000, "nested"),
        ("[" * 200 + "]" * 200, "nested"),
        ("[" * 50_000 + "]" * 50_000, "nested"),
        ('{"title": NaN}', "NaN"),
        ('{"title": "a\\u0000"}', "null character"),
        ('{"a\\u0000": 1}', "null character"),
        ('{"title": "\\ud800"}', "surrogate"),
        ('{"title": ' + "9" * 5000 + "}", "too large"),
    ],
)
def test_a_malformed_body_is_refused(client, index, token, body, words):
    answer = send(client, "patch", f"/api/v3/pages/{index.pk}/", body, token)
    problem = read_problem(answer, 400, ProblemType.MALFORMED_BODY)
    assert words in problem["detail"]


def test_another_content_type_is_refused(client, index, token):
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = send(
            client,
            "patch",
            f"/api/v3/pages/{index.pk}/",
            "{}",
            token,
            content_type=content_type,
        )
        problem = read_problem(answer, 415, ProblemType.UNSUPPORTED_MEDIA_TYPE)
        assert "application/json" in problem["detail"]


def test_a_body_that_is_too_large_is_refused(client, index, token, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = {"title": "x" * 200}
    answer = send(client, "patch", f"/api/v3/pages/{index.pk}/", body, token)
    problem = read_problem(answer, 413, ProblemType.BODY_TOO_LARGE)
    assert "100 bytes" in problem["detail"]


@pytest.mark.parametrize("version", ["v2", "v3"])
@pytest.mark.parametrize("debug", [True, False])
def test_a_defect_is_a_problem_that_tells_nothing(
    client, index, monkeypatch, version, debug
):
    def fail(*args, **kwargs):
        raise LookupError("a secret in the code")

    monkeypatch.setattr("treatments.api.snippet_lists.get_public_snippets", fail)
    monkeypatch.setattr("treatments.api.v2_snippets.get_public_snippets", fail)
    client.raise_request_exception = False
    with override_settings(DEBUG=debug):
        answer = client.get(f"/api/{version}/glossary/")
    problem = read_problem(answer, 500, ProblemType.SERVER_ERROR)
    assert ("secret" in problem["detail"]) == (debug and version == "v3")


def test_a_host_that_is_not_ours_is_a_problem(client, index):
    answer = client.get("/api/v3/pages/", headers={"Host": "elsewhere.example.org"})
    read_problem(answer, 400, ProblemType.MALFORMED_REQUEST)


def read_source(client, page, token):
    answer = client.get(
        f"/api/v3/pages/{page.pk}/", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def full_page(index):
    return factories.create_full_article(index, factories.create_targets(index))[0]


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


class HostStream(blocks.StreamBlock):
    """What the stream of some other project may have in it."""

    rule = blocks.StaticBlock()
    table = TypedTableBlock([("text", blocks.CharBlock())])
    days = blocks.MultipleChoiceBlock(choices=[("mo", "Monday"), ("tu", "Tuesday")])
    names = blocks.ListBlock(blocks.CharBlock(max_length=5))
    day = blocks.DateBlock(required=False)
    count = blocks.IntegerBlock(max_value=10)


@pytest.mark.parametrize("name", ["rule", "table", "days"])
def test_blocks_that_the_form_layer_cannot_take_are_refused_by_name(name):
    with pytest.raises(StreamInputError) as caught:
        check_stream_input(HostStream(), [{"type": name, "value": None}])
    assert caught.value.errors[0]["pointer"] == "/0/value"
    assert caught.value.errors[0]["type"] == "unsupported_block"
    assert "admin" in caught.value.errors[0]["msg"]


def test_list_items_are_taken_plain_and_as_they_are_stored():
    stored = {"type": "item", "id": "a", "value": "one"}
    assert check_stream_input(
        HostStream(), [{"type": "names", "value": [stored, "two"]}]
    ) == [{"type": "names", "value": ["one", "two"]}]


def test_values_that_would_be_dropped_are_refused():
    raw = [
        {"type": "day", "value": "soon"},
        {"type": "day", "value": "2026-13-45"},
        {"type": "count", "value": "5"},
    ]
    with pytest.raises(StreamInputError) as caught:
        check_stream_input(HostStream(), raw)
    assert [e["pointer"] for e in caught.value.errors] == [
        "/0/value",
        "/1/value",
        "/2/value",
    ]


def test_the_rules_of_blocks_are_named_by_their_place():
    raw = [
        {"type": "names", "value": ["short", "much too long"]},
        {"type": "count", "value": 11},
    ]
    assert [
        (e["pointer"], e["type"]) for e in find_stream_errors(HostStream(), raw)
    ] == [
        ("/0/value/1", "max_length"),
        ("/1/value", "max_value"),
    ]


def test_every_block_of_ours_goes_through_unchanged(full_page):
    for name in (
        "body",
        "key_points",
        "questions",
        "also_known_as",
        "regulatory_status",
    ):
        block = TreatmentPage._meta.get_field(name).stream_block
        raw = block.get_prep_value(getattr(full_page, name))
        assert find_stream_errors(block, raw) == [], name


def test_checking_asks_once_for_each_kind_of_thing(
    full_page, django_assert_max_num_queries
):
    block = TreatmentPage._meta.get_field("body").stream_block
    raw = block.get_prep_value(full_page.body)
    with django_assert_max_num_queries(4, connection=connection):
        check_stream_input(block, raw)


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


def test_an_id_of_a_snippet_is_a_number(client):
    factories.create_term()
    _token, token = APIToken.create_token(
        user=get_user_model().objects.create_superuser("root"), name="test"
    )
    for pk in ("x", "1.5", "false", "9" * 12, "-1"):
        answer = client.get(
            f"/api/v3/snippets/treatment_snippets.GlossaryTerm/{pk}/",
            headers={"authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 404, pk
        assert answer["Content-Type"] == "application/problem+json"
