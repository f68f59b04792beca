"""Who wrote a text, where the revisions of its page do not say it.

An app in which people work on a text before somebody else saves it, as translators do, registers a provider
while the apps start. Whoever must know that a reviewer is independent asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treatments.ports.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    AuthorProvider = Callable[[Any, datetime | None], set[Any]]

_providers: Registry[AuthorProvider] = Registry()


def register_author_provider(provider: AuthorProvider) -> None:
    """Say who else knows authors.

    Args:
        provider: Gets a page or a snippet, and since when its text is asked about (None: ever); returns the ids of
            users.
    """
    _providers.register(provider)


def find_registered_authors(instance: Any, since: datetime | None) -> set[Any]:
    """Return the ids of the users who wrote something of a page or a snippet since then, according to the apps."""
    return {pk for provider in _providers for pk in provider(instance, since)}
