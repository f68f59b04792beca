"""The encodings in which documents are sent: made once, when a document is built."""

from __future__ import annotations

import gzip

import brotli

#: Encoding → column of ``Document``.
COLUMNS = {"br": "body_br", "gzip": "body_gzip", "": "body"}
BROTLI_QUALITY = 6


def compress_gzip(content: bytes) -> bytes:
    """Return the same bytes for the same content: without a time."""
    return gzip.compress(content, mtime=0)


def compress_brotli(content: bytes) -> bytes:
    """Return content compressed with brotli, as text."""
    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
