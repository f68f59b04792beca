"""Endpoints that lead to a receiver of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webhooks.receiver import Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _internal_receiver(settings):
    """Let webhooks go to the receiver, and wait for nothing long."""
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "WEBHOOK_ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "WEBHOOK_TIMEOUT": 5,
    }


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()
