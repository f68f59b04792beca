"""Reads JSON bodies strictly: what a database or a block cannot take is refused before it gets there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ninja.parser import Parser

if TYPE_CHECKING:
    from django.http import HttpRequest

#: Deeper than any article: a section, a block, an item and its parts make about twenty levels.
MAX_DEPTH = 100


class BodyError(ValueError):
    """A body that is no JSON, or whose JSON cannot be stored; its text says why."""


class StrictParser(Parser):
    """Refuses bodies that ninja's own parser would let through to fail later."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the JSON object of a body.

        Raises:
            BodyError: it is not valid, or another JSON value.
        """
        data = read_json(request.body)
        if not isinstance(data, dict):
            raise BodyError("The body must be a JSON object.")
        return data


def read_json(body: bytes) -> Any:
    """Return the value of a JSON text.

    Raises:
        BodyError: it is not JSON in UTF-8, is nested too deeply, or has a null character or half a
            surrogate pair in it.
    """
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
    except UnicodeDecodeError as error:
        raise BodyError("The body is not UTF-8.") from error
    except RecursionError as error:
        raise BodyError("The body is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise BodyError(
            f"The body is not valid JSON: {error.msg} at line {error.lineno}, "
            f"column {error.colno}."
        ) from error
    except BodyError:
        raise
    except ValueError as error:
        raise BodyError("The body has a number that is too large.") from error
    check_values(data)
    return data


def refuse_constant(name: str) -> None:
    """Refuse ``NaN`` and ``Infinity``, which Python reads but JSON does not have."""
    raise BodyError(f"The body is not valid JSON: {name} is no JSON value.")


def check_values(data: Any) -> None:
    """Look at every value, without recursion."""
    waiting = [(data, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise BodyError(f"The body is nested deeper than {MAX_DEPTH} levels.")
        if isinstance(value, dict):
            for key, child in value.items():
                check_text(key)
                waiting.append((child, depth + 1))
        elif isinstance(value, list):
            waiting.extend((child, depth + 1) for child in value)
        elif isinstance(value, str):
            check_text(value)


def check_text(text: str) -> None:
    """Refuse what no database column takes."""
    if "\0" in text:
        raise BodyError("The body has a null character in it.")
    if not text.isascii() and any(
        "\ud800" <= character <= "\udfff" for character in text
    ):
        raise BodyError("The body has half a surrogate pair in it.")
