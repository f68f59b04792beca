"""Asks for lists of articles, and builds the bodies of articles that stand in them."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode


def read(client, expected=200, **query):
    """Return the list for some parameters."""
    response = client.get(f"/api/v3/articles/?{urlencode(query)}")
    assert response.status_code == expected, response.content
    return response.json()


def titles(answer):
    return [item["title"] for item in answer["items"]]


def build_section(heading, *content):
    return {
        "type": "section",
        "id": str(uuid.uuid4()),
        "value": {"heading": heading, "content": list(content)},
    }


def build_paragraph(text):
    return {"type": "rich_text", "id": str(uuid.uuid4()), "value": f"<p>{text}</p>"}


def with_words(text):
    return [build_section("What it is", build_paragraph(text))]
