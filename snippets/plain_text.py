"""Rich text as tokens, and as the plain text that follows from its structure.

Everything that makes words out of rich text does it here: the API, search, comparisons, structured data. Each
paragraph, heading, quote, list item and table row is a line of its own, and the cells of a row stand apart.
What stands above or below the line keeps its meaning: “10⁹”, “T_(1/2)”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

#: Counts the changes of these rules: what was stored by other ones is built anew.
RULES_VERSION = 3

CITATION = "citation"
#: Each begins and ends a line.
BLOCK_TAGS = frozenset(
    ["p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"]
)
INLINE_TAGS = frozenset(["b", "strong", "i", "em", "sub", "sup", "code"])
ALLOWED_TAGS = BLOCK_TAGS | INLINE_TAGS
VOID_TAGS = frozenset(["br", "hr"])
#: Tags whose content is no text. What is struck out is not meant to be read either: “5” struck, “10 mg”.
HIDDEN_TAGS = frozenset(
    ["script", "style", "template", "iframe", "object", "s", "del", "strike"]
)
#: Tags that are not shown, but begin and end a line.
STRUCTURE_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "header",
        "hgroup",
        "main",
        "nav",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
    ]
)
CELL_TAGS = frozenset(["td", "th"])
CELL_SEPARATOR = " · "
ROW_STARTS = frozenset(["table", "tr"])

#: The signs that Unicode has for what stands above or below the line: those whose own decomposition says so, as far
#: as fonts have them. A run with any other sign is written ``^(…)`` or ``_(…)``. Signs such as “®” stand above the
#: line by themselves.
LEVEL_SIGNS = {
    "sup": dict(
        zip(
            "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW®™℠°ªº*†‡",
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ®™℠°ªº*†‡",
            strict=True,
        )
    ),
    "sub": dict(
        zip(
            "0123456789+-−=()aehijklmnoprstuvx",
            "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
            strict=True,
        )
    ),
}
LEVEL_MARKS = {"sup": "^", "sub": "_"}

SPACES = re.compile(r"[ \t\r\n\f\v]+")
LINE_BREAKS = re.compile(r" *\n\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of rich text: the ``start`` or the ``end`` of a tag, a ``void`` one, or ``text``."""

    kind: str
    value: str
    attrs: dict[str, str] = field(default_factory=dict, hash=False)


