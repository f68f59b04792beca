"""Where the links of two rich texts lead, and which of them lead elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from treatments.comparison.alignments import align

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Link:
    """A link, a glossary term or a citation in a rich text.

    Attributes:
        kind: ``page``, ``document``, ``term``, ``reference`` or ``address``.
        target: The id, or the address of a link that leads out of the site; of a document with the beginning of
            the hash of its file.
        words: What readers read of it; nothing of a citation, whose number follows from its place.
        address: Where it leads to today.
    """

    kind: str
    target: str
    words: str = ""
    address: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What is the same for the same link in two texts."""
        return self.kind, self.target, self.words


ATTRIBUTES = {
    "data-page-id": "page",
    "data-document-id": "document",
    "data-term": "term",
    "data-reference": "reference",
    "href": "address",
}
VOID_TAGS = frozenset(("br", "hr", "img", "wbr"))


class _Reader(HTMLParser):
    """Reads the links of a display HTML, and its markup without addresses and numbers of citations."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[Link] = []
        self.words: list[list[str]] = []
        self.markup: list[str] = []
        #: The open tags, each with the number of its link, where it is one.
        self.open: list[tuple[str, int | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kind = next((name for name in ATTRIBUTES if name in given), None)
        number = None
        if kind is not None:
            number = len(self.links)
            target = f"{given[kind]} {given.get('data-file-hash', '')[:8]}".strip()
            self.links.append(Link(ATTRIBUTES[kind], target, "", given.get("href", "")))
            self.words.append([])
        if tag not in VOID_TAGS:
            self.open.append((tag, number))
        rest = ATTRIBUTES[kind] if kind else sorted(given.items())
        self.markup.append(f"<{tag} {rest}>")

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass
        self.markup.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        inside = [number for _tag, number in self.open if number is not None]
        if any(self.links[number].kind == "reference" for number in inside):
            return
        self.markup.append(data)
        for number in inside:
            self.words[number].append(data)


def read_html(html: str) -> tuple[list[Link], str]:
    """Return the links of a display HTML, and its markup without what is technical in it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    links = [
        Link(link.kind, link.target, "".join(words), link.address)
        for link, words in zip(reader.links, reader.words, strict=True)
    ]
    return links, "".join(reader.markup)


def find_link_changes(
    old: list[Link], new: list[Link]
) -> Iterator[tuple[Link | None, Link | None]]:
    """Yield the links that lead elsewhere, and those that are only in one text, in reading order."""
    pairs = align([each.key for each in old], [each.key for each in new])
    for before, after in pairs:
        first = None if before is None else old[before]
        second = None if after is None else new[after]
        if first is None or second is None or first.words == second.words:
            if first is None or second is None or first.key != second.key:
                yield first, second
        elif first.key[:2] != second.key[:2]:
            yield first, None
            yield None, second
