"""The table of the parameters of article lists in docs/frontend.md, made from the OpenAPI document.

``make docs`` writes it anew.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = REPOSITORY / "docs" / "frontend.md"
DOCUMENT = REPOSITORY / "tests" / "snapshots" / "openapi.json"
START = "<!-- article parameters: start -->"
END = "<!-- article parameters: end -->"


def describe_values(schema: dict[str, Any]) -> str:
    """Return which values a parameter takes, in a few words."""
    item = schema.get("items", schema)
    codes = item.get("enum") or next(
        (part["enum"] for part in item.get("allOf", []) if "enum" in part), None
    )
    several = "several of " if "items" in schema else ""
    if codes and len(codes) <= 12:
        return several + ", ".join(f"`{code}`" for code in codes)
    if codes:
        return f"{several}the fields of a card or an article"
    if "minimum" in schema and "maximum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    if schema.get("type") == "boolean":
        return "`true`, `false`"
    formats = [part.get("format") for part in schema.get("anyOf", [schema])]
    words = " or ".join(str(each) for each in formats if each) or "text"
    return f"{several}{words}"


def build_reference() -> str:
    """Return the table."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    operations = {
        path: document["paths"][f"/api/v3/articles/{path}"]["get"]["parameters"]
        for path in ("", "{article_id}/")
    }
    alone = {each["name"] for each in operations["{article_id}/"]}
    lines = [
        "| Parameter | Values | What | Also for one article |",
        "|---|---|---|---|",
    ]
    for each in operations[""]:
        name, schema = each["name"], each["schema"]
        text = each.get("description") or schema.get("description", "")
        also = "yes" if name in alone else ""
        lines.append(f"| `{name}` | {describe_values(schema)} | {text} | {also} |")
    return "\n".join(lines)


def replace_reference(document: str) -> str:
    """Return a document with the table between the two markers made anew."""
    pattern = re.compile(f"{re.escape(START)}.*{re.escape(END)}", re.DOTALL)
    made = f"{START}\n\n{build_reference()}\n\n{END}"
    return pattern.sub(lambda _match: made, document)


def write() -> None:
    """Write the table into the document."""
    document = FILE.read_text(encoding="utf-8")
    FILE.write_text(replace_reference(document), encoding="utf-8")
