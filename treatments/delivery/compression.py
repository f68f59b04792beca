"""The encodings in which documents are sent: made once, when a document is built."""

from __future__ import annotations

import gzip
import zlib

import brotli

#: Encoding → column of ``Document``.
COLUMNS = {"br": "body_br", "gzip": "body_gzip", "": "body"}
BROTLI_QUALITY = 6


def choose_column(vendor: str, column: str) -> str:
    """Return the column that a database gives the bytes of another column from, the fastest.

    PostgreSQL sends bytes as text of twice their length, after it has unpacked them from a compression of
    its own: to fetch a document compressed and to unpack it here takes half the time.
    """
    is_far = vendor == "postgresql" and column == COLUMNS[""]
    return COLUMNS["gzip"] if is_far else column


def compress_gzip(content: bytes) -> bytes:
    """Return the same bytes for the same content: without a time."""
    return gzip.compress(content, mtime=0)


def compress_brotli(content: bytes) -> bytes:
    """Return content compressed with brotli, as text."""
    return brotli.compress(content, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)


def decompress_gzip(content: bytes) -> bytes:
    """Return what was compressed."""
    return zlib.decompress(content, wbits=zlib.MAX_WBITS | 16)
