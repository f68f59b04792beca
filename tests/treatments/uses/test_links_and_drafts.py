"""An editor is told of a draft that was chosen, and of the links to a page before it goes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models import DO_NOTHING, ForeignKey
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.forms.models import registry
from wagtail.models import Page

from snippets.models import Reference
from tests import factories
from treatments.models import TreatmentPageRelated

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["reference", "term", "contributor", "condition"])
def test_a_chosen_draft_says_that_it_is_one(full, client, admin_user, kind):
    _page, used = full
    instance = used[kind]
    name = "is_public" if kind == "condition" else "live"
    type(instance).objects.filter(pk=instance.pk).update(**{name: False})
    instance.refresh_from_db()
    field = ForeignKey(type(instance), on_delete=DO_NOTHING)
    widget = registry.get(field)["widget"]
    chooser = widget() if isinstance(widget, type) else widget
    assert chooser.get_value_data(instance.pk)[chooser.display_title_key] == (
        f"{instance} (draft)"
    )
    client.force_login(admin_user)
    url = chooser.get_chooser_modal_url()
    listing = client.get(url).json()["html"]
    assert "w-status" in listing
    assert re.search(r"w-status[^>]*>\s*draft", listing)
    chosen = client.get(f"{url}chosen/{instance.pk}/").json()["result"]
    assert f"{instance} (draft)" in chosen.values()


def test_the_editor_says_of_what_was_chosen_that_it_is_a_draft(
    full, client, admin_user
):
    page, used = full
    other = factories.create_article(
        page.get_parent(), live=False, title="Hidden page", slug="hidden"
    )
    page.related_articles = [TreatmentPageRelated(related_page=other)]
    page.save_revision()
    Reference.objects.filter(pk=used["reference"].pk).update(live=False)
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    text = client.get(url).content.decode()
    assert "Hidden page (draft)" in text
    assert "First trial (draft)" in text


@pytest.fixture
def linked(index):
    """Return an article, and another one that leads to it."""
    page = factories.create_article(index, title="Target", slug="target")
    other = factories.build_article(title="Leading", slug="leading", live=False)
    index.refresh_from_db()
    index.add_child(instance=other)
    other.related_articles = [TreatmentPageRelated(related_page=page)]
    return page, factories.publish(other)


@pytest.mark.parametrize("way", ["delete", "unpublish", "bulk delete", "bulk unpublish"])  # fmt: skip
def test_where_articles_lead_to_a_page_is_shown_before_it_goes(
    linked, client, admin_user, way
):
    page, other = linked
    client.force_login(admin_user)
    if way.startswith("bulk"):
        args = ["wagtailcore", "page", way.split()[1]]
        url = f"{reverse('wagtail_bulk_action', args=args)}?id={page.pk}"
    else:
        url = reverse(f"wagtailadmin_pages:{way}", args=[page.pk])

    text = client.get(url).content.decode()

    assert "Public articles lead here" in text
    assert reverse("wagtailadmin_pages:edit", args=[other.pk]) in text
    assert "Related articles" in text
    before = client.get(f"/api/v3/articles/{other.pk}/").json()
    assert [each["page"]["id"] for each in before["related"]] == [page.pk]
    answer = client.post(url)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert client.get(f"/api/v3/articles/{other.pk}/").json()["related"] == []


def test_the_links_to_an_article_go_at_the_instant_of_its_expiry(linked, client):
    page, other = linked
    Page.objects.filter(pk=page.pk).update(
        expire_at=timezone.now() - timedelta(seconds=1)
    )
    page.refresh_from_db()
    page.save()
    assert client.get(f"/api/v3/articles/{other.pk}/").json()["related"] == []
