"""Kept under its documented name: see ``treatments.ports.drafts``."""

from treatments.ports.drafts import get_grant as get_grant
