"""What an article has chosen is looked at before it is published: nothing required is missing for readers."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.api.v3.form_data import flatten_block_value
from wagtail.documents import get_document_model
from wagtail.models import (
    APIToken,
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Page,
    PageLogEntry,
    PageViewRestriction,
    Workflow,
    WorkflowTask,
)
from wagtail.test.utils.form_data import inline_formset

from tests import factories
from tests.review.editing import build_form
from tests.treatments.api_calls import read_problem, send
from treatments.api.hidden_choices import (
    HiddenChoiceError,
    Reason,
    find_hidden_choices,
)
from treatments.api.problems import ProblemType
from treatments.api.stream_input import check_stream_input
from treatments.models import TreatmentPage, TreatmentPageRelated
from treatments.publishing import PublicationRefusedError, find_refusal
from treatments.review.showing import note_shown
from treatments.translation.services import TranslationError, publish_translation

pytestmark = pytest.mark.django_db


def build_block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def build_section(*content: dict[str, Any], heading: str = "What to expect") -> Any:
    return build_block("section", {"heading": heading, "content": list(content)})


def build_statistic(*reference_ids: int) -> dict[str, Any]:
    value = {
        "qualifier": "about",
        "value": 6,
        "denominator": "100",
        "outcome": "have it",
        "reference_class": "people with it",
        "citations": [
            {"type": "item", "id": str(uuid.uuid4()), "value": pk}
            for pk in reference_ids
        ],
    }
    return build_block("statistic", value)


@pytest.fixture
def reference():
    """Return a reference that readers do not get."""
    return factories.create_reference("Hidden trial", live=False)


@pytest.fixture
def article(index):
    """Return a published article without a source."""
    return factories.create_article(index, title="Surgery", slug="surgery")


@pytest.fixture
def draft(article, reference):
    """Return the article, whose latest draft has a number of which readers do not get the source."""
    article.body = [build_section(build_statistic(reference.pk))]
    article.summary = "With a number"
    article.save_revision()
    return TreatmentPage.objects.get(pk=article.pk)


def publish_by_revision(draft: Any, client: Any, admin: Any) -> None:
    with pytest.raises(PublicationRefusedError, match="Hidden trial"):
        draft.get_latest_revision().publish(user=admin)


def publish_by_action(draft: Any, client: Any, admin: Any) -> None:
    action = PublishPageRevisionAction(draft.get_latest_revision(), user=admin)
    with pytest.raises(PublicationRefusedError, match="Hidden trial"):
        action.execute(skip_permission_checks=True)


def publish_in_the_editor(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    latest = draft.get_latest_revision_as_object()
    data = build_form(latest, **{"action-publish": "on"})
    data.update(flatten_body(latest))
    answer = client.post(url, data, follow=True)
    text = answer.content.decode()
    assert "Saved as a draft and not published" in text
    assert "Hidden trial" in text
    assert "What to expect" in text
    assert "is a draft" in text


def flatten_body(page: Any) -> dict[str, Any]:
    """Return the body as the editor's form sends it."""
    data: Any = MultiValueDict()
    block = page.body.stream_block
    raw = check_stream_input(block, block.get_prep_value(page.body))
    flatten_block_value(block, raw, "body", data)
    return {name: getattr(data[name], "pk", data[name]) or "" for name in data}


