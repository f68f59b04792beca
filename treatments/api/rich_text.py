"""Rich text from the database to clean display HTML and to plain text.

The source is Wagtail's database HTML. Only the tags of ``ALLOWED_TAGS`` leave this module; links are
resolved by the lookups of the answer, in the page's language. A link to something that is not
public, or that does not exist, becomes its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from treatments.api.files import identify_file

if TYPE_CHECKING:
    from treatments.api.scopes import Scope

ALLOWED_TAGS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "b",
        "strong",
        "i",
        "em",
        "ul",
        "ol",
        "li",
        "sub",
        "sup",
        "code",
        "blockquote",
    ]
)
VOID_TAGS = frozenset(["br", "hr"])
#: Tags whose content is no text.
HIDDEN_TAGS = frozenset(["script", "style", "template", "iframe", "object"])
SAFE_URL = re.compile(r"^(https?://|mailto:|tel:|#|/(?![/\\\t]))", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\f\v]+")
LINE_BREAKS = re.compile(r" *\n\s*")
LINE_ENDS = frozenset(["p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "br"])

#: What stands above or below the line, as far as Unicode has signs for it.
LEVELS = {
    "sup": str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}

PAGE, DOCUMENT, TERM, CITATION = "page", "document", "glossary-term", "citation"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of rich text: the start or the end of a tag, or text."""

    kind: str
    value: str
    attrs: dict[str, str] = field(default_factory=dict, hash=False)


class _Parser(HTMLParser):
    """Splits rich text into tokens with balanced tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[Token] = []
        self.open_tags: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN_TAGS:
            self.hidden += 1
        elif tag in VOID_TAGS:
            self.tokens.append(Token("void", tag))
        elif tag == "a" or tag in ALLOWED_TAGS:
            self.open_tags.append(tag)
            given = {name: value or "" for name, value in attrs} if tag == "a" else {}
            self.tokens.append(Token("start", tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN_TAGS:
            self.hidden = max(0, self.hidden - 1)
        elif tag in self.open_tags:
            while True:
                top = self.open_tags.pop()
                self.tokens.append(Token("end", top))
                if top == tag:
                    break

    def handle_data(self, data: str) -> None:
        if not self.hidden and data:
            self.tokens.append(Token("text", data))

    def close(self) -> None:
        super().close()
        while self.open_tags:
            self.tokens.append(Token("end", self.open_tags.pop()))


@lru_cache(maxsize=4096)
def parse(source: str) -> tuple[Token, ...]:
    """Return the tokens of a rich text."""
    parser = _Parser()
    parser.feed(source)
    parser.close()
    return tuple(parser.tokens)


def iterate_links(source: str):
    """Yield ``(link type, id)`` of the internal links, terms and citations, in reading order."""
    if "linktype" not in source:
        return
    for token in parse(source):
        if token.kind == "start" and token.value == "a":
            link_id = _get_id(token.attrs)
            if link_id is not None:
                yield token.attrs.get("linktype", ""), link_id


def represent_rich_text(source: str | None, scope: Scope) -> dict[str, str]:
    """Return ``{"html": display HTML, "text": plain text}`` for a page's language."""
    html: list[str] = []
    text: list[str] = []
    #: What to write at the end of each open link; None while the words of a citation are skipped.
    link_ends: list[str] = []
    skipping = 0
    levels: list[str] = []
    for token in parse(source or ""):
        if token.kind == "start" and token.value == "a":
            opening, closing, skip = _open_link(token.attrs, scope)
            skipping += skip
            html.append(opening)
            link_ends.append(closing if not skip else "\0" + closing)
        elif token.kind == "end" and token.value == "a":
            closing = link_ends.pop()
            if closing.startswith("\0"):
                skipping -= 1
                closing = closing[1:]
            html.append(closing)
        elif skipping:
            continue
        elif token.kind == "text":
            html.append(escape(token.value, quote=False))
            text.append(raise_or_lower(token.value, levels))
        else:
            html.append(
                f"</{token.value}>" if token.kind == "end" else f"<{token.value}>"
            )
            if token.value in LEVELS:
                if token.kind == "start":
                    levels.append(token.value)
                else:
                    levels.pop()
            if token.kind != "start" and token.value in LINE_ENDS:
                text.append("\n")
    plain = SPACES.sub(" ", "".join(text))
    return {"html": "".join(html), "text": LINE_BREAKS.sub("\n", plain).strip()}


def raise_or_lower(words: str, levels: list[str]) -> str:
    """Return text with the signs that Unicode has for “10⁹” and “CO₂”: a digit must not change its meaning."""
    if not levels:
        return words
    table = LEVELS[levels[-1]]
    return (
        words.translate(table) if all(ord(sign) in table for sign in words) else words
    )


def _get_id(attrs: dict[str, str]) -> int | None:
    value = attrs.get("id", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _open_link(attrs: dict[str, str], scope: Scope) -> tuple[str, str, bool]:
    """Return the opening tag, the closing tag, and whether the words between them are left out."""
    link_type = attrs.get("linktype")
    link_id = _get_id(attrs)
    if link_type == CITATION:
        number = scope.get_reference_number(link_id)
        return (
            f'<sup data-reference="{link_id}">{number}</sup>' if number else "",
            "",
            True,
        )
    if link_type == TERM:
        term = scope.get_term(link_id)
        return (
            (f'<dfn data-term="{term.pk}">', "</dfn>", False)
            if term
            else ("", "", False)
        )
    if link_type == PAGE:
        page = scope.get_page(link_id)
        if not page or not page["path"]:
            return "", "", False
        language = f' hreflang="{escape(page["locale"])}"' if page["fallback"] else ""
        return (
            f'<a href="{escape(page["path"])}" data-page-id="{page["id"]}"{language}>',
            "</a>",
            False,
        )
    if link_type == DOCUMENT:
        document = scope.get_document(link_id)
        return (
            (
                f'<a href="{escape(document.url)}" data-document-id="{document.pk}" '
                f'data-file-hash="{identify_file(document)}">',
                "</a>",
                False,
            )
            if document
            else ("", "", False)
        )
    href = attrs.get("href", "").strip()
    if link_type or not SAFE_URL.match(href):
        return "", "", False
    return f'<a href="{escape(href)}">', "</a>", False
