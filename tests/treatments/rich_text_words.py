"""Generates rich text and reads the words of HTML, by rules of its own."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from random import Random

#: Words and numbers, and what Markdown or HTML could take for something else.
TEXT = (
    "Day 1 2 10 1.5 5% mg BRCA T --- - + * *** _ __ ~~~ ~5 ``` ` # ## > 1. 2) | a|b === == \\ a\\ ! !a [x] y) [^1]: "
    "&amp;amp; &amp;lt; &lt;b&gt; &lt;i &amp; https://example.org a_b_c *b* :--- :-: é 1½ 5&nbsp;mg € ,"
)
WORDS = TEXT.split()
MARKS = ("b", "i", "strong", "em", "sup", "sub", "code")
LINK = 'a href="/x (1)"'
INLINE = {*MARKS, "a", "dfn"}
INLINE_NODES = {"text", "bold", "italic", "superscript", "subscript", "code", "link"}


class Generator:
    """Generates rich text; the same again from the same number."""

    def __init__(self, seed):
        self.random = Random(seed)  # noqa: S311 - no secrets

    def generate(self):
        """Return a rich text of one to three blocks."""
        return self.repeat(lambda: self.write_block(3))

    def repeat(self, write):
        return "".join(write() for _ in range(self.random.randint(1, 3)))

    def write_block(self, depth):
        """Return a block; within others up to some depth."""
        kind = self.random.choice(
            ["p", "p", "h3", "list", "list", "quote", "table", "words"]
        )
        if kind == "list" and depth:
            return wrap(
                self.random.choice(["ul", "ol"]),
                self.repeat(lambda: self.write_item(depth)),
            )
        if kind == "quote" and depth:
            return wrap("blockquote", self.repeat(lambda: self.write_block(depth - 1)))
        if kind == "table":
            return wrap(
                "table", self.repeat(lambda: wrap("tr", self.repeat(self.write_cell)))
            )
        if kind == "words":
            return self.write_inline()
        return wrap(kind if kind in ("p", "h3") else "p", self.write_inline())

    def write_item(self, depth):
        """Return a list item, with blocks in it or with words only."""
        before, after = self.random.choice([(1, 0), (1, 0), (1, 1), (0, 1)])
        blocks = (
            self.repeat(lambda: self.write_block(depth - 1))
            if self.random.random() < 0.4
            else ""
        )
        return wrap(
            "li", self.write_inline() * before + blocks + self.write_inline() * after
        )

    def write_cell(self):
        return wrap(
            "td", wrap(self.random.choice(["b", "p", "sup"]), self.write_words())
        )

    def write_words(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 3)))

    def write_inline(self, depth=2, more=(LINK,)):
        """Return words, marks and breaks, with and without spaces between them."""
        return self.repeat(
            lambda: self.write_run(depth, more) + self.random.choice(["", "", " "])
        )

    def write_run(self, depth, more):
        kind = self.random.random()
        if kind < 0.1:
            return "<br/>"
        if kind < 0.5 or not depth:
            return self.write_words()
        tag = self.random.choice([*MARKS, *more])
        return wrap(tag, self.write_inline(depth - 1, () if tag == LINK else more))


def wrap(tag, inner):
    """Return HTML within a tag."""
    return f"<{tag}>{inner}</{tag.split()[0]}>"


class _WordReader(HTMLParser):
    """Reads text, with a line end where a tag divides lines."""

    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_starttag(self, tag, attrs):
        if tag not in INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        self.handle_starttag(tag, ())

    def handle_data(self, data):
        self.parts.append(data)


def read_html(html):
    """Return the words of HTML, without what tells levels."""
    reader = _WordReader()
    reader.feed(html)
    reader.close()
    return split_words("".join(reader.parts))


def read_text(text):
    """Return the words of plain text, without what tells levels."""
    return split_words(re.sub(r"[_^]\(", "(", text))


def split_words(text):
    """Return words, signs above and below the line as those on it, without parentheses."""
    words = "".join(map(lower, text)).translate({ord(sign): None for sign in "()"})
    return [word for word in re.split(r"[ \n]+", words) if word not in ("", "·")]


def lower(sign):
    """Return the sign on the line of one above or below it."""
    kind, _space, code = unicodedata.decomposition(sign).partition(" ")
    is_level = kind in ("<super>", "<sub>") and len(code) == 4
    return chr(int(code, 16)).replace("\N{MINUS SIGN}", "-") if is_level else sign


def read_nodes(nodes):
    """Return the words of a tree of nodes."""
    return split_words("".join(iterate_parts(nodes)))


def iterate_parts(nodes):
    for node in nodes:
        end = "" if node["type"] in INLINE_NODES else "\n"
        yield from (end, node.get("text", ""))
        yield from iterate_parts(node.get("children", []))
        yield end


def drop_levels(text):
    """Return the words of plain text without what stands above or below the line; there are no other parentheses."""
    text = "".join("" if lower(sign) != sign else sign for sign in text)
    while True:
        shorter = re.sub(r"[_^]\([^()]*\)", "", text)
        if shorter == text:
            return read_text(text)
        text = shorter
