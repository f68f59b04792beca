"""How the differences of two articles stand in an answer of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ninja import Schema
from pydantic import Field

if TYPE_CHECKING:
    from treatments.comparison.documents import Difference


class WordRun(Schema):
    """Some words in a row."""

    mark: Literal["same", "removed", "added"]
    text: str


class ArticleDifference(Schema):
    """One thing that is not as it was."""

    kind: Literal["added", "removed", "changed", "moved"]
    significance: Literal["clinical", "editorial", "technical"] = Field(
        description="`clinical`: numbers, units, criteria, logic, steps, warnings, evidence. `technical` stands only "
        "where nothing else differs."
    )
    place: str = Field(
        description="The way to it, in the language of the article: section → block → item."
    )
    block_id: str | None = Field(
        description="Id of the innermost block; null outside of blocks."
    )
    field: str = Field(
        description="Which part of the block it is; empty for the whole."
    )
    old: str = Field(description="Plain text; where it was, for what has moved.")
    new: str = Field(description="Plain text; where it is, for what has moved.")
    words: list[WordRun] = Field(
        description="Both texts as one, word by word; empty for what has moved."
    )


def represent_difference(difference: Difference) -> dict[str, Any]:
    """Return a difference as JSON."""
    return {
        "kind": difference.kind.value,
        "significance": difference.significance.value,
        "place": difference.place,
        "block_id": difference.block_id,
        "field": difference.field,
        "old": difference.old,
        "new": difference.new,
        "words": [{"mark": run.mark, "text": run.text} for run in difference.words],
    }
