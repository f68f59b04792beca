"""Limits how often the holder of one link may write, whatever the address."""

from __future__ import annotations

from treatments.api.http.throttling import count_write
from treatments.conf import get_conf


def count_link_write(link_id: int) -> int:
    """Count one write, and return for how many seconds the holder has to wait: 0 where it may go on."""
    return count_write(f"draft link {link_id}", get_conf().comment_rate)
