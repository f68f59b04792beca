"""Kept under its documented name: see ``treatments.models.chains``."""

from treatments.models.chains import chain_rows as chain_rows
