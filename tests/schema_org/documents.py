"""Makes JSON-LD of small articles of the API, and finds nodes in it."""

from __future__ import annotations

from tests.schema_org.linter import find_problems
from treatments.exports.schema_org import SiteInfo, build_json_ld

SITE = SiteInfo("Demonstration Hospital", "https://example.org", "/logo.svg")
URL = "https://example.org/en/treatments/surgery/"
UUID = "5f0b7c52-7a39-5c3e-9d3c-2f8f2f1a6b10"


def make_article(**kwargs):
    """Return the smallest article of the API."""
    article = {
        "id": 12,
        "uuid": UUID,
        "title": "Surgery",
        "locale": "en",
        "path": "/en/treatments/surgery/",
        "html_url": URL,
        "summary": "About surgery.",
        "audience": "patient",
    }
    return {**article, **kwargs}


def build(**kwargs):
    """Return the document of an article; it has no problems."""
    document = build_json_ld(make_article(**kwargs), SITE)
    assert find_problems(document) == []
    return document


def get_page(document):
    """Return the page of a document."""
    return document["@graph"][0]


def find_nodes(document, kind):
    """Return every described node of a type, at any depth."""
    found = []
    waiting = [document["@graph"]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            if value.get("@type") == kind:
                found.append(value)
    return found
