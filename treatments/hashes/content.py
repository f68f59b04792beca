"""Hashes of what readers see: the same words, numbers and choices have the same hash."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from treatments.article_fields import ABOUT, ARTICLE_FIELDS, OWN_SECTIONS
from treatments.hashes.json import write_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: What says where an article is and how it stands. Everything else is its content, a project's own fields too.
SURROUNDINGS = frozenset(row.name for row in ARTICLE_FIELDS if not row.section)
#: Where a link leads within the site is its id; the address can change.
OWN_ADDRESS = re.compile(r'<a href="[^"]*" (data-(?:page|document)-id=)')
#: Which sections the body has, in which order.
ORDER = "order"
EDITORIAL_PARTS = frozenset(row.name for row in ARTICLE_FIELDS if not row.is_clinical)
#: What ``ABOUT`` does not have: it stands in sections.
IN_SECTIONS = frozenset(
    row.name for row in ARTICLE_FIELDS if row.section not in ("", ABOUT)
)
CITATION_NUMBER = re.compile(r'(<sup data-reference="(\d+)">)\d*(?=</sup>)')
TERM = re.compile(r'<dfn data-term="(\d+)">')
MARKUP = re.compile(r"(<[^>]*>)")
#: What ``write_first_text`` knows; it never changes.
CITATION_MARK = re.compile(r'<sup data-reference="\d+">\d*</sup>')
FIRST_LEVELS = {
    "sup": str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
FIRST_LINE_ENDS = frozenset(
    [
        "</p>",
        "</h2>",
        "</h3>",
        "</h4>",
        "</h5>",
        "</h6>",
        "</li>",
        "</blockquote>",
        "<br>",
    ]
)
#: Addresses and sizes, what changes with the day, and when somebody looked.
VOLATILE_KEYS = frozenset(["renditions", "path", "promotions", "checked_on"])


def hash_content(title: str, article: dict[str, Any]) -> str:
    """Return ``sha256-…`` of an article's content, without addresses and without promotions."""
    return hash_json({**select_content(article), "title": title})


