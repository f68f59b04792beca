"""Ways around a review that were open once: another kind, an alias, a script, a branch of the tree; and warnings."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import APIToken, GroupApprovalTask, Page

from tests import factories
from tests.review.conftest import BODY
from tests.review.deciding import act, decide, start
from tests.review.drafts import edit, get_step, set_step
from tests.review.editing import build_form
from tests.treatments.api_calls import send
from treatments.ports.publication import PublicationRefusedError
from treatments.review.models import ClinicalReviewTask

pytestmark = pytest.mark.django_db
BULK = "wagtail_bulk_action"
WARNING = "without a clinical review"


def set_policy(settings: Any, **policy: dict[str, Any]) -> None:
    settings.TREATMENTS = {**settings.TREATMENTS, "REVIEW_POLICY": policy}


def test_another_kind_leads_around_no_review(article, author, settings):
    set_policy(
        settings,
        **{article.kind: {"publishing": "refuse"}, "default": {"publishing": "free"}},
    )
    other = next(kind for kind in type(article).Kind.values if kind != article.kind)

    def change(draft):
        set_step("Not reviewed")(draft)
        draft.kind = other

    edit(article, change, author, publish=False)

    with pytest.raises(PublicationRefusedError):
        article.get_latest_revision().publish()
    article.unpublish()
    with pytest.raises(PublicationRefusedError):
        article.get_latest_revision().publish()


def test_the_kind_of_an_article_that_nobody_has_read_may_be_changed(
    article, site, settings
):
    set_policy(
        settings,
        **{article.kind: {"publishing": "refuse"}, "default": {"publishing": "free"}},
    )
    other = next(kind for kind in type(article).Kind.values if kind != article.kind)
    new = factories.create_article(site.index, live=False, title="New", slug="new")

    def change(draft):
        draft.kind = other

    assert edit(new, change).live


@pytest.fixture
def alias(article, site):
    """Return a live alias of the article, which was never reviewed, where that is refused."""
    return article.create_alias(parent=site.index, update_slug="alias")


def get_alias(alias: Any) -> Any:
    return Page.objects.get(pk=alias.pk)


def test_an_alias_is_converted_wholly_or_not_at_all_by_the_api(
    alias, strict, client, admin_user
):
    key = APIToken.create_token(user=admin_user, name="Tests")[1]
    url = f"/api/v3/pages/{alias.pk}/actions/convert_alias/"

    answer = send(client, "post", url, {}, key)

    assert answer.status_code == 409, answer.content
    assert "not reviewed" in answer.json()["detail"]
    assert get_alias(alias).alias_of_id is not None
    assert not get_alias(alias).revisions.exists()


def test_an_alias_is_converted_wholly_or_not_at_all_in_the_admin(
    alias, strict, client, admin_user
):
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:convert_alias", args=[alias.pk])

    answer = client.post(url, follow=True)

    assert "not reviewed" in answer.content.decode()
    assert get_alias(alias).alias_of_id is not None
    url = reverse("wagtailadmin_api:pages:action", args=[alias.pk, "convert_alias"])
    assert client.post(url).status_code == 403
    assert get_alias(alias).alias_of_id is not None


def test_an_alias_is_converted_where_nothing_is_refused(alias, client, admin_user):
    client.force_login(admin_user)

    client.post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))

    assert get_alias(alias).alias_of_id is None


def test_a_script_does_not_change_what_the_public_reads(strict, article):
    page = type(article).objects.get(pk=article.pk)
    page.summary = "Changed by a script"

    with pytest.raises(PublicationRefusedError):
        page.save()
    with pytest.raises(PublicationRefusedError):
        page.save(update_fields=["summary"])

    page = type(article).objects.get(pk=article.pk)
    page.locked = True
    page.save()
    page.save(update_fields=["locked"])
    assert type(article).objects.get(pk=article.pk).locked


@pytest.fixture
def below(site):
    """Return an article below the index that was never published."""
    page = factories.create_article(
        site.index, live=False, title="Below", slug="below", body=BODY
    )
    page.save_revision()
    return page


def publish_branch(client: Any, page: Any) -> Any:
    url = reverse(BULK, args=["wagtailcore", "page", "publish"])
    return client.post(
        f"{url}?id={page.pk}&next=/admin/", {"include_descendants": "on"}, follow=True
    )


def test_a_branch_is_refused_with_the_reason(strict, site, below, client, admin_user):
    client.force_login(admin_user)

    text = publish_branch(client, site.index).content.decode()

    assert "Below: This text was not reviewed" in text
    below.refresh_from_db()
    assert not below.live


def test_several_articles_are_published_with_a_warning(
    site, below, article, author, client, admin_user
):
    edit(article, set_step("Not reviewed"), author, publish=False)
    client.force_login(admin_user)
    assert WARNING in publish_branch(client, site.index).content.decode()
    below.refresh_from_db()
    assert below.live

    url = reverse(BULK, args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{url}?id={article.pk}&next=/admin/", follow=True)

    assert WARNING in answer.content.decode()
    assert get_step(article) == "Not reviewed"


def test_the_last_approval_does_not_publish_a_text_that_was_changed_since_the_review(
    article, author, doctor, client, admin_user
):
    clinical = ClinicalReviewTask.objects.create(name="Clinical review")
    publication = GroupApprovalTask.objects.create(name="Publication")
    edit(article, set_step("First"), author, publish=False)
    page, state = start(article, clinical, publication, user=author)
    act(clinical, state, doctor, "approve")
    edit(page, set_step("Never seen"), author, publish=False)
    client.force_login(admin_user)
    data = build_form(
        page.get_latest_revision_as_object(),
        **{"action-workflow-action": "on", "workflow-action-name": "approve"},
    )

    answer = client.post(
        reverse("wagtailadmin_pages:edit", args=[article.pk]), data, follow=True
    )

    assert "it waits for its clinical review" in answer.content.decode()
    assert Page.objects.get(pk=article.pk).live_revision_id == article.live_revision_id


def test_a_reviewed_text_is_published_without_a_warning(
    article, author, doctor, client, admin_user
):
    edit(article, set_step("Reviewed"), author, publish=False)
    decide(article, doctor)
    client.force_login(admin_user)
    url = reverse(BULK, args=["wagtailcore", "page", "publish"])

    answer = client.post(f"{url}?id={article.pk}&next=/admin/", follow=True)

    assert WARNING not in answer.content.decode()
    assert get_step(article) == "Reviewed"


def test_the_api_warns_of_what_it_has_published(
    article, author, doctor, client, admin_user
):
    key = APIToken.create_token(user=admin_user, name="Tests")[1]
    edit(article, set_step("Not reviewed"), author, publish=False)
    url = f"/api/v3/pages/{article.pk}/"

    answer = send(client, "post", f"{url}actions/publish/", {}, key)

    assert answer.status_code == 200, answer.content
    assert answer["Publication-Warning"] == "not-reviewed"
    assert get_step(article) == "Not reviewed"
    meta = {"type": "treatments.TreatmentPage"}
    answer = send(client, "patch", url, {"title": "Draft", "meta": meta}, key)
    assert (answer.status_code, "Publication-Warning" in answer) == (200, False)
    body = {"title": "Published", "meta": {**meta, "action": "publish"}}
    answer = send(client, "patch", url, body, key)
    assert answer["Publication-Warning"] == "not-reviewed"

    edit(article, set_step("Reviewed"), author, publish=False)
    decide(article, doctor)
    answer = send(client, "post", f"{url}actions/publish/", {}, key)

    assert answer.status_code == 200, answer.content
    assert "Publication-Warning" not in answer


def test_the_api_warns_of_what_its_copies_have_published(
    article, site, client, admin_user
):
    key = APIToken.create_token(user=admin_user, name="Tests")[1]
    index, url = (f"/api/v3/pages/{pk}/actions" for pk in (site.index.pk, article.pk))
    under = {"slug": "branch", "recursive": True}

    def ask(address, body):
        answer = send(client, "post", address, body, key)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()["id"], answer.get("Publication-Warning")

    assert ask(f"{url}/copy/", {"slug": "copy"})[1] == "not-reviewed"
    assert ask(f"{url}/copy/", {"slug": "draft", "keep_live": False})[1] is None
    # An alias shows what its source shows, until it is an article of its own.
    alias, warning = ask(f"{url}/create_alias/", {"slug": "alias"})
    assert warning is None
    address = f"/api/v3/pages/{alias}/actions/convert_alias/"
    assert ask(address, {})[1] == "not-reviewed"
    home = {**under, "destination_id": site.pk}
    assert ask(f"{index}/copy/", home)[1] == "not-reviewed"
    assert ask(f"{url}/copy_for_translation/", {"locale": "es", "copy_parents": True})[1] is None  # fmt: skip
