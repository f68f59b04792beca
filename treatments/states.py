"""Kept under its documented name: see ``treatments.ports.states``."""

from treatments.ports.states import register_review_provider as register_review_provider
