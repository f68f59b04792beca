"""The code systems by which articles are found."""

from __future__ import annotations

from typing import Any

from snippets.models import Condition, Treatment


def get_code_fields() -> dict[Any, dict[str, str]]:
    """Return, for each vocabulary, the column of each code system that it keeps codes of."""
    return {
        model: {uri: name for name, uri in model.code_fields}
        for model in (Condition, Treatment)
    }


def list_code_systems() -> list[str]:
    """Return the code systems by which articles are found."""
    return sorted({uri for names in get_code_fields().values() for uri in names})
