"""What a block's definition says of itself: its codes, labels, help texts and names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_type_hints

from django.utils.text import capfirst
from pydantic import Field
from wagtail import blocks


def is_required(block: blocks.Block) -> bool:
    """Tell whether a block must be filled in."""
    return isinstance(block, blocks.FieldBlock) and getattr(block, "field").required  # noqa: B009


def get_own_type(block: blocks.Block) -> Any:
    """Return what a project's ``get_api_representation`` is annotated to return."""
    try:
        return get_type_hints(type(block).get_api_representation).get("return", Any)
    except NameError:
        return Any


def get_codes(
    block: blocks.ChoiceBlock | blocks.MultipleChoiceBlock,
) -> tuple[str, ...]:
    """Return the codes of a fixed list of choices, groups unfolded; nothing for a function."""
    choices = block.deconstruct()[2].get("choices", type(block).choices)
    if callable(choices) or not isinstance(choices, Iterable):
        return ()
    return tuple(dict.fromkeys(iterate_codes(choices)))


def iterate_codes(choices: Iterable[Any]) -> Iterable[str]:
    """Yield the codes of Django choices; the empty one is null and not a code."""
    for code, label in choices:
        if isinstance(label, (list, tuple)):
            yield from iterate_codes(label)
        elif code not in ("", None):
            yield code


def describe(block: blocks.Block, *, required: bool = True) -> Any:
    """Return the title and the description of a field from the block's label and help text."""
    given: dict[str, Any] = {"title": get_label(block) or None}
    help_text = get_text(block, "help_text")
    if help_text:
        given["description"] = help_text
    return Field(**given) if required else Field(default=None, **given)


def get_label(block: blocks.Block) -> str:
    """Return the label of a block."""
    return capfirst(str(block.label or ""))


def get_text(block: blocks.Block, name: str) -> str:
    """Return a text of the block's Meta, or of its form field."""
    return str(
        getattr(block.meta, name, None)
        or getattr(getattr(block, "field", None), name, None)
        or ""
    )


def to_snake(name: str) -> str:
    """Return ``criteria_list`` for ``CriteriaList``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def to_camel(name: str) -> str:
    """Return ``NoTreatment`` for ``no_treatment``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"\W|_", name))
