"""What readers do not get of an article's choices is named with its place and reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset

from tests import factories
from tests.review.editing import build_form
from tests.treatments.api_calls import send
from tests.treatments.choices import (
    build_block,
    build_section,
    build_statistic,
    hide,
    make_document,
    put_text,
)
from treatments.content.hidden_choices import (
    HiddenChoiceError,
    Reason,
    find_hidden_choices,
)
from treatments.models import TreatmentPage, TreatmentPageRelated

pytestmark = pytest.mark.django_db

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
