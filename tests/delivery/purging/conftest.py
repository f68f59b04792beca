"""An article that caches keep, a commit, and ways to change what they keep."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from tests import factories
from tests.shared import share
from treatments.content.dependencies import get_page_key
from treatments.delivery import building
from treatments.delivery.caches import MemoryBackend
from treatments.delivery.models import PendingPurge
from treatments.delivery.tags import get_tag
from treatments.models import TreatmentPage

FASTLY = {
    "BACKEND": "treatments.delivery.caches.FastlyBackend",
    "SERVICE_ID": "service1",
    "API_TOKEN": "secret",
}
MEMORY = {"BACKEND": "treatments.delivery.caches.MemoryBackend"}


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return a context manager whose end is a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def create_article_with_term(home_id: int) -> int:
    """Return the id of a published article that uses a term, with its document."""
    site = factories.load_site(home_id)
    page = factories.publish_section(site, standalone=True)
    building.refresh_marked()
    PendingPurge.objects.all().delete()
    return page.pk


shared_article_with_term = share(
    "shared_article_with_term", create_article_with_term, on="shared_site"
)


@pytest.fixture
def article(shared_article_with_term):
    """Return a published article that uses a term, with its document; nothing waits any more."""
    MemoryBackend.clear()
    return TreatmentPage.objects.get(pk=shared_article_with_term)


def get_page_tag(page):
    return get_tag(get_page_key(page.translation_key))


def publish_title(page, title):
    page.title = title
    return factories.publish(page)


def create_quietly(word):
    """Return a term of which the caches need not hear any more."""
    term = factories.create_term(word)
    PendingPurge.objects.all().delete()
    MemoryBackend.clear()
    return term


def get_term_of(article):
    """Return the glossary term that an article contains."""
    from snippets.models import GlossaryTerm

    document = Client().get(f"/api/v3/articles/{article.pk}/").json()
    return GlossaryTerm.objects.get(pk=document["glossary"][0]["id"])


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False) as traveller:
        yield traveller
