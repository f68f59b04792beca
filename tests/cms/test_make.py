"""The Makefile tells a newcomer what it can do, and what is wrong before it starts."""

import re
import shutil
import socket
import subprocess
import sys

import pytest

from cms.settings import env

pytestmark = pytest.mark.skipif(
    shutil.which("make") is None, reason="make is not installed"
)


def run_make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in the repository; the arguments are all ours."""
    return subprocess.run(  # noqa: S603
        ["make", *arguments],  # noqa: S607
        cwd=env.REPOSITORY_DIR,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_help_lists_every_command():
    makefile = (env.REPOSITORY_DIR / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    commands = {name for name in phony[1].split() if not name.startswith("check-")}
    listed = set(re.findall(r"^  make ([a-z-]+) +\S", run_make("help").stdout, re.M))
    assert listed == commands
    assert {"help", "demo", "demo-reset", "test", "lint", "format"} <= listed


def test_make_alone_shows_the_help():
    assert run_make().stdout == run_make("help").stdout


def test_a_taken_port_is_said_before_anything_slow():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = run_make("check-port", f"PORT={port}")
    assert result.returncode != 0
    assert f"Port {port} cannot be used" in result.stderr


@pytest.mark.parametrize("port", ["0", "70000", "web"])
def test_an_impossible_port_is_refused(port):
    result = run_make("check-port", f"PORT={port}")
    assert result.returncode != 0
    assert "PORT must be a number" in result.stderr


def test_an_old_python_is_refused(tmp_path):
    old_python = tmp_path / "python"
    old_python.write_text("#!/bin/sh\nexit 1\n")
    old_python.chmod(0o755)
    result = run_make("check-python", f"PYTHON={old_python}", f"VENV={tmp_path}/venv")
    assert result.returncode != 0
    assert f"{old_python} is not Python 3.11 or newer" in result.stderr


def test_a_missing_python_is_said():
    result = run_make("check-python", "PYTHON=", "VENV=/nonexistent")
    assert result.returncode != 0
    assert "No Python 3.11 or newer was found" in result.stderr


def test_a_python_without_venv_is_refused(tmp_path):
    # Stands for Debian's python3 without the python3-venv package.
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)
    result = run_make("check-python", f"PYTHON={python}", f"VENV={tmp_path}/venv")
    assert result.returncode != 0
    assert "apt install python3-venv" in result.stderr
