"""What every node of a JSON-LD document needs: its identifier, absolute addresses, and no empty values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

Node = dict[str, Any]

VOCABULARY = "https://schema.org"
#: The order of a list that has none.
UNORDERED = f"{VOCABULARY}/ItemListUnordered"
#: The shape of a block's id and of the other names that become a fragment.
UNSAFE = re.compile(r"[^A-Za-z0-9._~-]+")


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """Who publishes an article, and where.

    Attributes:
        organization: The publisher's name; empty when it is not known.
        url: The root of the site for readers, such as ``https://example.org``.
        logo_url: The address of the publisher's logo.
        media_url: What relative addresses of images are relative to; the site itself by default.
    """

    organization: str
    url: str
    logo_url: str = ""
    media_url: str = ""

    def make_absolute(self, path: str) -> str:
        """Return the address of a page; an absolute one as it is."""
        return urljoin(self.url.rstrip("/") + "/", path)

    def make_media_absolute(self, path: str) -> str:
        """Return the address of a file; an absolute one as it is."""
        return urljoin((self.media_url or self.url).rstrip("/") + "/", path)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the parts of one document share.

    Attributes:
        base: What every ``@id`` of the document starts with: the page's address, or its URN.
        site: Who publishes it.
        url: The page's address; empty when it has none.
        references: The ``@id`` of each cited source by the reference's id.
        anchors: The fragment that leads readers to a section, by the section's block id.
    """

    base: str
    site: SiteInfo
    url: str = ""
    references: dict[int, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)

    def make_id(self, name: str | None) -> str | None:
        """Return the ``@id`` of a part of the page; None for a block without an id."""
        return f"{self.base}#{UNSAFE.sub('-', str(name))}" if name else None

    def cite(self, *lists: list[Node]) -> list[Node]:
        """Return references to the cited sources, each once."""
        cited = {
            self.references[reference["id"]]: None
            for citations in lists
            for reference in citations
            if reference["id"] in self.references
        }
        return [{"@id": identifier} for identifier in cited]


def make_term(name: str | None) -> str | None:
    """Return the address of a member of an enumeration."""
    return f"{VOCABULARY}/{name}" if name else None


def join_texts(*texts: str | None) -> str:
    """Return the texts that are not empty, one per line."""
    return "\n".join(text.strip() for text in texts if text and text.strip())


def label(name: Any, text: str | None) -> str:
    """Return ``name: text``, or nothing for an empty text."""
    return f"{name}: {text.strip()}" if text and text.strip() else ""
