"""What is gone is named before a translation is published: what stops it, and what readers do without."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from snippets.models import Reference
from tests import factories
from tests.factories import to_spanish
from tests.treatments.translation_status.test_replacements import (
    create_cited,
    publish_again,
)
from treatments.content.removals import prepare_removal
from treatments.translation.services import TranslationError

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference():
    return factories.create_reference("First trial")


def delete(reference, user):
    """Delete a reference at once, although articles cite it."""
    pk = reference.pk
    prepare_removal([reference], user, is_deleted=True, reason="Wrong.")
    Reference.objects.filter(pk=pk).delete()


def test_what_is_gone_and_not_needed_is_named_when_a_translation_is_published(
    index, reference, client, admin_user
):
    text = f'<p>It helps<a linktype="citation" id="{reference.pk}">1</a>.</p>'
    page = factories.create_article(index, title="A", slug="a", intro=text)
    spanish = to_spanish(page)
    delete(reference, admin_user)
    client.force_login(admin_user)
    url = reverse("wagtailadmin_pages:edit", args=[spanish.pk])
    answer = client.post(url, {"action": "publish"})
    texts = " ".join(str(each) for each in get_messages(answer.wsgi_request))
    assert "was published in" in texts
    assert "First trial” (reference) was deleted" in texts


def test_what_is_gone_and_needed_stops_a_translation_and_is_named(
    index, reference, admin_user
):
    _page, spanish = create_cited(index, reference)
    delete(reference, admin_user)
    with pytest.raises(TranslationError, match=r"Citations.*First trial.*was deleted"):
        publish_again(spanish)
