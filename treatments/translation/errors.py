"""Why a translation cannot be submitted or published."""

from __future__ import annotations


class TranslationError(Exception):
    """A translation cannot be submitted or published; its text says why, for the person who tried."""


class IncompleteTranslationError(TranslationError):
    """Some segments are not translated yet."""
