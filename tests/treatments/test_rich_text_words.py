"""Whatever rich text says, its words and numbers are the same in every form: none joined, none split."""

from __future__ import annotations

import re
from typing import Any

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
