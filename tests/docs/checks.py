"""What is checked in the documents. Each function returns one sentence for each thing that is wrong."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import tempfile
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import global_settings
from django.core.management import CommandError, get_commands, load_command_class
from django.core.management.base import BaseCommand

from cms.settings import base
from tests.docs.reading import (
    DOCUMENTS,
    REPOSITORY,
    find_code,
    find_fences,
    read,
    remove_fences,
)
from treatments.conf import SETTINGS, find_setting_errors
from treatments.delivery.checks import find_errors

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = {
    "http", "json", "python", "javascript", "sh", "typescript", "tsx", "astro", "vcl",
    "nginx", "mermaid",
}  # fmt: skip
#: Places that exist on one machine only.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|tmp|root|home|usr|opt)/|\.local\b")
CELL_BORDER = re.compile(r"(?<!\\)\|")
#: What documents show of somebody else's project.
HOST_NAMES = ("articles.", "articles/", "project/")
#: Wagtail's settings for a project's own models, which this project does not use.
MODEL_SETTINGS = ("WAGTAILIMAGES_IMAGE_MODEL", "WAGTAILDOCS_DOCUMENT_MODEL")
MAX_IMAGE_BYTES = 400 * 1024


def collect(check: Callable[[str], list[str]], documents=DOCUMENTS) -> list[str]:
    """Return what a check finds in the documents, with the name of each."""
    return [
        f"{path.name}: {problem}" for path in documents for problem in check(read(path))
    ]


def find_variables() -> set[str]:
    """Return the variables that .env.example explains."""
    example = read(REPOSITORY / ".env.example")
    return set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def find_make_targets() -> set[str]:
    """Return the commands of the Makefile."""
    makefile = read(REPOSITORY / "Makefile")
    return set(re.findall(r"^([a-z-]+):[^#=]*## ", makefile, re.MULTILINE))


def check_languages(text: str) -> list[str]:
    """Every example has a language for which there is a check."""
    return [
        f"No check for an example in {fence.language or 'no language'}: {fence.body[:40]!r}"
        for fence in find_fences(text)
        if fence.language not in LANGUAGES
    ]


def check_machine_paths(text: str) -> list[str]:
    """Nothing names a place that exists on one machine only."""
    return [
        f"A path of one machine: {line}"
        for line in text.splitlines()
        if MACHINE_PATHS.search(line)
    ]


def check_tables(text: str) -> list[str]:
    """Every row of a table has as many cells as its head."""
    problems, wanted = [], 0
    for line in remove_fences(text).splitlines():
        cells = len(CELL_BORDER.findall(line)) if line.startswith("|") else 0
        wanted = wanted if wanted and cells else cells
        if cells != wanted:
            problems.append(f"A row with other cells than its table: {line}")
    return problems


def check_image(path: Path) -> list[str]:
    """An image is a PNG and not too large to download."""
    content = path.read_bytes()
    problems = []
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        problems.append(f"{path.name} is no PNG")
    if len(content) > MAX_IMAGE_BYTES:
        problems.append(f"{path.name} has {len(content)} bytes")
    return problems


def check_shell(text: str) -> list[str]:
    """Every command of a shell example exists, and takes these arguments."""
    problems = []
    for fence in find_fences(text):
        if fence.language == "sh":
            for line in filter(None, map(str.strip, fence.body.splitlines())):
                problems += [
                    f"{line}: {problem}" for problem in find_command_problems(line)
                ]
    return problems


def find_command_problems(line: str) -> list[str]:
    """Return what is wrong with one line of a shell example."""
    words = shlex.split(line)
    if words[0] == "export":
        words = words[1:]
    if "=" in words[0]:
        name, _equals, value = words[0].partition("=")
        if name == "DJANGO_SETTINGS_MODULE":
            return [] if find_spec(value) else [f"no module {value}"]
        return [] if name in find_variables() else [f"no variable {name}"]
    program = words[0].removeprefix(".venv/bin/")
    if program == "make":
        return find_make_problems(words[1:])
    if program == "python" and words[1] == "manage.py":
        return find_manage_problems(words[2:])
    if program == "python" and words[1] == "-c":
        compile(words[2], "<shell>", "exec")
        return []
    if program == "python" and words[1:3] == ["-m", "pip"]:
        return find_pip_problems(words[3:])
    if program == "npx":
        return find_npx_problems(words[1])
    if program in {"gunicorn", "sqlite3"}:
        return find_program_problems(program, words[1])
    return [f"no check for {program}"]


def find_npx_problems(tool: str) -> list[str]:
    """Return the tool if it is not among those that the types are made with."""
    tools = json.loads(read(REPOSITORY / "tests" / "types" / "package.json"))
    return [] if tool in tools["devDependencies"] else [f"no tool {tool}"]


def find_program_problems(program: str, argument: str) -> list[str]:
    """Return a module that gunicorn would not find, or a database that is not the default one."""
    if program == "gunicorn":
        return [] if find_spec(argument) else [f"no module {argument}"]
    default = (base.BASE_DIR / ".data" / "db.sqlite3").relative_to(base.BASE_DIR)
    return [] if argument == str(default) else ["not the default database"]


def find_make_problems(words: list[str]) -> list[str]:
    """Return the words behind “make” that are neither a command nor PORT or PYTHON."""
    return [
        f"no make command {word}"
        for word in words
        if word not in find_make_targets()
        and word.split("=")[0] not in {"PORT", "PYTHON"}
    ]


def find_manage_problems(words: list[str]) -> list[str]:
    """Return what Django says of a command and its arguments."""
    name, *arguments = words
    origin = get_commands().get(name)
    if origin is None:
        return [f"no command {name}"]
    command = (
        origin
        if isinstance(origin, BaseCommand)
        else load_command_class(str(origin), name)
    )
    parser = command.create_parser("manage.py", name)
    parser.called_from_command_line = False
    try:
        parser.parse_args(arguments)
    except (CommandError, SystemExit) as error:
        return [str(error)]
    return []


def find_pip_problems(words: list[str]) -> list[str]:
    """Return the files behind “pip” that are not there, and a wheel of another version."""
    project = tomllib.loads(read(REPOSITORY / "pyproject.toml"))["project"]
    wheel = f"dist/{project['name'].replace('-', '_')}-{project['version']}-py3-none-any.whl"
    problems = []
    for word in words:
        if word.endswith(".whl") and word != wheel:
            problems.append(f"the wheel is {wheel}")
        if word.endswith(".txt") and not (REPOSITORY / word).is_file():
            problems.append(f"no file {word}")
    return problems


def check_javascript(text: str, folder: Path) -> list[str]:
    """Node can read every JavaScript example."""
    node = shutil.which("node")
    if node is None:
        raise LookupError("node is missing")
    problems = []
    for number, fence in enumerate(find_fences(text)):
        if fence.language == "javascript":
            file = folder / f"example-{number}.mjs"
            file.write_text(fence.body, encoding="utf-8")
            result = subprocess.run(  # noqa: S603
                [node, "--check", str(file)],
                capture_output=True,
                text=True,
                timeout=600,
                check=False,
            )
            if result.returncode:
                problems.append(result.stderr.strip().splitlines()[-3])
    return problems


def find_scripts(text: str) -> list[str]:
    """Return the Python examples that are not a file of somebody else's project."""
    return [
        fence.body
        for fence in find_fences(text)
        if fence.language == "python"
        and not re.match(r"# \w+/\w+\.py\n", fence.body)
    ]  # fmt: skip


