"""Words that a reader got to see differently, told for people."""

from __future__ import annotations

from copy import deepcopy

from tests.delivery.documents import change, read_example, rewrite
from treatments.comparison.documents import compare


def test_words_are_editorial_until_a_number_or_its_unit_changes():
    text = "Take 20 mg twice a day"
    old = read_example()
    rewrite(old, html=f"<p>{text}</p>", text=text)
    for words, significance in (
        ("Take 20 mg two times a day", "editorial"),
        ("Swallow 20 mg twice a day", "editorial"),
        ("Take 40 mg twice a day", "clinical"),
        ("Take 20 g twice a day", "clinical"),
        ("Take medicine twice a day", "clinical"),
    ):
        new = deepcopy(old)
        rewrite(new, html=f"<p>{words}</p>", text=words)
        (found,) = compare(old, new)
        assert found.significance == significance, words


def test_changed_words_are_marked():
    (found,) = change(lambda new: new.update(summary="word180x and more"))
    assert found.words == [("same", "word180x"), ("added", " and more")]
    old, new = read_example(), read_example()
    old["summary"] = "It helps one of ten people."
    new["summary"] = "It helps two in ten people."
    (found,) = compare(old, new)
    assert found.words == [
        ("same", "It helps "),
        ("removed", "one of"),
        ("added", "two in"),
        ("same", " ten people."),
    ]


def test_long_texts_are_marked_in_no_time():
    old, new = read_example(), read_example()
    old["summary"] = "old " * 20_000
    new["summary"] = "new " * 20_000
    (found,) = compare(old, new)
    assert [run.mark for run in found.words] == ["removed", "added", "same"]
