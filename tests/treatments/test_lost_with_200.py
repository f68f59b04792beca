"""Nothing that a program writes is lost without a word: what has no place is refused, with where it stands."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.api.v3.api import api as wagtail_api
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import APIToken, Site

from snippets.models import GlossaryTerm, Treatment
from tests import factories
from tests.shared import share
from treatments.api.openapi.document import get_openapi

pytestmark = pytest.mark.django_db
TERM = "treatment_snippets.GlossaryTerm"
#: Operations whose body is read by a guest's token, or by no user: their own tests look at their names.
OTHERS = {
    "drafts_comments_create",
    "drafts_decisions_create",
}


def create_things(home_id):
    index = factories.load_site(home_id).index
    article = factories.create_article(index, title="Surgery", slug="surgery")
    article.save_revision()
    term = factories.create_term()
    term.save_revision()
    file = SimpleUploadedFile("leaflet.txt", b"text")
    document = get_document_model().objects.create(title="Leaflet", file=file)
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
    return {
        "article": article,
        "image": factories.create_image(),
        "document": document,
        "term": term,
        "reference": factories.create_reference(),
        "redirect": redirect,
        "index": index,
    }


shared_writable_things = share(
    "shared_writable_things", create_things, on="shared_site"
)


@pytest.fixture
def things(shared_writable_things):
    return shared_writable_things


@pytest.fixture
def send(client, django_user_model):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    token = APIToken.create_token(user=user, name="test")[1]

    def send(method, path, body):
        return client.generic(
            method,
            f"/api/v3{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    send.token = token
    return send


def get_pointers(answer):
    assert answer.status_code == 422, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == "application/problem+json"
    return [entry["pointer"] for entry in answer.json()["errors"]]


def build_writes(things):
    """Return a body for every operation that takes one, each with an object inside where it has one."""
    article, term = things["article"], things["term"]
    page = f"/pages/{article.pk}"
    site = Site.objects.get()
    url = f"/snippets/{TERM}/{term.pk}"
    redirect = {"old_path": "/a", "redirect_link": "/b"}
    host = {"hostname": "a.example", "port": 80, "root_page_id": site.root_page_id}
    return {
        "documents_update": (f"/documents/{things['document'].pk}/", {"title": "x"}),
        "images_update": (f"/images/{things['image'].pk}/", {"title": "x"}),
        "pages_create": (
            "/pages/",
            {
                "title": "x",
                "meta": {
                    "type": "treatments.TreatmentPage",
                    "parent_id": things["index"].pk,
                },
            },
        ),
        "pages_update": (f"{page}/", {"title": "x", "meta": {}}),
        "pages_actions_copy": (f"{page}/actions/copy/", {}),
        "pages_actions_copy_for_translation": (
            f"{page}/actions/copy_for_translation/",
            {"locale": "es"},
        ),
        "pages_actions_create_alias": (f"{page}/actions/create_alias/", {}),
        "pages_actions_move": (
            f"{page}/actions/move/",
            {"destination_page_id": article.get_parent().pk},
        ),
        "pages_actions_revert": (
            f"{page}/actions/revert/",
            {"revision_id": article.latest_revision_id},
        ),
        "pages_actions_unpublish": (f"{page}/actions/unpublish/", {}),
        "redirects_create": ("/redirects/", redirect),
        "redirects_update": (f"/redirects/{things['redirect'].pk}/", redirect),
        "sites_create": ("/sites/", host),
        "sites_update": (f"/sites/{site.pk}/", host),
        "snippets_create": (
            f"/snippets/{TERM}/",
            {"term": "x", "definition": "<p>x</p>", "meta": {}},
        ),
        "snippets_update": (f"{url}/", {"term": "x", "meta": {}}),
        "snippets_actions_copy_for_translation": (
            f"{url}/actions/copy_for_translation/",
            {"locale": "es"},
        ),
        "snippets_actions_revert": (
            f"{url}/actions/revert/",
            {"revision_id": term.latest_revision_id},
        ),
        "webhooks_acknowledge": ("/webhooks/acknowledgements/", {}),
    }


def list_levels(body, pointer=""):
    """Yield a copy of a body for each object in it, with a name that nothing knows, and where that is."""
    yield f"{pointer}/nonsense", {**body, "nonsense": 1}
    for name, value in body.items():
        if isinstance(value, dict):
            for where, changed in list_levels(value, f"{pointer}/{name}"):
                yield where, {**body, name: changed}


def test_no_write_takes_a_name_that_it_does_not_know(send, things):
    writes = build_writes(things)
    paths = get_openapi(wagtail_api)["paths"]
    methods = {
        operation["operationId"]: method
        for item in paths.values()
        for method, operation in item.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert set(writes) == set(methods) - OTHERS
    tried = 0
    for operation_id, (path, body) in writes.items():
        for pointer, changed in list_levels(body):
            answer = send(methods[operation_id], path, changed)
            if operation_id == "webhooks_acknowledge":
                assert answer.status_code in {401, 403, 422}
            else:
                assert pointer in get_pointers(answer), operation_id
            tried += 1
    assert tried > len(writes)


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_no_upload_takes_a_field_that_it_does_not_know(client, send, things, kind):
    answer = client.post(
        f"/api/v3/{kind}/",
        {"title": "x", "file": SimpleUploadedFile("x.txt", b"x"), "nonsense": "1"},
        headers={"Authorization": f"Bearer {send.token}"},
    )
    assert get_pointers(answer) == ["/nonsense"]


def test_a_field_of_another_type_of_snippet_is_no_field_of_this_one(send, things):
    answer = send("PATCH", f"/snippets/{TERM}/{things['term'].pk}/", {"doi": "10.1/x"})
    assert get_pointers(answer) == ["/doi"]


@pytest.mark.parametrize(
    ("kind", "name"), [("images", "image"), ("documents", "document")]
)
def test_what_was_read_can_be_sent_back_whole(client, send, things, kind, name):
    path = f"/{kind}/{things[name].pk}/"
    read = client.get(
        f"/api/v3{path}", headers={"Authorization": f"Bearer {send.token}"}
    ).json()
    answer = send("PATCH", path, {**read, "title": "Changed"})
    assert answer.status_code == 200, answer.content
    assert answer.json()["title"] == "Changed"


def test_a_snippet_that_was_read_can_be_sent_back_whole(client, send, things):
    path = f"/snippets/{TERM}/{things['term'].pk}/"
    read = client.get(
        f"/api/v3{path}", headers={"Authorization": f"Bearer {send.token}"}
    ).json()
    answer = send("PATCH", path, {**read, "term": "Changed"})
    assert answer.status_code == 200, answer.content
    assert GlossaryTerm.objects.get(
        pk=things["term"].pk
    ).get_latest_revision_as_object().term == ("Changed")


def test_an_action_without_a_body_takes_no_names(send, things):
    answer = send("POST", f"/pages/{things['article'].pk}/actions/publish/", {"zzz": 1})
    assert get_pointers(answer) == ["/zzz"]


@pytest.mark.parametrize(
    ("kind", "name"), [("images", "image"), ("documents", "document")]
)
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"collection": 9999}, "/collection"),
        ({"collection": {"id": 9999}}, "/collection"),
        ({"collection_id": 9999}, "/collection"),
        ({"meta": {"foo": 1}}, "/meta/foo"),
    ],
)
def test_a_file_is_not_put_where_nothing_is(send, things, kind, name, body, pointer):
    [found] = get_pointers(send("PATCH", f"/{kind}/{things[name].pk}/", body))
    assert found.startswith(pointer)


@pytest.mark.parametrize("text", ["2027-01-01", "2027-01-01T12:00:00"])
@pytest.mark.parametrize("is_below_meta", [False, True])
def test_the_end_of_a_page_is_a_moment(send, things, text, is_below_meta):
    end = {"expire_at": text}
    body = {"meta": end} if is_below_meta else end
    pointers = get_pointers(send("PATCH", f"/pages/{things['article'].pk}/", body))
    assert pointers == ["/meta/expire_at" if is_below_meta else "/expire_at"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"treatment_id": 1, "treatment": {"id": 2}}, "/treatment"),
        ({"hero_image_id": None, "hero_image": 2}, "/hero_image"),
        (
            {"article_conditions": [{"condition_id": 1, "condition": 2}]},
            "/article_conditions/0/condition",
        ),
    ],
)
def test_two_names_of_one_key_do_not_say_two_keys(send, things, body, pointer):
    answer = send("patch", f"/pages/{things['article'].pk}/", body)
    assert answer.status_code == 422, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("shown", [None, {"id": 0, "meta": {}}, "same"])
def test_a_key_is_changed_in_a_document_that_was_read(send, things, shown):
    treatment = Treatment.objects.create(
        name="Cryoablation", locale=factories.get_locale()
    )
    shown = treatment.pk if shown == "same" else shown
    body = {"treatment_id": treatment.pk, "treatment": shown}
    answer = send("patch", f"/pages/{things['article'].pk}/", body)
    assert answer.status_code == 200, answer.content
    things["article"].refresh_from_db()
    assert things["article"].get_latest_revision_as_object().treatment == treatment


@pytest.mark.parametrize("image", [7, {"id": 7}])
def test_a_new_snippet_does_not_lose_what_it_has_chosen(send, image):
    body = {"term": "spread", "slug": "spread", "definition": "x", "image": image}
    answer = send("post", f"/snippets/{TERM}/", body)
    assert answer.status_code == 422, answer.content
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/image"]


@pytest.mark.parametrize(
    ("meta", "status"),
    [({"slug": "b"}, 422), ({"slug": "surgery"}, 200), ({"slug": "a"}, 200)],
    ids=["another one", "as it was read", "the same"],
)
def test_a_field_below_meta_and_beside_it_has_one_value(send, things, meta, status):
    url = f"/pages/{things['article'].pk}/"
    answer = send("patch", url, {"slug": "a", "meta": meta})
    assert answer.status_code == status, answer.content
    if status == 422:
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/meta/slug"]
    else:
        assert answer.json()["meta"]["slug"] == "a"
