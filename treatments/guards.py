"""Kept under its documented name: see ``treatments.models.triggers``."""

from treatments.models.triggers import drop_guard as drop_guard
