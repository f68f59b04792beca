"""Kept under its documented name: see ``treatments.api.drafts.preview``."""

from treatments.api.drafts.preview import preview_page as preview_page
