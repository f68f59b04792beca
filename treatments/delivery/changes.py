"""Kept under its documented name: see ``treatments.delivery.signal_handlers``."""

from treatments.delivery.signal_handlers import note_changes as note_changes
