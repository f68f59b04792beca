"""The listing of all articles: what it shows, how it is narrowed, who sees it."""

from __future__ import annotations

import datetime
import io

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.admin.icons import get_icons
from wagtail.admin.menu import admin_menu
from wagtail.users.models import UserProfile

from snippets.models import Condition
from tests import factories
from treatments.admin.groups import EDITORS, REVIEWERS, create_editorial_groups
from treatments.models import TreatmentPageCondition

pytestmark = pytest.mark.django_db
URL = "/admin/treatments/articles/"


@pytest.fixture
def index(site):
    return site.index


def get_titles(client, **parameters):
    response = client.get(reverse("treatment_articles:index"), parameters)
    assert response.status_code == 200
    return {page.title for page in response.context["object_list"]}


def build_body(words):
    return [
        {
            "type": "section",
            "value": {
                "heading": "Heading",
                "content": [{"type": "rich_text", "value": f"<p>{words}</p>"}],
            },
        }
    ]


def log_in(client, django_user_model, group):
    create_editorial_groups()
    user = django_user_model.objects.create_user(username="somebody", password="x")  # noqa: S106
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Articles"), ("es", "Artículos")]
)
def test_listing_opens_in_the_language_of_its_viewer(
    admin_client, admin_user, index, language, word
):
    UserProfile.objects.create(user=admin_user, preferred_language=language)
    factories.create_article(index, title="Surgery", kind="procedure")
    response = admin_client.get(reverse("treatment_articles:index"))
    assert response.status_code == 200
    assert word in response.text


def test_listing_spans_the_tree_and_shows_who_changed_what(
    admin_client, admin_user, index
):
    page = factories.create_article(index, title="Surgery", kind="procedure")
    page.save_revision(user=admin_user)
    text = admin_client.get(reverse("treatment_articles:index")).text
    for expected in ("Surgery", "Procedure", "English", admin_user.get_username()):
        assert expected in text


def test_search_finds_an_article_by_a_word_in_its_body(admin_client, index):
    factories.create_article(
        index, title="Surgery", slug="a", body=build_body("A rare hepatectomy.")
    )
    factories.create_article(index, title="Ablation", slug="b")
    assert get_titles(admin_client, q="hepatectomy") == {"Surgery"}
    assert get_titles(admin_client, q="Abla") == {"Ablation"}
    assert get_titles(admin_client, q="nothing-of-the-kind") == set()
    assert get_titles(admin_client, q="hepatectomy", status="draft") == set()


def test_status_filter_tells_the_four_states_apart(admin_client, index):
    factories.create_article(index, title="Live", slug="live")
    factories.create_article(index, title="Draft", slug="draft", live=False)
    changed = factories.create_article(index, title="Changed", slug="changed")
    changed.save_revision()
    planned = factories.create_article(
        index, title="Planned", slug="planned", live=False
    )
    planned.go_live_at = timezone.now() + datetime.timedelta(days=3)
    planned.save_revision().publish()
    assert get_titles(admin_client, status="live") == {"Live", "Changed"}
    assert get_titles(admin_client, status="changed") == {"Changed"}
    assert get_titles(admin_client, status="draft") == {"Draft", "Planned"}
    assert get_titles(admin_client, status="scheduled") == {"Planned"}


def test_filters_by_kind_language_condition_and_date(admin_client, index):
    page = factories.create_article(index, title="Surgery", slug="a", kind="procedure")
    factories.create_article(index, title="Ablation", slug="b", kind="treatment")
    condition = Condition.objects.create(
        name="Breast cancer", locale=factories.get_locale()
    )
    TreatmentPageCondition.objects.create(page=page, condition=condition)
    spanish = condition.copy_for_translation(factories.get_locale("es"))
    spanish.save()
    assert get_titles(admin_client, kind="procedure") == {"Surgery"}
    assert get_titles(admin_client, condition=condition.pk) == {"Surgery"}
    assert get_titles(admin_client, condition=spanish.pk) == {"Surgery"}
    assert get_titles(admin_client, locale="en") == {"Surgery", "Ablation"}
    assert get_titles(admin_client, locale="es") == set()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert get_titles(admin_client, latest_revision_created_at_from=tomorrow) == set()
    assert get_titles(admin_client, latest_revision_created_at_to=tomorrow) == {
        "Surgery",
        "Ablation",
    }


