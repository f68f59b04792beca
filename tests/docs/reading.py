"""Reads the documents: fences, examples of requests, tables, names in code style, links."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
#: Documents without examples, whose links are checked all the same.
OTHERS = [REPOSITORY / "CONTRIBUTING.md", REPOSITORY / "CHANGELOG.md"]
FRONTEND = REPOSITORY / "docs" / "frontend.md"
EDITORS = REPOSITORY / "docs" / "editors.md"
OPERATORS = REPOSITORY / "docs" / "operators.md"
HOST = REPOSITORY / "docs" / "host-developers.md"

#: Stands for text, keys and entries that an example leaves out.
CUT = "…"

_FENCE = re.compile(
    r"^```(?P<language>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """A fenced example: its language, its text, the heading that it stands under."""

    language: str
    body: str
    heading: str
    start: int
    end: int


@dataclass(frozen=True)
class Request:
    """A GET request of a document, with what the document says of the answer."""

    path: str
    status: int
    headers: dict[str, str]
    example: Any


def read(path: Path) -> str:
    """Return the text of a document."""
    return path.read_text(encoding="utf-8")


def find_fences(text: str) -> list[Fence]:
    """Return the fenced examples of a document."""
    return [
        Fence(
            match["language"],
            match["body"],
            (_HEADING.findall(remove_fences(text[: match.start()])) or [""])[-1],
            match.start(),
            match.end(),
        )
        for match in _FENCE.finditer(text)
    ]


def remove_fences(text: str) -> str:
    """Return a document without its fenced examples."""
    return _FENCE.sub("", text)


def find_requests(text: str) -> tuple[list[Request], list[Fence]]:
    """Return the requests of a document, and the JSON examples that belong to no request."""
    fences = find_fences(text)
    requests, taken = [], set()
    for position, fence in enumerate(fences):
        if fence.language != "http":
            continue
        follower = fences[position + 1] if position + 1 < len(fences) else None
        example = None
        if (
            follower
            and follower.language == "json"
            and not text[fence.end : follower.start].strip()
        ):
            taken.add(follower)
            example = json.loads(follower.body)
        requests.append(read_request(fence.body, example))
    lonely = [
        fence for fence in fences if fence.language == "json" and fence not in taken
    ]
    return requests, lonely


def read_request(body: str, example: Any) -> Request:
    """Return the request of an ``http`` fence; below it may stand the status and headers of the answer."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    method, path = lines[0].split(" ", 1)
    if method != "GET":
        raise ValueError(f"Only GET is shown as HTTP: {lines[0]}")
    status, headers = 200, {}
    for line in lines[1:]:
        if line.startswith("HTTP/"):
            status = int(line.split()[1])
        else:
            name, value = line.split(": ", 1)
            headers[name] = value
    return Request(path, status, headers, example)


def find_differences(example: Any, answer: Any, where: str = "") -> list[str]:
    """Return where an example shows what the answer does not have, or hides what it has.

    An object without a key “…” is complete; ``null`` stands for any value.
    """
    if example is None or example == CUT:
        return []
    if isinstance(example, dict):
        if not isinstance(answer, dict):
            return [f"{where} is no object"]
        problems = [
            f"{where}.{key} is not in the answer" for key in example.keys() - {CUT}
            if key not in answer
        ]  # fmt: skip
        if CUT not in example:
            problems += [
                f"{where}.{key} is not in the example" for key in answer.keys() - example.keys()
            ]  # fmt: skip
        for key in example.keys() & answer.keys():
            problems += find_differences(example[key], answer[key], f"{where}.{key}")
        return problems
    if isinstance(example, list):
        if not isinstance(answer, list):
            return [f"{where} is no list"]
        problems = []
        for item in example:
            if item == CUT:
                continue
            candidates = [entry for entry in answer if is_like(item, entry)]
            found = [find_differences(item, entry, f"{where}[]") for entry in candidates]  # fmt: skip
            problems += min(
                found, key=len, default=[f"{where} has nothing like {str(item)[:60]}"]
            )
        return problems
    kinds = (bool, str, (int, float))
    kind = next(kind for kind in kinds if isinstance(example, kind))
    is_same = isinstance(answer, kind) and (
        kind is bool or not isinstance(answer, bool)
    )
    return [] if is_same else [f"{where} is {answer!r}, not like {example!r}"]


def is_like(example: Any, answer: Any) -> bool:
    """Tell whether an entry of a list may be what the example shows: a block is one of the same type."""
    if isinstance(example, dict) and "type" in example and "value" in example:
        return isinstance(answer, dict) and answer.get("type") == example["type"]
    return True


def find_table(text: str, marker: str) -> list[list[str]]:
    """Return the rows of the first table behind an HTML comment, without its head."""
    lines = text.split(f"<!-- {marker} -->", 1)[1].strip().splitlines()
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows[2:]


def find_code(text: str) -> list[str]:
    """Return what stands in code style within the sentences and tables."""
    return re.findall(r"`([^`\n]+)`", remove_fences(text))


def find_anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in _HEADING.findall(remove_fences(text))
    }


def find_link_problems(text: str, folder: Path) -> list[str]:
    """Return the relative links and images that lead nowhere."""
    problems = []
    for link in _LINK.findall(remove_fences(text)):
        if "://" in link:
            continue
        name, _hash, anchor = link.partition("#")
        target = (folder / name).resolve() if name else None
        if target is not None and not target.is_file():
            problems.append(f"{link} leads nowhere")
            continue
        content = text if target is None else read(target) if anchor else ""
        if anchor and anchor not in find_anchors(content):
            problems.append(f"{link} names no heading")
    return problems


@cache
def find_strings(*folders: str) -> list[re.Pattern[str]]:
    """Return the strings of our code, as patterns in which placeholders stand for anything."""
    patterns = []
    for folder in folders:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(read(path))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    parts = re.split(r"%\(\w+\)[sd]", node.value)
                    patterns.append(
                        re.compile(".+".join(re.escape(part) for part in parts))
                    )
        for path in sorted((REPOSITORY / folder).rglob("*.html")):
            texts = re.findall(r'{% trans(?:late)? "([^"]+)"', read(path))
            patterns += [re.compile(re.escape(text)) for text in texts]
    return patterns
