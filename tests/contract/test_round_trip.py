"""What a token reads it can write back: nothing is lost, no id changes, no translation is touched."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from wagtail.models import APIToken
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from tests import factories
from tests.shared import share
from treatments.models import TreatmentPage

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

STREAMS = ("key_points", "body", "also_known_as", "regulatory_status", "questions")
RELATIONS = ("article_conditions", "article_contributors", "related_articles")
#: What a page has of its own, and a copy of it does not.
OWN = ("id", "meta", "slug", "title", "translation_key", "uuid")


class Api:
    """v3 with a token."""

    def __init__(self, client: Client, key: str):
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"}

    def read(self, page_id: int) -> dict[str, Any]:
        """Return the draft as it is stored."""
        answer = self.client.get(
            f"/api/v3/pages/{page_id}/?version=draft", headers=self.headers
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    def send(self, method: str, path: str, document: dict[str, Any]) -> Any:
        """Return the answer to a document."""
        return self.client.generic(
            method,
            f"/api/v3{path}",
            json.dumps(document),
            content_type="application/json",
            headers=self.headers,
        )


@pytest.fixture
def home(site):
    return site


def create_everything(home_id: int) -> TreatmentPage:
    """Return an article with every block and every field."""
    index = factories.load_site(home_id).index
    return factories.create_full_article(index, factories.create_targets(index))[0]


shared_everything = share("shared_everything", create_everything, on="shared_site")


@pytest.fixture
def article(shared_everything) -> TreatmentPage:
    return shared_everything


@pytest.fixture
def api(client, django_user_model) -> Api:
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    return Api(client, APIToken.create_token(user=user, name="test")[1])


def get_content(page: TreatmentPage) -> dict[str, Any]:
    """Return what is stored of a page's draft, without the bookkeeping of its revisions."""
    stored = TreatmentPage.objects.get(pk=page.pk)
    content = stored.get_latest_revision_as_object().serializable_data()
    for name in (
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "last_published_at",
        "first_published_at",
        "has_unpublished_changes",
        "draft_title",
    ):
        content.pop(name)
    for name in RELATIONS:
        for row in content[name]:
            row.pop("sort_order")
    return {
        name: remove_marks(json.loads(value) if name in STREAMS else value)
        for name, value in content.items()
    }


def remove_marks(value: Any) -> Any:
    """Return a stored stream without what Wagtail makes anew each time and no reader or translator sees.

    These are the ids of the entries of a list, which here are references by their number, and the keys of
    paragraphs.
    """
    if isinstance(value, list):
        return [remove_marks(child) for child in value]
    if isinstance(value, dict):
        is_entry = value.get("type") == "item" and isinstance(value.get("value"), int)
        return {
            name: remove_marks(child)
            for name, child in value.items()
            if not (is_entry and name == "id")
        }
    if isinstance(value, str):
        return re.sub(r' data-block-key="\w+"', "", value)
    return value


def read_public(client: Client, page: TreatmentPage) -> dict[str, Any]:
    """Return what anybody sees of a page, without the mark that it was published anew."""
    article = client.get(f"/api/v3/articles/{page.pk}/").json()
    for name in ("number", "etag", "published_at"):
        article["version"].pop(name)
    article.pop("json_ld")
    return article


