"""The report of all that became public, and the past of articles that are gone."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission

from tests import factories
from tests.delivery.screens.pages import ENTRIES, get_history, get_text
from tests.delivery.versions import withdraw
from treatments.delivery import building
from treatments.delivery.models import Version
from treatments.models import TreatmentIndexPage

pytestmark = pytest.mark.django_db


def test_the_report_lists_the_latest_entries_first(client, page, publisher):
    withdraw(page, publisher)
    client.force_login(publisher)
    text = get_text(client, reverse(ENTRIES))
    assert text.index("Unpublished by Ana Ruiz") < text.index("Published by Ana Ruiz")
    assert text.count(get_history(page)) == 4


def test_the_report_is_narrowed(client, page, publisher):
    withdraw(page, publisher)
    client.force_login(publisher)
    address = reverse(ENTRIES)
    assert get_text(client, f"{address}?kind=withdrawn").count(get_history(page)) == 1
    assert (
        get_text(client, f"{address}?page_id={page.pk}").count(get_history(page)) == 4
    )
    for query in ("page_id=999999", "locale=es"):
        text = get_text(client, f"{address}?{query}")
        assert "Nothing in the history matches these filters." in text
    for query in (f"page_id={10**30}", "page_id=x", "kind=x", "public_from_from=x"):
        assert client.get(f"{address}?{query}").status_code == 200


def test_an_empty_report_says_so(client, publisher):
    client.force_login(publisher)
    assert "No article has been published yet." in get_text(client, reverse(ENTRIES))


def test_the_report_is_exported(client, page, publisher):
    client.force_login(publisher)
    answer = client.get(f"{reverse(ENTRIES)}?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "Published by Ana Ruiz" in text


def test_deleted_articles_stay_reachable(client, page, publisher, editor):
    page_id, address = page.pk, get_history(page)
    page.delete()
    building.refresh([page_id])
    client.force_login(publisher)
    report = get_text(client, reverse(ENTRIES))
    assert address in report
    assert "Surgery, again" in report
    text = get_text(client, address)
    assert "This page was deleted." in text
    assert "It was deleted." in text
    assert "All of them must apply" in get_text(
        client, reverse("treatments_history:version", args=[page_id, 1])
    )
    client.force_login(editor)
    assert client.get(address).status_code == 302


def create_section_publisher(section):
    """Return somebody who may publish in one section only."""
    user = get_user_model().objects.create_user(f"publisher-of-{section.slug}")
    group = Group.objects.create(name=f"Publishers of {section.slug}")
    access = Permission.objects.get(codename="access_admin")
    group.permissions.add(access)
    for codename in ("change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group,
            page=section,
            permission=Permission.objects.get(
                codename=codename, content_type__app_label="wagtailcore"
            ),
        )
    user.groups.add(group)
    return user


def test_the_past_of_a_deleted_article_belongs_to_those_who_publish_at_its_place(
    client, site, publisher
):
    places = [
        TreatmentIndexPage(title=name, slug=name.lower()) for name in ("Liver", "Skin")
    ]
    for place in places:
        site.add_child(instance=place)
    liver, skin = places
    page = factories.create_article(liver, title="Withdrawn words", slug="gone")
    building.refresh([page.pk])
    own, other = create_section_publisher(liver), create_section_publisher(skin)
    address = get_history(page)
    page.delete()
    building.refresh([page.pk])
    note = {"note": "Rewritten", "replacement_path": ""}

    client.force_login(other)
    assert client.get(address).status_code == 302
    assert client.post(address, note).status_code == 302
    version = reverse("treatments_history:version", args=[page.pk, 1])
    assert client.get(version).status_code == 302
    assert "Withdrawn words" not in get_text(client, reverse(ENTRIES))
    assert not Version.objects.filter(note="Rewritten").exists()

    for user in (own, publisher):
        client.force_login(user)
        assert "It was deleted." in get_text(client, address)
        assert "Withdrawn words" in get_text(client, reverse(ENTRIES))
    client.force_login(own)
    client.post(address, note)
    assert Version.objects.filter(note="Rewritten").exists()