def publish_by_bulk_action(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    answer = client.post(f"{url}?id={draft.pk}", follow=True)
    assert "Hidden trial" in answer.content.decode()


def get_key(admin: Any) -> str:
    return APIToken.create_token(user=admin, name="Tests")[1]


def check_problem(answer: Any) -> None:
    problem = read_problem(answer, 409, ProblemType.CHOICES_HIDDEN)
    [place] = problem["places"]
    assert place["pointer"] == "/body/0/value/content/0/value/citations/0"
    assert place["name"].endswith("Hidden trial") or "Hidden trial" in place["name"]
    assert place["reason"] == "draft"
    assert "What to expect" in problem["detail"]


def publish_by_v3(draft: Any, client: Any, admin: Any) -> None:
    url = f"/api/v3/pages/{draft.pk}/actions/publish/"
    check_problem(send(client, "post", url, {}, get_key(admin)))


def publish_by_v3_update(draft: Any, client: Any, admin: Any) -> None:
    body = {
        "title": "Changed by the API",
        "meta": {"type": "treatments.TreatmentPage", "action": "publish"},
    }
    url = f"/api/v3/pages/{draft.pk}/"
    check_problem(send(client, "patch", url, body, get_key(admin)))


def publish_by_admin_api(draft: Any, client: Any, admin: Any) -> None:
    client.force_login(admin)
    url = reverse("wagtailadmin_api:pages:action", args=[draft.pk, "publish"])
    answer = client.post(url)
    assert answer.status_code == 403, answer.content
    assert "Hidden trial" in answer.content.decode()


def start_workflow(draft: Any, admin: Any) -> Any:
    task = GroupApprovalTask.objects.create(name="Others")
    workflow = Workflow.objects.create(name="One task")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow.start(draft, admin)


def publish_by_approval(draft: Any, client: Any, admin: Any) -> None:
    state = start_workflow(draft, admin)
    note_shown(admin, draft.pk)
    with pytest.raises(PublicationRefusedError):
        state.current_task_state.task.specific.on_action(
            state.current_task_state, admin, "approve"
        )


def publish_by_approval_in_the_editor(draft: Any, client: Any, admin: Any) -> None:
    start_workflow(draft, admin)
    client.force_login(admin)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    data = {"action-workflow-action": "approve", "workflow-action-name": "approve"}
    answer = client.post(url, data, follow=True)
    assert "Not approved" in answer.content.decode()


def publish_by_schedule(draft: Any, client: Any, admin: Any) -> None:
    revision = draft.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
    revision.save()
    call_command("publish_scheduled")


@pytest.mark.parametrize(
    "publish",
    [
        publish_by_revision,
        publish_by_action,
        publish_in_the_editor,
        publish_by_bulk_action,
        publish_by_v3,
        publish_by_v3_update,
        publish_by_admin_api,
        publish_by_approval,
        publish_by_approval_in_the_editor,
        publish_by_schedule,
    ],
)
def test_a_number_whose_source_is_a_draft_is_not_published(
    draft, reference, client, admin_user, publish
):
    publish(draft, client, admin_user)

    draft.refresh_from_db()
    assert draft.summary == "About Surgery."
    answer = client.get(f"/api/v3/articles/{draft.pk}/").json()
    assert answer["summary"] == "About Surgery."

    reference.save_revision().publish()
    TreatmentPage.objects.get(pk=draft.pk).get_latest_revision().publish()
    article = client.get(f"/api/v3/articles/{draft.pk}/").json()
    statistic = article["body"][0]["value"]["content"][0]["value"]
    assert [each["id"] for each in statistic["citations"]] == [reference.pk]


@pytest.mark.parametrize("way", ["editor", "api", "script"])
def test_a_new_article_with_a_number_without_its_source_begins_as_a_draft(
    index, reference, client, admin_user, way
):
    body = [build_section(build_statistic(reference.pk))]
    new = factories.build_article(title="New", slug="new", body=body)
    if way == "editor":
        client.force_login(admin_user)
        url = reverse(
            "wagtailadmin_pages:add", args=["treatments", "treatmentpage", index.pk]
        )
        data = build_form(new, **{"action-publish": "on"})
        answer = client.post(url, {**data, **flatten_body(new)}, follow=True)
        assert "Saved as a draft and not published" in answer.content.decode()
    elif way == "api":
        points = [{"type": "point", "value": text} for text in ("one", "two")]
        meta = {"type": "treatments.TreatmentPage", "parent_id": index.pk}
        sent = {
            "title": "New",
            "summary": "New",
            "key_points": points,
            "body": body,
            "meta": {**meta, "action": "publish"},
        }
        answer = send(client, "post", "/api/v3/pages/", sent, get_key(admin_user))
        check_problem(answer)
    else:
        index.add_child(instance=new)

    assert not Page.objects.filter(slug="new", live=True).exists()
    assert Page.objects.filter(slug="new").exists() == (way != "api")


def test_a_schedule_that_waits_is_told_and_holds_up_no_other(
    draft, index, reference, client, admin_user
):
    other = factories.create_article(index, live=False, title="Other", slug="other")
    for page in (draft, other):
        revision = page.get_latest_revision()
        revision.approved_go_live_at = timezone.now() - timedelta(hours=1)
        revision.save()

    call_command("publish_scheduled")
    call_command("publish_scheduled")

    assert Page.objects.get(pk=other.pk).live
    assert "Hidden trial" in find_refusal(draft)
    told = PageLogEntry.objects.filter(
        page_id=draft.pk, action="treatments.schedule.refused"
    )
    assert told.count() == 1
    client.force_login(admin_user)
    for name in ("edit", "history"):
        url = reverse(f"wagtailadmin_pages:{name}", args=[draft.pk])
        assert "Hidden trial" in client.get(url).content.decode()

    reference.save_revision().publish()
    call_command("publish_scheduled")

    assert TreatmentPage.objects.get(pk=draft.pk).summary == "With a number"
    assert not find_refusal(draft)


def test_a_translation_is_not_published_with_a_number_without_its_source(
    site, article, reference
):
    factories.create_spanish_tree(site)
    reference.save_revision().publish()
    article.body = [build_section(build_statistic(reference.pk))]
    factories.publish(article)
    translation = factories.submit(article)
    factories.translate_all(translation)
    reference.refresh_from_db()
    reference.unpublish()

    with pytest.raises(TranslationError, match="Hidden trial"):
        publish_translation(translation)


def hide(instance: Any, reason: Reason) -> None:
    """Have readers not get something any more."""
    if reason == Reason.DELETED:
        instance.delete()
    elif reason == Reason.UNPUBLISHED:
        instance.unpublish()
    elif reason == Reason.EXPIRED:
        instance.unpublish(set_expired=True)
    elif reason == Reason.DRAFT:
        type(instance).objects.filter(pk=instance.pk).update(is_public=False)
    elif isinstance(instance, Page):
        PageViewRestriction.objects.create(page=instance, restriction_type="login")
    else:
        root = Collection.get_first_root_node()
        private = root.add_child(name="Private")
        CollectionViewRestriction.objects.create(
            collection=private, restriction_type="login"
        )
        instance.collection = private
        instance.save()


def make_document() -> Any:
    return get_document_model().objects.create(title="A leaflet", file="leaflet.pdf")


def put_text(page: Any, kind: str, pk: int) -> None:
    """Put a link into the introduction."""
    page.intro = f'<p>Words <a linktype="{kind}" id="{pk}">here</a></p>'


PLACES = {
    "citation": (
        factories.create_reference,
        lambda page, each: put_text(page, "citation", each.pk),
        "/intro",
        (Reason.UNPUBLISHED, Reason.DELETED, Reason.EXPIRED),
    ),
    "term": (
        factories.create_term,
        lambda page, each: put_text(page, "glossary-term", each.pk),
        "/intro",
        (Reason.UNPUBLISHED, Reason.DELETED),
    ),
    "document": (
        make_document,
        lambda page, each: put_text(page, "document", each.pk),
        "/intro",
        (Reason.PRIVATE, Reason.DELETED),
    ),
    "picture": (
        factories.create_image,
        lambda page, each: [
            setattr(page, "hero_image", each),
            setattr(page, "hero_image_alt", "A liver"),
        ],
        "/hero_image",
        (Reason.PRIVATE,),
    ),
    "condition": (
        factories.create_condition,
        lambda page, each: page.article_conditions.create(condition=each),
        "/article_conditions/0/condition",
        (Reason.DRAFT,),
    ),
    "contributor": (
        lambda: factories.Contributor.objects.create(
            name="An author", locale=factories.get_locale()
        ),
        lambda page, each: page.article_contributors.create(contributor=each),
        "/article_contributors/0/contributor",
        (Reason.UNPUBLISHED,),
    ),
    "treatment": (
        lambda: factories.Treatment.objects.create(
            name="A treatment", locale=factories.get_locale()
        ),
        lambda page, each: setattr(page, "treatment", each),
        "/treatment",
        (Reason.DRAFT,),
    ),
}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(kind, reason) for kind, place in PLACES.items() for reason in place[3]],
)
def test_what_readers_do_not_get_is_named_with_its_place_and_reason(
    article, kind, reason
):
    make, put, pointer, _reasons = PLACES[kind]
    chosen = make()
    if reason == Reason.UNPUBLISHED:
        factories.publish(chosen)
    put(article, chosen)
    assert find_hidden_choices(article) == []

    hide(chosen, reason)

    [hidden] = find_hidden_choices(article)
    assert (hidden.choice.pointer, hidden.reason) == (pointer, reason)
    # The article makes sense without it.
    assert not hidden.stops


