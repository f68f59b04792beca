"""The secrets of draft links and snapshots: random, shown once, and stored as a hash only."""

from __future__ import annotations

import hashlib
import secrets

#: What a token starts with, so that scanners for lost secrets and people know it when they see one.
LINK_PREFIX = "wtd_"
SNAPSHOT_PREFIX = "wtp_"
#: 256 bits: nobody finds one by trying.
RANDOM_BYTES = 32


def make_token(prefix: str) -> tuple[str, str]:
    """Return a new token and its hash."""
    token = prefix + secrets.token_urlsafe(RANDOM_BYTES)
    return token, hash_token(token)


def hash_token(token: str) -> str:
    """Return 64 hexadecimal digits for any text.

    A token has so much chance in it that a fast hash without salt is safe, and one indexed query finds it.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
