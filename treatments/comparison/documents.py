"""What a reader got to see differently: the differences between two documents of one article.

Works on two documents as the API gives them and on nothing else. Blocks are followed by their ids, so
that one that has moved is not taken for a new one. Every kind of block is compared by the shape of its
value and by its definition: a project's own too.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from snippets.models import Condition, GlossaryTerm, Reference, Treatment
from treatments.comparison.alignments import align, find_moved, identify_all
from treatments.comparison.block_comparison import BlockComparison
from treatments.comparison.block_places import (
    BlockIndex,
    Spot,
    describe_field,
    get_item_definition,
    is_named,
)
from treatments.comparison.definitions import Weight, define_article
from treatments.comparison.findings import (
    Difference,
    Kind,
    Significance,
    is_chosen,
    weigh,
    weigh_change,
    weigh_choice,
)
from treatments.comparison.plain_texts import (
    AMOUNT_KEYS,
    IMAGE_TEXTS,
    LOGIC_KEYS,
    find_name_key,
    is_amount,
    is_empty,
    is_logic,
    is_number,
    is_object,
    is_rich_text,
    is_stream,
    rewrite_texts,
    shorten,
    write_amount,
    write_logic,
    write_name,
    write_scalar,
    write_unit,
    write_value,
)
from treatments.comparison.text_comparison import TextComparison

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Difference", "Kind", "Significance", "compare"]

#: What stands below a section of its own in the document too: told there, not at each place that shows it.
FIRST_FIELDS = ("treatment", "conditions", "hero", "references", "glossary")
#: What search engines get is the field beside it, unless an editor says otherwise.
FOLLOWERS = {"title": "title", "description": "summary", "image": "hero"}


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """Return the differences of two documents of one article, in the order of the document.

    Labels and values are in the language in use. What is technical is left out unless there is nothing else.

    Args:
        old: The earlier document, as ``/api/v3/articles/{id}/`` gave it.
        new: The later one.
    """
    found = Comparison(old, new).run()
    telling = [each for each in found if each.significance != Significance.TECHNICAL]
    return telling or found


class Comparison(BlockComparison, TextComparison):
    """Compares two documents once."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any]):
        super().__init__()
        self.given = old, new
        self.old, self.new = rewrite_texts(old), rewrite_texts(new)
        self.old_blocks = BlockIndex.build(self.old)
        self.new_blocks = BlockIndex.build(self.new)

    def run(self) -> list[Difference]:
        """Return what differs."""
        article = define_article(str(self.new.get("type", "")))
        keys = list(dict.fromkeys([*self.new, *self.old]))
        first = [key for key in FIRST_FIELDS if key in keys]
        for key in [*first, *(key for key in keys if key not in first)]:
            spot = describe_field(article, key)
            self.compare(self.old.get(key), self.new.get(key), spot)
        if not self.found:
            self.compare_rules([describe_field(article, key) for key in keys])
        self.found.sort(key=lambda each: keys.index(each[0]))
        return [difference for _field, difference in self.found]

    def compare_rules(self, spots: list[Spot]) -> None:
        """Note texts of the same HTML that were written by other rules."""
        old, new = self.given
        for spot in spots:
            if old.get(spot.field) != new.get(spot.field):
                self.compare_technical(old.get(spot.field), new.get(spot.field), spot)

    def compare(self, old: Any, new: Any, spot: Spot) -> None:
        """Compare any two values."""
        if old == new:
            return
        if spot.definition.weight is Weight.TECHNICAL:
            self.compare_technical(old, new, spot)
        elif is_stream(old or new) and is_stream(new or old):
            self.compare_streams(old or [], new or [], spot)
        elif isinstance(old, list) and isinstance(new, list):
            self.compare_lists(old, new, spot)
        elif is_rich_text(old) and is_rich_text(new):
            self.compare_rich_texts(old, new, spot)
        elif is_object(old) and is_object(new):
            if old["id"] == new["id"]:
                inner = spot.enter_object(new)
                self.compare_structs(old, new, inner)
            else:
                self.compare_leaves(old, new, spot)
        elif isinstance(old, dict) and isinstance(new, dict):
            self.compare_structs(old, new, spot)
        else:
            self.compare_leaves(old, new, spot)

    def compare_technical(self, old: Any, new: Any, spot: Spot) -> None:
        """Note what no reader reads, with the first place at which it differs."""
        way: list[str] = [spot.label]
        while isinstance(old, (dict, list)) and type(old) is type(new):
            pairs = (
                [(key, old.get(key), new.get(key)) for key in [*old, *new]]
                if isinstance(old, dict)
                else list(zip(range(len(old)), old, new, strict=False))
            )
            step = next((each for each in pairs if each[1] != each[2]), None)
            if step is None:
                break
            way.append(str(step[0]))
            old, new = step[1], step[2]
        self.add(
            Kind.CHANGED,
            spot,
            write_raw(old),
            write_raw(new),
            Significance.TECHNICAL,
            ".".join(way),
        )

    def compare_leaves(
        self, old: Any, new: Any, spot: Spot, units: tuple[str, str] = ("", "")
    ) -> None:
        """Compare texts, numbers, codes, and what was chosen as a whole."""
        texts = [
            write_leaf(value, spot, unit or shared)
            for value, unit, shared in zip((old, new), units, spot.units, strict=True)
        ]
        if texts[0] == texts[1] and is_object(old) and is_object(new):
            texts = [f"{write_name(value)} (#{value['id']})" for value in (old, new)]
        elif texts[0] == texts[1]:
            texts = [write_raw(old), write_raw(new)]
        kind = Kind.CHANGED
        if is_empty(old):
            kind = Kind.ADDED
        elif is_empty(new):
            kind = Kind.REMOVED
        self.add(kind, spot, texts[0], texts[1], weigh_change(spot, old, new))

    def compare_structs(
        self, old: dict[str, Any], new: dict[str, Any], spot: Spot
    ) -> None:
        """Compare two structs field by field; what belongs together is told as one."""
        told = self.compare_phrases(old, new, spot) | find_derived(old, new)
        for key in dict.fromkeys([*new, *old]):
            before, after = old.get(key), new.get(key)
            if key in told or before == after:
                continue
            if self.is_follower(key, before, after, spot):
                continue
            if is_same_image(before, after):
                before, after = drop_doubled(before, old), drop_doubled(after, new)
            inner = spot.enter(key, is_named=is_named(spot.definition, new, key))
            is_told_with_unit = inner.definition.weight is not Weight.TECHNICAL
            if is_told_with_unit and (is_number(before) or is_number(after)):
                units = tuple(
                    write_unit(struct, spot.definition, key) for struct in (old, new)
                )
                self.compare_leaves(before, after, inner, (units[0], units[1]))
            else:
                self.compare(before, after, self.share_units(old, new, spot, inner))

    def compare_phrases(
        self, old: dict[str, Any], new: dict[str, Any], spot: Spot
    ) -> set[str]:
        """Tell of a number with its unit, and of how many criteria must apply, as one; return what was told."""
        told: set[str] = set()
        phrases: list[tuple[Callable[..., bool], Sequence[str], Callable[..., str]]] = [
            (is_amount, AMOUNT_KEYS, write_amount),
            (is_logic, LOGIC_KEYS, write_logic),
        ]
        for is_phrase, keys, write in phrases:
            if not (is_phrase(old) and is_phrase(new)):
                continue
            changed = [key for key in keys if old.get(key) != new.get(key)]
            texts = [write(value, spot.definition) for value in (old, new)]
            if not changed or texts[0] == texts[1]:
                continue
            inner = spot.enter("logic" if write is write_logic else "value")
            kind = Kind.CHANGED
            if not texts[0] or not texts[1]:
                kind = Kind.REMOVED if texts[0] else Kind.ADDED
            significance = weigh(inner.definition.weight, is_plain=True)
            self.add(kind, inner, texts[0], texts[1], significance)
            told.update(keys)
        return told

    def share_units(
        self, old: dict[str, Any], new: dict[str, Any], spot: Spot, inner: Spot
    ) -> Spot:
        """Give the parts of a statistic its unit: a comparison is of as many people as the number."""
        if not (is_amount(old) and is_amount(new)):
            return inner
        units = tuple(write_unit(value, spot.definition) for value in (old, new))
        return replace(inner, units=(units[0], units[1]))

    def is_follower(self, key: str, old: Any, new: Any, spot: Spot) -> bool:
        """Tell whether what search engines get only follows the field that readers see."""
        followed = FOLLOWERS.get(key)
        return (
            spot.field == "seo"
            and spot.home == ("seo",)
            and followed is not None
            and old == self.old.get(followed)
            and new == self.new.get(followed)
        )

    def compare_lists(self, old: list[Any], new: list[Any], spot: Spot) -> None:
        """Compare lists of chosen objects by their ids, and all others by what is the same in them."""
        known, present = identify_all(old), identify_all(new)
        if known is not None and present is not None:
            self.compare_chosen(known, present, spot)
        elif not any(isinstance(each, (dict, list)) for each in [*old, *new]):
            self.compare_leaves(old, new, spot)
        else:
            for before, after in align(old, new):
                inner = spot.enter_item(1 + (before if after is None else after))  # ty: ignore[unsupported-operator]
                self.compare(
                    None if before is None else old[before],
                    None if after is None else new[after],
                    inner,
                )

    def compare_chosen(
        self,
        old: dict[tuple[Any, ...], Any],
        new: dict[tuple[Any, ...], Any],
        spot: Spot,
    ) -> None:
        """Compare what was chosen: which, what each says, and in which order."""
        weight = weigh_choice(spot)
        for key, value in new.items():
            if key not in old:
                self.add(Kind.ADDED, spot, "", write_chosen(value, spot), weight)
            elif is_object(value):
                self.compare_structs(old[key], value, spot.enter_object(value))
            else:
                inner = replace(
                    spot, path=(*spot.inner_path, write_name(value)), label=""
                )
                self.compare_structs(old[key], value, inner)
        for key, value in old.items():
            if key not in new:
                self.add(Kind.REMOVED, spot, write_chosen(value, spot), "", weight)
        if find_moved(list(old), list(new)):
            texts = [
                ", ".join(shorten(write_name(each)) for each in values.values())
                for values in (old, new)
            ]
            # The numbers of references follow from the text.
            significance = (
                Significance.TECHNICAL
                if spot.definition.source is Reference
                else Significance.EDITORIAL
            )
            self.add(Kind.MOVED, spot, texts[0], texts[1], significance)