@pytest.mark.parametrize("reason", [Reason.UNPUBLISHED, Reason.PRIVATE, Reason.EXPIRED])
def test_a_related_page_that_readers_do_not_get_is_told_and_stops_nothing(
    article, index, reason
):
    other = factories.create_article(index, title="Other", slug="other")
    article.related_articles = [TreatmentPageRelated(related_page=other)]
    article.body = [
        build_section(build_block("related_article", {"page": other.pk, "teaser": ""}))
    ]
    article.intro = f'<p><a linktype="page" id="{other.pk}">Other</a></p>'
    assert find_hidden_choices(article) == []

    hide(other, reason)

    hidden = find_hidden_choices(article)
    assert [each.choice.pointer for each in hidden] == [
        "/intro",
        "/body/0/value/content/0/value/page",
        "/related_articles/0/related_page",
    ]
    assert {each.reason for each in hidden} == {reason}
    assert not any(each.stops for each in hidden)
    factories.publish(article)


def test_a_page_past_its_expiry_counts_as_expired_before_any_command(article, index):
    other = factories.create_article(index, title="Other", slug="other")
    Page.objects.filter(pk=other.pk).update(
        expire_at=timezone.now() - timedelta(seconds=1)
    )
    article.related_articles = [TreatmentPageRelated(related_page=other)]
    [hidden] = find_hidden_choices(article)
    assert hidden.reason == Reason.EXPIRED


