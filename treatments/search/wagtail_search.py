"""Kept under its documented name: see ``treatments.search.backends.wagtail_search``."""

from treatments.search.backends.wagtail_search import WagtailBackend as WagtailBackend
