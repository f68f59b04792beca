"""Articles with a past, and the people of an editorial office."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from tests.delivery.versions import (
    create_article_with_versions,
)
from treatments.groups import EDITORS, PUBLISHERS, REVIEWERS, create_editorial_groups


@pytest.fixture
def index(site):
    create_editorial_groups()
    return site.index


def create_user(django_user_model, group, **names):
    user = django_user_model.objects.create_user(
        username=group.lower().replace(" ", "-"),
        password="x",  # noqa: S106
        **names,
    )
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def publisher(index, django_user_model):
    return create_user(
        django_user_model, PUBLISHERS, first_name="Ana", last_name="Ruiz"
    )


@pytest.fixture
def editor(index, django_user_model):
    return create_user(django_user_model, EDITORS)


@pytest.fixture
def reviewer(index, django_user_model):
    return create_user(django_user_model, REVIEWERS)


@pytest.fixture
def page(index, publisher):
    return create_article_with_versions(index, publisher)
