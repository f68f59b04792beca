"""What a paste keeps and what it leaves out, as the script reads it: many cases in one empty window."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.paste_cases import CASES
from tests.browser.paste_gap_cases import CASES as GAP_CASES

pytestmark = pytest.mark.needs_chromium

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "snippets/static/treatment_snippets/js"

READ = """html => {
    const { blocks, leftOut } = window.treatmentPaste.readPaste(html);
    const mark = run => [...run.styles].reduce(
        (text, style) => ({
            BOLD: `*${text}*`, ITALIC: `/${text}/`, SUPERSCRIPT: `^(${text})`, SUBSCRIPT: `_(${text})`,
        })[style] ?? text,
        run.link ? `[${run.text}](${run.link})` : run.text,
    );
    const prefix = { 'ordered-list-item': '# ', 'unordered-list-item': '- ' };
    const lines = blocks.map(block => (
        '  '.repeat(block.depth) + (prefix[block.type] ?? (block.type === 'unstyled' ? '' : `${block.type}: `))
        + block.runs.map(mark).join('')
    ));
    return { lines, leftOut };
}"""


@pytest.fixture(scope="module")
def window(chromium):
    page = chromium.new_page()
    for name in ("styles", "gaps", "signs", "math", "tables", "reading"):
        page.add_script_tag(path=SCRIPTS / f"paste-{name}.js")
    yield page
    page.close()


@pytest.mark.parametrize("name", CASES)
def test_a_paste_is_read_as_its_author_sees_it(window, name):
    html, lines, left_out = CASES[name]
    read = window.evaluate(READ, html)
    assert read == {"lines": lines, "leftOut": left_out}


@pytest.mark.parametrize("name", GAP_CASES)
def test_what_a_browser_draws_apart_stays_apart(window, name):
    html, lines, left_out = GAP_CASES[name]
    read = window.evaluate(READ, html)
    assert read == {"lines": lines, "leftOut": left_out}
