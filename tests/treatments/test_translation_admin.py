"""The admin's translation screens: whichever button is pressed, readers see finished work only."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from tests import factories
from tests.factories import submit, to_spanish, translate_all
from treatments.admin.groups import EDITORS
from treatments.translation.services import submit_translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(bilingual_index):
    return bilingual_index


def test_admin_buttons_are_safe(admin_client, index):
    page = factories.create_article(index, title="Surgery")
    spanish_locale = Locale.objects.get(language_code="es")
    answer = admin_client.post(
        f"/admin/localize/submit/page/{page.pk}/", {"locales": [spanish_locale.pk]}
    )
    assert answer.status_code == 302
    target = page.get_translation(spanish_locale)
    assert not target.live
    answer = admin_client.post(
        f"/admin/pages/{target.pk}/edit/", {"action": "publish"}, follow=True
    )
    assert "not translated yet" in answer.content.decode()
    target.refresh_from_db()
    assert not target.live
    translation = Translation.objects.get(source__object_id=page.translation_key)
    translate_all(translation)
    admin_client.post(f"/admin/pages/{target.pk}/edit/", {"action": "publish"})
    target.refresh_from_db()
    assert target.live
    assert target.title == "ES Surgery"


def test_submitting_a_subtree_again_leaves_finished_articles_alone(admin_client, index):
    page = factories.create_article(index, title="Surgery")
    spanish = to_spanish(page)
    french = Locale.objects.create(language_code="fr")
    factories.create_article(index, title="Radiation")
    fr_home = submit_translation(index.get_parent().specific, [french])[0]
    assert fr_home.get_target_instance() is not None
    admin_client.post(
        f"/admin/localize/submit/page/{index.pk}/",
        {"locales": [french.pk], "include_subtree": "on"},
    )
    spanish.refresh_from_db()
    assert spanish.live
    assert spanish.title == "ES Surgery"
    assert page.get_translation(french).live is False


def test_update_button_does_not_publish_what_is_incomplete(admin_client, index):
    page = factories.create_article(index, title="Surgery")
    spanish = to_spanish(page)
    page.title = "Surgery and more"
    factories.publish(page)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    answer = admin_client.post(
        f"/admin/localize/update/{source.pk}/",
        {"publish_translations": "on"},
        follow=True,
    )
    assert "not translated yet" in answer.content.decode()
    spanish.refresh_from_db()
    assert spanish.title == "ES Surgery"


def test_an_editor_submits_but_does_not_publish(client, index, django_user_model):
    call_command("create_editorial_groups", verbosity=0)
    editor = django_user_model.objects.create_user("editor")
    editor.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(editor)
    page = factories.create_article(index, title="Surgery")
    spanish_locale = Locale.objects.get(language_code="es")
    client.post(
        f"/admin/localize/submit/page/{page.pk}/", {"locales": [spanish_locale.pk]}
    )
    target = page.get_translation(spanish_locale)
    translation = Translation.objects.get(source__object_id=page.translation_key)
    translate_all(translation)
    source = translation.source
    client.post(f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"})
    client.post(f"/admin/pages/{target.pk}/edit/", {"action": "publish"})
    target.refresh_from_db()
    assert not target.live


def test_a_permission_to_submit_is_not_enough(client, index, django_user_model):
    user = django_user_model.objects.create_user("outsider")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["access_admin", "submit_translation"])
    )
    client.force_login(user)
    page = factories.create_article(index, title="Surgery")
    spanish_locale = Locale.objects.get(language_code="es")
    client.post(
        f"/admin/localize/submit/page/{page.pk}/", {"locales": [spanish_locale.pk]}
    )
    assert page.get_translation_or_none(spanish_locale) is None
    spanish = to_spanish(page)
    page.title = "Changed"
    factories.publish(page)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    client.post(f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"})
    spanish.refresh_from_db()
    assert spanish.title == "ES Surgery"
    source.refresh_from_db()
    assert "Changed" not in source.content_json


def test_the_translation_editor_opens_for_every_block(admin_client, index):
    page, _sampler = factories.create_full_article(
        index, factories.create_targets(index)
    )
    submit(page)
    target = page.get_translation(Locale.objects.get(language_code="es"))
    answer = admin_client.get(f"/admin/pages/{target.pk}/edit/")
    assert answer.status_code == 200
    assert "segments" in answer.content.decode()


def test_a_translation_is_not_turned_into_an_alias(client, admin_client, index):
    spanish = to_spanish(factories.create_article(index, title="Surgery"))
    answer = admin_client.post(
        f"/admin/localize/page/{spanish.pk}/convert_to_alias/", follow=True
    )
    assert "This page was not changed" in answer.content.decode()
    spanish.refresh_from_db()
    assert spanish.alias_of_id is None
    assert spanish.title == "ES Surgery"
    assert Translation.objects.filter(
        source__object_id=spanish.translation_key
    ).exists()


def test_the_sync_form_says_what_it_does(admin_client, index):
    page = factories.create_article(index, title="Surgery")
    to_spanish(page)
    source = TranslationSource.objects.get(object_id=page.translation_key)
    html = admin_client.get(f"/admin/localize/update/{source.pk}/").content.decode()
    assert "Publish what is complete" in html
    assert "original language until translated" not in html


def test_a_vocabularys_editor_and_submit_page_are_safe(
    admin_client, client, index, django_user_model
):
    condition = factories.create_condition()
    spanish_locale = Locale.objects.get(language_code="es")
    url = f"/admin/localize/modeladmin/submit/treatment_snippets/condition/{condition.pk}/"
    admin_client.post(url, {"locales": [spanish_locale.pk]})
    target = condition.get_translation(spanish_locale)
    answer = admin_client.post(
        f"/admin/treatment_snippets/condition/edit/{target.pk}/",
        {"action": "publish"},
        follow=True,
    )
    assert "not translated yet" in answer.content.decode()
    assert client.get("/api/v3/conditions/?locale=es").json()["count"] == 0
    call_command("create_editorial_groups", verbosity=0)
    editor = django_user_model.objects.create_user("editor")
    editor.groups.add(Group.objects.get(name=EDITORS))
    admin_client.force_login(editor)
    other = factories.create_condition("Bone metastases")
    admin_client.post(
        url.replace(f"/{condition.pk}/", f"/{other.pk}/"),
        {"locales": [spanish_locale.pk]},
    )
    assert other.get_translation_or_none(spanish_locale) is None