def test_add_article_leads_to_the_only_index_or_asks_for_one(admin_client, index):
    url = reverse("treatment_articles:choose_parent")
    response = admin_client.get(url)
    assert response.status_code == 302
    assert response.url == reverse(
        "wagtailadmin_pages:add", args=["treatments", "treatmentpage", index.pk]
    )
    index.get_parent().add_child(
        instance=type(index)(title="Second", slug="second", locale=index.locale)
    )
    assert admin_client.get(url).status_code == 200


def test_listing_is_exported(admin_client, index):
    factories.create_article(index, title="Surgery")
    response = admin_client.get(reverse("treatment_articles:index"), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    assert [cell.value for cell in sheet["A"]] == ["Title", "Surgery"]


def test_explorer_still_lists_every_page(admin_client, index):
    factories.create_article(index, title="Surgery")
    home = index.get_parent()
    for parent, child in ((home, "Treatments"), (index, "Surgery")):
        response = admin_client.get(reverse("wagtailadmin_explore", args=[parent.pk]))
        assert response.status_code == 200
        assert child in response.text


def test_cost_grows_with_the_rows_by_permission_checks_only(admin_client, index):
    url = reverse("treatment_articles:index")
    factories.create_article(index, title="First", slug="first")
    admin_client.get(url)
    with CaptureQueriesContext(connection) as few:
        admin_client.get(url)
    for number in range(6):
        factories.create_article(
            index, title=f"Article {number}", slug=f"article-{number}"
        )
    with CaptureQueriesContext(connection) as many:
        admin_client.get(url)
    revisions = [
        query for query in many if '"wagtailcore_revision"."content"' in query["sql"]
    ]
    assert revisions == []
    assert len(many) - len(few) <= 6 * 3


def get_menu_names(client, rf, user):
    """Return what the “Treatments” menu shows to a user, in its order."""
    assert client.get(reverse("wagtailadmin_home")).status_code == 200
    request = rf.get("/")
    request.user = user
    items = admin_menu.menu_items_for_request(request)
    menu = next(item for item in items if item.name == "treatments")
    shown = menu.menu.menu_items_for_request(request)
    return [item.name for item in sorted(shown, key=lambda item: item.order)]


def test_menu_shows_each_group_what_it_may_use(client, django_user_model, rf, index):
    user = log_in(client, django_user_model, EDITORS)
    assert get_menu_names(client, rf, user) == [
        "treatments-articles",
        "treatments-glossary",
        "treatments-references",
        "treatments-contributors",
        "treatments-conditions",
        "treatments-treatments",
        "treatments-promotions",
    ]


def test_reviewer_without_page_permissions_has_no_article_listing(
    client, django_user_model, rf, index
):
    user = log_in(client, django_user_model, REVIEWERS)
    names = get_menu_names(client, rf, user)
    assert "treatments-glossary" in names
    assert "treatments-articles" not in names
    assert client.get(reverse("treatment_articles:index")).status_code == 302


def test_condition_and_treatment_are_chosen_in_a_window(admin_client, index):
    text = admin_client.get(
        reverse(
            "wagtailadmin_pages:add", args=["treatments", "treatmentpage", index.pk]
        )
    ).text
    assert reverse("treatment_treatment_chooser:choose") in text
    assert reverse("treatment_condition_chooser:choose") in text
    assert '<select name="treatment"' not in text


def test_icons_of_the_menu_exist():
    sprite = get_icons()
    for name in ("treatment-article", "treatment-kit", "treatment-scales"):
        assert f'id="icon-{name}"' in sprite
