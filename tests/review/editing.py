"""The form of an article as the editor sends it."""

from __future__ import annotations

from typing import Any

from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)


def build_form(page: Any, **changes: Any) -> dict[str, Any]:
    """Return the fields of an article's form, without its body unless it is among the changes."""
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "kind": page.kind,
        "audience": page.audience,
        "intent": "",
        "intro": rich_text(""),
        "key_points": streamfield([("point", "one"), ("point", "two")]),
        "body": streamfield([]),
        "also_known_as": streamfield([]),
        "regulatory_status": streamfield([]),
        "questions": streamfield([]),
        "article_conditions": inline_formset([]),
        "article_contributors": inline_formset([]),
        "related_articles": inline_formset([]),
        "comments": inline_formset([]),
        **changes,
    }
    return nested_form_data(data)
