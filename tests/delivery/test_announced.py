"""What is saved outside a transaction, by a process that dies between any two statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db.models.signals import pre_save
from django.utils import timezone

from snippets.models import Condition, GlossaryTerm
from tests import factories, live_server
from tests.delivery.conftest import ARTICLES
from treatments.delivery.models import Change, Mark
from treatments.delivery.signal_handlers import ANNOUNCED_FOR
from treatments.models import TreatmentPageCondition

database = live_server.database


@pytest.fixture
def index(database):
    return factories.create_site().index


def announce(instance):
    """Do what happens before a process writes."""
    pre_save.send(
        sender=type(instance),
        instance=instance,
        raw=False,
        using="default",
        update_fields=None,
    )


def read(client, page):
    return client.get(f"{ARTICLES}/{page.pk}/").json()


def read_both(client, page):
    cards = client.get(f"{ARTICLES}/").json()["items"]
    return read(client, page), cards[0]


def test_a_reader_between_the_note_and_the_write_hides_nothing(client, index):
    term = factories.create_term("stage", definition="<p>Before.</p>")
    text = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    page = factories.create_article(index, intro=text)
    assert "Before" in str(read(client, page))
    announce(term)
    assert "Before" in str(read(client, page))
    # The process is killed right after the write.
    GlossaryTerm.objects.filter(pk=term.pk).update(definition="<p>After.</p>")
    with time_machine.travel(timezone.now() + ANNOUNCED_FOR, tick=True):
        assert "After" in str(read(client, page))
    assert not Change.objects.filter(generation__isnull=True).exists()


def test_a_row_of_an_article_is_announced_too(client, index):
    page = factories.create_article(index)
    locale = factories.get_locale("en")
    condition = Condition.objects.create(name="Liver", locale=locale)
    row = TreatmentPageCondition(page=page, condition=condition)
    assert read(client, page)["conditions"] == []
    announce(row)
    assert read(client, page)["conditions"] == []
    TreatmentPageCondition.objects.bulk_create([row])
    with time_machine.travel(timezone.now() + ANNOUNCED_FOR, tick=True):
        document, card = read_both(client, page)
        assert [each["name"] for each in document["conditions"]] == ["Liver"]
        assert [each["name"] for each in card["conditions"]] == ["Liver"]


def test_what_is_written_is_built_once(client, index, settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "BUILD_ON_COMMIT": 0}
    term = factories.create_term("stage", definition="<p>Before.</p>")
    text = f'<p><a linktype="glossary-term" id="{term.pk}">word</a></p>'
    page = factories.create_article(index, intro=text)
    read(client, page)
    term.definition = "<p>After.</p>"
    term.save()
    assert "After" in str(read(client, page))
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        read(client, page)
    turns = Change.objects.filter(key__endswith=str(term.translation_key))
    turns = turns.order_by("-generation").values_list("generation", flat=True)
    assert turns[0] == turns[1]
    assert not Mark.objects.exists()
    assert not Change.objects.filter(generation__isnull=True).exists()
