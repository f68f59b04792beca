"""What public articles use does not go unnoticed: refused with the places, replaced, or removed for a reason."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import DO_NOTHING, ForeignKey
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.forms.models import registry
from wagtail.admin.panels import FieldPanel, ObjectList, PublishingPanel
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import APIToken, GroupPagePermission, ModelLogEntry, Page
from wagtail.permissions import policy_registry

from snippets.models import Condition, Contributor, GlossaryTerm, Reference, Treatment
from tests import factories
from tests.treatments.api_calls import read_problem
from tests.treatments.test_hidden_choices import (
    build_block,
    build_section,
    build_statistic,
    make_document,
)
from treatments.api.problems import ProblemType
from treatments.api.uses import find_uses
from treatments.models import TreatmentPage, TreatmentPageRelated
from treatments.review.models import ReviewRecord, ReviewRequest

pytestmark = pytest.mark.django_db


def make_full(index: Any, **kwargs: Any) -> tuple[TreatmentPage, dict[str, Any]]:
    """Return a published article, and one thing of each kind that it uses."""
    used = {
        "reference": factories.create_reference("First trial"),
        "term": factories.create_term("metastasis"),
        "contributor": Contributor.objects.create(
            name="An author", locale=factories.get_locale()
        ),
        "condition": factories.create_condition(),
        "treatment": Treatment.objects.create(
            name="A treatment", locale=factories.get_locale()
        ),
        "image": factories.create_image(),
        "document": make_document(),
    }
    page = factories.build_article(
        title="Surgery",
        slug="surgery",
        live=False,
        treatment=used["treatment"],
        intro=f'<p><a linktype="glossary-term" id="{used["term"].pk}">word</a> '
        f'<a linktype="document" id="{used["document"].pk}">leaflet</a></p>',
        body=[
            build_section(
                build_statistic(used["reference"].pk),
                build_block("figure", {"image": used["image"].pk, "alt": "A liver"}),
            )
        ],
        **kwargs,
    )
    index.refresh_from_db()
    index.add_child(instance=page)
    page.article_conditions.create(condition=used["condition"])
    page.article_contributors.create(contributor=used["contributor"])
    return factories.publish(page), used


KINDS = {
    "reference": "/body/0/value/content/0/value/citations/0",
    "term": "/intro",
    "contributor": "/article_contributors/0/contributor",
    "condition": "/article_conditions/0/condition",
    "treatment": "/treatment",
    "image": "/body/0/value/content/1/value/image",
    "document": "/intro",
}


@pytest.fixture
def full(index):
    return make_full(index)


def get_delete_url(instance: Any) -> str:
    """Return the admin's address that deletes something."""
    if isinstance(instance, get_image_model()):
        return reverse("wagtailimages:delete", args=[instance.pk])
    if isinstance(instance, get_document_model()):
        return reverse("wagtaildocs:delete", args=[instance.pk])
    if isinstance(instance, (Condition, Treatment)):
        name = f"treatment_snippets_{instance._meta.model_name}_modeladmin_delete"
        return reverse(name, args=[instance.pk])
    return reverse(instance.snippet_viewset.get_url_name("delete"), args=[instance.pk])


def get_api_url(instance: Any, action: str = "") -> str:
    if isinstance(instance, get_image_model()):
        return f"/api/v3/images/{instance.pk}/"
    if isinstance(instance, get_document_model()):
        return f"/api/v3/documents/{instance.pk}/"
    return f"/api/v3/snippets/{instance._meta.label}/{instance.pk}/{action}"


def call(client: Any, method: str, url: str, user: Any) -> Any:
    token = APIToken.create_token(user=user, name="Tests")[1]
    return getattr(client, method)(url, headers={"Authorization": f"Bearer {token}"})


def exists(instance: Any) -> bool:
    return type(instance).objects.filter(pk=instance.pk).exists()


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