def find_files(text: str) -> dict[str, str]:
    """Return the Python examples that are files of somebody else's project, by their path."""
    found = {}
    for fence in find_fences(text):
        match = re.match(r"# (\w+/\w+\.py)\n", fence.body)
        if fence.language == "python" and match:
            found[match[1]] = fence.body
    return found


def run_script(source: str, urlopen: Any) -> dict[str, Any]:
    """Run a Python example with requests that go to ``urlopen``; return its names."""
    names: dict[str, Any] = {"print": lambda *_words: None}
    code = compile(source, "<example>", "exec")
    import urllib.request

    original = urllib.request.urlopen
    urllib.request.urlopen = urlopen
    try:
        exec(code, names)  # noqa: S102
    finally:
        urllib.request.urlopen = original
    return names


def check_names(text: str) -> list[str]:
    """Everything in code style that looks like a name of ours exists."""
    problems = []
    for code in find_code(text):
        if code.startswith(HOST_NAMES):
            continue
        if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", code) and len(code) > 2:
            if not is_setting(code):
                problems.append(f"No setting or variable {code}")
        elif re.fullmatch(r"(treatments|snippets|treatment_snippets|cms|home)(\.\w+)+", code):  # fmt: skip
            if not is_importable(code):
                problems.append(f"No {code}")
        elif re.fullmatch(r"[\w.]+(/[\w.]+)+\.\w+|\.env\.example", code):
            if not (REPOSITORY / code).is_file():
                problems.append(f"No file {code}")
        elif match := re.match(r"make ([a-z-]+)", code):
            problems += find_make_problems([match[1]])
    return problems