def select_content(article: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of an article that are its content, in their order."""
    return {name: article[name] for name in article if name not in SURROUNDINGS}


def hash_sections(article: dict[str, Any]) -> dict[str, str]:
    """Return ``{section: sha256-…}`` of an article's content, so that a change is known by where it is.

    A section of the body has its block id as its name. What stands outside of the body is ``summary``,
    ``key_points``, ``intro``, ``questions``, and ``about`` for all the rest, the title among it; ``order`` is the
    order of the sections. A section's hash covers the definitions of the terms and the references that
    it uses. The numbers of references do not count: they follow from the other sections.

    Whatever changes ``hash_content`` changes one of these hashes, and the other way round.
    """
    return {
        name: hash_json(unnumber(value))
        for name, value in expand_sections(article).items()
    }


def hash_former_sections(article: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield what ``hash_sections`` gave of the same content in the forms in which it could be stored once.

    An empty rich text was a paragraph where the API had made it, a line break two signs where a browser had sent it:
    see ``treatments.hashes.normal_forms``. Who approved that has approved this.
    """
    for paragraphs, breaks in ((True, False), (False, True), (True, True)):
        yield hash_sections(restore_form(article, paragraphs, breaks))


def restore_form(value: Any, paragraphs: bool, breaks: bool) -> Any:
    """Return a JSON value with paragraphs as empty rich texts, or with line breaks of two signs, or both."""
    if isinstance(value, dict):
        if value.keys() == {"html", "text"}:
            is_empty = paragraphs and not value["html"]
            return {**value, "html": "<p></p>"} if is_empty else value
        return {
            name: restore_form(inner, paragraphs, breaks)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [restore_form(inner, paragraphs, breaks) for inner in value]
    if isinstance(value, str) and breaks:
        return value.replace("\n", "\r\n")
    return value


def hash_clinical(
    article: dict[str, Any], editorial: Collection[str]
) -> dict[str, str]:
    """Return ``{section: sha256-…}`` of what in each section may concern somebody's treatment.

    The definitions of all terms and the references count, also those that editorial blocks use.

    Args:
        article: As for ``hash_sections``.
        editorial: What is left out: ids of blocks, ``<block id>.<name>`` of parts of a block, and names of fields.
    """
    expanded = expand_sections(article)
    about = expanded[ABOUT]["content"]
    expanded[ABOUT]["content"] = {
        name: value
        for name, value in about.items()
        if name not in EDITORIAL_PARTS and name not in editorial
    }
    return {
        name: hash_json(unnumber(leave_out(value, frozenset(editorial))))
        for name, value in expanded.items()
    }


def leave_out(value: Any, keys: frozenset[str], owner: str = "") -> Any:
    """Return a JSON value without some blocks and parts of blocks.

    Args:
        value: Any JSON value.
        keys: The keys of ``treatments.hashes.raw`` of what is left out.
        owner: The innermost block around the value.
    """
    if isinstance(value, dict):
        owner = get_block_id(value) or owner
        return {
            name: leave_out(inner, keys, owner)
            for name, inner in value.items()
            if f"{owner}.{name}" not in keys
        }
    if isinstance(value, list):
        return [
            leave_out(inner, keys, owner)
            for inner in value
            if get_block_id(inner) not in keys
        ]
    return value


def get_block_id(value: Any) -> str:
    """Return the id of a block; nothing where a JSON value is none."""
    is_block = isinstance(value, dict) and "type" in value
    found = value.get("id") if is_block else ""
    return found if isinstance(found, str) else ""


def expand_sections(article: dict[str, Any]) -> dict[str, Any]:
    """Return the content of each section with the terms and references that it uses."""
    terms = {term["id"]: term for term in article.get("glossary", ())}
    references = {each["id"]: each for each in article.get("references", ())}
    body = article.get("body", [])
    parts: dict[str, Any] = {section["id"]: section for section in body}
    parts |= {name: article[name] for name in article if name in OWN_SECTIONS}
    expanded = {}
    used: tuple[set[int], set[int]] = (set(), set())
    for name, part in parts.items():
        found = find_uses(part, terms, references)
        used[0].update(found[0])
        used[1].update(found[1])
        expanded[name] = expand(part, found, terms, references)
    content = select_content(article)
    rest = {name: content[name] for name in content if name not in IN_SECTIONS}
    rest["title"] = article.get("title", "")
    found = find_uses(rest, terms, references)
    left = (found[0] | terms.keys() - used[0], found[1] | references.keys() - used[1])
    expanded[ABOUT] = expand(rest, left, terms, references)
    expanded[ORDER] = [section["id"] for section in body]
    return expanded


def find_uses(
    value: Any, terms: dict[int, Any], references: dict[int, Any]
) -> tuple[set[int], set[int]]:
    """Return the ids of the terms and of the references in a text, those in the definitions included."""
    found: tuple[set[int], set[int]] = (set(), set())
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            found[1].update(
                {each["id"]} & references.keys() if is_reference(each) else ()
            )
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
        elif isinstance(each, str):
            named = {int(pk) for pk in TERM.findall(each)} & terms.keys() - found[0]
            found[0].update(named)
            waiting += [terms[pk] for pk in named]
            cited = {int(pk) for _tag, pk in CITATION_NUMBER.findall(each)}
            found[1].update(cited & references.keys())
    return found


def expand(
    value: Any,
    used: tuple[set[int], set[int]],
    terms: dict[int, Any],
    references: dict[int, Any],
) -> dict[str, Any]:
    """Return a part of an article with the terms and references that it uses."""
    return {
        "content": value,
        "glossary": [terms[pk] for pk in sorted(used[0])],
        "references": [references[pk] for pk in sorted(used[1])],
    }


def is_reference(value: dict[str, Any]) -> bool:
    """Tell whether an object is a reference with its number in the article."""
    return "csl_type" in value and "number" in value


def unnumber(value: Any) -> Any:
    """Return a JSON value without the numbers of its references."""
    if isinstance(value, dict):
        return {
            key: unnumber(inner)
            for key, inner in value.items()
            if key != "number" or not is_reference(value)
        }
    if isinstance(value, list):
        return [unnumber(inner) for inner in value]
    if isinstance(value, str):
        return CITATION_NUMBER.sub(r"\1", value) if "<sup " in value else value
    return value


def hash_document(document: dict[str, Any]) -> str:
    """Return 64 hexadecimal digits that change with any byte of a document.

    The number of its version and the hash itself do not count.
    """
    version = {**document["version"], "number": 0, "etag": ""}
    content = write_json({**document, "version": version})
    return hashlib.sha256(content).hexdigest()


def hash_version(digest: str, number: int) -> str:
    """Return the entity tag of a version, 64 hexadecimal digits: a later version with the same text has another one.

    Args:
        digest: The hash of its document.
        number: Of the version, which stands in its bytes.
    """
    return hashlib.sha256(f"{number} {digest}".encode()).hexdigest()


def is_tag(etag: str, digest: str, number: int) -> bool:
    """Tell whether an entity tag is that of a version; see ``hash_version``.

    The tag of what was stored before versions were told apart is the hash of the document itself.
    """
    return etag in (hash_version(digest, number), digest)


def hash_json(value: Any) -> str:
    """Return ``sha256-…`` of a JSON value in canonical form, without what is volatile."""
    text = json.dumps(
        prune(value),
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        cls=DjangoJSONEncoder,
    )
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


@lru_cache(maxsize=4096)
def write_first_text(html: str) -> str:
    """Return the plain text of a rich text by the rules of the first release.

    Hashes were made with it, and what was approved stays approved when the rules get better. What it adds to a
    hash follows from the HTML, so that nothing depends on whether these rules are good ones.
    """
    parts = []
    levels: list[str] = []
    for part in MARKUP.split(CITATION_MARK.sub("", html)):
        tag = part.strip("</>") if part.startswith("<") else ""
        if tag in FIRST_LEVELS:
            levels = levels[:-1] if part.startswith("</") else [*levels, tag]
        elif not tag:
            signs = FIRST_LEVELS[levels[-1]] if levels else {}
            text = unescape(part)
            is_shifted = signs and all(ord(sign) in signs for sign in text)
            parts.append(text.translate(signs) if is_shifted else text)
        elif part in FIRST_LINE_ENDS:
            parts.append("\n")
    text = re.sub(r"[ \t\r\f\v]+", " ", "".join(parts))
    return re.sub(r" *\n\s*", "\n", text).strip()


def prune(value: Any) -> Any:
    """Return a JSON value without its volatile keys; 3.0 is 3."""
    # Most values are texts, and most texts have no links.
    if isinstance(value, str):
        return OWN_ADDRESS.sub(r"<a \1", value) if "<a " in value else value
    if isinstance(value, dict):
        if value.keys() == {"html", "text"}:
            value = {**value, "text": write_first_text(value["html"])}
        return {
            key: prune(inner)
            for key, inner in value.items()
            if key not in VOLATILE_KEYS
        }
    if isinstance(value, list):
        return [prune(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
