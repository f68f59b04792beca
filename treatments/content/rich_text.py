"""Rich text from the database to clean display HTML, with the plain text of ``snippets.plain_text``.

The source is Wagtail's database HTML. Only the tags of its ``ALLOWED_TAGS`` leave this module; links are
resolved by the lookups of the answer, in the page's language. A link to something that is not
public, or that does not exist, becomes its words.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

from snippets.plain_text import CITATION, TextWriter, parse
from treatments.content.images import identify_file

if TYPE_CHECKING:
    from treatments.content.needs import Needs

SAFE_URL = re.compile(r"^(https?://|mailto:|tel:|#|/(?![/\\\t]))", re.IGNORECASE)
PAGE, DOCUMENT, TERM = "page", "document", "glossary-term"


class LinkScope(Protocol):
    """What resolves the links of a rich text; see ``treatments.content.scopes.Scope``."""

    def get_reference_number(self, pk: int | None) -> int | None: ...
    def get_term(self, pk: int | None) -> Any: ...
    def get_page(self, pk: int | None) -> dict[str, Any] | None: ...
    def get_document(self, pk: int | None) -> Any: ...


def iterate_links(source: str):
    """Yield ``(link type, id)`` of the internal links, terms and citations, in reading order."""
    if "linktype" not in source:
        return
    for token in parse(source):
        if token.kind == "start" and token.value == "a":
            link_id = _get_id(token.attrs)
            if link_id is not None:
                yield token.attrs.get("linktype", ""), link_id


def represent_rich_text(source: str | None, scope: LinkScope) -> dict[str, str]:
    """Return ``{"html": display HTML, "text": plain text}`` for a page's language."""
    html: list[str] = []
    text = TextWriter()
    #: What to write at the end of each open link; None while the words of a citation are skipped.
    link_ends: list[str] = []
    skipping = 0
    #: Whether a citation that readers do not get stands before the next text.
    is_hidden = False
    for token in parse(source or ""):
        if token.kind == "start" and token.value == "a":
            opening, closing, skip = _open_link(token.attrs, scope)
            skipping += skip
            if skip:
                text.skip_citation()
                is_hidden = not opening
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
        else:
            gap = " " if is_hidden and text.is_gap_before(token) else ""
            text.add(token)
            if token.kind == "text":
                is_hidden = False
                html.append(gap + escape(token.value, quote=False))
            else:
                end = "/" if token.kind == "end" else ""
                html.append(f"<{end}{token.value}>")
    return {"html": "".join(html), "text": text.read()}


def _get_id(attrs: dict[str, str]) -> int | None:
    value = attrs.get("id", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _open_link(attrs: dict[str, str], scope: LinkScope) -> tuple[str, str, bool]:
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


def collect_rich_text(source: Any, needs: Needs) -> None:
    """Note the links, terms and citations of a rich text, in reading order."""
    for link_type, link_id in iterate_links(source or ""):
        if link_type == PAGE:
            needs.page_ids.add(link_id)
        elif link_type == DOCUMENT:
            needs.document_ids.add(link_id)
        elif link_type == TERM:
            needs.add_term(link_id)
        elif link_type == CITATION:
            needs.add_reference(link_id)
