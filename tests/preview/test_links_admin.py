"""Sharing drafts in the admin: who may, what is shown once, what is sent, and how it ends."""

from __future__ import annotations

import csv
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils import timezone
from wagtail.users.models import UserProfile

from snippets.models import Contributor
from tests import factories
from tests.preview.conftest import DRAFTS
from treatments.preview.access import record_use
from treatments.preview.models import DraftLink, DraftLinkUse
from treatments.preview.tokens import hash_token

pytestmark = pytest.mark.django_db

ADMIN = "/admin/treatments/drafts/"
REPORT = f"{ADMIN}report/"
HOSTILE = "<script>alert(1)</script>"
ADDRESS = re.compile(r'value="([^"]+/en/draft/#(wtd_[\w-]{43}))"')


def build_form(**values):
    """Return what a browser sends from the form."""
    return {
        "recipient_name": "Dr. Sample",
        "shown": "follow",
        "last_day": (timezone.localdate() + timedelta(days=14)).isoformat(),
        "may_comment": "on",
        **values,
    }


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def new_url(page):
    return f"{ADMIN}page/{page.pk}/new/"


def list_url(page):
    return f"{ADMIN}page/{page.pk}/"


def test_an_editor_shares_a_draft_and_sees_the_link_this_once(desk, article, client):
    answer = desk.post(
        new_url(article),
        build_form(purpose="Is the dose right?", may_decide="on", shown="pin"),
    )
    html = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    [(address, token)] = ADDRESS.findall(html)
    assert address == f"http://localhost/en/draft/#{token}"
    link = DraftLink.objects.get()
    assert link.token_hash == hash_token(token)
    assert (link.is_pinned, link.may_decide, link.may_comment) == (True, True, True)
    assert link.purpose == "Is the dose right?"
    assert timezone.localtime(link.expires_at).date() == (
        timezone.localdate() + timedelta(days=14)
    )
    for later in (list_url(article), f"{ADMIN}{link.pk}/"):
        page = desk.get(later).content.decode()
        assert token not in page
        assert link.token_hash not in page
        assert "Dr. Sample" in page
    draft = client.get(DRAFTS, headers={"X-Draft-Token": token}).json()
    assert draft["article"]["id"] == article.pk
    assert not mail.outbox


def test_the_link_is_sent_where_an_address_is_given(desk, article, editor):
    title = "Surgery\nBcc: everybody@example.org"
    type(article).objects.filter(pk=article.pk).update(draft_title=title)
    answer = desk.post(
        new_url(article),
        build_form(recipient_email="doctor@example.org", purpose="The dose & more"),
    )
    [(address, _token)] = ADDRESS.findall(answer.content.decode())
    [message] = mail.outbox
    assert message.to == ["doctor@example.org"]
    assert message.reply_to == [editor.email]
    assert message.subject == (
        "Please read a draft: Surgery Bcc: everybody@example.org"
    )
    assert address in message.body
    assert "The dose & more" in message.body
    assert "doctor@example.org" in answer.content.decode()


