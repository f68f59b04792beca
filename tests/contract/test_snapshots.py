"""The contract is a file in git: a difference here is a change of the API and needs a line in CHANGELOG.md."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator
from wagtail.models import get_page_models

from tests import factories
from tests.contract import schema_versions
from treatments.content.article_fields import SCHEMA_VERSION

if TYPE_CHECKING:
    from django.test import Client

FOLDER = Path(__file__).resolve().parents[1] / "snapshots"
EXAMPLES = FOLDER / "examples"
ADVICE = (
    "If this change of the API is meant: make snapshots, and a line in CHANGELOG.md"
)


def export(folder: Path, *options: str) -> str:
    """Return what the command says."""
    out = io.StringIO()
    call_command("export_api_schema", "--output", str(folder), *options, stdout=out)
    return out.getvalue()


def read_schema(name: str) -> dict[str, Any]:
    """Return a JSON Schema that is committed."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_the_schemas_are_those_committed():
    try:
        export(FOLDER, "--check")
    except CommandError as error:
        pytest.fail(f"{error}\n{ADVICE}")


def test_the_check_names_what_differs(tmp_path):
    export(tmp_path)
    assert "up to date" in export(tmp_path, "--check")
    file = tmp_path / "openapi.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"criteria_list"', '"list_of_criteria"'), "utf-8")
    (tmp_path / "article.schema.json").unlink()
    blocks = tmp_path / "blocks.schema.json"
    blocks.write_bytes(blocks.read_bytes().replace(b"\n", b"\r\n"))
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"openapi\.json.*manage\.py export"):
        call_command(
            "export_api_schema", "--check", "--output", str(tmp_path), stdout=out
        )
    said = out.getvalue().splitlines()
    pointer = "/components/schemas/CriteriaListBlock/properties/type/const"
    assert f'openapi.json: - {pointer} "list_of_criteria"' in said
    assert f'openapi.json: + {pointer} "criteria_list"' in said
    assert "article.schema.json is missing." in said
    only = "blocks.schema.json: differs only in its order, spaces or line ends."
    assert only in said


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="cannot be written"):
        export(tmp_path / "file" / "folder")


def test_a_project_without_the_api_is_told_so(settings):
    settings.ROOT_URLCONF = "wagtail.admin.urls"
    with pytest.raises(CommandError, match="v3 API is not in the URL configuration"):
        export(FOLDER, "--check")


def test_the_language_of_the_project_does_not_matter(tmp_path):
    spanish = 'from cms.settings.test import *\nLANGUAGE_CODE = "es"\n'
    (tmp_path / "spanish.py").write_text(spanish)
    result = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", "export_api_schema", "--check", "--settings", "spanish", "--output", str(FOLDER)],
        cwd=FOLDER.parents[1],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "name", ["article.schema.json", "blocks.schema.json", "blocks-input.schema.json"]
)
def test_the_json_schemas_stand_alone(name):
    schema = read_schema(name)
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert "#/components" not in text
    assert '"discriminator": {' not in text
    named = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert named <= schema["$defs"].keys()
    assert schema["$defs"].keys() <= named | {"Article"}


@pytest.fixture
def answers(db, client, settings, tmp_path, monkeypatch) -> dict[str, Any]:
    """Return what the API says about one page of each type: name of the type → answer."""
    # Where uuid4() takes its numbers from.
    source = SimpleNamespace(urandom=random.Random(1).randbytes)  # noqa: S311
    monkeypatch.setattr(uuid, "os", source)
    settings.MEDIA_ROOT = tmp_path
    factories.restart_ids()
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False):
        return create_answers(client)


def create_answers(client: Client) -> dict[str, Any]:
    """Return the answers about a site in two languages whose article has everything."""
    home = factories.create_site()
    targets = factories.create_targets(home.index)
    factories.create_promotion("A notice", placement="inline")
    article, _sampler = factories.create_full_article(home.index, targets)
    addresses = {
        "treatments.TreatmentPage": f"/api/v3/articles/{article.pk}/",
        "treatments.TreatmentIndexPage": f"/api/v3/pages/{home.index.pk}/",
        "home.HomePage": f"/api/v3/pages/{home.pk}/",
        "treatments.TreatmentPage.list": "/api/v3/articles/?facets=kind,locale",
    }
    found = {}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        found[name] = answer.json()
    return found


