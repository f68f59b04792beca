"""Articles with a past, and the people of an editorial office."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from tests.delivery.versions import create_article_with_versions
from tests.shared import share
from treatments.admin.groups import (
    EDITORS,
    PUBLISHERS,
    REVIEWERS,
    create_editorial_groups,
)
from treatments.models import TreatmentIndexPage, TreatmentPage


def create_user(group, **names):
    user = get_user_model().objects.create_user(
        username=group.lower().replace(" ", "-"),
        password="x",  # noqa: S106
        **names,
    )
    user.groups.add(Group.objects.get(name=group))
    return user


def create_office(_home_id: int) -> dict[str, Any]:
    """Return a person of each kind that an editorial office has."""
    create_editorial_groups()
    return {
        "publisher": create_user(PUBLISHERS, first_name="Ana", last_name="Ruiz"),
        "editor": create_user(EDITORS),
        "reviewer": create_user(REVIEWERS),
    }


shared_office = share("shared_office", create_office, on="shared_site")


def create_published_article(office: dict[str, Any]) -> int:
    """Return the id of an article of which the publisher published three versions."""
    index = TreatmentIndexPage.objects.get()
    return create_article_with_versions(index, office["publisher"]).pk


shared_published_article = share(
    "shared_published_article", create_published_article, on="shared_office"
)


@pytest.fixture
def publisher(shared_office):
    return shared_office["publisher"]


@pytest.fixture
def editor(shared_office):
    return shared_office["editor"]


@pytest.fixture
def reviewer(shared_office):
    return shared_office["reviewer"]


@pytest.fixture
def page(shared_published_article):
    return TreatmentPage.objects.get(pk=shared_published_article)