def make_other(kind: str) -> Any:
    """Return another entry of a kind."""
    return {
        "reference": lambda: factories.create_reference("Second trial"),
        "term": lambda: factories.create_term("spread"),
        "contributor": lambda: Contributor.objects.create(
            name="Another author", locale=factories.get_locale()
        ),
        "condition": lambda: factories.create_condition("Another condition"),
        "treatment": lambda: Treatment.objects.create(
            name="Another treatment", locale=factories.get_locale()
        ),
        "image": lambda: factories.create_image("Another drawing"),
        "document": make_document,
    }[kind]()


@pytest.mark.parametrize("kind", KINDS)
def test_another_entry_takes_its_place(full, client, admin_user, kind):
    page, used = full
    other = make_other(kind)
    draft = TreatmentPage.objects.get(pk=page.pk)
    draft.summary = "Still a draft"
    draft.save_revision()
    client.force_login(admin_user)

    answer = client.post(
        get_delete_url(used[kind]),
        {"treatments-way": "replace", "replace_by": other.pk},
    )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert not exists(used[kind])
    page = TreatmentPage.objects.get(pk=page.pk)
    assert page.summary == "About Surgery."
    [use] = find_uses(other, is_deleted=True)
    assert use.choice.pointer == KINDS[kind]
    # The draft beside it stays a draft, and has the other entry too.
    assert page.has_unpublished_changes
    latest = page.get_latest_revision_as_object()
    assert latest.summary == "Still a draft"
    assert page.latest_revision.user == admin_user
    latest.save_revision().publish()
    assert find_uses(other, is_deleted=True)


def test_another_entry_takes_its_place_by_the_api(full, client, admin_user):
    page, used = full
    other = make_other("reference")
    url = get_api_url(used["reference"])
    answer = call(client, "delete", f"{url}?replace_by={other.pk}", admin_user)
    assert answer.status_code == 204, answer.content
    article = client.get(f"/api/v3/articles/{page.pk}/").json()
    [cited] = article["references"]
    assert cited["id"] == other.pk


@pytest.mark.parametrize("replacement", ["itself", "draft", "nothing"])
def test_nothing_that_readers_would_not_get_takes_its_place(
    full, client, admin_user, replacement
):
    _page, used = full
    pk = {
        "itself": used["reference"].pk,
        "draft": factories.create_reference("A draft", live=False).pk,
        "nothing": 999999,
    }[replacement]
    url = get_api_url(used["reference"])
    answer = call(client, "delete", f"{url}?replace_by={pk}", admin_user)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert problem["errors"][0]["pointer"] == "replace_by"
    assert exists(used["reference"])


def test_an_entry_that_is_cited_already_does_not_stand_twice(index, client, admin_user):
    one, two = (factories.create_reference(name) for name in ("One", "Two"))
    body = [build_section(build_statistic(one.pk, two.pk))]
    page = factories.create_article(index, title="Surgery", slug="surgery", body=body)
    url = f"{get_api_url(one)}?replace_by={two.pk}"
    assert call(client, "delete", url, admin_user).status_code == 204
    article = client.get(f"/api/v3/articles/{page.pk}/").json()
    statistic = article["body"][0]["value"]["content"][0]["value"]
    assert [each["id"] for each in statistic["citations"]] == [two.pk]


def test_where_a_review_is_needed_the_other_entry_waits_in_the_draft(
    full, client, admin_user, settings
):
    page, used = full
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse"}},
    }
    other = make_other("reference")
    url = f"{get_api_url(used['reference'])}?replace_by={other.pk}"
    answer = call(client, "delete", url, admin_user)
    problem = read_problem(answer, 409, ProblemType.IN_USE)
    assert "When these are reviewed and published" in problem["detail"]
    assert exists(used["reference"])
    latest = TreatmentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    statistic = latest.body[0].value["content"][0].value
    assert [each.pk for each in statistic["citations"]] == [other.pk]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reason_removes_it_at_once_and_asks_for_a_review(
    full, client, admin_user, kind, django_capture_on_commit_callbacks
):
    page, used = full
    client.force_login(admin_user)
    url = get_delete_url(used[kind])
    empty = client.post(url, {"treatments-way": "remove", "reason": " "})
    assert empty.status_code == 409
    assert exists(used[kind])

    answer = client.post(
        url, {"treatments-way": "remove", "reason": "The patient asked."}
    )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert not exists(used[kind])
    [request] = ReviewRequest.objects.filter(page_id=page.pk)
    assert request.reason == ReviewRequest.Reason.REMOVED
    assert "The patient asked." in request.detail
    assert request.closed_at is None
    assert TreatmentPage.objects.get(pk=page.pk).live
    assert client.get(f"/api/v3/articles/{page.pk}/").status_code == 200


