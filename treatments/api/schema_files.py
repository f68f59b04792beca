"""The contract as files: the OpenAPI document, and JSON Schemas of an article and of its blocks.

The same code gives the same bytes, whatever the language of the project and the order of its imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import NoReverseMatch, get_resolver
from django.utils import translation
from wagtail.api.v3.urls import api

from treatments.api.articles.schemas import get_article_schema
from treatments.api.openapi.document import build_openapi
from treatments.api.openapi.references import COMPONENTS, find_parts
from treatments.content.lookups import get_article_models

if TYPE_CHECKING:
    from collections.abc import Iterable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/$defs/"
#: What the components of blocks that are written end with.
INPUT = "Input"
#: A process that is English before the apps start; writes the files into one JSON object.
IN_ENGLISH = """
import json, sys
from django.conf import settings
settings.LANGUAGE_CODE = "en"
import django
django.setup()
from treatments.api.schema_files import MissingApiError, build_schema_files
try:
    made = {"files": build_schema_files()}
except MissingApiError as error:
    made = {"error": str(error)}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(made, file)
"""


class MissingApiError(Exception):
    """The project does not serve our v3 API."""


def build_document() -> dict[str, Any]:
    """Return the OpenAPI document of this project in plain JSON types, in the language of the code.

    Raises:
        MissingApiError: the URL configuration does not hold Wagtail's v3 API with our routers.
    """
    # The URL configuration is what puts our routers on the API object.
    _ = get_resolver().url_patterns
    with translation.override(None):
        try:
            document = build_openapi(api)
        except NoReverseMatch as error:
            raise MissingApiError(
                "Wagtail's v3 API is not in the URL configuration."
            ) from error
        plain = json.loads(json.dumps(document, cls=DjangoJSONEncoder))
    if get_article_component_names().isdisjoint(plain["components"]["schemas"]):
        raise MissingApiError(
            "The articles are not on the v3 API: call treatments.api.v3.register_routers(api)."
        )
    return sort_document(plain)


def sort_document(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with its paths and components by name; the fields keep their order."""
    components = document["components"]
    return {
        **document,
        "paths": dict(sorted(document["paths"].items())),
        "components": {
            kind: dict(sorted(entries.items()))
            for kind, entries in sorted(components.items())
        },
    }


def get_article_component_names() -> set[str]:
    """Return the names of the components of whole articles, one for each article type."""
    return {get_article_schema(model).__name__ for model in get_article_models()}


def build_schema_files() -> dict[str, str]:
    """Return file name → content.

    Raises:
        MissingApiError: see ``build_document``.
    """
    document = build_document()
    components = document["components"]["schemas"]
    articles = sorted(get_article_component_names())
    blocks = find_blocks(components, find_parts(components, articles))
    inputs = find_blocks(components, [n for n in components if n.endswith(INPUT)])
    files = {
        "openapi.json": document,
        "article.schema.json": build_json_schema(
            "Article",
            "A whole article, as /articles/{id}/ gives it without `?fields=`.",
            components,
            articles,
        ),
        "blocks.schema.json": build_json_schema(
            "Block",
            "Any block of an article, as it is read: one definition for each type.",
            components,
            blocks,
        ),
        "blocks-input.schema.json": build_json_schema(
            "BlockInput",
            "Any block of an article, as it is written with a token.",
            components,
            inputs,
        ),
    }
    return {name: write_json(content) for name, content in files.items()}


def build_english_schema_files() -> dict[str, str]:
    """Return what ``build_schema_files`` does, in English whatever LANGUAGE_CODE is.

    The labels of model fields become part of the document while the apps start, in the language of
    the project. Where that is another one, a new process starts the project in English.

    Raises:
        MissingApiError: see ``build_document``.
        RuntimeError: the new process has failed.
    """
    if not settings.USE_I18N or settings.LANGUAGE_CODE in {"en", "en-us"}:
        return build_schema_files()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "files.json"
        result = subprocess.run(  # noqa: S603
            [sys.executable, "-c", IN_ENGLISH, str(file)],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
                "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise RuntimeError(result.stderr)
        made = json.loads(file.read_text(encoding="utf-8"))
    if "error" in made:
        raise MissingApiError(made["error"])
    return made["files"]


def write_json(content: Any) -> str:
    """Return JSON as it stands in a file: a line for each value, UTF-8, a line feed at the end."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def build_json_schema(
    title: str, description: str, components: dict[str, Any], names: list[str]
) -> dict[str, Any]:
    """Return a JSON Schema (Draft 2020-12) of any of some components, with all that they need."""
    choices = [{"$ref": f"{DEFINITIONS}{name}"} for name in names]
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        **(choices[0] if len(choices) == 1 else {"oneOf": choices}),
        "$defs": {
            name: to_json_schema(components[name])
            for name in find_parts(components, names)
        },
    }


def to_json_schema(value: Any) -> Any:
    """Return a part of the document without what is OpenAPI's own."""
    if isinstance(value, list):
        return [to_json_schema(child) for child in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, child in value.items():
        if key == "discriminator" and "propertyName" in child:
            continue
        if key == "$ref" and isinstance(child, str):
            made[key] = child.replace(COMPONENTS, DEFINITIONS)
        else:
            made[key] = to_json_schema(child)
    return made


def find_blocks(components: dict[str, Any], names: Iterable[str]) -> list[str]:
    """Return those components that are a block: ``{"type", "id", "value"}``."""
    return [
        name
        for name in names
        if components[name].get("properties", {}).keys() == {"type", "id", "value"}
    ]
