"""A copy that cannot be made is refused with the reason, and nothing is copied."""

from __future__ import annotations

import pytest
from wagtail.models import Page

from snippets.models import GlossaryTerm
from tests import factories
from tests.treatments.hostile_writes.conftest import TERMS, read_pointers, read_problem
from treatments.api.guard import translation_copies
from treatments.api.http.problems import ProblemType
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.django_db

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
