"""What several articles state alike: numbers, and decisions of authorities.

The block of a statistic keeps its id in translations and copies; a decision of an authority has a number. The
words around them differ from language to language and do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail import blocks

from treatments.api.block_texts import walk
from treatments.api.block_values import get_raw_stream, iterate_stream
from treatments.api.content_hash import ABOUT, hash_json
from treatments.blocks.statistic import StatisticBlock
from treatments.blocks.streams import RegulatoryStatusBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

STATISTIC, DECISION = "statistic", "decision"
NUMBERS = (
    "qualifier",
    "value",
    "upper_value",
    "denominator",
    "comparison",
    "interval",
)
#: Within what belongs to a number: what it is called is words.
WORDS = frozenset(("label",))


def find_facts(page: Any) -> dict[str, list[str]]:
    """Return the facts of an article: key → ``[hash, section]``."""
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
            number = (value.get("identifier") or "").strip().casefold()
            key = f"{DECISION}:{number or child.get('id')}"
            facts[key] = [hash_json(pick(value, ("decided_on", "code"))), ABOUT]
    return facts


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
