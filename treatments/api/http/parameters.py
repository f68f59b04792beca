"""Query parameters of our own endpoints: an unknown one or a bad value is refused by name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.conf import settings
from wagtail.models import Locale

from treatments.api.http.problems import ProblemType

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from django.http import QueryDict

DEFAULT_LIMIT = 20
MAX_OFFSET = 1_000_000


def get_max_limit() -> int | None:
    """Return how many entries a list of Wagtail's and ours gives at most; None is no bound."""
    return getattr(settings, "WAGTAILAPI_LIMIT_MAX", 20)


class ParameterError(ValueError):
    """A query parameter that the endpoint does not take; its text names the parameter.

    Attributes:
        problem_type: What is wrong with it.
    """

    def __init__(
        self, text: str, problem_type: ProblemType = ProblemType.INVALID_PARAMETER
    ):
        self.problem_type = problem_type
        super().__init__(text)


def check_known(
    given: QueryDict, known: Iterable[str], multiple: Collection[str] = ()
) -> None:
    """Refuse parameters that are not among ``known``, and null characters anywhere.

    Args:
        given: The query of the request.
        known: The names that the endpoint takes.
        multiple: Those of them that may be repeated.

    Raises:
        ParameterError: its text names the parameter, and the nearest known one.
    """
    known = sorted(known)
    for name in sorted(set(given) - set(known)):
        raise ParameterError(
            describe_unknown(name, known), ProblemType.UNKNOWN_PARAMETER
        )
    for name in sorted(set(given) - set(multiple)):
        if len(given.getlist(name)) > 1:
            raise ParameterError(
                f"The parameter {name} may be given only once.",
                ProblemType.REPEATED_PARAMETER,
            )
    check_characters(given)


def describe_unknown(name: str, known: Sequence[str]) -> str:
    """Return a sentence about an unknown parameter that helps to find the right one."""
    near = get_close_matches(name[:60], known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    rest = f" Known are: {', '.join(known)}." if known else " None is known here."
    return f"Unknown parameter: {name[:60]}.{hint}{rest}"


def check_characters(given: QueryDict) -> None:
    """Refuse null characters, which no database takes."""
    for name in given:
        if any("\0" in value for value in given.getlist(name)):
            raise ParameterError(f"The parameter {name} contains a null character.")


def read_limit_offset(given: QueryDict) -> tuple[int, int]:
    """Return ``(limit, offset)``."""
    limit_max = get_max_limit()
    return (
        read_int(given, "limit", DEFAULT_LIMIT, 1, limit_max),
        read_int(given, "offset", 0, 0, MAX_OFFSET),
    )


def check_language(code: str | None) -> str | None:
    """Return a code of a language in which content is published, or None for none; no query.

    Raises:
        ParameterError: the site has no such language.
    """
    codes = {known for known, _name in settings.WAGTAIL_CONTENT_LANGUAGES}
    if code is not None and code not in codes:
        raise ParameterError(
            f"The parameter locale names no language of this site: {code[:40]!r}."
        )
    return code


def get_locale(code: str | None) -> Locale | None:
    """Return the locale of a language code, or None for none.

    Raises:
        ParameterError: the site has no such language.
    """
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
