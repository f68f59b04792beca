"""A small demonstration in the place of the real one."""

from __future__ import annotations

import pytest
import yaml

from home.demo import content
from tests.home.small_demo import (
    ENGLISH,
    REFERENCES,
    SPANISH,
    make_english,
    make_spanish,
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Put a small demonstration in the place of the real one; return its folder."""
    monkeypatch.setattr(content, "FOLDER", tmp_path)

    def write(name, value):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")

    write("images.yaml", {"liver": {"title": "Liver", "drawing": "liver", "seed": 1}})
    write("references.yaml", REFERENCES)
    for language, files, make in (
        ("en", ENGLISH, make_english),
        ("es", SPANISH, make_spanish),
    ):
        for name, value in files.items():
            write(f"{language}/{name}.yaml", value)
        for key, other in (("first", "second"), ("second", "first")):
            write(f"{language}/articles/{key}.yaml", make(key, other))
    return tmp_path
