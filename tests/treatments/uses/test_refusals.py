"""What public articles use is not deleted, unpublished or left to expire: the places are named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, ObjectList, PublishingPanel
from wagtail.models import Page

from snippets.models import GlossaryTerm
from tests import factories
from tests.treatments.api_calls import read_problem
from tests.treatments.choices import build_section, build_statistic
from tests.treatments.uses.conftest import (
    KINDS,
    call,
    exists,
    get_api_url,
    get_delete_url,
)
from treatments.api.http.problems import ProblemType
from treatments.content.uses import find_uses
from treatments.review.models import ReviewRequest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
def test_what_public_articles_use_is_found_with_its_place(full, kind):
    page, used = full
    uses = find_uses(used[kind], is_deleted=True)
    assert [(use.source.pk, use.choice.pointer) for use in uses] == [
        (page.pk, KINDS[kind])
    ]
    page.unpublish()
    assert find_uses(used[kind], is_deleted=True) == []


@pytest.mark.parametrize("kind", KINDS)
def test_deleting_what_public_articles_use_is_refused_with_the_places(
    full, client, admin_user, kind
):
    page, used = full
    client.force_login(admin_user)
    url = get_delete_url(used[kind])

    for answer in (client.get(url), client.post(url)):
        text = answer.content.decode()
        assert "public articles use it" in text
        assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in text
    assert exists(used[kind])

    page.unpublish()
    if kind not in ("condition", "treatment", "contributor"):
        client.post(url)
        assert not exists(used[kind])


@pytest.mark.parametrize("kind", ["reference", "term", "image"])
def test_deleting_several_at_once_is_refused_with_the_places(
    full, client, admin_user, kind
):
    page, used = full
    client.force_login(admin_user)
    meta = type(used[kind])._meta
    name = "wagtail_bulk_action"
    url = reverse(name, args=[meta.app_label, meta.model_name, "delete"])
    answer = client.post(f"{url}?id={used[kind].pk}")
    assert page.title in answer.content.decode()
    assert answer.status_code == 409
    assert exists(used[kind])

    answer = client.post(
        f"{url}?id={used[kind].pk}",
        {"treatments-way": "remove", "reason": "Not ours."},
    )
    assert answer.status_code == 302
    assert not exists(used[kind])


@pytest.mark.parametrize("kind", ["reference", "term", "contributor"])
def test_unpublishing_what_public_articles_use_is_refused_with_the_places(
    full, client, admin_user, kind
):
    page, used = full
    client.force_login(admin_user)
    viewset = used[kind].snippet_viewset
    url = reverse(viewset.get_url_name("unpublish"), args=[used[kind].pk])
    for answer in (client.get(url), client.post(url)):
        assert page.title in answer.content.decode()
    used[kind].refresh_from_db()
    assert used[kind].live

    client.post(url, {"treatments-way": "remove", "reason": "Doubtful."})
    used[kind].refresh_from_db()
    assert not used[kind].live


@pytest.mark.parametrize("kind", ["reference", "term", "contributor", "image", "document"])  # fmt: skip
def test_the_api_refuses_with_the_places(full, client, admin_user, kind):
    page, used = full
    answer = call(client, "delete", get_api_url(used[kind]), admin_user)
    problem = read_problem(answer, 409, ProblemType.IN_USE)
    [place] = problem["places"]
    assert place["page"]["id"] == page.pk
    assert place["page"]["title"] == "Surgery"
    assert place["pointer"] == KINDS[kind]
    assert exists(used[kind])
    if kind not in ("image", "document"):
        url = get_api_url(used[kind], "actions/unpublish/")
        read_problem(call(client, "post", url, admin_user), 409, ProblemType.IN_USE)
        url = get_api_url(used[kind], "actions/delete/")
        read_problem(call(client, "delete", url, admin_user), 409, ProblemType.IN_USE)


def test_a_picture_of_a_term_is_in_use(index, client, admin_user):
    image = factories.create_image()
    term = factories.create_term("liver", image=image, image_alt="A liver")
    text = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    page = factories.create_article(index, title="A", slug="a", intro=text)
    answer = call(client, "delete", get_api_url(image), admin_user)
    [place] = read_problem(answer, 409, ProblemType.IN_USE)["places"]
    assert place["snippet"]["title"] == "liver"
    url = f"{get_api_url(image)}?reason=Not+ours"
    assert call(client, "delete", url, admin_user).status_code == 204
    assert ReviewRequest.objects.filter(page_id=page.pk).exists()


def test_the_entry_that_readers_of_the_language_get_is_in_use(site):
    term = factories.create_term("metastasis")
    text = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    page = factories.create_article(site.index, title="A", slug="a", intro=text)
    spanish = factories.create_term(
        "metástasis", locale="es", translation_key=term.translation_key
    )
    assert find_uses(spanish, is_deleted=True) == []
    copy = page.copy(update_attrs={"slug": "b", "title": "B"}, keep_live=True)
    Page.objects.filter(pk=copy.pk).update(locale=factories.get_locale("es"))
    # Readers of Spanish get the Spanish term; the English one only names it.
    [use] = find_uses(spanish, is_deleted=False)
    assert use.source.pk == copy.pk
    english = {use.source.pk for use in find_uses(term, is_deleted=False)}
    assert english == {page.pk}
    english = {use.source.pk for use in find_uses(term, is_deleted=True)}
    assert english == {page.pk, copy.pk}


def test_what_only_drafts_use_goes_as_ever(index, client, admin_user):
    reference = factories.create_reference()
    body = [build_section(build_statistic(reference.pk))]
    factories.create_article(index, live=False, title="A", slug="a", body=body)
    answer = call(client, "delete", get_api_url(reference), admin_user)
    assert answer.status_code == 204


def test_the_models_own_methods_ask_nobody(full):
    _page, used = full
    used["term"].unpublish()
    used["reference"].delete()
    assert not exists(used["reference"])


def test_a_date_of_expiry_is_refused_for_what_is_used(full):
    page, used = full
    term = used["term"]
    panels = ObjectList([FieldPanel("term"), PublishingPanel()])
    form_class = panels.bind_to_model(GlossaryTerm).get_form_class()
    end = (timezone.now() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    data = {"term": term.term, "go_live_at": "", "expire_at": end}

    form = form_class(data, instance=term, for_user=None)

    assert "It cannot expire, because public articles use it" in str(form.errors)
    assert "Surgery" in str(form.errors["expire_at"])
    page.unpublish()
    assert form_class(data, instance=term, for_user=None).is_valid()
