"""Finds what is wrong in a JSON-LD document by the facts of schema.org's vocabulary.

Stricter than search engines are: text stands only where a property has a data type in its ranges,
and a superseded term is a mistake.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.schema_org.extract import VOCABULARY_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT = "https://schema.org"
YEAR_OR_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
DURATION = re.compile(
    r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?"
)
ABSOLUTE = re.compile(r"https?://[^\s/?#]+\S*")
TRANSLATIONS = {
    "workTranslation": "translationOfWork",
    "translationOfWork": "workTranslation",
}


@cache
def read_vocabulary() -> dict[str, Any]:
    """Return the facts."""
    return json.loads(VOCABULARY_FILE.read_text(encoding="utf-8"))


@cache
def get_ancestors(name: str) -> frozenset[str]:
    """Return a type, or a data type, with all above it."""
    vocabulary = read_vocabulary()
    if name in vocabulary["datatypes"]:
        parents = vocabulary["datatypes"][name]
    else:
        parents = vocabulary["types"].get(name, {}).get("parents", [])
    return frozenset([name]).union(*map(get_ancestors, parents))


def as_list(value: Any) -> list[Any]:
    """Return what JSON-LD sees: one value is a list of one."""
    return value if isinstance(value, list) else [value]


def get_types(node: dict[str, Any]) -> list[str]:
    """Return the type names of a node."""
    return as_list(node.get("@type", []))


def get_all_types(node: dict[str, Any]) -> set[str]:
    """Return the types of a node with all above them."""
    return set().union(*map(get_ancestors, get_types(node)))


def is_reference(value: Any) -> bool:
    """Tell whether a value only names a node."""
    return isinstance(value, dict) and set(value) == {"@id"}


def iterate_nodes(value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object with its place, references too."""
    if isinstance(value, dict):
        yield where, value
        for name, child in value.items():
            yield from iterate_nodes(child, f"{where}.{name}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from iterate_nodes(child, f"{where}[{index}]")


@dataclass
class Inspection:
    """One document while it is looked at."""

    document: dict[str, Any]
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def report(self, where: str, problem: str) -> None:
        """Note a problem with its place."""
        self.problems.append(f"{where}: {problem}")

    def inspect(self) -> list[str]:
        """Return every problem."""
        if self.document.get("@context") != CONTEXT:
            self.report("@context", f"is not {CONTEXT}")
        graph = self.document.get("@graph")
        if not isinstance(graph, list) or not graph:
            self.report("@graph", "is no list of nodes")
            return self.problems
        found = [
            (where, node)
            for where, node in iterate_nodes(graph, "@graph")
            if not is_reference(node)
        ]
        for where, node in found:
            name = node.get("@id")
            if name in self.nodes:
                self.report(where, f"{name} is described twice")
            elif name:
                self.nodes[name] = node
        for where, node in found:
            self.inspect_node(where, node)
        return self.problems

    def inspect_node(self, where: str, node: dict[str, Any]) -> None:
        """Look at the types and properties of a node."""
        known = read_vocabulary()["types"]
        if not get_types(node):
            self.report(where, "has no type")
        for name in get_types(node):
            if name not in known:
                self.report(where, f"unknown type {name}")
            elif "superseded_by" in known[name]:
                self.report(where, f"type {name} is superseded")
        for name in node.keys() - {"@type"}:
            if name == "@id":
                if not node[name]:
                    self.report(f"{where}.@id", "is empty")
            else:
                self.inspect_property(where, node, name)

    def inspect_property(self, where: str, node: dict[str, Any], name: str) -> None:
        """Look at one property of a node."""
        facts = read_vocabulary()["properties"].get(name)
        if facts is None:
            self.report(where, f"unknown property {name}")
            return
        if "superseded_by" in facts:
            self.report(where, f"{name} is superseded by {facts['superseded_by']}")
        types = get_types(node)
        is_known = bool(types) and set(types) <= read_vocabulary()["types"].keys()
        if is_known and get_all_types(node).isdisjoint(facts["domains"]):
            self.report(where, f"{name} does not belong to {' and '.join(types)}")
        if node[name] == []:
            self.report(f"{where}.{name}", "is empty")
        for item in as_list(node[name]):
            self.inspect_value(f"{where}.{name}", item, facts["ranges"])

    def inspect_value(self, where: str, value: Any, ranges: list[str]) -> None:
        """Look at one value of a property."""
        if (
            value is None
            or value in ({}, [])
            or (isinstance(value, str) and not value.strip())
        ):
            self.report(where, "is empty")
        elif isinstance(value, dict):
            self.inspect_object(where, value, ranges)
        elif isinstance(value, str):
            problem = find_text_problem(value, ranges)
            if problem:
                self.report(where, problem)
        elif isinstance(value, list):
            self.report(where, "is a list within a list")
        else:
            expected = {"Boolean"} if isinstance(value, bool) else {"Number", "Float"}
            if isinstance(value, int) and not isinstance(value, bool):
                expected |= {"Integer"}
            if expected.isdisjoint(ranges):
                self.report(where, f"{value!r} is none of {', '.join(ranges)}")

    def inspect_object(
        self, where: str, value: dict[str, Any], ranges: list[str]
    ) -> None:
        """Look at the type of a node that is a value, or at what a reference leads to."""
        node = value
        if is_reference(value):
            if value["@id"] not in self.nodes:
                if not self.is_elsewhere(value["@id"]):
                    self.report(where, f"{value['@id']} is nowhere described")
                return
            node = self.nodes[value["@id"]]
        if get_types(node) and get_all_types(node).isdisjoint(ranges):
            types = " and ".join(get_types(node))
            self.report(where, f"{types} is none of {', '.join(ranges)}")

    def is_elsewhere(self, name: str) -> bool:
        """Tell whether an address belongs to another page than the nodes of this document."""
        own = {node_id.partition("#")[0] for node_id in self.nodes}
        return bool(ABSOLUTE.fullmatch(name)) and name.partition("#")[0] not in own


def find_text_problem(text: str, ranges: list[str]) -> str | None:
    """Return what is wrong with a text as a value of these ranges."""
    vocabulary = read_vocabulary()
    datatypes = [name for name in ranges if name in vocabulary["datatypes"]]
    members = {
        f"{CONTEXT}/{member}"
        for name in ranges
        for member in vocabulary["enumerations"].get(name, [])
    }
    if text in members or "Text" in datatypes:
        return None
    if not datatypes:
        return f"text {text!r} where only {', '.join(ranges)} fits"
    if any(FORMATS[name](text) for name in datatypes if name in FORMATS):
        return None
    return f"{text!r} is no {' or '.join(datatypes)}"


def is_date(text: str) -> bool:
    """Tell whether a text is an ISO 8601 date, of which day and month may be unknown."""
    if YEAR_OR_MONTH.fullmatch(text):
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-05-01")


def is_datetime(text: str) -> bool:
    """Tell whether a text is an ISO 8601 date with a time."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text


FORMATS = {
    "Date": is_date,
    "DateTime": is_datetime,
    "Duration": lambda text: bool(DURATION.fullmatch(text)),
    "URL": lambda text: bool(ABSOLUTE.fullmatch(text)),
}


def find_problems(document: dict[str, Any], *others: dict[str, Any]) -> list[str]:
    """Return what is wrong with a document, each problem as ``place: problem``.

    Args:
        document: A JSON-LD document with a ``@graph``.
        others: Documents of other pages; translations have to be named on both sides.
    """
    problems = Inspection(document).inspect()
    pages = {page["@id"]: page for other in others for page in iterate_pages(other)}
    for page in iterate_pages(document):
        for name, inverse in TRANSLATIONS.items():
            for target in as_list(page.get(name, [])):
                other = pages.get(target["@id"])
                if other and page["@id"] not in get_targets(other, inverse):
                    problems.append(
                        f"{page['@id']}: {name} {target['@id']}, which has no "
                        f"{inverse} back"
                    )
        for other in pages.values():
            for name, inverse in TRANSLATIONS.items():
                if page["@id"] in get_targets(other, name) and other[
                    "@id"
                ] not in get_targets(page, inverse):
                    problems.append(
                        f"{page['@id']}: has no {inverse} {other['@id']}, which names it"
                    )
    return problems


def iterate_pages(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the pages of a document's graph."""
    for node in document.get("@graph", []):
        if "WebPage" in get_all_types(node) and "@id" in node:
            yield node


def get_targets(page: dict[str, Any], name: str) -> set[str]:
    """Return the identifiers that a property of a page leads to."""
    return {target["@id"] for target in as_list(page.get(name, []))}
