"""Whatever rich text says, its words and numbers are the same in every form: none joined, none split."""

from __future__ import annotations

import re
from typing import Any

import pytest
from markdown_it import MarkdownIt

from snippets.plain_text import get_plain_text
from tests.treatments.rich_text_words import (
    LINK,
    Generator,
    drop_levels,
    read_html,
    read_nodes,
    read_text,
)
from treatments.content.formats import build_nodes
from treatments.content.markdown import write_markdown
from treatments.content.rich_text import represent_rich_text

CASES = 500
CITATION = '<a linktype="citation" id="3">[Khan 2022]</a>'
#: Links of the site are not generated, and nothing is looked up.
NO_LOOKUPS: Any = None
COMMONMARK = MarkdownIt("commonmark")
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def test_words_and_numbers_are_the_same_in_every_form():
    for number in range(CASES):
        source = Generator(number).generate()
        words = read_html(source)
        answer = represent_rich_text(source, NO_LOOKUPS)
        nodes = build_nodes(answer["html"])
        markdown = write_markdown(nodes)
        assert read_text(answer["text"]) == words, source
        assert read_html(answer["html"]) == words, source
        assert read_nodes(nodes) == words, source
        for parser in (COMMONMARK, GITHUB):
            assert read_html(parser.render(markdown)) == words, (source, markdown)
        # What search, comparisons and descriptions read, stored or shown.
        assert get_plain_text(source) == answer["text"], source
        assert get_plain_text(answer["html"]) == answer["text"], source
        if not re.search(r"[()*]", source.replace(LINK, "")):
            flat = re.sub(r"<(su[bp])>.*?</\1>", "", drop_nested_levels(source))
            on_the_line = "".join(drop_levels(answer["text"]))
            assert on_the_line == "".join(read_html(flat)), source


def drop_nested_levels(source):
    """Return HTML in which no level stands within another."""
    while True:
        shorter = re.sub(
            r"(<su[bp]>(?:(?!</?su[bp]>).)*)<(su[bp])>(?:(?!</?su[bp]>).)*</\2>",
            r"\1",
            source,
        )
        if shorter == source:
            return source
        source = shorter


class References:
    """Gives each reference a number, or none."""

    def __init__(self, number):
        self.number = number

    def get_reference_number(self, pk):
        return self.number


@pytest.mark.parametrize("number", [1, None], ids=["shown", "hidden"])
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>5[]6</p>", "5 6"),
        ("<p>5<sup>[]</sup>6</p>", "5 6"),
        ("<p>5[][]6</p>", "5 6"),
        ("<p><b>5</b>[]<i>6</i></p>", "5 6"),
        ("<p>10<sup>9</sup>[]5</p>", "10⁹ 5"),
        ("<p><sup>1[]2</sup></p>", "^(1 2)"),
        ("<p>therapy[]helps</p>", "therapy helps"),
        ("<p>helps[]. It[] does, 5[] %</p>", "helps. It does, 5 %"),
        ("<p>10[]<sup>9</sup></p>", "10⁹"),
        ("<p>5[]</p><p>6</p>", "5\n6"),
        ("<p>5[]<br/>6</p>", "5\n6"),
    ],
)
def test_a_citation_that_is_left_out_joins_no_words(source, words, number):
    source = source.replace("[]", CITATION)
    references: Any = References(number)
    answer = represent_rich_text(source, references)
    assert answer["text"] == words
    assert get_plain_text(source) == words
    assert get_plain_text(answer["html"]) == words
    if not number:
        assert " ".join(read_html(answer["html"])) == " ".join(read_text(words))