def find_ids(value: Any) -> list[str]:
    """Return the ids of all blocks, in their order."""
    if isinstance(value, list):
        return [found for child in value for found in find_ids(child)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if {"type", "id", "value"} <= value.keys() else []
    return own + [found for child in value.values() for found in find_ids(child)]


def test_a_document_can_be_written_back(api, article):
    before = get_content(article)
    document = api.read(article.pk)
    answer = api.send("PATCH", f"/pages/{article.pk}/", document)
    assert answer.status_code == 200, answer.content
    after = get_content(article)
    assert after == before
    assert len(find_ids(after["body"])) > 30
    again = remove_marks(api.read(article.pk)["body"])
    assert again == remove_marks(document["body"])


def test_writing_back_twice_changes_nothing(api, article):
    before = get_content(article)
    for _ in range(2):
        api.send("PATCH", f"/pages/{article.pk}/", api.read(article.pk))
    assert get_content(article) == before


def test_the_translation_is_not_touched(api, home, article):
    factories.create_spanish_tree(home)
    spanish = factories.to_spanish(article)
    source = TranslationSource.objects.get_for_instance(article)
    content = get_content(spanish)
    texts = set(StringTranslation.objects.values_list("pk", "data"))
    segments = set(
        StringSegment.objects.filter(source=source).values_list("string__data", "context__path")
    )  # fmt: skip
    assert len(segments) > 100

    seen = {page.pk: read_public(api.client, page) for page in (article, spanish)}

    document = {**api.read(article.pk), "meta": {"action": "publish"}}
    answer = api.send("PATCH", f"/pages/{article.pk}/", document)
    assert answer.status_code == 200, answer.content
    article.refresh_from_db()
    assert not article.has_unpublished_changes
    source = TranslationSource.objects.get_for_instance(article)
    source.update_from_db()

    assert (
        set(
            StringSegment.objects.filter(source=source).values_list(
                "string__data", "context__path"
            )
        )
        == segments
    )
    assert set(StringTranslation.objects.values_list("pk", "data")) == texts
    assert {
        page.pk: read_public(api.client, page) for page in (article, spanish)
    } == seen
    total, translated = source.translations.get().get_progress()
    assert total == translated > 100
    assert get_content(spanish) == content
    spanish = TreatmentPage.objects.get(pk=spanish.pk)
    assert [getattr(spanish, name).count() for name in RELATIONS] == [1, 1, 1]
    # Nothing in it changes, so that its translation is no reason to refuse it.
    answer = api.send("PATCH", f"/pages/{spanish.pk}/", api.read(spanish.pk))
    assert answer.status_code == 200, answer.content


def test_a_document_can_be_posted_as_a_new_page(api, home, article):
    document = api.read(article.pk)
    for name in OWN:
        document.pop(name, None)
    document["meta"] = {"type": "treatments.TreatmentPage", "parent_id": home.index.pk}
    document |= {"title": "A copy", "slug": "a-copy"}
    # These two are read as what they lead to, in the language of the page, and written as ids.
    for name in ("treatment", "hero_image"):
        document[f"{name}_id"] = document[name]["id"]
    answer = api.send("POST", "/pages/", document)
    assert answer.status_code == 201, answer.content
    copy = TreatmentPage.objects.get(slug="a-copy")
    made, known = get_content(copy), get_content(article)
    assert {name: made[name] for name in STREAMS} == {
        name: known[name] for name in STREAMS
    }
    same = (
        "summary",
        "intro",
        "kind",
        "intent",
        "treatment",
        "hero_image",
        "body_site",
    )
    assert [made[name] for name in same] == [known[name] for name in same]
    names = ("condition", "contributor", "related_page", "relation")
    for relation in RELATIONS:
        assert [
            {name: row[name] for name in names if name in row} for row in made[relation]
        ] == [
            {name: row[name] for name in names if name in row}
            for row in known[relation]
        ]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("body", 0, "value", "heading"), 7, "heading"),
        (("body", 0, "type"), "chapter", "chapter"),
        (("body", 0, "value", "content", 0, "type"), "carousel", "carousel"),
        (("body", 0, "id"), 7, "/body/0/id"),
        (("article_conditions", 0, "condition_id"), 987654, "condition"),
        (("kind",), "magic", "kind"),
        (("treatment_id",), 987654, "treatment"),
        (("hero_image_id",), 987654, "hero_image"),
    ],
    ids=lambda value: str(value),
)
def test_what_is_wrong_is_refused_by_its_place(api, article, path, value, place):
    before = get_content(article)
    document = api.read(article.pk)
    target = document
    for part in path[:-1]:
        target = target[part]
    target[path[-1]] = value
    answer = api.send("PATCH", f"/pages/{article.pk}/", document)
    assert 400 <= answer.status_code < 500, answer.content
    assert place in answer.content.decode()
    assert get_content(article) == before
