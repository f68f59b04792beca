"""Where the apps leave what they offer each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

Provider = TypeVar("Provider")


class Registry(Generic[Provider]):
    """Keeps what the apps register while they start.

    Args:
        is_single: Whether a provider takes the place of the one before it.
    """

    def __init__(self, *, is_single: bool = False):
        self.is_single = is_single
        #: As keys: whoever registers twice is asked once.
        self._providers: dict[Provider, None] = {}

    def register(self, provider: Provider) -> None:
        """Add a provider."""
        if self.is_single:
            self._providers = {}
        self._providers[provider] = None

    def __iter__(self) -> Iterator[Provider]:
        """Yield the providers in the order in which they came."""
        return iter(self._providers)

    def get(self) -> Provider | None:
        """Return the provider that came last, or None."""
        return next(reversed(self._providers), None)

    def clear(self) -> None:
        """Forget all providers."""
        self._providers = {}
