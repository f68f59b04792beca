"""A page that cannot be moved, published or deleted stays as it is, and the answer says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from snippets.models import Contributor
from tests import factories
from tests.treatments.hostile_writes.conftest import read_pointers, read_problem
from treatments.api.http.problems import ProblemType

pytestmark = pytest.mark.django_db

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