def test_the_reason_is_remembered(full, client, admin_user):
    _page, used = full
    url = f"{get_api_url(used['image'])}?reason=The+patient+asked"
    assert call(client, "delete", url, admin_user).status_code == 204
    entry = ModelLogEntry.objects.get(action="treatments.removed_in_use")
    assert entry.data["reason"] == "The patient asked"


def test_what_cannot_take_its_place_is_refused_on_the_screen(full, client, admin_user):
    _page, used = full
    client.force_login(admin_user)
    url = get_delete_url(used["reference"])
    for given in ("abc", str(10**30), ""):
        answer = client.post(url, {"treatments-way": "replace", "replace_by": given})
        assert answer.status_code == 409
        assert 'name="replace_by"' in answer.content.decode()
    assert exists(used["reference"])


def make_librarian() -> Any:
    """Return somebody who may delete and publish snippets and images, and no page."""
    user = get_user_model().objects.create_user("librarian", password="x")  # noqa: S106
    group = Group.objects.create(name="Library")
    for model in (Reference, GlossaryTerm):
        policy = policy_registry.get_by_type(model)
        assert policy
    from django.contrib.auth.models import Permission

    group.permissions.set(
        Permission.objects.filter(content_type__app_label="treatment_snippets")
        | Permission.objects.filter(codename="access_admin")
    )
    user.groups.add(group)
    return user


@pytest.mark.parametrize("way", ["replace_by", "reason"])
def test_only_who_may_publish_all_the_places_goes_on(full, client, way):
    page, used = full
    user = make_librarian()
    given = make_other("reference").pk if way == "replace_by" else "Doubtful"
    url = f"{get_api_url(used['reference'])}?{way}={given}"
    problem = read_problem(call(client, "delete", url, user), 409, ProblemType.IN_USE)
    assert "You may not publish “Surgery”" in problem["detail"]
    assert exists(used["reference"])
    client.force_login(user)
    text = client.get(get_delete_url(used["reference"])).content.decode()
    assert "You may not publish all of these articles" in text
    assert "treatments-way" not in text

    group = user.groups.get()
    for right in ("publish", "change"):
        GroupPagePermission.objects.create(
            group=group, page=page.get_parent(), permission_type=right
        )
    user = get_user_model().objects.get(pk=user.pk)
    assert call(client, "delete", url, user).status_code == 204


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


def test_who_reviewed_an_article_is_in_use_and_cannot_be_replaced(
    full, client, admin_user
):
    page, _used = full
    doctor = Contributor.objects.create(
        name="A doctor", role="clinical_reviewer", locale=factories.get_locale()
    )
    ReviewRecord.objects.update_or_create(
        pk=page.pk,
        defaults={
            "reviewed_on": timezone.localdate(),
            "reviewer_ids": [doctor.pk],
            "kind": page.kind,
        },
    )
    answer = call(client, "delete", get_api_url(doctor), admin_user)
    [place] = read_problem(answer, 409, ProblemType.IN_USE)["places"]
    assert (place["page"]["id"], place["pointer"]) == (page.pk, "/governance/reviewers")
    other = make_other("contributor")
    url = f"{get_api_url(doctor)}?replace_by={other.pk}"
    answer = call(client, "delete", url, admin_user)
    read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert exists(doctor)


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
