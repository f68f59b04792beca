"""Wagtail's own command line client works on our v3: what it writes is what readers get."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import APIToken

from tests import factories

if TYPE_CHECKING:
    from collections.abc import Callable

CRITERIA = {
    "type": "criteria_list",
    "value": {
        "purpose": "may_help",
        "title": "Who may benefit",
        "lead_in": "Some people may benefit if",
        "logic": "all",
        "items": [
            {
                "type": "criterion",
                "value": {
                    "text": "All tumors can be removed.",
                    "characteristic": "include",
                    "quantity": {
                        "comparator": "between",
                        "value": 1,
                        "upper_value": 3,
                        "unit": "cm",
                    },
                },
            }
        ],
    },
}
BODY = [
    {
        "type": "section",
        "value": {
            "heading": "Who it is for",
            "content": [
                {"type": "rich_text", "value": "<p>Ask your <b>surgeon</b>.</p>"},
                {
                    "type": "rich_text",
                    "value": {"format": "db_markdown", "content": "A *second* opinion"},
                },
                CRITERIA,
            ],
        },
    }
]
KEY_POINTS = [
    {"type": "point", "value": "Surgery can be one part of the treatment."},
    {"type": "point", "value": "It does not help everybody."},
]


class Cli:
    """Runs ``wt api`` with a token against a server."""

    def __init__(self, server: str, key: str, home: Path):
        self.environment = {
            "WAGTAIL_CLI_BASE_URL": f"{server}/api/v3/",
            "WAGTAIL_CLI_TOKEN": key,
            "HOME": str(home),
            "NO_COLOR": "1",
        }
        self.home = home

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Return how a command ended."""
        return subprocess.run(  # noqa: S603
            [str(Path(sys.executable).parent / "wt"), "--json", "api", *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def __call__(self, *arguments: str) -> Any:
        """Return the answer to a command that works."""
        result = self.run(*arguments)
        assert result.returncode == 0, result.stdout + result.stderr
        return json.loads(result.stdout)


@pytest.fixture
def index(server):
    return factories.create_site().index


@pytest.fixture
def wt(server, index, tmp_path) -> Cli:
    # Not django_user_model: it opens a transaction, whose rows the server does not see.
    user = get_user_model().objects.create_superuser("cli", password="x")  # noqa: S106
    _token, key = APIToken.create_token(user=user, name="cli")
    return Cli(server, key, tmp_path)


@pytest.fixture
def read(server) -> Callable[[str], Any]:
    """Return a function that reads as anybody."""

    def read(path: str) -> Any:
        with urlopen(f"{server}{path}") as answer:  # noqa: S310
            return json.load(answer)

    return read


def create(wt: Cli, index, body: Any = BODY, **fields: str) -> dict[str, Any]:
    """Create a draft below the index."""
    (wt.home / "body.json").write_text(json.dumps(body))
    (wt.home / "intro.md").write_text("An **introduction** in Markdown.")
    values = {
        "summary": "In short.",
        "key_points": json.dumps(KEY_POINTS),
        "body": "@body.json",
        "intro": "@intro.md",
        **fields,
    }
    options = [part for name, value in values.items() for part in ("--field", f"{name}:{value}")]  # fmt: skip
    return wt(
        "pages", "create", "treatments.TreatmentPage",
        "--parent", index.get_url_parts()[2], "--title", "Liver surgery",
        "--slug", "liver-surgery", *options,
    )  # fmt: skip


def test_it_creates_and_publishes_an_article(wt, read, index):
    assert wt("whoami")["user"]["username"] == "cli"
    names = {entry["name"] for entry in wt("schema", "list")["types"]}
    assert "treatments.TreatmentPage" in names

    page_id = str(create(wt, index)["id"])
    titles = [page["title"] for page in wt("pages", "list")["items"]]
    assert "Liver surgery" in titles
    assert read("/api/v3/articles/")["count"] == 0

    draft = wt("pages", "get", page_id, "--version", "draft")
    section = draft["body"][0]
    assert section["value"]["heading"] == "Who it is for"
    assert all(block["id"] for block in section["value"]["content"])

    wt("pages", "publish", page_id)
    cards = read("/api/v3/articles/")["items"]
    assert [card["title"] for card in cards] == ["Liver surgery"]
    article = read("/api/v3/articles/find/?path=/en/treatments/liver-surgery/")
    first, second, criteria = article["body"][0]["value"]["content"]
    assert first["value"]["html"] == "<p>Ask your <b>surgeon</b>.</p>"
    assert second["value"]["text"] == "A second opinion"
    assert "<b>introduction</b>" in article["intro"]["html"]
    assert [point["value"] for point in article["key_points"]] == [
        point["value"] for point in KEY_POINTS
    ]
    criterion = criteria["value"]["items"][0]["value"]
    assert criterion["text"] == "All tumors can be removed."
    assert criterion["quantity"]["upper_value"] == 3
    assert read(f"/api/v3/criteria/{criteria['id']}/fhir/")["status"] == "active"


def test_it_changes_an_article(wt, read, index):
    page_id = str(create(wt, index)["id"])
    wt("pages", "publish", page_id)
    body = wt("pages", "get", page_id, "--version", "draft")["body"]
    ids = [block["id"] for block in body[0]["value"]["content"]]
    body[0]["value"]["heading"] = "Who may have it"
    (wt.home / "changed.json").write_text(json.dumps(body))
    change = ("--field", "body:@changed.json")
    wt("pages", "update", page_id, *change, "--publish", "--yes")
    section = read(f"/api/v3/articles/{page_id}/")["body"][0]
    assert section["value"]["heading"] == "Who may have it"
    assert [block["id"] for block in section["value"]["content"]] == ids


def test_it_shows_what_is_wrong_and_where(wt, read, index):
    wrong = json.loads(json.dumps(BODY))
    wrong[0]["value"]["content"][2]["value"]["items"][0]["value"]["text"] = ""
    (wt.home / "wrong.json").write_text(json.dumps(wrong))
    result = wt.run(
        "pages", "create", "treatments.TreatmentPage", "--parent", str(index.pk),
        "--title", "Wrong", "--field", "summary:In short.",
        "--field", "body:@wrong.json", "--publish",
    )  # fmt: skip
    assert result.returncode == 7, result.stdout
    assert "body" in result.stdout + result.stderr
    assert read("/api/v3/articles/")["count"] == 0
