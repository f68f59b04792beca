"""What apps offer each other, replaced for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

    from treatments.ports.registry import Registry


def offer(
    monkeypatch: pytest.MonkeyPatch, registry: Registry[Any], *providers: Any
) -> None:
    """Put these providers, or none, in the place of those that are registered."""
    monkeypatch.setattr(registry, "_providers", dict.fromkeys(providers))
