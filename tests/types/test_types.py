"""What a frontend developer compiles against: types of every field, and none that is anything."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.types import compiler

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Components that are not typed all through, and why.
UNTYPED = {
    "OtherPage": "A page of a project's own has the fields that its type has.",
    "SchemaDetailResponse": "Wagtail's: its answer is a JSON Schema, whatever the type.",
}
KEYWORDS = {"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"}


def read_document() -> dict[str, Any]:
    """Return the OpenAPI document that is committed."""
    return json.loads(compiler.DOCUMENT.read_text(encoding="utf-8"))


def iterate_untyped(schema: Any, where: str) -> Iterator[str]:
    """Yield the places within a JSON schema that take anything."""
    if not isinstance(schema, dict) or not KEYWORDS & schema.keys():
        yield where
        return
    if schema.get("additionalProperties") in (True, {}):
        yield f"{where}/*"
    is_object = schema.get("type") == "object"
    if is_object and not {"properties", "additionalProperties"} & schema.keys():
        yield where
    if schema.get("type") == "array" and "items" not in schema:
        yield f"{where}[]"
    parts = [(f"{where}/{name}", each) for name, each in schema.get("properties", {}).items()]  # fmt: skip
    parts += [(f"{where}[]", schema["items"])] if "items" in schema else []
    extra = schema.get("additionalProperties")
    parts += [(f"{where}/*", extra)] if isinstance(extra, dict) and extra else []
    for keyword in ("anyOf", "oneOf", "allOf"):
        parts += [(where, each) for each in schema.get(keyword, [])]
    for name, part in parts:
        yield from iterate_untyped(part, name)


def test_no_field_of_ours_is_untyped():
    components = read_document()["components"]["schemas"]
    found = {
        name: untyped
        for name, schema in components.items()
        if (untyped := list(iterate_untyped(schema, name)))
    }
    assert found.keys() == UNTYPED.keys(), found
    assert len(components) > 200


def test_no_answer_is_untyped():
    untyped, count = [], 0
    document = read_document()
    answers = [
        (path, answer)
        for path, item in document["paths"].items()
        for operation in item.values()
        for answer in operation["responses"].values()
    ]
    for place, answer in [*answers, *document["components"]["responses"].items()]:
        for content in answer.get("content", {}).values():
            count += 1
            untyped += iterate_untyped(content["schema"], place)
    assert untyped == []
    assert count > 50


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"title": "Anything"},
        {"type": "object"},
        {"type": "object", "additionalProperties": True},
        {"type": "array"},
        {"type": "array", "items": {}},
        {"type": "object", "properties": {"a": {"title": "A"}}},
        {"anyOf": [{"type": "null"}, {}]},
    ],
)
def test_an_untyped_place_is_found(schema):
    assert list(iterate_untyped(schema, "Wrong"))


def test_the_lock_names_no_registry():
    lock = (compiler.FOLDER / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert not re.search(r"https?://(?!\S*(fund|sponsor))\S*regist", lock)
    assert '"integrity": "sha512-' in lock


@pytest.fixture(scope="module")
def tools() -> None:
    try:
        compiler.install_tools()
    except compiler.MissingToolsError as error:
        pytest.skip(f"The types are not compiled: {error}")


@pytest.fixture
def project(tools, tmp_path) -> Path:
    """Return a folder with the programs; ``schema.d.ts`` is still to be made."""
    for pattern in ("*.ts", "tsconfig.json"):
        for file in compiler.FOLDER.glob(pattern):
            shutil.copy(file, tmp_path)
    return tmp_path


def compile_with(document: dict[str, Any], project: Path) -> list[str]:
    """Return the type errors of the programs with the types of a document."""
    file = project / "openapi.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    compiler.generate_types(file, project / "schema.d.ts")
    return compiler.find_type_errors(project)


def test_a_program_can_walk_a_whole_article(project):
    assert compile_with(read_document(), project) == []


def test_a_new_kind_of_anything_is_noticed(project):
    document = read_document()
    components = document["components"]["schemas"]
    components["TimelineBlock"] = {
        **components["CalloutBlock"],
        "title": "TimelineBlock",
        "properties": {
            **components["CalloutBlock"]["properties"],
            "type": {"const": "timeline", "type": "string"},
        },
    }
    reference = {"$ref": "#/components/schemas/TimelineBlock"}
    for value, field in (
        ("SectionValue", "content"),
        ("CriteriaListValue", "items"),
        ("ProcedureStepsValue", "phases"),
        ("BenefitsRisksValue", "options"),
    ):
        items = components[value]["properties"][field]["items"]
        items["oneOf"].append(reference)
        items["discriminator"]["mapping"]["timeline"] = reference["$ref"]
    components["RichTextBreak"]["properties"]["type"]["enum"].append("page")
    nodes = components["RichText"]["properties"]["nodes"]["items"]
    nodes["discriminator"]["mapping"]["page"] = "#/components/schemas/RichTextBreak"
    states = components["Governance"]["properties"]["review_state"]["enum"]
    states.append("archived")
    errors = [line for line in compile_with(document, project) if "never" in line]
    assert len(errors) == 6, errors
    assert sum("TimelineBlock" in line or '"timeline"' in line for line in errors) == 4


def test_a_field_that_is_gone_is_noticed(project):
    document = read_document()
    del document["components"]["schemas"]["StepValue"]["properties"]["when_to_call"]
    errors = compile_with(document, project)
    assert len(errors) == 1
    assert "'when_to_call' does not exist" in errors[0]