def check_version(answers: dict[str, Any]) -> None:
    """Fail where keys or types have changed without another SCHEMA_VERSION, before anything is written."""
    versions = schema_versions.read_versions()
    names = schema_versions.find_changed(versions, SCHEMA_VERSION, answers)
    if names:
        advice = schema_versions.ADVICE
        pytest.fail(advice.format(names=", ".join(names), version=SCHEMA_VERSION))


def test_the_present_version_is_stored():
    answers = {file.stem: read_example(file.stem) for file in EXAMPLES.iterdir()}
    assert SCHEMA_VERSION in schema_versions.read_versions(), ADVICE
    check_version(answers)


@pytest.mark.parametrize(
    "change",
    [
        lambda article: article.pop("summary"),
        lambda article: article.update(more="A key"),
        lambda article: article.update(body_site=None),
        lambda article: article["body"][0]["value"].update(heading=1),
        lambda article: article["body"].append({"type": "new", "id": "", "value": ""}),
    ],
)
def test_another_key_or_type_needs_another_version(change):
    name = "treatments.TreatmentPage"
    article = read_example(name)
    versions = {"1": {name: schema_versions.hash_shape(article)}}
    change(article)
    assert schema_versions.find_changed(versions, "1", {name: article}) == [name]
    assert schema_versions.find_changed(versions, "2", {name: article}) == []


def test_other_words_need_no_other_version():
    article = read_example("treatments.TreatmentPage")
    before = schema_versions.hash_shape(article)
    article["summary"] = "Other words"
    article["body"].append(article["body"][0])
    assert schema_versions.hash_shape(article) == before


def test_the_answers_are_those_committed(answers):
    made = {
        f"{name}.json": json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
        for name, answer in answers.items()
    }
    check_version(answers)
    if os.environ.get("WRITE_SNAPSHOTS"):
        schema_versions.write_version(SCHEMA_VERSION, answers)
        EXAMPLES.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (EXAMPLES / name).write_bytes(content.encode())
    known = {file.name: file.read_text("utf-8") for file in EXAMPLES.iterdir()}
    assert known.keys() == made.keys(), ADVICE
    for name, content in made.items():
        assert json.loads(known[name]) == json.loads(content), ADVICE
        assert known[name] == content, ADVICE


def read_example(name: str) -> dict[str, Any]:
    """Return an answer that is committed, which another test compares with the real one."""
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def test_there_is_an_example_of_each_page_type():
    types = {model._meta.label for model in get_page_models()} - {"wagtailcore.Page"}
    assert {read_example(name)["title"] for name in types}


def test_the_example_fits_the_schema_of_an_article():
    article = read_example("treatments.TreatmentPage")
    validator = Draft202012Validator(read_schema("article.schema.json"))
    assert list(validator.iter_errors(article)) == []
    article["body"][0]["value"]["content"][0]["type"] = "unknown"
    assert not validator.is_valid(article)


def iterate_blocks(value: Any):
    """Yield every block at any depth."""
    if isinstance(value, list):
        for child in value:
            yield from iterate_blocks(child)
    elif isinstance(value, dict):
        if value.keys() == {"type", "id", "value"}:
            yield value
        for child in value.values():
            yield from iterate_blocks(child)


def test_every_block_of_the_example_fits_the_schema_of_the_blocks():
    schema = read_schema("blocks.schema.json")
    validator = Draft202012Validator(schema)
    seen = set()
    for block in iterate_blocks(read_example("treatments.TreatmentPage")):
        assert validator.is_valid(block), block
        seen.add(block["type"])
    types = {
        schema["$defs"][choice["$ref"].removeprefix("#/$defs/")]["properties"]["type"]["const"]
        for choice in schema["oneOf"]
    }  # fmt: skip
    assert seen == types
