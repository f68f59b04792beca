"""A small demonstration in the place of the real one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest

from home.demo import content, loader
from tests.home.small_demo import write_files
from tests.shared import share


def load_small_demo() -> loader.Loaded:
    """Load the small demonstration; return what was added."""
    with TemporaryDirectory() as folder, patch.object(content, "FOLDER", Path(folder)):
        write_files(content.FOLDER)
        return loader.load()


def load_english() -> None:
    """Load the small demonstration up to its first translation, where the run is interrupted."""
    with (
        patch.object(loader, "translate_snippets", side_effect=KeyboardInterrupt),
        suppress(KeyboardInterrupt),
    ):
        load_small_demo()


shared_small_demo = share("shared_small_demo", load_small_demo)
shared_english = share("shared_english", load_english)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Put a small demonstration in the place of the real one; return its folder."""
    monkeypatch.setattr(content, "FOLDER", tmp_path)
    write_files(tmp_path)
    return tmp_path


@pytest.fixture
def loaded(folder, shared_small_demo):
    """Load the small demonstration; return what was added."""
    return shared_small_demo


@pytest.fixture
def english(folder, shared_english):
    """Load the small demonstration without its translations; return its folder."""
    return folder
