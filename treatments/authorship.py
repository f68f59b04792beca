"""Kept under its documented name: see ``treatments.ports.authorship``."""

from treatments.ports.authorship import (
    register_author_provider as register_author_provider,
)
