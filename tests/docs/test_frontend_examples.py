"""The examples of “The first fetch” run against a server, or compile with the generated types."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from wagtail.contrib.redirects.models import Redirect

from tests import factories, live_server
from tests.docs import parameter_reference, reading
from tests.docs.site import SLUG
from tests.types import compiler

if TYPE_CHECKING:
    from pathlib import Path

    from treatments.models import TreatmentPage

database, server = live_server.database, live_server.server

DOCUMENT = parameter_reference.FILE
PATH = f"/es/treatments/{SLUG}/"
OLD_PATH = "/es/antes"
#: Language of an example → the program that runs it and the ending of its file.
PROGRAMS = {"javascript": ("node", "mjs"), "python": (sys.executable, "py")}


def find_examples(language: str, heading: str = "The first fetch") -> list[str]:
    """Return the examples of a language below a heading."""
    return [
        fence.body
        for fence in reading.find_fences(reading.read(DOCUMENT))
        if fence.language == language and fence.heading == heading
    ]


@pytest.fixture
def spanish(server) -> TreatmentPage:
    """A Spanish article with every block type, and a redirect to it."""
    home = factories.create_site()
    factories.create_spanish_tree(home)
    article, _sampler = factories.create_full_article(
        home.index, factories.create_targets(home.index), slug=SLUG
    )
    spanish = factories.to_spanish(article)
    Redirect.objects.create(old_path=OLD_PATH, redirect_page=spanish, is_permanent=True)
    return spanish


def run(
    language: str, source: str, server: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Return how a program ended that reads from this server."""
    program, ending = PROGRAMS[language]
    file = folder / f"example.{ending}"
    file.write_text(source.replace("http://127.0.0.1:8000", server), "utf-8")
    return subprocess.run(  # noqa: S603
        [program, str(file)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.parametrize("language", sorted(PROGRAMS))
def test_an_example_reads_an_article(language, spanish, server, tmp_path):
    if shutil.which(PROGRAMS[language][0]) is None:
        pytest.skip(f"{PROGRAMS[language][0]} is missing")
    (source,) = find_examples(language)
    for path in (PATH, OLD_PATH):
        assert PATH in source
        result = run(language, source.replace(PATH, path), server, tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout.splitlines()[0] == spanish.title
        assert "/en/treatments/surgery-metastatic-breast-cancer/" in result.stdout
    result = run(language, source.replace(PATH, "/es/nothing/"), server, tmp_path)
    assert result.returncode == 1
    assert "Not found: There is no public page at this path." in result.stderr


def write_examples(folder: Path) -> dict[str, str]:
    """Write the examples of TypeScript, Next.js and Astro where their first lines say."""
    files = {}
    for language in ("typescript", "tsx", "astro"):
        (source,) = find_examples(language)
        match = re.search(r"^// (\S+)$", source, re.MULTILINE)
        assert match
        name = match[1]
        if language == "astro":
            name = f"{name}.ts"
            # What stands between the fences runs in a function that may return.
            script = source.split("---\n")[1]
            imports = re.findall(r"^import .*\n", script, re.MULTILINE)
            body = re.sub(r"^import .*\n", "", script, flags=re.MULTILINE)
            source = f"{''.join(imports)}export async function run() {{\n{body}return article;\n}}\n"
        files[name] = source
    for name, source in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return files


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder with the examples, the types of the API and those of the frameworks."""
    try:
        compiler.install_tools()
    except compiler.MissingToolsError as error:
        pytest.skip(f"The examples are not compiled: {error}")
    write_examples(tmp_path)
    shutil.copy(compiler.FOLDER / "frameworks.d.ts", tmp_path)
    config = (compiler.FOLDER / "tsconfig.json").read_text(encoding="utf-8")
    everything = '"include": ["**/*.ts", "**/*.tsx"]'
    config = config.replace('"include": ["*.ts", "*.tsx"]', everything)
    (tmp_path / "tsconfig.json").write_text(config, encoding="utf-8")
    compiler.generate_types(compiler.DOCUMENT, tmp_path / "lib" / "schema.d.ts")
    return tmp_path


def test_the_examples_of_the_frameworks_compile(project):
    page = project / "app" / "[...path]" / "page.tsx"
    source = page.read_text(encoding="utf-8")
    # One start of the compiler says that the examples are right, and that it would find what is not.
    wrong = page.with_name("wrong.tsx")
    wrong.write_text(source.replace("article.seo.title", "article.seo.titel"))
    errors = compiler.find_type_errors(project)
    assert "'titel' does not exist" in errors[0]
    assert [error for error in errors if "/wrong.tsx" not in error] == []


def test_the_table_of_parameters_is_up_to_date():
    document = reading.read(DOCUMENT)
    assert parameter_reference.replace_reference(document) == document
    assert "| `search` | text |" in document
    assert parameter_reference.build_reference().count("\n") > 20
