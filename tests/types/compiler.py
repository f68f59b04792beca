"""The tools of npm that make types from the OpenAPI document and compile clients against them.

``make types`` runs this file; the tests use its functions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
DOCUMENT = FOLDER.parent / "snapshots" / "openapi.json"
MODULES = FOLDER / "node_modules"
#: What npm says when no registry can be reached.
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH")


class MissingToolsError(Exception):
    """Node or npm is missing, or npm cannot reach its registry."""


def run(*command: str | Path, folder: Path = FOLDER) -> subprocess.CompletedProcess:
    """Return how a command ended, with all that it said in ``stdout``."""
    return subprocess.run(  # noqa: S603
        [str(part) for part in command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )


def install_tools(folder: Path = FOLDER) -> None:
    """Install what a folder's package-lock.json names into its node_modules, unless it is there.

    Raises:
        MissingToolsError: see there.
        RuntimeError: npm has failed for another reason.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise MissingToolsError("node and npm are not installed")
    lock = (folder / "package-lock.json").read_bytes()
    modules = folder / "node_modules"
    copy = modules / "installed-lock.json"
    if copy.is_file() and copy.read_bytes() == lock:
        return
    # Beside its place, and moved there when it is whole: other tests may do the same.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".install-") as temporary:
        work = Path(temporary)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(folder / name, work)
        result = run(npm, "ci", "--ignore-scripts", folder=work)
        if result.returncode:
            if any(code in result.stdout for code in OFFLINE):
                raise MissingToolsError("npm cannot reach its registry")
            raise RuntimeError(result.stdout)
        (work / "node_modules" / copy.name).write_bytes(lock)
        if modules.exists():
            modules.rename(work / "outdated")
        (work / "node_modules").rename(modules)


def generate_types(document: Path, target: Path) -> None:
    """Write the types of an OpenAPI document.

    Raises:
        RuntimeError: the generator cannot read the document.
    """
    generator = MODULES / ".bin" / "openapi-typescript"
    result = run(generator, document, "--output", target)
    if result.returncode:
        raise RuntimeError(result.stdout)


def find_type_errors(folder: Path, modules: Path = MODULES) -> list[str]:
    """Return what the compiler says about the programs of a folder with a ``tsconfig.json``."""
    compiler = modules / ".bin" / "tsc"
    result = run(compiler, "--project", folder, "--pretty", "false", folder=folder)
    return result.stdout.splitlines() if result.returncode else []


def main() -> int:
    """Generate ``schema.d.ts`` beside this file and compile the programs there."""
    try:
        install_tools()
    except MissingToolsError as error:
        sys.stderr.write(f"{error}.\n")
        return 1
    generate_types(DOCUMENT, FOLDER / "schema.d.ts")
    errors = find_type_errors(FOLDER)
    sys.stdout.write("".join(f"{error}{os.linesep}" for error in errors))
    if not errors:
        sys.stdout.write("Wrote tests/types/schema.d.ts; the programs compile.\n")
    return int(bool(errors))


if __name__ == "__main__":
    sys.exit(main())
