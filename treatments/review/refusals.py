"""Why a decision is not recorded. The text of each error is for the person who decided."""

from __future__ import annotations

from django.utils.translation import gettext as _


class DecisionError(Exception):
    """A decision cannot be recorded.

    Attributes:
        place: Path of the mistake in what was sent, such as ``("sections", 1)``; empty for the whole.
    """

    def __init__(self, message: str, *place: str | int) -> None:
        super().__init__(message)
        self.place = place


class IndependenceError(DecisionError):
    """An author would approve the own text."""


class ClinicalChangeError(DecisionError):
    """A change was called editorial that may concern somebody's treatment."""


class OutdatedTextError(Exception):
    """The text is not the one that was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The text has changed since it was shown to you. Read what it says now.")
        )
