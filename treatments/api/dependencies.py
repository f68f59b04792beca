"""Kept under its documented name: see ``treatments.content.dependencies``."""

from treatments.content.dependencies import get_instance_key as get_instance_key
