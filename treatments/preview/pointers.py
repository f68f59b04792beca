"""Which block stands where in an article, and where it is edited: the way back from a preview to the editor.

No hidden characters in the texts: a frontend finds the block of a part by the pointer to that part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wagtail.models import Page


def iterate_blocks(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the JSON pointer (RFC 6901) and the id of every block of a document, in its order."""
    if isinstance(value, list):
        parts = enumerate(value)
    elif isinstance(value, dict):
        is_block = "value" in value and isinstance(value.get("type"), str)
        if is_block and isinstance(value.get("id"), str) and value["id"]:
            yield pointer, value["id"]
        parts = value.items()
    else:
        return
    for key, part in parts:
        name = str(key).replace("~", "~0").replace("/", "~1")
        yield from iterate_blocks(part, f"{pointer}/{name}")


def build_edit_links(page: Page, document: dict[str, Any]) -> dict[str, Any]:
    """Return where a page and its blocks are edited.

    Args:
        page: The page; one that was never saved has no address yet.
        document: What is shown of it.
    """
    base = getattr(settings, "WAGTAILADMIN_BASE_URL", None) or ""
    url = ""
    if page.pk:
        url = f"{base}{reverse('wagtailadmin_pages:edit', args=[page.pk])}"
    content = {name: part for name, part in document.items() if name != "json_ld"}
    return {
        "origin": get_origin(base),
        "url": url,
        "blocks": [
            {
                "pointer": pointer,
                "block_id": block_id,
                "url": f"{url}#block-{block_id}-section" if url else "",
            }
            for pointer, block_id in iterate_blocks(content)
        ],
    }


def get_origin(address: str) -> str:
    """Return scheme, host and port of an address; nothing where it has none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
