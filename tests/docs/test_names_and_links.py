"""Every name in the documents exists, and every link leads somewhere."""

from __future__ import annotations

import ast
import re

from tests.docs import checks, reading
from tests.docs.checks import collect
from tests.docs.reading import HOST, OPERATORS
from treatments.conf import RULES, SETTINGS, ReviewPolicy, TreatmentsConf


def test_names_in_code_style_exist():
    assert collect(checks.check_names) == []


def test_no_document_names_a_place_on_one_machine():
    assert collect(checks.check_machine_paths) == []


def test_the_rows_of_a_table_have_as_many_cells_as_its_head():
    documents = [*reading.DOCUMENTS, *reading.OTHERS]
    assert collect(checks.check_tables, documents) == []


def test_links_and_images_lead_somewhere():
    documents = [*reading.DOCUMENTS, *reading.OTHERS]
    problems = [
        f"{path.name}: {problem}"
        for path in documents
        for problem in reading.find_link_problems(reading.read(path), path.parent)
    ]
    assert problems == []


def test_every_document_is_in_the_table_of_contents():
    contents = reading.REPOSITORY / "docs" / "README.md"
    folder = contents.parent
    linked = set(re.findall(r"\]\(([\w./-]+\.md)\)", reading.read(contents)))
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.md")}
    assert found - {"README.md"} <= linked


def test_images_are_small_and_used():
    images = sorted((reading.REPOSITORY / "docs" / "images").iterdir())
    texts = "".join(reading.read(path) for path in reading.DOCUMENTS)
    assert images
    assert [checks.check_image(path) for path in images] == [[]] * len(images)
    assert [path.name for path in images if f"images/{path.name})" not in texts] == []


def test_operators_learn_about_every_variable():
    rows = reading.find_table(reading.read(OPERATORS), "variables")
    named = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row[0])]
    assert sorted(named) == sorted(checks.find_variables())


def find_defaults(marker: str) -> dict[str, str]:
    """Return names and defaults of a table; words may follow a default."""
    rows = reading.find_table(reading.read(HOST), marker)
    return {row[0].strip("`"): row[1].split("`")[1] for row in rows}


def test_every_setting_is_documented_with_its_default():
    defaults = find_defaults("settings")
    assert set(defaults) == set(SETTINGS)
    # Said in words, and by a path that stays importable.
    del defaults["IMAGE_RENDITIONS"], defaults["PREVIEW_VIEW"]
    given = {name: ast.literal_eval(default) for name, default in defaults.items()}
    assert TreatmentsConf.model_validate(given) == TreatmentsConf()


def test_every_rule_about_reviews_is_documented_with_its_default():
    defaults = find_defaults("rules")
    assert set(defaults) == set(RULES)
    given = {name: ast.literal_eval(default) for name, default in defaults.items()}
    assert ReviewPolicy.model_validate(given) == ReviewPolicy()


def test_make_commands_in_the_sentences_exist():
    named = {
        name
        for path in reading.DOCUMENTS
        for name in re.findall(
            r"\bmake ([a-z-]+)", " ".join(reading.find_code(reading.read(path)))
        )
    }
    assert {"demo", "demo-reset", "test"} <= named <= checks.find_make_targets()
