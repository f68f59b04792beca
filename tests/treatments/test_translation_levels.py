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
from treatments.translation.segments import explain_levels, extract_sentences
from treatments.translation.services import (
    TranslationError,
    publish_translation,
    update_source,
)

pytestmark = pytest.mark.django_db
SENTENCE = "Platelets of 100 × 10<sup>9</sup>/L and H<sub>2</sub>O."


@pytest.fixture
def index(bilingual_index):
    return bilingual_index


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
        data="value=10%3Csup%3E9%3C%2Fsup%3E+H%3Csub%3E2%3C%2Fsub%3EO",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 201
    assert answer.json()["data"] == "10<sup>9</sup> H<sub>2</sub>O"
    assert answer.json()["error"] is None
    lost = admin_client.put(
        address,
        data="value=10%3Csup%3E9+H%3Csub%3E2%3C%2Fsub%3EO",
        content_type="application/x-www-form-urlencoded",
    )
    assert lost.json()["error"].startswith("A <sup> or <sub> is not closed")


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
    ("source", "translated", "is_kept"),
    [
        ("10<sup>9</sup>/L", "109/L", False),
        ("10<sup>9</sup>/L", "10<sup>8</sup>/L", False),
        ("10<sup>9</sup>/L", "10<sub>9</sub>/L", False),
        ("10<sup>9</sup>/L", "10<sup>9/L", False),
        ("10<sup>9</sup>/L", "10<sup>9</sub>/L", False),
        ("109 people", "10<sup>9</sup> personas", False),
        ("20 mg of H<sub>2</sub>O", "<sup>20</sup> mg de H<sub>2</sub>O", False),
        ("2 square meters", "2 m<sup>2</sup>", True),
        ("10⁹/L", "109/L", False),
        ("10⁹/L", "10<sup>9</sup>/L", True),
        ("10<sup>-3</sup>, T<sub>1.5</sub>", "T<sub>1,5</sub>, 10<sup>−3</sup>", True),
        ("1<sup>st</sup> day", "1.º día", True),
        ("the first day", "el 1<sup>er</sup> día", True),
    ],
)
def test_numbers_stay_above_and_below_the_line(source, translated, is_kept):
    assert (explain_levels(source, translated) == "") is is_kept


def test_a_number_that_loses_its_level_is_refused_until_it_is_back(translation):
    translate_all(translation)
    stored = StringTranslation.objects.get(
        translation_of__data=SENTENCE, context__path="intro"
    )
    for data in (SENTENCE.replace("<sup>9</sup>", "9"), SENTENCE.replace("</sup>", "")):
        stored.data = data
        stored.save()
        stored.refresh_from_db()
        assert stored.has_error
        assert "<su" in stored.get_error() or ": 9." in stored.get_error()
        with pytest.raises(TranslationError, match=r"Platelets of 100.*Nothing was"):
            publish_translation(translation)
        # As it was stored before such texts were refused.
        StringTranslation.objects.update(has_error=False, field_error="")
        with pytest.raises(TranslationError, match=r"Platelets of 100.*Nothing was"):
            publish_translation(translation)
        stored.refresh_from_db()
        stored.save()
    po = translation.export_po()
    (entry, *_others) = [entry for entry in po if entry.msgctxt == "intro"]
    entry.msgstr = f"Otra vez: {SENTENCE}"
    assert translation.import_po(po) == []
    stored.refresh_from_db()
    assert (stored.has_error, stored.get_error()) == (False, None)
    assert "Otra vez" in publish_translation(translation).intro


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
