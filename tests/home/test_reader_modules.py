"""The reader's modules can get hashed names: a circle of imports would never settle."""

from __future__ import annotations

import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings

READER = Path(dict(settings.STATICFILES_DIRS)["reader"])
IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")


def read_imports(folder: Path) -> dict[str, set[str]]:
    """Return the modules of a folder, and what each imports, as paths below it."""
    return {
        str(file.relative_to(folder)): {
            str((file.parent / found).resolve().relative_to(folder.resolve()))
            for found in IMPORT.findall(file.read_text())
        }
        for file in folder.rglob("*.js")
    }


def test_no_modules_of_the_reader_import_each_other_in_a_circle():
    imports = read_imports(READER)
    order = list(TopologicalSorter(imports).static_order())
    assert {"main.js", "api.js", "draft/review.js"} <= set(order)
    missing = [name for name in order if not (READER / name).exists()]
    assert not missing


def test_a_circle_is_noticed(tmp_path):
    (tmp_path / "one.js").write_text('import { two } from "./two.js";')
    (tmp_path / "two.js").write_text('export { one } from "./one.js";')
    with pytest.raises(CycleError):
        list(TopologicalSorter(read_imports(tmp_path)).static_order())
