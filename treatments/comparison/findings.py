"""What a comparison finds: differences, and whom each concerns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from snippets.models import Reference
from treatments.comparison.definitions import Definition, Weight
from treatments.comparison.plain_texts import (
    is_empty,
    is_number,
    is_object,
    is_rich_text,
    iterate_parts,
)
from treatments.comparison.word_changes import (
    Run,
    find_quantities,
    has_number,
    mark_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from treatments.comparison.block_places import Spot


#: What two values have at most that are shown side by side.
MAX_SHORT_LENGTH = 60


class Kind(StrEnum):
    """What has happened to something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Significance(StrEnum):
    """Whom a difference concerns."""

    #: Numbers, units, criteria, logic, steps, warnings, evidence: it may concern somebody's treatment.
    CLINICAL = "clinical"
    #: Words.
    EDITORIAL = "editorial"
    #: Nothing that a reader reads.
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was.

    Attributes:
        kind: What has happened.
        place: The way to it in words: the section, the block, the item.
        block_id: Id of the innermost block that it is in; None outside of blocks.
        field: Which part of the block it is; empty for the whole block.
        old: What was there, as plain text; where it was, for what has moved.
        new: What is there, or where it is.
        significance: Whom it concerns.
    """

    kind: Kind
    place: str
    block_id: str | None
    field: str
    old: str
    new: str
    significance: Significance

    @property
    def is_short(self) -> bool:
        """Whether both values are read best side by side: a number, a code, a few words."""
        longest = max(len(self.old), len(self.new))
        return bool(self.old and self.new) and longest <= MAX_SHORT_LENGTH

    @property
    def words(self) -> list[Run]:
        """Both texts as one, word by word; nothing for what has moved."""
        return [] if self.kind is Kind.MOVED else mark_words(self.old, self.new)


class Findings:
    """The differences found so far, each with the field of the article that it is in."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Difference]] = []
        self.told: set[tuple[Any, ...]] = set()

    def add(
        self,
        kind: Kind,
        spot: Spot,
        old: str,
        new: str,
        significance: Significance,
        field: str | None = None,
    ) -> None:
        """Note a difference; what is told of a chosen object is told once."""
        field = spot.label if field is None else field
        if spot.owner:
            signature = (spot.owner, kind, field, old, new)
            if signature in self.told:
                return
            self.told.add(signature)
        difference = Difference(
            kind, spot.place, spot.block_id, field, old, new, significance
        )
        self.found.append((spot.field, difference))


def weigh_change(spot: Spot, old: Any, new: Any) -> Significance:
    """Return whom the change of a text, a number, a code or a choice concerns."""
    definition = spot.definition
    texts = [read_text(value) for value in (old, new)]
    if texts[0] is None or texts[1] is None or definition.is_code:
        if not is_chosen(old) and not is_chosen(new):
            has_code = (
                definition.is_code or isinstance(old, bool) or isinstance(new, bool)
            )
            return weigh(definition.weight, is_plain=not has_code, is_code=has_code)
        return weigh_choice(spot)
    if definition.weight is Weight.CLINICAL:
        return Significance.CLINICAL
    if definition.weight < Weight.WORDS:
        return Significance.EDITORIAL
    is_number_changed = find_quantities(texts[0]) != find_quantities(texts[1])
    return Significance.CLINICAL if is_number_changed else Significance.EDITORIAL


def weigh(
    weight: Weight, *, is_plain: bool = False, is_code: bool = False
) -> Significance:
    """Return whom a change concerns that is no change of words.

    Args:
        weight: Of the place.
        is_plain: Whether it is a number.
        is_code: Whether it is a code, a choice, a truth value.
    """
    needed = Weight.CLINICAL
    if is_plain:
        needed = Weight.WORDS
    elif is_code:
        needed = Weight.CONTENT
    return Significance.CLINICAL if weight >= needed else Significance.EDITORIAL


def weigh_choice(spot: Spot) -> Significance:
    """Return whom it concerns that something else was chosen: a source is evidence, an image is not."""
    source = spot.definition.source
    if source is Reference or spot.definition.weight is Weight.CLINICAL:
        return Significance.CLINICAL
    return Significance.EDITORIAL


def weigh_block(
    value: Any, definition: Definition, is_left_out: Callable[[dict[str, Any]], bool]
) -> Significance:
    """Return whom a block concerns that is new or gone: one with a number in it, or a clinical one.

    Args:
        value: Its value.
        definition: What is known of it.
        is_left_out: Whether a block in it is told of elsewhere.
    """
    is_clinical = has_clinical_part(value, definition, is_left_out)
    return Significance.CLINICAL if is_clinical else Significance.EDITORIAL


def has_clinical_part(
    value: Any, definition: Definition, is_left_out: Callable[[dict[str, Any]], bool]
) -> bool:
    """Tell whether a value has a number in it, or a part that is clinical as a whole."""
    weight = definition.weight
    if is_empty(value) or weight < Weight.WORDS or is_chosen(value):
        return False
    if weight is Weight.CLINICAL:
        return True
    text = read_text(value)
    if text is not None:
        return not definition.is_code and has_number(text)
    return is_number(value) or any(
        has_clinical_part(part, inner, is_left_out)
        for part, inner in iterate_parts(value, definition, is_left_out)
    )


def read_text(value: Any) -> str | None:
    """Return the words of a text or a rich text, nothing for null; None for what is no text."""
    if value is None:
        return ""
    if is_rich_text(value):
        return value["text"]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else None


def is_chosen(value: Any) -> bool:
    """Tell whether a value is something that was chosen, or several of them."""
    if isinstance(value, list):
        return bool(value) and all(map(is_object, value))
    return is_object(value)
