"""Links of rich text that lead somewhere else than they look like become their words."""

from __future__ import annotations

from typing import Any

import pytest

from treatments.content.rich_text import represent_rich_text

#: Resolves nothing: the links of this module lead to addresses.
NO_SCOPE: Any = None


@pytest.mark.parametrize(
    "href",
    [
        "//host.example/page",
        "/\\host.example/page",
        "/\t/host.example/page",
        " //host.example/page",
        "javascript:alert(1)",
        "data:text/html,words",
        "vbscript:words",
        "page/below",
        "",
    ],
)
def test_an_address_that_is_not_what_it_seems_is_left_out(href):
    found = represent_rich_text(f'<p><a href="{href}">words</a></p>', NO_SCOPE)
    assert found == {"html": "<p>words</p>", "text": "words"}


@pytest.mark.parametrize(
    "href",
    [
        "/treatments/surgery/",
        "#part",
        "https://host.example/page",
        "HTTP://host.example/",
        "mailto:editors@host.example",
        "tel:+4930123456",
    ],
)
def test_an_address_that_is_what_it_seems_stays(href):
    found = represent_rich_text(f'<p><a href="{href}">words</a></p>', NO_SCOPE)
    assert found["html"] == f'<p><a href="{href}">words</a></p>'
