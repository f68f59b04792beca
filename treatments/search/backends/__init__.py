"""What finds the words of a search: one module for each database, and one for Wagtail's own backends."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.module_loading import import_string

from treatments.conf import get_conf
from treatments.search.backends.base import PortableBackend, SearchBackend
from treatments.search.backends.postgresql import PostgresqlBackend
from treatments.search.backends.sqlite import SqliteBackend, has_full_text_search


def get_backend() -> SearchBackend:
    """Return the backend in force: the configured one, or that of the database.

    Raises:
        ImproperlyConfigured: ``TREATMENTS["SEARCH_BACKEND"]`` names no subclass of ``SearchBackend``.
    """
    path = get_conf().search_backend
    if path is None:
        return _get_database_backend()
    try:
        backend_class = import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"TREATMENTS['SEARCH_BACKEND'] cannot be imported: {error}."
        ) from error
    if not (
        isinstance(backend_class, type) and issubclass(backend_class, SearchBackend)
    ):
        raise ImproperlyConfigured(
            f"TREATMENTS['SEARCH_BACKEND']: {path!r} is no subclass of SearchBackend."
        )
    return backend_class()


def _get_database_backend() -> SearchBackend:
    if connection.vendor == "postgresql":
        return PostgresqlBackend()
    if connection.vendor == "sqlite" and has_full_text_search():
        return SqliteBackend()
    return PortableBackend()
