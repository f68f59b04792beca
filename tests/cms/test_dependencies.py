"""The lists of libraries agree with each other, with the code and with their reasons."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cms.settings import env

ROOT = env.REPOSITORY_DIR
OWN_PACKAGES = {"cms", "home", "snippets", "treatments"}


def read_requirements(name: str) -> dict[str, Requirement]:
    """Return the requirements of a file by their normalized names."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    requirements = [
        Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))
    ]
    return {canonicalize_name(each.name): each for each in requirements}


def read_ranges(*, with_project: bool) -> dict[str, Requirement]:
    """Return the ranges of pyproject.toml by their normalized names."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = list(pyproject["project"]["dependencies"])
    if with_project:
        declared += pyproject["dependency-groups"]["project"]
    ranges = [Requirement(each) for each in declared]
    return {canonicalize_name(each.name): each for each in ranges}


def find_imported_distributions(*packages: str) -> set[str]:
    """Return the normalized names of the libraries that packages import."""
    distributions = packages_distributions()
    imported = set()
    for package in packages:
        for file in (ROOT / package).rglob("*.py"):
            # Django writes the imports of migrations, with the paths that it finds.
            if file.parent.name != "migrations":
                imported |= find_imported_modules(file)
    third_party = imported - set(sys.stdlib_module_names) - OWN_PACKAGES
    return {
        canonicalize_name(distribution)
        for module in third_party
        for distribution in distributions.get(module, [module])
    }


def find_imported_modules(file: Path) -> set[str]:
    """Return the top-level modules that a file imports absolutely."""
    modules = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.split(".")[0])
    return modules


def test_requirements_pin_exactly_what_pyproject_allows():
    pins = read_requirements("requirements.txt")
    ranges = read_ranges(with_project=True)
    assert set(pins) == set(ranges)
    for name, allowed in ranges.items():
        (pin,) = pins[name].specifier
        assert allowed.specifier.contains(pin.version), f"{pins[name]} is not {allowed}"
        assert pins[name].extras == allowed.extras


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_to_one_version(name):
    for requirement in read_requirements(name).values():
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", f"{requirement} is not pinned"
        assert "*" not in specifier.version, f"{requirement} is not pinned"


def test_development_tools_stand_on_the_runtime():
    assert "-r requirements.txt" in (ROOT / "requirements-dev.txt").read_text()
    shared = set(read_requirements("requirements.txt")) & set(
        read_requirements("requirements-dev.txt")
    )
    assert shared == set()


def test_the_wheel_declares_every_library_that_its_packages_import():
    imported = find_imported_distributions("snippets", "treatments")
    assert imported <= set(read_ranges(with_project=False))


def test_the_project_declares_every_library_that_it_imports():
    imported = find_imported_distributions("cms", "home")
    assert imported <= set(read_requirements("requirements.txt"))


def test_every_direct_dependency_has_its_reason():
    decision = (ROOT / "docs/decisions/0001-dependencies.md").read_text(
        encoding="utf-8"
    )
    reasons = {
        canonicalize_name(name)
        for name in re.findall(r"^\| `([^`]+)` \|", decision, re.MULTILINE)
    }
    declared = set(read_requirements("requirements.txt")) | set(
        read_requirements("requirements-dev.txt")
    )
    assert reasons == declared
