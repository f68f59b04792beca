"""Kept under its documented name: see ``treatments.content.removals``."""

from treatments.content.removals import prepare_removal as prepare_removal