def test_two_articles_that_lead_to_each_other_can_be_published(index):
    one = factories.create_article(index, live=False, title="One", slug="one")
    two = factories.create_article(index, live=False, title="Two", slug="two")
    for page, other in ((one, two), (two, one)):
        page.related_articles = [TreatmentPageRelated(related_page=other)]
        factories.publish(page)
    assert one.live
    assert two.live
    assert find_hidden_choices(one) == []


@pytest.mark.parametrize("reason", [Reason.PRIVATE, Reason.DELETED])
def test_a_picture_in_the_text_that_readers_do_not_get_stops_the_publication(
    article, reason
):
    image = factories.create_image()
    value = {"image": image.pk, "alt": "A liver"}
    article.body = [build_section(build_block("figure", value))]
    factories.publish(article)
    hide(image, reason)

    with pytest.raises(HiddenChoiceError) as refused:
        TreatmentPage.objects.get(pk=article.pk).save_revision().publish()

    [hidden] = refused.value.hidden
    assert hidden.choice.pointer == "/body/0/value/content/0/value/image"
    assert hidden.reason == reason


def test_a_number_needs_one_of_its_sources(article, reference):
    shown = factories.create_reference("Shown trial")
    article.body = [build_section(build_statistic(reference.pk, shown.pk))]
    [hidden] = find_hidden_choices(article)
    assert not hidden.stops
    factories.publish(article)

    article.body = [build_section(build_statistic(reference.pk))]
    [hidden] = find_hidden_choices(article)
    assert hidden.stops


def test_an_entry_of_another_language_stands_in(article):
    term = factories.create_term("metástasis", locale="es")
    english = factories.create_term(
        "metastasis", translation_key=term.translation_key, live=False
    )
    put_text(article, "glossary-term", english.pk)
    # Readers of English get nothing of the draft, and not the Spanish term.
    assert len(find_hidden_choices(article)) == 1
    put_text(article, "glossary-term", term.pk)
    assert find_hidden_choices(article) == []


def test_the_api_warns_of_what_readers_do_not_get(article, reference, client, token):
    put_text(article, "citation", reference.pk)
    article.save_revision()
    url = f"/api/v3/pages/{article.pk}/actions/publish/"
    answer = send(client, "post", url, {}, token)
    assert answer.status_code == 200, answer.content
    assert "choices-hidden" in answer["Publication-Warning"]


def test_the_editor_is_warned_of_what_readers_do_not_get(
    article, reference, client, admin_user
):
    client.force_login(admin_user)
    other = article.get_parent().add_child(
        instance=factories.build_article(title="Other", slug="other", live=False)
    )
    rows = inline_formset([{"relation": "more", "related_page": other.pk}])
    data = build_form(article, related_articles=rows, **{"action-publish": "on"})
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    text = client.post(url, data, follow=True).content.decode()
    assert "Readers do not get everything" in text
    assert "Related articles: “Other (treatment article)" in text or "Other" in text
    assert "is a draft" in text


def test_the_check_costs_the_same_whatever_the_number_of_choices(article):
    counts = []
    for number in (1, 6):
        references = [factories.create_reference(f"Trial {n}") for n in range(number)]
        article.body = [build_section(build_statistic(*[r.pk for r in references]))]
        with CaptureQueriesContext(connection) as queries:
            assert find_hidden_choices(article) == []
        counts.append(len(queries))
    assert counts[0] == counts[1]
