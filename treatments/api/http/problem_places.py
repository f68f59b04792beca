"""How the OpenAPI document describes the places in articles that a problem names."""

from __future__ import annotations

from typing import Any


def build_place_schema() -> dict[str, Any]:
    """Return the schema of a place in an article that a problem names."""
    named = {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "type": {"type": "string"},
            "title": {"type": "string"},
            "locale": {"type": ["string", "null"]},
        },
    }
    return {
        "type": "object",
        "title": "ProblemPlace",
        "required": ["pointer", "place"],
        "properties": {
            "page": {**named, "description": "The public article that uses it."},
            "snippet": {
                **named,
                "description": "The published term or promotion that shows it.",
            },
            "pointer": {
                "type": "string",
                "description": "A JSON pointer into the article.",
                "examples": ["/body/0/value/content/2/value/citations/0"],
            },
            "place": {"type": "string", "description": "The same place in words."},
            "type": {"type": "string", "description": "What kind of thing was chosen."},
            "id": {
                "type": ["integer", "string"],
                "description": "The id of what was chosen.",
            },
            "name": {"type": "string"},
            "reason": {
                "enum": ["draft", "unpublished", "expired", "private", "deleted"]
            },
        },
    }
