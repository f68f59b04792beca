"""What the tests of the article index share: a body with known ids, and an entry."""

from __future__ import annotations

import uuid

from treatments.models import IndexedArticle

SECTION_ID = uuid.UUID("11111111-1111-4111-8111-111111111111")
PARAGRAPH_ID = uuid.UUID("22222222-2222-4222-8222-222222222222")


def get_entry(page):
    """Return the entry of a page, or None."""
    return IndexedArticle.objects.filter(pk=page.pk).first()


def build_body(text, **section):
    """Return a body of one section with one paragraph."""
    value = {
        "heading": "Heading",
        "content": [
            {"type": "rich_text", "id": str(PARAGRAPH_ID), "value": f"<p>{text}</p>"}
        ],
        **section,
    }
    return [{"type": "section", "id": str(SECTION_ID), "value": value}]
