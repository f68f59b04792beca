"""Query parameters of our own endpoints: an unknown one or a bad value is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from wagtail.models import Locale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

DEFAULT_LIMIT = 20
MAX_OFFSET = 1_000_000


class ParameterError(ValueError):
    """A query parameter that the endpoint does not take; its text names the parameter."""


def check_known(given: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that are not among ``known``, and null characters anywhere."""
    names = sorted(set(given) - set(known))
    if names:
        raise ParameterError(
            f"Unknown parameter: {', '.join(names)}. Known are: {', '.join(sorted(known))}."
        )
    check_characters(given)


def check_characters(given: QueryDict) -> None:
    """Refuse null characters, which no database takes."""
    for name in given:
        if any("\0" in value for value in given.getlist(name)):
            raise ParameterError(f"The parameter {name} contains a null character.")


def read_limit_offset(given: QueryDict, known: Iterable[str]) -> tuple[int, int]:
    """Return ``(limit, offset)`` after checking that all parameters are known."""
    check_known(given, known)
    limit_max = getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)
    return (
        read_int(given, "limit", DEFAULT_LIMIT, 1, limit_max),
        read_int(given, "offset", 0, 0, MAX_OFFSET),
    )


def read_locale(given: QueryDict) -> Locale | None:
    """Return the chosen locale, or None where the parameter is missing."""
    code = given.get("locale")
    if code is None:
        return None
    locale = Locale.objects.filter(language_code=code).first()
    if locale is None:
        raise ParameterError(
            f"The parameter locale names no language of this site: {code[:40]!r}."
        )
    return locale


def read_int(
    given: QueryDict, name: str, default: int, low: int, high: int | None
) -> int:
    """Return a whole number between ``low`` and ``high``, or the default."""
    text = given.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ParameterError(f"The parameter {name} must be a whole number.")
    value = int(text)
    if value < low or (high is not None and value > high):
        raise ParameterError(f"The parameter {name} must lie between {low} and {high}.")
    return value