class _Parser(HTMLParser):
    """Splits rich text into tokens with balanced tags; of tables and other structure, lines are left."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        #: The open tags, each with what it is here: ``shown``, ``hidden``, ``line``, ``cell`` or ``space``.
        self.open_tags: list[tuple[str, str]] = []
        self.hidden = 0
        #: How many cells are open; whatever stands in one belongs to its line.
        self.cells = 0
        self.has_cell_before = False
        #: Whether there is text since the last end of a line, and whether a line has ended without a tag that says so.
        self.has_text = False
        self.is_line_ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID_TAGS:
            self.add_void(tag)
            return
        if tag == "tr":
            self.close_open({"tr"})
        elif tag in CELL_TAGS:
            self.close_open(CELL_TAGS)
        role = self.find_role(tag)
        if not role:
            return
        self.open_tags.append((tag, role))
        if role == "hidden":
            self.hidden += 1
        elif role == "cell":
            self.start_cell()
        elif role == "shown":
            has_meaning = tag in ("a", "sup")
            self.add_tag("start", tag, read_attributes(attrs) if has_meaning else {})
        else:
            self.divide(tag, role)

    def start_cell(self) -> None:
        """Begin a cell, apart from the one before it."""
        if self.has_cell_before:
            self.add_text(CELL_SEPARATOR)
        self.has_cell_before = True
        self.cells += 1

    def divide(self, tag: str, role: str) -> None:
        """End a line, or a word within the line of a cell."""
        if role == "space":
            self.add_text(" ")
        else:
            self.is_line_ended = self.is_line_ended or self.has_text
            if tag in ROW_STARTS:
                self.has_cell_before = False

    def find_role(self, tag: str) -> str:
        """Return what a tag is where it starts; nothing for one that says nothing here."""
        if tag in HIDDEN_TAGS:
            return "hidden"
        if tag in CELL_TAGS:
            return "cell"
        if self.cells and (tag in BLOCK_TAGS or tag in STRUCTURE_TAGS):
            return "space"
        if tag in STRUCTURE_TAGS:
            return "line"
        return "shown" if tag == "a" or tag in ALLOWED_TAGS else ""

    def handle_endtag(self, tag: str) -> None:
        if any(tag == opened for opened, _role in self.open_tags):
            while self.close_tag() != tag:
                pass

    def close_open(self, tags: Collection[str]) -> None:
        """Close a part of the innermost table that a new one ends, as HTML allows."""
        opened = [tag for tag, _role in self.open_tags]
        start = len(opened) - opened[::-1].index("table") if "table" in opened else 0
        for tag in opened[start:]:
            if tag in tags:
                self.handle_endtag(tag)
                return

    def close_tag(self) -> str:
        """Close the innermost tag and return its name."""
        tag, role = self.open_tags.pop()
        if role == "hidden":
            self.hidden -= 1
        elif role == "cell":
            self.cells -= 1
        elif role == "shown":
            self.add_tag("end", tag, {})
        else:
            self.divide(tag, role)
        return tag

    def add_tag(self, kind: str, tag: str, attrs: dict[str, str]) -> None:
        """Add the start or the end of a tag."""
        if self.hidden:
            return
        if tag in BLOCK_TAGS:
            self.has_text = self.is_line_ended = False
        elif kind == "start":
            self.add_line_end()
        self.tokens.append(Token(kind, tag, attrs))

    def add_line_end(self) -> None:
        """Add the end of a line that no tag has shown."""
        if self.is_line_ended:
            self.tokens.append(Token("void", "br"))
            self.has_text = self.is_line_ended = False

    def add_void(self, tag: str) -> None:
        """Add a tag without content."""
        if self.cells:
            self.add_text(" ")
        elif not self.hidden:
            self.tokens.append(Token("void", tag))
            self.has_text = self.is_line_ended = False

    def add_text(self, text: str) -> None:
        """Add text."""
        if self.hidden or not text:
            return
        if text.strip():
            self.add_line_end()
            self.has_text = True
        self.tokens.append(Token("text", text))

    def handle_data(self, data: str) -> None:
        self.add_text(data)

    def close(self) -> None:
        super().close()
        while self.open_tags:
            self.close_tag()


def read_attributes(attrs: list[tuple[str, str | None]]) -> dict[str, str]:
    """Return the attributes of a tag; one without a value has an empty one."""
    return {name: value or "" for name, value in attrs}


@lru_cache(maxsize=4096)
def parse(source: str) -> tuple[Token, ...]:
    """Return the tokens of a rich text, as it is stored or as it is shown."""
    parser = _Parser()
    parser.feed(source)
    parser.close()
    return tuple(parser.tokens)


class TextWriter:
    """Writes plain text, token by token."""

    def __init__(self) -> None:
        #: The text so far, and that of each level that is open.
        self.texts: list[list[str]] = [[]]
        #: The sign before a citation, until something is written behind it.
        self.sign_before = ""

    def add(self, token: Token) -> None:
        """Take in a token; of a link, only what stands between its tags counts."""
        if token.kind == "text":
            gap = " " if self.is_gap_before(token) else ""
            self.sign_before = ""
            self.texts[-1].append(gap + SPACES.sub(" ", token.value))
        elif token.value in LEVEL_SIGNS:
            if token.kind == "start":
                # What stands above or below the line is apart by itself.
                self.sign_before = ""
                self.texts.append([])
            else:
                text = "".join(self.texts.pop())
                self.texts[-1].append(shift_text(text, token.value))
        elif token.value in BLOCK_TAGS or token.kind == "void":
            self.sign_before = ""
            self.texts[-1].append("\n")

    def skip_citation(self) -> None:
        """Leave out a citation; “5[1]6” is not 56."""
        written = "".join(part for text in self.texts for part in text)
        self.sign_before = written[-1:]

    def is_gap_before(self, token: Token) -> bool:
        """Tell whether a citation that is left out stands between two letters or digits."""
        return self.sign_before.isalnum() and token.value[:1].isalnum()

    def read(self) -> str:
        """Return the whole text."""
        text = re.sub(" +", " ", "".join(self.texts[0]))
        return LINE_BREAKS.sub("\n", text).strip()


def shift_text(text: str, level: str) -> str:
    """Return text as it is written above (``sup``) or below (``sub``) the line: “⁹”, “₂”, else “^(…)”, “_(…)”."""
    words = text.strip()
    if not words:
        return text
    if "\n" in words:
        return "\n".join(shift_text(line, level) for line in text.split("\n"))
    signs = LEVEL_SIGNS[level]
    if all(map(signs.__contains__, words)):
        shifted = "".join(signs[sign] for sign in words)
    else:
        shifted = f"{LEVEL_MARKS[level]}({words})"
    start = text.index(words)
    return f"{text[:start]}{shifted}{text[start + len(words) :]}"


@lru_cache(maxsize=4096)
def get_plain_text(source: str) -> str:
    """Return the words of a rich text, as it is stored or as it is shown, without the marks of its citations."""
    writer = TextWriter()
    #: For each open link and raised text, whether it is a citation.
    citations: list[bool] = []
    for token in parse(source):
        if token.value in ("a", "sup") and token.kind == "start":
            citations.append(is_citation(token))
            if citations[-1]:
                writer.skip_citation()
        if not any(citations):
            writer.add(token)
        if token.value in ("a", "sup") and token.kind == "end":
            citations.pop()
    return writer.read()


def is_citation(start: Token) -> bool:
    """Tell whether the start of a tag is that of a citation, as it is stored or as it is shown."""
    return start.attrs.get("linktype") == CITATION or "data-reference" in start.attrs
