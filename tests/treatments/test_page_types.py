"""Where pages may stand, and what an article's form refuses."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page

from home.models import HomePage
from snippets.models import Condition
from tests import factories
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageRelated,
)

pytestmark = pytest.mark.django_db


def test_pages_stand_where_they_make_sense():
    assert HomePage.allowed_subpage_models() == [TreatmentIndexPage]
    assert set(TreatmentIndexPage.allowed_subpage_models()) == {
        TreatmentIndexPage,
        TreatmentPage,
    }
    assert TreatmentPage.allowed_subpage_models() == []
    assert TreatmentPage.allowed_parent_page_models() == [TreatmentIndexPage]
    assert Page not in TreatmentIndexPage.allowed_subpage_models()


def test_an_image_needs_a_description():
    page = factories.build_article(hero_image=factories.create_image())
    with pytest.raises(ValidationError, match="Describe the image"):
        page.clean()


def post(admin_client, page, **changes):
    """Send the page's form as it is, with changes, and return the answer's text."""
    from wagtail.test.utils.form_data import (
        inline_formset,
        nested_form_data,
        streamfield,
    )

    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "kind": page.kind,
        "audience": page.audience,
        "intent": "",
        "intro": "null",
        "key_points": streamfield([("point", "one"), ("point", "two")]),
        "body": streamfield([]),
        "also_known_as": streamfield([]),
        "regulatory_status": streamfield([]),
        "questions": streamfield([]),
        "article_conditions": inline_formset([]),
        "article_contributors": inline_formset([]),
        "related_articles": inline_formset([]),
        "comments": inline_formset([]),
        "action-publish": "on",
        **changes,
    }
    return admin_client.post(
        f"/admin/pages/{page.pk}/edit/", nested_form_data(data)
    ).content.decode()


def test_an_article_does_not_lead_to_itself(admin_client):
    from wagtail.test.utils.form_data import inline_formset, streamfield

    index = factories.create_site().index
    page = factories.create_article(index, title="Surgery")
    rows = inline_formset([{"relation": "more", "related_page": page.pk}])
    assert "cannot be related to itself" in post(
        admin_client, page, related_articles=rows
    )
    card = {
        "heading": "H",
        "content": streamfield([("related_article", {"page": page.pk, "teaser": ""})]),
    }
    answer = post(admin_client, page, body=streamfield([("section", card)]))
    assert "is this article itself" in answer


def test_an_entry_is_not_listed_twice(admin_client):
    from wagtail.test.utils.form_data import inline_formset

    index = factories.create_site().index
    page = factories.create_article(index, title="Surgery")
    condition = Condition.objects.create(name="C", locale=page.locale)
    rows = inline_formset([{"condition": condition.pk}, {"condition": condition.pk}])
    assert "This condition is listed twice" in post(
        admin_client, page, article_conditions=rows
    )


def test_a_used_condition_is_not_deleted():
    from django.db.models import ProtectedError

    page = factories.create_article(factories.create_site().index, title="Surgery")
    condition = Condition.objects.create(name="C", locale=page.locale)
    page.article_conditions.add(TreatmentPageCondition(condition=condition))
    factories.publish(page)
    with pytest.raises(ProtectedError):
        condition.delete()


def test_a_deleted_article_leaves_the_others_in_order(client):
    index = factories.create_site().index
    other = factories.create_article(index, title="Other", slug="other")
    page = factories.create_article(index, title="Surgery")
    page.related_articles.add(TreatmentPageRelated(relation="more", related_page=other))
    factories.publish(page)
    other.delete()
    assert client.get(f"/api/v2/pages/{page.pk}/").json()["related"] == []
