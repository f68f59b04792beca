"""The words of blocks and of rich text, as a search needs them."""

from __future__ import annotations

import pytest
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from snippets.plain_text import get_plain_text
from treatments.blocks.criteria import CriteriaListBlock
from treatments.blocks.text import RichTextBlock, ShortTextBlock
from treatments.content.texts import iterate_texts

pytestmark = pytest.mark.django_db


def test_blocks_of_a_project_give_their_words_and_no_codes():
    class WardBlock(blocks.StructBlock):
        name = ShortTextBlock()
        kind = blocks.ChoiceBlock(choices=[("k", "Kindword")])
        site = blocks.URLBlock()
        floor = blocks.IntegerBlock()
        html = blocks.RawHTMLBlock()
        notes = RichTextBlock()
        quote = blocks.BlockQuoteBlock()
        tags = blocks.ListBlock(blocks.CharBlock())
        table = TypedTableBlock([("text", blocks.CharBlock())])
        criteria = CriteriaListBlock()

    raw = {
        "name": "Ward",
        "kind": "k",
        "site": "https://example.org/",
        "floor": 3,
        "html": "<b>markup</b>",
        "notes": "<p>One</p><p>Two</p>",
        "quote": "Quoted",
        "tags": ["first", {"type": "item", "id": "x", "value": "second"}],
        "table": {
            "columns": [{"type": "text", "heading": "Column"}],
            "rows": [{"values": ["Cell"]}],
            "caption": "",
        },
        "criteria": {"lead_in": "Some people", "code": {"code": "D1"}},
        "removed": "nothing",
    }
    assert [text for text in iterate_texts(WardBlock(), raw) if text] == [
        "Ward",
        "One\nTwo",
        "Quoted",
        "first",
        "second",
        "Column",
        "Cell",
        "Some people",
    ]


def test_rich_text_is_read_without_its_citations():
    source = '<p>A &amp; b<a linktype="citation" id="1">[X]</a>, <a href="/">c</a></p>'
    assert get_plain_text(source) == "A & b, c"
