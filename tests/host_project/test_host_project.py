"""The wheel in somebody else's project, which has a ``cms`` and a ``home`` of its own."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.version import Version

from cms.settings import env
from tests.databases import make_fingerprint

PROJECT = Path(__file__).parent / "project"
PACKAGES = ("snippets", "treatments")
#: Everything that a careless list of packages might put into the wheel.
SOURCES = (*PACKAGES, "cms", "home", "tests", "docs")
FILES = ("pyproject.toml", "README.md", "LICENSE", "manage.py")

pytestmark = pytest.mark.skipif(
    Version(version("setuptools")) < Version("77"),
    reason="setuptools is too old to build the wheel: install requirements-dev.txt",
)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Build the wheel from a copy, so that nothing is left behind in the repository."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copytree(
            env.REPOSITORY_DIR / name,
            source / name,
            ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
        )
    for name in FILES:
        shutil.copy(env.REPOSITORY_DIR / name, source)
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    run("-m", "pip", "wheel", *options, "--wheel-dir", str(folder), ".", cwd=source)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """Return a folder that holds what the wheel installs, and nothing else of this repository."""
    folder = tmp_path_factory.mktemp("installed") / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    # As pip does: none of the processes below may write a file here.
    compileall.compile_dir(folder, quiet=1)
    return folder


#: In one process, because most of its time goes into its start.
PREPARATION = """
import django
from django.core.management import call_command

django.setup()
call_command("check")
call_command("makemigrations", name="initial")
"""


class Clinic(NamedTuple):
    """The folder of the clinic's data, with the migrations of its own models, and what the check said."""

    folder: Path
    checked: str


@pytest.fixture(scope="session")
def clinic(installed, tmp_path_factory):
    """Check the clinic's project and make its migrations."""
    folder = tmp_path_factory.mktemp("clinic")
    (folder / "clinic_migrations").mkdir()
    (folder / "clinic_migrations" / "__init__.py").touch()
    before = sorted(installed.rglob("*"))
    checked = run(
        *("-W", "error", "-c", PREPARATION),
        cwd=PROJECT,
        path=[installed, PROJECT, folder],
        DJANGO_SETTINGS_MODULE="cms.settings",
        CLINIC_DATA_DIR=folder,
    )
    assert sorted(installed.rglob("*")) == before, "a migration of ours was missing"
    return Clinic(folder, checked)


def run(*arguments, cwd, path=(), **variables) -> str:
    """Run Python as a process of its own and return what it says; fail with that if it fails."""
    result = run_unchecked(*arguments, cwd=cwd, path=path, **variables)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def run_unchecked(*arguments, cwd, path=(), **variables) -> subprocess.CompletedProcess:
    """Run Python as a process of its own, without what is set for these tests."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST", "DJANGO", "PYTHON"))
    }
    return subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=cwd,
        env={
            **inherited,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(str(each) for each in path),
            **{name: str(value) for name, value in variables.items()},
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_wheel_holds_the_plugins_with_their_files_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    metadata = {name for name in names if ".dist-info/" in name}
    expected = {
        file.relative_to(env.REPOSITORY_DIR).as_posix()
        for package in PACKAGES
        for file in (env.REPOSITORY_DIR / package).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    assert names - metadata == expected
    kinds = {Path(name).suffix for name in expected}
    assert {".py", ".html", ".svg", ".css", ".js", ".po", ".mo"} <= kinds
    assert any(name.endswith("/licenses/LICENSE") for name in metadata)


def test_another_project_runs_with_the_wheel(installed, clinic, request):
    # Migrated once, until the wheel, the project or a library changes, like our own database.
    kept = request.config.cache.mkdir("clinic")
    sources = [
        make_fingerprint(folder, folder.rglob("*.py"))
        for folder in (installed, PROJECT)
    ]
    template = kept / f"{'-'.join(sources)}.sqlite3"
    database = clinic.folder / "test.sqlite3"
    if template.exists():
        shutil.copyfile(template, database)
    run(
        *("-m", "pytest", "-p", "no:cacheprovider", "-q", "--reuse-db"),
        *("-p", "pytest_django.plugin", "-p", "pytest_randomly"),
        *("-c", "pytest.ini", "--rootdir", ".", "--confcutdir", "."),
        cwd=PROJECT,
        path=[installed, PROJECT, clinic.folder],
        CLINIC_DATA_DIR=clinic.folder,
        PYTEST_DISABLE_PLUGIN_AUTOLOAD=1,
    )
    if not template.exists():
        for old in kept.glob("*.sqlite3"):
            old.unlink()
        shutil.copyfile(database, kept / "part")
        (kept / "part").rename(template)


CARELESS_APP = """
from django.db import models
from wagtail import blocks
from treatments.fields import ArticleStreamField

class Careless(models.Model):
    tips = ArticleStreamField([("tips", blocks.ListBlock(blocks.CharBlock()))])
"""

WRONG_ORDER = """
INSTALLED_APPS.remove("treatments")
INSTALLED_APPS.append("treatments")
"""
BAD_SETTINGS = """
TREATMENTS = {"FRONTEND": "x", "FRONTEND_URL": "www.example.org"}
"""
#: Mistake → what the check says of it.
MESSAGES = {
    "apps in the wrong order": [
        "(treatments.E001) 'treatments' stands behind a Wagtail app"
    ],
    "bad settings": [
        "(treatments.E003) TREATMENTS has an unknown setting 'FRONTEND'.",
        "(treatments.E003) TREATMENTS['FRONTEND_URL'] must be None or start",
    ],
    "text in a ListBlock": [
        "careless.Careless: (treatments.E004) The block 'tips.tips.item' holds"
    ],
}


def check(installed: Path, folder: Path, changes: str, files: dict[str, str]) -> str:
    """Return how the check of a project fails whose settings end with changes, and that has more files."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(content, encoding="utf-8")
    (folder / "changed.py").write_text(f"from cms.settings import *\n{changes}")
    result = run_unchecked(
        *("-m", "django", "check", "--settings", "changed"),
        cwd=folder,
        path=[folder, installed, PROJECT],
        CLINIC_DATA_DIR=folder,
    )
    assert result.returncode != 0
    return result.stderr


@pytest.fixture(scope="session")
def mistakes(installed, tmp_path_factory):
    """Return what the check says of a project with all the mistakes that it finds in one go."""
    return check(
        installed,
        tmp_path_factory.mktemp("mistakes"),
        f"{WRONG_ORDER}{BAD_SETTINGS}INSTALLED_APPS.append('careless')",
        {"careless/__init__.py": "", "careless/models.py": CARELESS_APP},
    )


@pytest.mark.parametrize("name", MESSAGES)
def test_the_check_finds(mistakes, name):
    for message in MESSAGES[name]:
        assert mistakes.count(message) == 1
    assert mistakes.count("(treatments.") == sum(map(len, MESSAGES.values())), mistakes


@pytest.mark.parametrize(
    ("changes", "files", "message"),
    [
        pytest.param(
            "INSTALLED_APPS.remove('snippets')",
            {},
            "'treatments' needs 'snippets' in INSTALLED_APPS",
            id="snippets not installed",
        ),
        pytest.param(
            "",
            {"snippets/__init__.py": ""},
            "hidden by another module",
            id="snippets hidden by another package",
        ),
    ],
)
def test_the_check_says_what_keeps_the_project_from_starting(
    installed, tmp_path, changes, files, message
):
    said = check(installed, tmp_path, changes, files)
    assert message in said
    assert "(treatments.E002)" in said


def test_the_check_finds_nothing_in_the_project_as_it_is(clinic):
    assert "no issues" in clinic.checked
