"""A translation keeps the citations of its source, and says of its other links what is wrong with them."""

from __future__ import annotations

import pytest
from wagtail_localize.models import StringSegment, StringTranslation

from tests import factories
from tests.factories import submit, to_spanish, translate_all
from treatments.translation.kept_links import explain_links
from treatments.translation.services import TranslationError, publish_translation

pytestmark = pytest.mark.django_db
SOURCE = (
    'After 10<sup>9</sup>, see <a id="a1">[D]</a> and <a id="a2">term<sup>2</sup></a>.'
)
KEPT = (
    'Tras 10<sup>9</sup>, ver <a id="a1">[D]</a> y <a id="a2">término<sup>2</sup></a>.'
)
DROWNED = (
    'Tras 10<sup>9</sup>, ver <a id="a1">[D]</a> y <a id="a1">término<sup>2</sup></a>.'
)
CHANGED = (
    'Tras 10<sup>9</sup>, ver <a id="a1">5 mg</a> y <a id="a2">término<sup>2</sup></a>.'
)
LOST = "Tras 10<sup>9</sup>, ver y <a id='a2'>término<sup>2</sup></a>."


@pytest.fixture
def translation(bilingual_index):
    reference, term = factories.create_reference(), factories.create_term()
    to_spanish(term)
    intro = SOURCE.replace(
        'id="a1"', f'linktype="citation" id="{reference.pk}"'
    ).replace('id="a2"', f'linktype="glossary-term" id="{term.pk}"')
    page = factories.create_article(
        bilingual_index, title="Links", intro=f"<p>{intro}</p>"
    )
    translation = submit(page)
    translate_all(translation)
    return translation


def store(data):
    stored = StringTranslation.objects.get(
        translation_of__data=SOURCE, context__path="intro"
    )
    stored.data, stored.has_error, stored.field_error = data, False, ""
    stored.save()
    stored.refresh_from_db()
    return stored


@pytest.mark.parametrize("data", [DROWNED, CHANGED, LOST])
def test_a_translation_that_loses_a_citation_or_its_words_is_refused(translation, data):
    assert StringSegment.objects.filter(string__data=SOURCE).exists()
    stored = store(data)
    assert stored.has_error
    assert "[D]" in stored.get_error()
    with pytest.raises(TranslationError, match=r"After 10.*Nothing was"):
        publish_translation(translation)
    # As it was stored before such texts were refused.
    StringTranslation.objects.update(has_error=False, field_error="")
    with pytest.raises(TranslationError, match=r"After 10.*Nothing was"):
        publish_translation(translation)


def test_a_translation_with_its_citations_is_published(translation):
    assert not store(KEPT).has_error
    spanish = publish_translation(translation)
    assert "término<sup>2</sup></a>" in spanish.intro
    assert "[D]" in spanish.intro


def test_the_tag_that_is_not_allowed_is_named(translation):
    stored = store(f"{KEPT}<ul><li>x</li></ul>")
    assert stored.has_error
    assert stored.get_error().startswith("<ul> ")


@pytest.mark.parametrize(
    ("source", "translated", "is_kept"),
    [
        ('<a id="a1">[D]</a> x', 'x <a id="a1"> [D] </a>', True),
        ('<a id="a1">[D]</a> x', 'x <b><a id="a1">[<i>D</i>]</a></b>', True),
        ('<a id="a1">[D]</a> x', 'x <a id="a1"></a>', False),
        ('<a id="a1">[D]</a> x', '<a id="a1">[D]</a> x <a id="a1">[D]</a>', False),
        ('<a id="a1">[D]</a> x', "x", False),
        ('<a id="a2">link</a> x', "enlace x", True),
        ('<a id="a2">link</a> x', '<a id="a2">enlace</a> <a id="a2">x</a>', False),
        (
            '<a id="a1">[D]</a> <a id="a2">x</a>',
            '<a id="a2">x <a id="a1">[D]</a></a>',
            False,
        ),
        (
            '<a id="a1">[D]</a> <a id="a1">[D]</a>',
            '<a id="a1">[D]</a> <a id="a1">[D]</a>',
            True,
        ),
    ],
)
def test_each_link_stands_once_and_a_citation_never_less(source, translated, is_kept):
    assert (explain_links(source, translated, {"a1"}) == "") is is_kept
