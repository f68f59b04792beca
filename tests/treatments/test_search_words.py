"""The words of a search: their stems, their signs, and how they are marked in what was found."""

from treatments.search.highlighting import highlight
from treatments.search.stemming import (
    find_words,
    split_query,
    stem_query,
    stem_text,
    stem_word,
)


def test_words_and_their_stems():
    assert split_query("¿Qué es, esto? A-1") == [
        "Qué",
        "es",
        "esto",
        "A",
        "1",
    ]
    assert set(stem_word("cirugía", "es")) & set(stem_word("Cirugias", "es"))
    assert set(stem_word("surgeries", "en")) == set(stem_word("SURGERY", "en"))
    assert stem_word("operaciones", "es-mx") == stem_word("operación", "es_ES")
    assert stem_word("Überraschungen", "xx") == ("uberraschungen",)
    assert stem_text("The livers", "en") == ["the", "liver"]


def test_marks_belong_to_their_words():
    decomposed = "cirugi\u0301a"
    assert list(find_words(decomposed)) == [(0, 8)]
    assert stem_word(decomposed, "es") == stem_word("cirugía", "es")
    hindi = "हिन्दी"
    assert list(find_words(hindi)) == [(0, len(hindi))]


def test_a_query_has_each_word_once_and_not_too_many():
    assert split_query("liver Liver LÍVER") == ["liver"]
    assert len(stem_query(" ".join(map(str, range(500))), "en")) == 24
    assert [len(word) for word in split_query("x" * 1000)] == [64]
    assert split_query("?! ... ( -- )") == []


def test_a_highlight_marks_every_form_of_the_words():
    text = "Surgeries of the liver & <b>kidney</b>. A surgery takes long."
    assert highlight(text, "surgery kidneys", "en") == (
        "<mark>Surgeries</mark> of the liver &amp; &lt;b&gt;<mark>kidney</mark>"
        "&lt;/b&gt;. A <mark>surgery</mark> takes long."
    )
    assert highlight("La cirugía.", "cirugias", "es") == "La <mark>cirugía</mark>."


def test_a_highlight_is_cut_at_whole_words_around_the_best_match():
    filler = "many plain words stand here "
    text = filler * 5 + "liver. " + filler * 5 + "Liver surgery helps. " + filler * 5
    snippet = highlight(text, "surgery liver", "en", length=80)
    assert snippet is not None
    assert "<mark>Liver</mark> <mark>surgery</mark> helps." in snippet
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    plain = snippet.replace("<mark>", "").replace("</mark>", "").strip("…")
    assert len(plain) <= 80
    assert plain in text
    assert f" {plain} " in f" {text} "


def test_a_highlight_of_nothing_is_none():
    assert highlight("Surgery", "liver", "en") is None
    assert highlight("Surgery", "?!", "en") is None
    assert highlight("", "surgery", "en") is None


def test_a_highlight_of_a_word_that_is_too_long_shows_it():
    assert highlight("x" * 300, "x" * 300, "en", length=50) == (
        "<mark>" + "x" * 300 + "</mark>"
    )
