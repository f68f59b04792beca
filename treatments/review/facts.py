"""What several articles state alike: numbers, and decisions of authorities.

The block of a statistic keeps its id in translations and copies; a decision has the number that its authority gave it.
The words around a number do not count. The indication of a decision does, among articles of one language.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from wagtail import blocks

from treatments.article_fields import ABOUT
from treatments.blocks.statistic import StatisticBlock
from treatments.blocks.streams import APPROVED, RegulatoryStatusBlock
from treatments.content.blocks import get_raw_stream, iterate_stream
from treatments.content.texts import walk
from treatments.hashes.content import hash_json

if TYPE_CHECKING:
    from collections.abc import Iterator

STATISTIC, DECISION, TRANSLATED = "statistic", "decision", "translated"
NUMBERS = (
    "qualifier",
    "value",
    "upper_value",
    "denominator",
    "comparison",
    "interval",
)
#: What is added to the name of an authority, such as its country.
ADDITION = re.compile(r"\s*\([^()]*\)\s*$")
#: Within what belongs to a number: what it is called is words.
WORDS = frozenset(("label",))


def find_facts(page: Any) -> dict[str, list[str]]:
    """Return the facts of an article: key → ``[hash, section]``.

    A decision has the hash of its indication too, and the key by which other articles in the language know it. It
    stands there a second time by its block, for its translations: authorities have a name in each language.
    """
    facts: dict[str, list[str]] = {}
    body: Any = page._meta.get_field("body").stream_block
    for section_block, section in iterate_stream(body, get_raw_stream(page, "body")):
        for block_id, raw in find_statistics(section_block, section.get("value")):
            facts[f"{STATISTIC}:{block_id}"] = [
                hash_numbers(raw),
                section.get("id", ABOUT),
            ]
    field: Any = page._meta.get_field("regulatory_status").stream_block
    stream = get_raw_stream(page, "regulatory_status")
    for block, child in iterate_stream(field, stream):
        if isinstance(block, RegulatoryStatusBlock):
            value = child.get("value") or {}
            name = name_decision(child.get("id"), value)
            words = hash_json(" ".join((value.get("indication") or "").split()))
            facts[name] = [hash_decision(value), ABOUT, words, name]
            if child.get("id"):
                facts[f"{TRANSLATED}:{child['id']}"] = facts[name]
    return facts


def name_decision(block_id: str | None, raw: dict[str, Any]) -> str:
    """Return the key of a decision: two authorities can give the same number."""
    authority = slugify(
        ADDITION.sub("", raw.get("authority") or ""), allow_unicode=True
    )
    number = (raw.get("identifier") or "").strip().casefold()
    return f"{DECISION}:{authority}:{number or block_id}"


def hash_decision(raw: dict[str, Any]) -> str:
    """Return the hash of what a decision says in any language. One from before there was a status is an approval."""
    status = raw.get("status") or APPROVED
    return hash_json({"status": status, **pick(raw, ("decided_on", "code"))})


def is_said_alike(one: list[str], other: list[str], *, with_words: bool) -> bool:
    """Tell whether two facts of one key say the same.

    Args:
        one: As in ``find_facts``.
        other: As in ``find_facts``.
        with_words: Whether both are in one language.
    """
    return one[0] == other[0] and (not with_words or one[2:3] == other[2:3])


def find_statistics(block: Any, raw: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield id and raw value of each statistic below a block."""
    for inner, value in walk(block, raw):
        if not isinstance(inner, blocks.StreamBlock):
            continue
        for child_block, child in iterate_stream(inner, value):
            if isinstance(child_block, StatisticBlock) and child.get("id"):
                yield child["id"], child.get("value") or {}


def hash_numbers(raw: dict[str, Any]) -> str:
    """Return the hash of what a statistic says in numbers."""
    return hash_json(pick(raw, NUMBERS))


def pick(raw: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return some values, without what is empty and without words."""
    picked = {}
    for name in names:
        value = raw.get(name)
        if isinstance(value, dict):
            value = {
                key: each
                for key, each in value.items()
                if key not in WORDS and each not in (None, "")
            }
        if value not in (None, "", {}):
            picked[name] = value
    return picked
