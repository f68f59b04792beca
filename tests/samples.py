"""Raw values for any block, made from its definition, so that no block type can be forgotten.

Every text gets a word of its own (``word1``, ``word2`` …), so that a test can ask where each one went.
"""

from __future__ import annotations

import itertools
import re
import uuid
from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from snippets.blocks import CodeBlock, ReferenceChooserBlock
from treatments.blocks.criteria import (
    CriteriaGroupBlock,
    CriteriaListBlock,
    QuantityBlock,
)
from treatments.blocks.evidence import EvidenceLevelBlock, EvidenceNoteBlock
from treatments.blocks.procedure import DurationBlock, StepsStreamBlock
from treatments.blocks.safety import OptionsStreamBlock
from treatments.blocks.statistic import (
    ComparisonBlock,
    ConfidenceIntervalBlock,
    StatisticBlock,
)
from treatments.blocks.streams import RegulatoryStatusBlock
from treatments.blocks.text import TableColumnsStreamBlock

NAMESPACE = uuid.UUID("0d3b1c52-6a4c-4a0e-8f39-3a1f3d8a8f10")

#: Values whose parts have to fit each other.
FITTING: dict[type, dict[str, Any]] = {
    QuantityBlock: {
        "comparator": "between",
        "value": 1.5,
        "upper_value": 2.5,
        "unit": "cm",
    },
    CodeBlock: {
        "system": "http://id.nlm.nih.gov/mesh",
        "other_system": "",
        "code": "D001943",
    },
    EvidenceLevelBlock: {"system": "grade", "level": "moderate"},
    EvidenceNoteBlock: {"system": "pdq", "level": "1iiA"},
    DurationBlock: {"value": 30, "upper_value": 60, "unit": "min"},
    ConfidenceIntervalBlock: {"level_percent": 95, "low": 5, "high": 11},
    ComparisonBlock: {"value": 7, "upper_value": 9},
    CriteriaListBlock: {"logic": "at_least", "minimum": 1},
    StatisticBlock: {"value": 6, "upper_value": 10, "denominator": "100"},
    CriteriaGroupBlock: {"logic": "any", "minimum": None},
    RegulatoryStatusBlock: {"identifier": "DEN220077"},
}


class Sampler:
    """Builds raw values; remembers the words that it used.

    Args:
        targets: ids of ``page``, ``image``, ``document``, ``reference`` and ``term`` to choose.
        filled: False leaves every optional value empty.
    """

    def __init__(
        self, targets: dict[str, int], *, filled: bool = True, prefix: str = "word"
    ):
        self.targets = targets
        self.filled = filled
        self.prefix = prefix
        self.words: list[str] = []
        self.counter = itertools.count(1)

    def word(self) -> str:
        """Return a word that nothing else has."""
        word = f"{self.prefix}{next(self.counter)}x"
        self.words.append(word)
        return word

    def make_id(self) -> str:
        """Return an id that is the same in every run."""
        return str(uuid.uuid5(NAMESPACE, f"{self.prefix}-{next(self.counter)}"))

    def build_stream(
        self, block: blocks.StreamBlock, *, each: bool = True
    ) -> list[dict[str, Any]]:
        """Return every child type once, or as few children as are allowed."""
        names = list(block.child_blocks)
        least = {
            name: counts.get("min_num", 0)
            for name, counts in (block.meta.block_counts or {}).items()
        }
        if self.filled and each:
            chosen = names
        else:
            chosen = [name for name in names for _ in range(least.get(name, 0))]
        wanted = block.meta.min_num or (1 if block.meta.required else 0)
        while len(chosen) < wanted:
            chosen.append(names[0])
        if isinstance(block, StepsStreamBlock):
            chosen = ["step"]
        if isinstance(block, TableColumnsStreamBlock):
            chosen = ["column", "column"]
        if isinstance(block, OptionsStreamBlock):
            chosen = ["option", "no_treatment"]
        return [
            {
                "type": name,
                "id": self.make_id(),
                "value": self.build(block.child_blocks[name]),
            }
            for name in chosen
        ]

    def build(self, block: blocks.Block) -> Any:
        """Return a raw value for any block."""
        if isinstance(block, blocks.StreamBlock):
            return self.build_stream(block)
        if isinstance(block, blocks.StructBlock):
            return self.build_struct(block)
        if isinstance(block, blocks.ListBlock):
            count = 1 if self.filled or (block.meta.min_num or 0) > 0 else 0
            return [
                {
                    "type": "item",
                    "id": self.make_id(),
                    "value": self.build(block.child_block),
                }
                for _ in range(count)
            ]
        if not self.filled and not block.required:
            return block.get_prep_value(block.get_default())
        return self.build_leaf(block)

    def build_struct(self, block: blocks.StructBlock) -> dict[str, Any]:
        """Return every field of a struct."""
        value = {name: self.build(child) for name, child in block.child_blocks.items()}
        fitting = FITTING.get(type(block), {})
        is_optional = type(block) in {
            QuantityBlock,
            CodeBlock,
            EvidenceLevelBlock,
            DurationBlock,
            ConfidenceIntervalBlock,
            ComparisonBlock,
        }
        if self.filled or not is_optional:
            value.update(fitting)
        if not self.filled and isinstance(block, CriteriaListBlock):
            value.update({"logic": "all", "minimum": None})
        if not self.filled and isinstance(block, RegulatoryStatusBlock):
            value["identifier"] = ""
        return value

    def build_leaf(self, block: blocks.Block) -> Any:
        """Return a raw value for a block without children."""
        if isinstance(block, blocks.RichTextBlock):
            return (
                f"<p>{self.word()} <b>{self.word()}</b> "
                f'<a linktype="page" id="{self.targets["page"]}">{self.word()}</a> '
                f'<a linktype="glossary-term" id="{self.targets["term"]}">{self.word()}</a>'
                f'<a linktype="citation" id="{self.targets["reference"]}">[Sample 2020]</a></p>'
            )
        if isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
            return self.word()
        if isinstance(block, blocks.RegexBlock):
            return ""
        if isinstance(block, blocks.URLBlock):
            return "https://www.example.org/video"
        if isinstance(block, blocks.ChoiceBlock):
            return next(value for value, _label in block.field.choices if value)
        if isinstance(block, blocks.BooleanBlock):
            return True
        if isinstance(block, (blocks.IntegerBlock, blocks.FloatBlock)):
            return 3
        if isinstance(block, blocks.DateBlock):
            return "2026-05-01"
        return self.build_chooser(block)

    def build_chooser(self, block: blocks.Block) -> int:
        """Return the id of something to choose."""
        if isinstance(block, ReferenceChooserBlock):
            return self.targets["reference"]
        if isinstance(block, ImageChooserBlock):
            return self.targets["image"]
        if isinstance(block, DocumentChooserBlock):
            return self.targets["document"]
        if isinstance(block, blocks.PageChooserBlock):
            return self.targets["page"]
        raise LookupError(f"No sample for {type(block).__name__}: add one here.")


def find_words(text: str, prefix: str = "word") -> set[str]:
    """Return the sample words in a text."""
    return set(re.findall(rf"{prefix}\d+x", text))
