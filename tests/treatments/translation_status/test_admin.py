"""Who is told in the admin that a translation is behind: editors, and their report."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission
from wagtail_localize.models import Translation, TranslationSource

from tests.treatments.translation_status.articles import CHANGED, publish_at
from treatments.translation.services import update_source

pytestmark = pytest.mark.django_db


def test_the_editor_of_a_translation_is_told(admin_client, page, spanish):
    url = f"/admin/pages/{spanish.pk}/edit/"
    source_url = f"/admin/pages/{page.pk}/edit/"
    assert "is behind" not in admin_client.get(url).content.decode()
    page.summary = "New"
    publish_at(page, CHANGED)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    answer = admin_client.get(url).content.decode()
    assert "1 part of the source has changed, since Feb. 1, 2026." in answer
    assert "may concern somebody’s treatment" in answer
    assert f"/admin/localize/update/{source.pk}/" in answer
    update_source(source)
    answer = admin_client.get(url).content.decode()
    assert "The new content is here already" in answer
    assert "is behind" not in admin_client.get(source_url).content.decode()
    Translation.objects.filter(source=source).update(enabled=False)
    answer = admin_client.get(url).content.decode()
    assert "It is kept by hand" in answer
    assert source_url in answer


def test_somebody_who_may_not_open_the_page_is_told_nothing(
    client, page, spanish, django_user_model
):
    page.summary = "New"
    publish_at(page, CHANGED)
    user = django_user_model.objects.create_user("guest", password="x")  # noqa: S106
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    answer = client.get(f"/admin/pages/{spanish.pk}/edit/", follow=True)
    assert "is behind" not in answer.content.decode()
    assert client.get("/admin/reports/translations-behind/").status_code == 302
    assert "translations-behind" not in client.get("/admin/").content.decode()


def test_the_report_lists_what_is_behind(admin_client, page, spanish):
    url = "/admin/reports/translations-behind/"
    assert "is behind its source" in admin_client.get(url).content.decode()
    page.seo_title = "New"
    publish_at(page, CHANGED)
    answer = admin_client.get(url)
    assert list(answer.context["object_list"]) == [spanish.page_ptr]
    assert "Behind: editorial" in answer.content.decode()
    for query, count in (
        ("translation_status=behind_editorial", 1),
        ("translation_status=behind_clinical", 0),
        (f"locale={spanish.locale_id}", 1),
        (f"locale={page.locale_id}", 0),
    ):
        answer = admin_client.get(f"{url}?{query}")
        assert len(answer.context["object_list"]) == count, query
    exported = b"".join(
        admin_client.get(f"{url}?export=csv").streaming_content
    ).decode()
    assert exported.splitlines()[0] == (
        "Title,Language,Status,Changes,Behind since,Published"
    )
    assert "ES Surgery,español,Behind: editorial,1," in exported
    assert "Translations behind" in admin_client.get("/admin/").content.decode()


def test_the_report_shows_only_what_its_reader_may_change(
    client, page, spanish, django_user_model
):
    page.summary = "New"
    publish_at(page, CHANGED)
    group = Group.objects.create(name="English only")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group,
        page=page.get_parent(),
        permission=Permission.objects.get(
            content_type__app_label="wagtailcore", codename="change_page"
        ),
    )
    user = django_user_model.objects.create_user("editor", password="x")  # noqa: S106
    user.groups.add(group)
    client.force_login(user)
    answer = client.get("/admin/reports/translations-behind/")
    assert answer.status_code == 200
    assert list(answer.context["object_list"]) == []
