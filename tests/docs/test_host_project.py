"""The project that the host developers' guide builds works."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.docs import checks, reading
from tests.docs.host_project import BASE_SETTINGS
from tests.docs.reading import HOST


def build_host_project(
    folder, files: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Write somebody else's project into a folder and run it."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        (file.parent / "__init__.py").touch()
        if name == "project/settings.py":
            content = BASE_SETTINGS + content
        file.write_text(content, encoding="utf-8")
    return subprocess.run(  # noqa: S603
        [sys.executable, str(reading.REPOSITORY / "tests" / "docs" / "host_project.py")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(reading.REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )  # fmt: skip


def test_the_host_project_works(tmp_path):
    files = checks.find_files(reading.read(HOST))
    assert files.keys() == {
        "project/settings.py",
        "project/urls.py",
        "articles/models.py",
        "articles/blocks.py",
        "articles/sharing.py",
    }
    result = build_host_project(tmp_path, files)
    assert result.returncode == 0, result.stderr


def test_a_host_project_with_the_apps_in_the_wrong_order_fails(tmp_path):
    files = checks.find_files(reading.read(HOST))
    settings = files["project/settings.py"]
    files["project/settings.py"] = settings.replace(
        '    "treatments",\n', "", 1
    ).replace('    "modelcluster",\n', '    "treatments",\n    "modelcluster",\n')
    assert "treatments.E001" in build_host_project(tmp_path, files).stderr
