"""The preview while somebody types: who sees what, for how long, and the way back to the editor."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import timezone
from wagtail.admin.models import FormState
from wagtail.models import Page

from snippets.models import GlossaryTerm
from tests import factories
from tests.preview.conftest import DRAFTS
from treatments.models import TreatmentPage
from treatments.preview.models import PreviewSnapshot
from treatments.preview.pointers import iterate_blocks
from treatments.preview.snapshots import store_snapshot

pytestmark = pytest.mark.django_db

PREVIEW = f"{DRAFTS}preview/"
ELSEWHERE = "https://preview.example.org/{locale}/typing/"
TOKEN = re.compile(r"https://preview\.example\.org/(\w\w)/typing/#(wtp_[\w-]{43})")


@pytest.fixture
def typing(settings):
    """Send previews to a frontend elsewhere."""
    settings.TREATMENTS = {**settings.TREATMENTS, "PREVIEW_URL": ELSEWHERE}
    settings.WAGTAILADMIN_BASE_URL = "https://cms.example.org"


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def preview_url(page):
    return f"/admin/pages/{page.pk}/edit/preview/"


def open_preview(desk, page, mode="", status=302, *, is_hidden=True, is_editing=True):
    """Return what Wagtail shows in the panel of whoever is logged in: the page with what is typed."""
    session = desk.cookies[settings.SESSION_COOKIE_NAME].value
    request = RequestFactory().get(
        preview_url(page), HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={session}"
    )
    typed = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    answer = typed.make_preview_request(request, mode, {"is_editing": is_editing})
    assert answer.status_code == status, answer.content[:500]
    if is_hidden:
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"
    return answer


def get_token(answer):
    [(_locale, token)] = TOKEN.findall(answer["Location"])
    return token


def read_embedded(answer, name="preview-document"):
    html = answer.content.decode()
    found = re.search(
        rf'<script id="{name}" type="application/json">(.*?)</script>', html
    )
    assert found, html[:500]
    return json.loads(found[1])


def test_the_reader_shows_what_is_typed_with_the_drafts_of_what_is_chosen(
    index, admin_client
):
    term = factories.create_term(definition="<p>Old.</p>")
    term.definition = "<p>New.</p>"
    term.save_revision()
    page = factories.create_article(
        index, intro=f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    )
    page.summary = "Typed a moment ago."
    page.save_revision()
    answer = open_preview(admin_client, page, status=200)
    document = read_embedded(answer)
    assert document["summary"] == "Typed a moment ago."
    assert document["glossary"][0]["definition"]["text"] == "New."
    context = read_embedded(answer, "preview-context")
    assert context == {"page_id": page.pk, "mode": "", "is_typed": True}
    assert not PreviewSnapshot.objects.exists()


def test_the_languages_are_previews_of_their_own(site, article, admin_client):
    factories.create_spanish_tree(site)
    modes = article.preview_modes
    assert modes == [("", "English"), ("es", "español")]
    missing = open_preview(admin_client, article, "es", 200).content.decode()
    assert 'data-view="no-preview"' in missing
    assert "preview-document" not in missing
    spanish = factories.to_spanish(article)
    spanish.summary = "Borrador en español."
    spanish.save_revision()
    answer = open_preview(admin_client, article, "es", 200)
    assert '<html lang="es">' in answer.content.decode()
    assert read_embedded(answer)["summary"] == "Borrador en español."
    assert read_embedded(answer, "preview-context")["is_typed"] is False
    sizes = {size["device_width"] for size in article.preview_sizes}
    assert min(sizes) == 375


def test_the_preview_of_another_language_needs_the_right_to_edit_it(
    site, article, desk
):
    factories.create_spanish_tree(site)
    factories.to_spanish(article)
    answer = open_preview(desk, article, "es", 403, is_hidden=False)
    assert b"preview-document" not in answer.content


def test_modes_cost_no_query(article, django_assert_num_queries):
    page = Page.objects.select_related("locale").get(pk=article.pk).specific
    page.locale  # noqa: B018 - as in every listing
    with django_assert_num_queries(0):
        assert len(page.preview_modes) == 2


def test_a_frontend_elsewhere_gets_what_is_typed(typing, desk, article, client):
    answer = open_preview(desk, article)
    assert answer["Referrer-Policy"] == "no-referrer"
    token = get_token(answer)
    client.cookies.clear()
    answer = client.get(PREVIEW, headers={"X-Draft-Token": token})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    preview = answer.json()
    assert preview["article"]["summary"] == "What nobody may read yet."
    assert preview["locale"] == "en"
    live = client.get(f"/api/v3/articles/{article.pk}/").json()
    assert set(preview["article"]) == set(live)
    edit = preview["edit"]
    assert edit["origin"] == "https://cms.example.org"
    assert edit["url"] == f"https://cms.example.org/admin/pages/{article.pk}/edit/"
    links = {link["pointer"]: link for link in edit["blocks"]}
    section = preview["article"]["body"][0]
    assert links["/body/0"]["block_id"] == section["id"]
    paragraph = section["value"]["content"][0]
    assert links["/body/0/value/content/0"] == {
        "pointer": "/body/0/value/content/0",
        "block_id": paragraph["id"],
        "url": f"{edit['url']}#block-{paragraph['id']}-section",
    }


def test_the_number_of_queries_of_a_preview_does_not_depend_on_the_article(
    typing, desk, index, client, django_assert_max_num_queries
):
    def write(count):
        terms = [factories.create_term(f"{count} {number}") for number in range(count)]
        links = "".join(
            f'<a linktype="glossary-term" id="{term.pk}">{term.term}</a>'
            for term in terms
        )
        return factories.create_article(
            index, title=f"n{count}", slug=f"n{count}", intro=f"<p>{links}</p>"
        )

    for count in (1, 12):
        token = get_token(open_preview(desk, write(count)))
        client.get(PREVIEW, headers={"X-Draft-Token": token})
        with django_assert_max_num_queries(3):
            answer = client.get(PREVIEW, headers={"X-Draft-Token": token})
        assert len(answer.json()["article"]["glossary"]) == count


def test_pointers_name_every_block_and_nothing_else(full_article):
    page, _sampler = full_article
    document = open_document(page)
    pointers = dict(iterate_blocks(document))
    assert len(pointers) == len(set(pointers.values())) > 40
    for pointer, block_id in pointers.items():
        found = document
        for part in pointer.split("/")[1:]:
            found = found[int(part)] if isinstance(found, list) else found[part]
        assert found["id"] == block_id


def open_document(page):
    from treatments.content.documents import load_documents

    document = load_documents([page.pk])[page.pk]
    return {name: part for name, part in document.items() if name != "json_ld"}


@pytest.fixture
def full_article(index):
    return factories.create_full_article(index, factories.create_targets(index))


def test_each_editing_session_has_one_snapshot_and_only_its_last_token(
    typing, desk, article, client, read
):
    first = get_token(open_preview(desk, article))
    second = get_token(open_preview(desk, article))
    assert PreviewSnapshot.objects.count() == 1
    assert first != second
    read(first, 404, PREVIEW)
    read(second, 200, PREVIEW)
    row = PreviewSnapshot.objects.values().get()
    assert second not in str(row)
    assert desk.session.session_key not in str(row)


def test_a_snapshot_expires_in_minutes_and_is_cleaned_up(
    typing, desk, article, index, read, time_machine
):
    token = get_token(open_preview(desk, article))
    time_machine.move_to(timezone.now() + timedelta(minutes=29))
    read(token, 200, PREVIEW)
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    problem = read(token, 410, PREVIEW)
    assert problem["reason"] == "expired"
    assert PreviewSnapshot.objects.count() == 1
    # Whoever saves anything takes it away.
    factories.create_term().save_revision()
    assert not PreviewSnapshot.objects.exists()
    read(token, 404, PREVIEW)


def test_the_command_cleans_up(typing, desk, article, time_machine, capsys):
    open_preview(desk, article)
    call_command("delete_previews")
    assert "0 snapshots" in capsys.readouterr().out
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    call_command("delete_previews")
    assert "1 snapshots" in capsys.readouterr().out
    assert not PreviewSnapshot.objects.exists()


def test_the_form_that_wagtail_keeps_goes_with_the_previews(editor, time_machine):
    for model in (TreatmentPage, GlossaryTerm):
        FormState.objects.create(
            user=editor,
            data="title=Typed",
            last_updated_at=timezone.now(),
            content_type=ContentType.objects.get_for_model(model),
        )
    call_command("delete_previews")
    assert FormState.objects.count() == 2
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    call_command("delete_previews")
    # What else is typed is no business of ours.
    assert FormState.objects.get().content_type.model == "glossaryterm"


def test_an_unknown_mode_is_the_page_itself_and_keeps_one_snapshot(
    typing, desk, article
):
    for mode in ("", "x" * 5000, "null\0", "xx"):
        open_preview(desk, article, mode)
    assert [each.mode for each in PreviewSnapshot.objects.all()] == [""]


def test_looking_at_an_old_version_leaves_the_panel_alone(typing, desk, article, read):
    token = get_token(open_preview(desk, article))
    old = get_token(open_preview(desk, article, is_editing=False))
    read(token, 200, PREVIEW)
    read(old, 200, PREVIEW)


def test_a_logout_ends_what_was_typed(typing, desk, article, read):
    token = get_token(open_preview(desk, article))
    desk.logout()
    read(token, 404, PREVIEW)
    assert not PreviewSnapshot.objects.exists()


@pytest.mark.parametrize("loss", ["permission", "inactive", "deleted page"])
def test_a_snapshot_is_bound_to_its_user(typing, desk, article, editor, read, loss):
    token = get_token(open_preview(desk, article))
    if loss == "permission":
        editor.groups.clear()
    elif loss == "inactive":
        editor.is_active = False
        editor.save()
    else:
        Page.objects.get(pk=article.pk).delete()
    read(token, 404, PREVIEW)


def test_a_snapshot_token_opens_no_draft_and_a_link_no_snapshot(
    typing, desk, article, share, read
):
    token = get_token(open_preview(desk, article))
    read(token, 404)
    read(share(article)[1], 404, PREVIEW)
    read("", 404, PREVIEW)
    read(token + "x", 404, PREVIEW)


def test_a_page_that_was_never_saved_can_be_previewed(index, editor):
    page = factories.build_article(title="New", slug="new")
    page.path, page.depth = f"{index.path}0001", index.depth + 1
    store_snapshot(page, editor, "session", "")
    snapshot = PreviewSnapshot.objects.get()
    assert snapshot.subject == f"new:treatments.treatmentpage:{index.path}"
    assert snapshot.page_id is None
    assert snapshot.content["article"]["title"] == "New"
    assert snapshot.content["edit"]["url"] == ""


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_new_page_is_shown_while_its_writer_may_add_one(
    index, admin_user, editor, read, is_lost
):
    page = factories.build_article(title="New", slug="new")
    page.path, page.depth = f"{index.path}0001", index.depth + 1
    # Who may change pages may not add any.
    token = store_snapshot(page, editor if is_lost else admin_user, "session", "")
    read(token, 404 if is_lost else 200, PREVIEW)


def test_whoever_may_not_edit_gets_no_preview(
    typing, article, index, client, make_editor
):
    other = factories.create_article(index, title="Other", slug="other")
    client.force_login(make_editor(other, "stranger"))
    answer = client.get(preview_url(article))
    assert answer.status_code in (302, 403)
    assert not TOKEN.search(answer.get("Location", ""))
    assert not PreviewSnapshot.objects.exists()


def test_pages_that_are_no_articles_stay_with_the_reader(typing, index, admin_client):
    answer = open_preview(admin_client, index, status=200)
    assert read_embedded(answer)["title"] == "Treatments"


def test_the_editor_listens_to_the_frontend_and_to_nobody_else(desk, article, settings):
    address = f"/admin/pages/{article.pk}/edit/"
    assert 'data-origins="[]"' in desk.get(address).content.decode()
    settings.TREATMENTS = {**settings.TREATMENTS, "PREVIEW_URL": ELSEWHERE}
    html = desk.get(address).content.decode()
    assert "treatments_preview/preview.js" in html
    assert 'data-origins="[&quot;https://preview.example.org&quot;]"' in html


def test_a_project_with_one_language_has_one_preview(article, settings):
    settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
    page = TreatmentPage.objects.get(pk=article.pk)
    assert [name for name, _label in page.preview_modes] == [""]