def write_leaf(value: Any, spot: Spot, unit: str) -> str:
    """Return a value that is told as a whole: a text, a number with its unit, what was chosen."""
    if is_chosen(value):
        chosen = value if isinstance(value, list) else [value]
        texts = [write_chosen(each, spot) for each in chosen]
        return ("\n" if any("\n" in text for text in texts) else ", ").join(texts)
    if isinstance(value, list) and not any(isinstance(each, dict) for each in value):
        return ", ".join(write_scalar(each, spot.definition) for each in value)
    if isinstance(value, (dict, list)):
        return write_value(value, spot.definition)
    return write_scalar(value, spot.definition, unit)


def write_chosen(value: Any, spot: Spot) -> str:
    """Return what something that was chosen is called, of what an article explains with what is said of it."""
    name = write_name(value)
    definition = get_item_definition(spot.definition)
    source = getattr(definition.source, "model_class", definition.source)
    if source not in (Treatment, Condition, GlossaryTerm):
        return name
    told = {"id", "locale", find_name_key(value)}
    rest = {key: inner for key, inner in value.items() if key not in told}
    return "\n".join(filter(None, [name, write_value(rest, definition)]))


def find_derived(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    """Return what of a reference follows from its other fields, where one of those differs."""
    if "csl_type" not in new or "vancouver" not in new:
        return set()
    others = {*old, *new} - {"vancouver", "number"}
    return (
        {"vancouver"} if any(old.get(key) != new.get(key) for key in others) else set()
    )


def write_raw(value: Any) -> str:
    """Return a value as it stands in the document, where nothing else tells two apart."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def is_same_image(old: Any, new: Any) -> bool:
    """Tell whether two values are one image."""
    return (
        is_object(old)
        and is_object(new)
        and old["id"] == new["id"]
        and "renditions" in new
    )


def drop_doubled(image: Any, struct: dict[str, Any]) -> dict[str, Any]:
    """Return an image without the words about it that its struct has too."""
    doubled = [
        key for key in IMAGE_TEXTS if key in struct and struct[key] == image.get(key)
    ]
    return {key: part for key, part in image.items() if key not in doubled}