def test_a_link_that_cannot_be_sent_is_shown_all_the_same(desk, article, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = desk.post(
        new_url(article), build_form(recipient_email="doctor@example.org")
    )
    html = answer.content.decode()
    assert ADDRESS.findall(html)
    assert "could not be sent" in html
    assert "It was sent to" not in html


@pytest.fixture
def contributor():
    return Contributor.objects.create(
        name="Dr. Sample", role="clinical_reviewer", locale=factories.get_locale("en")
    )


def test_a_link_that_decides_in_somebodys_name_is_sent_and_shown_to_nobody_else(
    desk, article, contributor
):
    answer = desk.post(
        new_url(article),
        build_form(
            recipient_email="doctor@example.org",
            contributor=contributor.pk,
            may_decide="on",
        ),
    )
    html = answer.content.decode()
    assert "wtd_" not in html
    assert "It was sent to doctor@example.org" in html
    [message] = mail.outbox
    assert message.to == ["doctor@example.org"]
    assert "/en/draft/#wtd_" in message.body
    assert DraftLink.objects.get().is_sent_only


def test_such_a_link_needs_an_address(desk, article, contributor):
    values = build_form(contributor=contributor.pk, may_decide="on")
    html = desk.post(new_url(article), values).content.decode()
    assert "Say where to." in html
    assert not DraftLink.objects.exists()


def test_such_a_link_ends_where_it_cannot_be_sent(desk, article, contributor, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    values = build_form(
        recipient_email="doctor@example.org",
        contributor=contributor.pk,
        may_decide="on",
    )
    html = desk.post(new_url(article), values).content.decode()
    assert "could not be sent, and the link was ended" in html
    assert "wtd_" not in html
    assert DraftLink.objects.get().end == "revoked"


def test_a_spanish_link_is_sent_in_spanish(desk, site, article, admin_user):
    factories.create_spanish_tree(site)
    spanish = factories.to_spanish(article)
    desk.force_login(admin_user)
    desk.post(new_url(spanish), build_form(recipient_email="doctora@example.org"))
    [message] = mail.outbox
    assert "/es/draft/#wtd_" in message.body
    assert message.subject == "Le pedimos que lea un borrador: ES Surgery"
    assert "No necesita una cuenta" in message.body


def test_a_link_can_show_the_languages_that_its_sharer_may_edit(
    desk, site, article, admin_user
):
    factories.create_spanish_tree(site)
    factories.to_spanish(article)
    # The editor may edit the English tree only.
    assert "español" not in desk.get(new_url(article)).content.decode().lower()
    desk.post(new_url(article), build_form(locales=["es"]))
    assert [each.locale for each in DraftLink.objects.get().pages.all()] == ["en"]
    desk.force_login(admin_user)
    assert "español" in desk.get(new_url(article)).content.decode().lower()
    desk.post(new_url(article), build_form(locales=["es"]))
    codes = [each.locale for each in DraftLink.objects.first().pages.all()]
    assert codes == ["en", "es"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient_name", ""),
        ("recipient_name", "x" * 161),
        ("recipient_email", "no address"),
        ("last_day", "2020-01-01"),
        ("last_day", "2999-01-01"),
        ("last_day", "soon"),
        ("shown", "everything"),
        ("contributor", "999999"),
    ],
)
def test_a_bad_value_makes_no_link(desk, article, field, value):
    answer = desk.post(new_url(article), build_form(**{field: value}))
    assert answer.status_code == 200
    assert "The draft was not shared." in answer.content.decode()
    assert not DraftLink.objects.exists()


def test_who_may_not_edit_the_page_gets_nothing(client, article, index, make_editor):
    other = factories.create_article(index, title="Other", slug="other")
    client.force_login(make_editor(other, "stranger"))
    for address in (list_url(article), new_url(article)):
        assert client.get(address).status_code in (302, 403)
    client.post(new_url(article), build_form())
    assert not DraftLink.objects.exists()
    assert client.get(list_url(other)).status_code == 200


def test_anonymous_callers_are_sent_to_the_login(client, article, share):
    link, _token = share(article)
    for address in (list_url(article), new_url(article), f"{ADMIN}{link.pk}/", REPORT):
        assert client.get(address)["Location"].startswith("/admin/login/")
    client.post(f"{ADMIN}{link.pk}/revoke/")
    link.refresh_from_db()
    assert link.end is None


def test_only_articles_can_be_shared(desk, index, admin_user):
    desk.force_login(admin_user)
    assert desk.get(list_url(index)).status_code in (302, 403)
    for unknown in (99999999, 2**70):
        answer = desk.get(f"{ADMIN}page/{unknown}/", follow=True)
        assert answer.status_code == 404


def test_a_locked_article_says_why_it_is_not_shared(desk, article):
    article.locked = True
    article.save()
    assert "locked or private" in desk.get(new_url(article)).content.decode()
    assert (
        "cannot be shared" in desk.post(new_url(article), build_form()).content.decode()
    )
    assert not DraftLink.objects.exists()


def test_revoking_takes_a_post_and_leads_back(desk, article, share, editor):
    link, _token = share(article)
    revoke = f"{ADMIN}{link.pk}/revoke/"
    assert desk.get(revoke).status_code == 405
    answer = desk.post(revoke, {"next": list_url(article)})
    assert answer["Location"] == list_url(article)
    link.refresh_from_db()
    assert (link.ended_because, link.ended_by) == ("revoked", editor)
    answer = desk.post(revoke, {"next": "https://evil.example.org/"})
    assert answer["Location"] == f"{ADMIN}{link.pk}/"


def test_nobody_revokes_or_sees_the_links_of_others(
    client, article, index, share, make_editor
):
    link, _token = share(article)
    other = factories.create_article(index, title="Other", slug="other")
    client.force_login(make_editor(other, "stranger"))
    assert client.get(f"{ADMIN}{link.pk}/").status_code in (302, 403)
    assert client.post(f"{ADMIN}{link.pk}/revoke/").status_code in (302, 403)
    link.refresh_from_db()
    assert link.end is None


def test_a_link_tells_what_was_done_with_it(desk, article, share):
    link, _token = share(article, recipient_name=HOSTILE, purpose=HOSTILE)
    record_use(link.pk, DraftLinkUse.Kind.READ, "en", article.latest_revision_id)
    record_use(link.pk, DraftLinkUse.Kind.DECIDED, "en", article.latest_revision_id)
    html = desk.get(f"{ADMIN}{link.pk}/").content.decode()
    assert "Read the draft" in html
    assert "Sent a decision" in html
    for address in (f"{ADMIN}{link.pk}/", list_url(article)):
        assert HOSTILE not in desk.get(address).content.decode()


def test_the_editor_and_the_listing_lead_to_sharing(desk, article, index):
    edit = desk.get(f"/admin/pages/{article.pk}/edit/").content.decode()
    assert list_url(article) in edit
    assert list_url(article) in desk.get(f"/admin/pages/{index.pk}/").content.decode()
    assert list_url(index) not in desk.get(f"/admin/pages/{index.pk}/").content.decode()


def test_the_history_of_the_page_says_who_shared_it(desk, article, share, editor):
    link, _token = share(article)
    desk.post(f"{ADMIN}{link.pk}/revoke/")
    html = desk.get(f"/admin/pages/{article.pk}/history/").content.decode()
    assert "Draft shared" in html
    assert "Draft link ended" in html


@pytest.fixture
def overseer(client, django_user_model):
    """Return a function that logs in somebody with permissions on all links."""

    def overseer(*codenames):
        user = django_user_model.objects.create_user(f"overseer{len(codenames)}")
        user.user_permissions.add(
            *Permission.objects.filter(codename__in=["access_admin", *codenames])
        )
        client.force_login(user)
        return client

    return overseer


def test_administrators_see_and_revoke_all_links(overseer, article, share):
    link, _token = share(article)
    share(article, recipient_name="Over", expires_at=timezone.now() + timedelta(days=1))
    DraftLink.objects.filter(recipient_name="Over").update(
        expires_at=timezone.now() - timedelta(days=1)
    )
    article.delete()
    desk = overseer("view_draftlink", "change_draftlink")
    html = desk.get(REPORT).content.decode()
    assert "Dr. Sample" in html
    assert "The article was deleted" in html
    assert "Expired" in html
    assert "Over" not in desk.get(REPORT, {"state": "works"}).content.decode()
    assert "Over" in desk.get(REPORT, {"state": "over"}).content.decode()
    assert (
        "Dr. Sample"
        not in desk.get(REPORT, {"ended_because": "locked"}).content.decode()
    )
    assert desk.get(f"{ADMIN}{link.pk}/").status_code == 200
    export = desk.get(REPORT, {"export": "csv"})
    assert b"Dr. Sample" in b"".join(export.streaming_content)


def test_no_cell_of_the_export_is_a_formula(overseer, article, share):
    for start in "=+-@":
        share(article, recipient_name=f"{start}HYPERLINK(1)")
    desk = overseer("view_draftlink")
    export = desk.get(REPORT, {"export": "csv"})
    table = b"".join(export.streaming_content).decode()
    names = [row["Recipient"] for row in csv.DictReader(table.splitlines())]
    assert sorted(names) == sorted(f"'{start}HYPERLINK(1)" for start in "=+-@")


def test_who_may_only_look_has_no_button(overseer, article, share):
    link, _token = share(article)
    desk = overseer("view_draftlink")
    assert "/revoke/" not in desk.get(REPORT).content.decode()
    assert desk.post(f"{ADMIN}{link.pk}/revoke/").status_code in (302, 403)
    desk = overseer("view_draftlink", "change_draftlink")
    assert f"{link.pk}/revoke/" in desk.get(REPORT).content.decode()
    desk.post(f"{ADMIN}{link.pk}/revoke/")
    link.refresh_from_db()
    assert link.end == "revoked"


def test_the_report_is_for_administrators(desk, article, share):
    share(article)
    assert desk.get(REPORT).status_code in (302, 403)
    assert REPORT not in desk.get("/admin/").content.decode()


def test_lists_cost_the_same_however_many_links_there_are(
    admin_client, article, share, django_assert_max_num_queries
):
    for number in range(12):
        share(article, recipient_name=f"Reader {number}")
    admin_client.get(REPORT)
    for address in (REPORT, list_url(article)):
        with django_assert_max_num_queries(24):
            assert "Reader 11" in admin_client.get(address).content.decode()


def test_the_screens_are_in_spanish(desk, article, share, editor):
    UserProfile.objects.create(user=editor, preferred_language="es")
    link, _token = share(article)
    pages = {
        new_url(article): "Crear el enlace",
        list_url(article): "Quien tiene un enlace lee el borrador sin una cuenta",
        f"{ADMIN}{link.pk}/": "Nadie lo ha abierto todavía",
        f"/admin/pages/{article.pk}/edit/": "Compartir este borrador",
    }
    for address, words in pages.items():
        html = desk.get(address).content.decode()
        assert words in html, address
        assert "Share this draft" not in html
        assert "Choose contributor" not in html
