"""Kept under its documented name: see ``treatments.api.http.errors``."""

from treatments.api.http.errors import not_found as not_found