def is_setting(name: str) -> bool:
    """Tell whether a name is a variable of .env.example, a key of TREATMENTS or a setting that is in use or Django's."""
    places = (base, global_settings)
    return name in {*find_variables(), *SETTINGS, *MODEL_SETTINGS} or any(
        hasattr(place, name) for place in places
    )


def is_importable(name: str) -> bool:
    """Tell whether a dotted name is a module, something in one, a model or the id of a system check."""
    if re.fullmatch(r"treatments\.[EW]\d{3}", name):
        files = ("checks.py", "apps.py")
        return any(name in read(REPOSITORY / "treatments" / file) for file in files)
    label, _dot, last = name.rpartition(".")
    if label in apps.app_configs and last[0].isupper():
        return last.lower() in apps.all_models[label]
    if label.startswith("cms.settings") or name.startswith(("cms.wsgi", "cms.asgi")):
        return find_spec(name) is not None
    try:
        import_module(name)
    except ImportError:
        try:
            return hasattr(import_module(label), last)
        except ImportError:
            return False
    return True


def check_settings_example(source: str) -> list[str]:
    """Return what the product says of an example of its setting."""
    names: dict[str, Any] = {}
    exec(compile(source, "<settings>", "exec"), names)  # noqa: S102
    if "WAGTAILFRONTENDCACHE" in names:
        caches = names["WAGTAILFRONTENDCACHE"].values()
        return [error for params in caches for error in find_errors(params)]
    return find_setting_errors(names["TREATMENTS"])


def check_vcl(text: str) -> list[str]:
    """A configuration of Varnish takes what our backend sends, and refuses what would ban more."""
    problems = []
    for fence in find_fences(text):
        if fence.language != "vcl":
            continue
        for method in ("BAN", "PURGE"):
            if f'req.method == "{method}"' not in fence.body:
                problems.append(f"no {method}")
        allowed = re.search(r'req\.http\.Surrogate-Key !~ "([^"]+)"', fence.body)
        banned = re.search(r'obj\.http\.Surrogate-Key ~ ([^"]+)".*?"([^"]+)"\)\) \{', fence.body, re.DOTALL)  # fmt: skip
        if allowed is None or banned is None:
            problems.append("no tags")
            continue
        for sent, is_allowed in (("article-1 page-0a", True), ("a|.*", False), ("", False)):  # fmt: skip
            if bool(re.search(allowed[1], sent)) != is_allowed:
                problems.append(f"wrong for {sent!r}")
        pattern = f"{banned[1]}article-1|page-0a{banned[2]}"
        for tags, is_banned in (("sites page-0a", True), ("article-12 page-0", False)):
            if bool(re.search(pattern, tags)) != is_banned:
                problems.append(f"wrong for {tags!r}")
        problems += compile_vcl(fence.body)
    return problems


def check_nginx(text: str) -> list[str]:
    """A place of nginx for uploads is the one that the text names, answers nobody from outside, and has the folder."""
    problems = []
    named = set(re.findall(r"MEDIA_INTERNAL_URL=(/[\w/-]+/)", text))
    for fence in find_fences(text):
        if fence.language != "nginx":
            continue
        place = re.search(
            r"location (\S+) \{\n\s+internal;\n\s+alias (\S+);\n\}", fence.body
        )
        if place is None:
            problems.append("no internal place with an alias")
        elif place[1] not in named or not place[2].endswith("/media/"):
            problems.append(f"{place[1]} is not the place of uploads: {sorted(named)}")
    return problems


def compile_vcl(source: str) -> list[str]:
    """Return what Varnish says of a configuration, where it is installed."""
    varnish = shutil.which("varnishd")
    if varnish is None:
        return []
    with tempfile.NamedTemporaryFile("w", suffix=".vcl") as file:
        file.write(source)
        file.flush()
        # Varnish reads it as a user of its own.
        Path(file.name).chmod(0o644)
        result = subprocess.run(  # noqa: S603
            [varnish, "-C", "-f", file.name],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    return [result.stderr] if result.returncode else []
