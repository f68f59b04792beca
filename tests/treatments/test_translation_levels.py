"""Signs above and below the line are translated within their sentence, and come back."""

from __future__ import annotations

import json

import pytest
from wagtail_localize.machine_translators.dummy import DummyTranslator
from wagtail_localize.models import (
    String,
    StringSegment,
    StringTranslation,
    TemplateSegment,
)
from wagtail_localize.strings import extract_strings

from snippets.models import GlossaryTerm
from tests import factories
from tests.factories import submit, to_spanish, translate_all
from treatments.models import TreatmentIndexPage
from treatments.translation.segments import extract_sentences
from treatments.translation.services import publish_translation, update_source

pytestmark = pytest.mark.django_db
SENTENCE = "Platelets of 100 × 10<sup>9</sup>/L and H<sub>2</sub>O."


@pytest.fixture
def index(shared_bilingual_site):
    return TreatmentIndexPage.objects.get(pk=shared_bilingual_site)


@pytest.fixture
def translation(index):
    body = [{"type": "section", "value": {"heading": "H", "content": [{"type": "rich_text", "value": f"<p>{SENTENCE}</p>"}]}}]  # fmt: skip
    page = factories.create_article(
        index, title="Signs", body=body, intro=f"<p>{SENTENCE}</p>"
    )
    return submit(page)


def get_segment(translation, path="intro"):
    return StringSegment.objects.get(
        source=translation.source, context__path__startswith=path, string__data__contains="<sup>"
    )  # fmt: skip


def translate(translation, segment, data):
    return StringTranslation.objects.create(
        translation_of=segment.string,
        locale=translation.target_locale,
        context=segment.context,
        data=data,
    )


def test_a_sentence_is_one_text_in_blocks_and_in_fields(translation):
    for path in ("intro", "body"):
        assert get_segment(translation, path).string.data == SENTENCE
    translate_all(translation)
    spanish = publish_translation(translation)
    expected = f"ES {SENTENCE}"
    assert expected in spanish.intro
    assert expected in json.dumps(spanish.body.get_prep_value(), ensure_ascii=False)


def test_a_definition_is_one_text(index):
    term = factories.create_term("margin", definition=f"<p>{SENTENCE}</p>")
    to_spanish(term)
    spanish = GlossaryTerm.objects.get(
        translation_key=term.translation_key, locale__language_code="es"
    )
    assert f"ES {SENTENCE}" in spanish.definition


def test_texts_are_exported_and_imported_with_their_signs(translation):
    po = translation.export_po()
    (entry, *_others) = [entry for entry in po if entry.msgctxt == "intro"]
    assert entry.msgid == SENTENCE
    entry.msgstr = "Plaquetas de 100 × 10<sup>9</sup>/L y H<sub>2</sub>O."
    assert translation.import_po(po) == []
    stored = StringTranslation.objects.get(translation_of__data=SENTENCE)
    assert (stored.data, stored.has_error) == (entry.msgstr, False)


def test_the_editor_takes_and_shows_the_signs(admin_client, translation):
    segment = get_segment(translation)
    address = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"
    answer = admin_client.put(
        address,
        data="value=Agua+H%3Csub%3E2%3C%2Fsub%3EO",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 201
    assert answer.json()["data"] == "Agua H<sub>2</sub>O"
    assert answer.json()["error"] is None


def test_what_a_machine_translates_keeps_its_signs(translation):
    value = get_segment(translation).string.as_value()
    given = DummyTranslator({}).translate(None, None, [value])[value]
    stored = translate(translation, get_segment(translation), given.data)
    assert not stored.has_error
    assert "<sup>9</sup>" in stored.data


@pytest.mark.parametrize(
    "data",
    [
        "a<sup>b</sup><p>c</p>",
        'a<sup class="x">b</sup>',
        'a<sub>b</sub> <a id="a9">c</a>',
        "a<sub>b</sub><s>c</s>",
    ],
)
def test_what_no_translation_may_have_stays_refused(translation, data):
    stored = translate(translation, get_segment(translation), data)
    stored.refresh_from_db()
    assert stored.has_error
    assert stored.get_error()


def test_a_plain_text_takes_no_tags(translation):
    segment = StringSegment.objects.get(
        source=translation.source, context__path="summary"
    )
    assert translate(translation, segment, "10<sup>9</sup>").has_error
    StringTranslation.objects.all().delete()
    assert not translate(translation, segment, "10⁹").has_error
    translate_all(translation)


@pytest.mark.parametrize(
    "html",
    [
        "<p>One <b>two</b></p><ul><li>a<ul><li><a href='/x'>b</a></li></ul></li></ul>",
        '<p data-block-key="k">x<br/>y<a linktype="citation" id="3">[K]</a></p>',
        "<p><i>all</i></p>  <h3> z </h3><p>Text of sup and sub</p>",
    ],
)
def test_texts_without_signs_are_the_same_as_ever(html):
    assert extract_sentences(html) == extract_strings(html)


def test_a_translation_outlives_a_sign_elsewhere(translation):
    translate_all(translation)
    publish_translation(translation)
    page = translation.source.get_source_instance()
    before = set(String.objects.values_list("data", flat=True))
    page.intro = f"<p>{SENTENCE}</p><p>New: T<sub>1/2</sub>.</p>"
    factories.publish(page)
    update_source(translation.source)
    assert set(String.objects.values_list("data", flat=True)) - before == {"New: T<sub>1/2</sub>."}  # fmt: skip
    assert TemplateSegment.objects.filter(source=translation.source).exists()
    missing = [segment.string.data for segment in StringSegment.objects.filter(source=translation.source) if not segment.string.translations.exists()]  # fmt: skip
    assert missing == ["New: T<sub>1/2</sub>."]
