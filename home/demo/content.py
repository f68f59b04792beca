"""Reads the files of the demonstration. Knows their places and nothing of the database."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "content"
SOURCE_LANGUAGE = "en"
TARGET_LANGUAGES = ("es",)

#: Everything that the demonstration makes has an identifier derived from this one and from its key.
NAMESPACE = uuid.UUID("6f0c9c62-7a5e-5c1d-9b0e-3d1f6a2b8c47")

#: The safe loader; the one in C is about ten times faster, where the library has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DemoContentError(Exception):
    """A file of the demonstration has a mistake; the message names the file and the place."""


def make_uuid(*parts: str) -> uuid.UUID:
    """Return the identifier of something in the demonstration, the same in every run."""
    return uuid.uuid5(NAMESPACE, "/".join(parts))


def read_file(name: str) -> Any:
    """Return what a YAML file below ``content/`` holds.

    Raises:
        DemoContentError: the file is missing or is not YAML.
    """
    try:
        return yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    except FileNotFoundError as error:
        raise DemoContentError(f"{name} is missing.") from error
    except yaml.YAMLError as error:
        raise DemoContentError(f"{name} is not YAML: {error}") from error


def read_image(key: str) -> bytes:
    """Return an image of the demonstration, a PNG file.

    Raises:
        DemoContentError: the file is missing.
    """
    name = f"images/{key}.png"
    try:
        return (FOLDER / name).read_bytes()
    except FileNotFoundError as error:
        raise DemoContentError(f"{name} is missing.") from error


def get_article_file(key: str, language: str) -> str:
    """Return the name of an article's file."""
    return f"{language}/articles/{key}.yaml"


def list_article_keys(language: str = SOURCE_LANGUAGE) -> list[str]:
    """Return the keys of all articles, in alphabetical order."""
    return sorted(file.stem for file in (FOLDER / language / "articles").glob("*.yaml"))


def read_article(key: str, language: str) -> dict[str, Any]:
    """Return one article in one language.

    Raises:
        DemoContentError: the file is missing, is not YAML or belongs to another key.
    """
    name = get_article_file(key, language)
    article = read_file(name)
    if not isinstance(article, dict) or article.get("key") != key:
        raise DemoContentError(
            f"{name}: the key must be {key!r}, like the name of the file."
        )
    return article


def get_field(entry: dict[str, Any], field: str, where: str) -> Any:
    """Return a required field of an entry.

    Raises:
        DemoContentError: the field is not there.
    """
    try:
        return entry[field]
    except KeyError as error:
        raise DemoContentError(f"{where}: {field!r} is missing.") from error
