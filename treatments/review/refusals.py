"""Why a decision is not recorded. The text of each error is for the person who decided."""

from __future__ import annotations

from django.utils.translation import gettext as _


class DecisionError(Exception):
    """A decision cannot be recorded."""


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
