"""An article that uses one thing of each kind, and ways to take such a thing away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import APIToken

from snippets.models import Condition, Contributor, Treatment
from tests import factories
from tests.treatments.choices import (
    build_block,
    build_section,
    build_statistic,
    make_document,
)

if TYPE_CHECKING:
    from treatments.models import TreatmentPage


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
