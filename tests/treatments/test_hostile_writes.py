"""What an editor's program asks for and cannot have gets a clear answer, and changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, UnreadablePostError
from django.utils import timezone
from wagtail.models import APIToken, Page, Revision

from snippets.models import Contributor, GlossaryTerm
from tests import factories
from tests.shared import share
from treatments.api import translation_copies
from treatments.api.problems import ProblemType
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.django_db
TERMS = "/api/v3/snippets/treatment_snippets.GlossaryTerm"


@pytest.fixture
def index(site):
    return site.index


def create_surgery(home_id):
    index = factories.load_site(home_id).index
    return factories.create_article(index, title="Surgery", slug="surgery")


shared_surgery = share("shared_surgery", create_surgery, on="shared_site")


@pytest.fixture
def article(shared_surgery):
    return shared_surgery


@pytest.fixture
def alias(article):
    return article.create_alias(update_slug="surgery-again")


@pytest.fixture
def spanish(index):
    """The Spanish language, with a home page and an index in it."""
    home = index.get_parent().specific
    home.index = index
    factories.create_spanish_tree(home)
    return factories.get_locale("es")


class Editor:
    """Sends requests with a token of a user, and reads the problems in the answers."""

    def __init__(self, client, **kwargs):
        user = get_user_model().objects.create_user("editor", **kwargs)
        token = APIToken.create_token(user=user, name="Tests")[1]
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, method, url, body=None):
        return getattr(self.client, method)(
            url,
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=self.headers,
        )

    def get(self, url, query):
        return self.client.get(url, query, headers=self.headers)

    def act(self, page, action, body=None):
        return self.send("post", f"/api/v3/pages/{page.pk}/actions/{action}/", body)


@pytest.fixture
def editor(client):
    return Editor(client, is_superuser=True)


@pytest.fixture
def visitor(client):
    """A user with a token and no rights."""
    return Editor(client)


def read_problem(answer, kind):
    assert answer.status_code == kind.status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == kind.uri
    assert problem["detail"]
    return problem


def read_pointers(answer):
    problem = read_problem(answer, ProblemType.VALIDATION_FAILED)
    return [entry["pointer"] for entry in problem["errors"]]


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


# What is in use


@pytest.mark.parametrize("rest", ["", "actions/delete/"])
def test_what_a_draft_holds_is_not_deleted(editor, index, rest):
    page, _ = factories.create_full_article(index, factories.create_targets(index))
    page.unpublish()
    contributor = Contributor.objects.get(name="Sample Author")
    url = f"/api/v3/snippets/treatment_snippets.Contributor/{contributor.pk}/{rest}"
    problem = read_problem(editor.send("delete", url), ProblemType.CONFLICT)
    assert "contributor" in problem["detail"]
    assert Contributor.objects.filter(pk=contributor.pk).exists()


# Copies


@pytest.mark.parametrize(
    ("action", "options"),
    [
        ("copy", {"keep_live": True}),
        ("copy", {"keep_live": False}),
        ("create_alias", {}),
    ],
)
def test_a_copy_needs_a_slug_of_its_own(editor, article, action, options):
    body = {"slug": article.slug, **options}
    assert read_pointers(editor.act(article, action, body)) == ["/slug"]


@pytest.mark.parametrize("action", ["copy", "create_alias"])
@pytest.mark.parametrize("slug", ["a b", "/", "", "x" * 256])
def test_a_copy_needs_a_good_slug(editor, article, action, slug):
    options = {"keep_live": False} if action == "copy" else {}
    body = {"slug": slug, **options}
    assert read_pointers(editor.act(article, action, body)) == ["/slug"]


def test_a_copy_needs_a_title_that_fits(editor, article):
    body = {"title": "x" * 256, "keep_live": False}
    assert read_pointers(editor.act(article, "copy", body)) == ["/title"]


# Copies for translation


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_language_has_one_copy_of_a_page(editor, article, spanish, locale):
    first = editor.act(article, "copy_for_translation", {"locale": "es"})
    assert first.status_code == 201, first.content
    answer = editor.act(article, "copy_for_translation", {"locale": locale})
    problem = read_problem(answer, ProblemType.CONFLICT)
    assert locale in problem["detail"]


def test_a_tree_is_copied_whole_or_not_at_all(editor, index, spanish):
    section = TreatmentIndexPage(title="Section", slug="section", locale=index.locale)
    index.refresh_from_db()
    index.add_child(instance=section)
    below = factories.create_article(section, title="Below", slug="below")
    copy = section.copy_for_translation(spanish)
    below.copy_for_translation(spanish).move(
        index.get_translation(spanish), "first-child"
    )
    Page.objects.get(pk=copy.pk).delete()
    body = {"locale": "es", "recursive": True}
    answer = editor.act(section, "copy_for_translation", body)
    read_problem(answer, ProblemType.CONFLICT)
    assert not section.has_translation(spanish)
    body["recursive"] = False
    answer = editor.act(section, "copy_for_translation", body)
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_language_has_one_copy_of_a_snippet(editor, index, locale):
    term = factories.create_term()
    url = f"{TERMS}/{term.pk}/actions/copy_for_translation/"
    first = editor.send("post", url, {"locale": "es"})
    assert first.status_code == 201, first.content
    problem = read_problem(
        editor.send("post", url, {"locale": locale}), ProblemType.CONFLICT
    )
    assert locale in problem["detail"]
    assert GlossaryTerm.objects.count() == 2


def test_two_copies_at_the_same_moment_make_one(editor, article, monkeypatch):
    monkeypatch.setattr(translation_copies, "has_copy", lambda *args: False)
    answer = editor.act(article, "copy_for_translation", {"locale": "en"})
    read_problem(answer, ProblemType.CONFLICT)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"locale": None},
        {"locale": 5},
        {"locale": ["en"]},
        {"locale": "es", "recursive": "perhaps"},
        {"locale": "es", "recursive": []},
    ],
)
def test_a_copy_for_translation_names_its_language(editor, article, body):
    term = factories.create_term()
    assert read_pointers(editor.act(article, "copy_for_translation", body))
    if "recursive" not in body:
        url = f"{TERMS}/{term.pk}/actions/copy_for_translation/"
        assert read_pointers(editor.send("post", url, body)) == ["/locale"]


def test_a_copy_of_nothing_is_not_found(editor, article):
    for url in (
        "/api/v3/pages/999999/actions/copy_for_translation/",
        f"{TERMS}/999999/actions/copy_for_translation/",
    ):
        answer = editor.send("post", url, {"locale": "en"})
        read_problem(answer, ProblemType.NOT_FOUND)
    answer = editor.act(article, "copy_for_translation", {"locale": "xx"})
    read_problem(answer, ProblemType.NOT_FOUND)
    url = "/api/v3/snippets/home.HomePage/1/actions/copy_for_translation/"
    assert read_pointers(editor.send("post", url, {"locale": "en"})) == ["type"]


def test_only_an_editor_hears_of_translations(visitor, article):
    term = factories.create_term()
    answer = visitor.act(article, "copy_for_translation", {"locale": "en"})
    read_problem(answer, ProblemType.PERMISSION_DENIED)
    url = f"{TERMS}/{term.pk}/actions/copy_for_translation/"
    answer = visitor.send("post", url, {"locale": "en"})
    read_problem(answer, ProblemType.PERMISSION_DENIED)


# Moves


@pytest.mark.parametrize(
    "position", [{}, {"position": None}, {"position": "right"}, {"position": []}]
)
def test_nothing_moves_beside_the_root(editor, article, position):
    root = article.get_root()
    for pk in (root.pk, float(root.pk), str(root.pk)):
        answer = editor.act(article, "move", {"destination_id": pk, **position})
        assert read_pointers(answer)


@pytest.mark.parametrize(
    "action", ["copy", "create_alias", "move", "copy_for_translation"]
)
def test_the_root_stays_where_it_is(editor, article, action):
    body = {"destination_id": article.pk, "locale": "es"}
    answer = editor.act(article.get_root(), action, body)
    read_problem(answer, ProblemType.VALIDATION_FAILED)


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


# Aliases


def test_an_alias_is_not_published_or_changed(editor, alias):
    problem = read_problem(editor.act(alias, "publish"), ProblemType.CONFLICT)
    assert str(alias.alias_of_id) in problem["detail"]
    for meta in ({}, {"meta": {"action": "publish"}}):
        answer = editor.send(
            "patch", f"/api/v3/pages/{alias.pk}/", {"title": "New", **meta}
        )
        read_problem(answer, ProblemType.CONFLICT)
    alias.refresh_from_db()
    assert alias.title == "Surgery"


def test_an_alias_that_was_converted_is_published(editor, alias):
    assert editor.act(alias, "convert_alias").status_code == 200
    assert editor.act(alias, "publish").status_code == 200


def test_only_an_editor_hears_of_aliases(visitor, alias):
    read_problem(visitor.act(alias, "publish"), ProblemType.PERMISSION_DENIED)
    answer = visitor.send("patch", f"/api/v3/pages/{alias.pk}/", {"title": "New"})
    read_problem(answer, ProblemType.PERMISSION_DENIED)


# Publishing


def test_a_draft_that_is_not_complete_is_not_published(editor, article):
    article.summary = ""
    scheduled = article.save_revision(
        clean=False, approved_go_live_at=timezone.now() + timedelta(days=1)
    )
    count = Revision.objects.count()
    pointers = read_pointers(editor.act(article, "publish"))
    assert "/summary" in pointers
    scheduled.refresh_from_db()
    assert scheduled.approved_go_live_at is not None
    assert Revision.objects.count() == count


def test_only_a_publisher_hears_what_a_draft_lacks(visitor, article):
    article.summary = ""
    article.save_revision(clean=False)
    read_problem(visitor.act(article, "publish"), ProblemType.PERMISSION_DENIED)


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
