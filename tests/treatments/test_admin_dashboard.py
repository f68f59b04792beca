"""The dashboard: my drafts, and what was published last."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from tests import factories
from treatments.admin.dashboard import build_panels, get_drafts, get_last_published
from treatments.admin.groups import EDITORS, REVIEWERS, create_editorial_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(site):
    return site.index


@pytest.fixture
def editor(index, django_user_model):
    create_editorial_groups()
    user = django_user_model.objects.create_user(username="editor", password="x")  # noqa: S106
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def test_empty_panels_say_what_will_appear(client, editor):
    client.force_login(editor)
    text = client.get(reverse("wagtailadmin_home")).text
    assert "You have no unpublished work." in text
    assert "No article that you may edit is published yet." in text


def test_panels_list_my_drafts_and_everybodys_publications(
    client, editor, admin_user, index
):
    mine = factories.create_article(index, title="Mine", slug="mine", live=False)
    mine.save_revision(user=editor)
    other = factories.create_article(index, title="Other", slug="other", live=False)
    other.save_revision(user=admin_user)
    changed = factories.create_article(index, title="Changed", slug="changed")
    changed.save_revision(user=editor)
    factories.create_article(index, title="Live", slug="live")
    assert [page.title for page in get_drafts(editor)] == ["Changed", "Mine"]
    assert [page.title for page in get_last_published(editor)] == ["Live", "Changed"]
    client.force_login(editor)
    text = client.get(reverse("wagtailadmin_home")).text
    for title in ("Mine", "Changed", "Live"):
        assert title in text
    assert ">Other<" not in text


def test_somebody_without_page_permissions_sees_no_panels(
    client, index, django_user_model
):
    create_editorial_groups()
    reviewer = django_user_model.objects.create_user(username="reviewer", password="x")  # noqa: S106
    reviewer.groups.add(Group.objects.get(name=REVIEWERS))
    assert build_panels(reviewer) == []
    client.force_login(reviewer)
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    assert "treatments-drafts" not in response.text


def test_articles_of_others_trees_are_not_shown(index, editor):
    factories.create_article(index, title="Elsewhere", slug="elsewhere")
    group: Any = Group.objects.get(name=EDITORS)
    group.page_permissions.all().delete()
    assert list(get_last_published(editor)) == []


def test_cost_does_not_depend_on_the_number_of_articles(
    editor, index, rf, django_assert_max_num_queries
):
    for number in range(8):
        page = factories.create_article(
            index, title=f"Article {number}", slug=f"article-{number}"
        )
        page.save_revision(user=editor)
    request = rf.get("/")
    request.user = editor
    with django_assert_max_num_queries(14):
        for panel in build_panels(editor):
            html = panel.render_html({"request": request})
            assert html.count("<tr>") == 7
