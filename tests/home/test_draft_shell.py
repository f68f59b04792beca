"""The shell in which the reader shows a draft: it holds nothing, and lets nothing in."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("locale", "title"), [("en", "Draft"), ("es", "Borrador")])
def test_the_shell_is_the_same_for_everybody(client, locale, title):
    answer = client.get(f"/{locale}/draft/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{locale}">' in html
    assert f"<title>{title}</title>" in html
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    # Nothing in the page would be stopped by it.
    assert "<style" not in html
    assert " style=" not in html
    assert html.count("<script") == 1
    assert 'src="/static/' in html


def test_the_shell_takes_no_writes(client):
    assert client.post("/en/draft/").status_code == 405
