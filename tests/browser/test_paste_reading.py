"""What a paste keeps and what it leaves out, as the script reads it: many cases in one empty window."""

from __future__ import annotations

from pathlib import Path

import pytest

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

WORD_BULLET = (
    "<p class=MsoListParagraph style='mso-list:l{list} level{level} lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol'><span style='mso-list:Ignore'>{marker}<span>&nbsp;&nbsp; </span></span></span>"
    "<![endif]>{text}</p>"
)


def build_word_list(*items):
    return "".join(
        WORD_BULLET.format(list=0, level=level, marker=marker, text=text)
        for level, marker, text in items
    )


#: Name → pasted HTML, the lines that stay, and what was left out.
CASES = {
    "deleted and inserted": (
        "<p>Take <del>5</del><ins>10</ins> mg</p>",
        ["Take 10 mg"],
        {"struck": ["5"]},
    ),
    "struck": (
        "<p><s>75%</s> 25% of people</p>",
        ["25% of people"],
        {"struck": ["75%"]},
    ),
    "struck in an old tag": (
        "<p><strike>5</strike>10 mg</p>",
        ["10 mg"],
        {"struck": ["5"]},
    ),
    "struck by a style": (
        "<p><span style='color:red;text-decoration:underline line-through'>5</span>10 mg</p>",
        ["10 mg"],
        {"struck": ["5"]},
    ),
    "struck by a longhand": (
        "<p><span style='text-decoration-line: line-through'>5</span>10 mg</p>",
        ["10 mg"],
        {"struck": ["5"]},
    ),
    "struck by a style sheet": (
        "<style><!-- p.MsoNormal{margin:0} span.Old{mso-style-name:Old;text-decoration:line-through} --></style>"
        "<p class=MsoNormal><span class=Old>5</span>10 mg</p>",
        ["10 mg"],
        {"struck": ["5"]},
    ),
    "deleted by a class of Word's": (
        "<p>Take <span class=msoDel>5 </span><span class=msoIns><ins>10</ins></span> mg</p>",
        ["Take 10 mg"],
        {"struck": ["5"]},
    ),
    "struck in pieces": (
        "<p><s><b>About</b></s><s> 75%</s> 25%</p>",
        ["25%"],
        {"struck": ["About 75%"]},
    ),
    "struck twice": (
        "<p><s>a</s> b <s>c</s></p>",
        ["b"],
        {"struck": ["a", "c"]},
    ),
    "inserted, then deleted": (
        "<p>Take <ins>10<del>0</del></ins> mg <del>x<ins>y</ins></del></p>",
        ["Take 10 mg"],
        {"struck": ["0", "xy"]},
    ),
    "one digit changed": (
        "<p>1<del>0</del><ins>5</ins> mg, tum<del>o</del><ins>ou</ins>r</p>",
        ["15 mg, tumour"],
        {"struck": ["0", "o"]},
    ),
    "numbers that only struck words kept apart": (
        "<p>Take 5<del> or </del>10 mg</p>",
        ["Take 5 10 mg"],
        {"struck": ["or"]},
    ),
    "whole paragraphs struck": (
        "<p>a</p><del><p>b</p><p>c</p></del><p>d</p>",
        ["a", "d"],
        {"struck": ["b", "c"]},
    ),
    "a table struck": (
        "<del><table><tr><td>b</td><td>c</td></tr></table></del><p>d</p>",
        ["d"],
        {"struck": ["b", "c"]},
    ),
    "hidden": (
        "<p>shown<span style='display:none'>hidden</span></p>",
        ["shown"],
        {"hidden": ["hidden"]},
    ),
    "hidden and struck by styles with comments": (
        "<p>a<span style='display:/* ; */none'>b</span><b style='text-decoration/**/:line-through'>c</b></p>",
        ["a"],
        {"hidden": ["b"], "struck": ["c"]},
    ),
    "hidden by Word, by visibility, by attribute, by a style sheet": (
        "<style>.x{display:none !important} @media print{.y{display:none}}</style>"
        "<p>a<span style='mso-hide:all'>1</span></p><p style='visibility: hidden'>2</p><p hidden>3</p>"
        "<p class=x>4</p><p class=y>b</p>",
        ["a", "b"],
        {"hidden": ["1", "2", "3", "4"]},
    ),
    "not for people": (
        "<!-- a --><script>b</script><style>p{}</style><title>c</title><template>d</template>"
        "<!--[if gte mso 9]><xml>e</xml><![endif]--><p>f<o:p></o:p></p>",
        ["f"],
        {},
    ),
    "Word's comments": (
        "<p><a style='mso-comment-reference:A_1;mso-comment-date:20260101'>Take</a><span class=MsoCommentReference>"
        "<a class=msocomanchor href='#_msocom_1'>[A1]</a><span style='mso-special-character:comment'>x</span></span>"
        " it</p><div style='mso-element:comment-list'><div style='mso-element:comment'>"
        "<p class=MsoCommentText>Really?</p></div></div>",
        ["Take it"],
        {"comments": ["[A1]x", "Really?"]},
    ),
    "super- and subscript": (
        "<p>10<sup>9</sup>/L, CO<span style='vertical-align:sub'>2</span>, "
        "m<span style='vertical-align: super; font-size: 0.6em'>2</span>, "
        "x<span style='position:relative;top:-4pt;mso-text-raise:4.0pt'>3</span></p>",
        ["10^(9)/L, CO_(2), m^(2), x^(3)"],
        {},
    ),
    "from Google Docs": (
        '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-weight:400;text-decoration:none">Take </span>'
        '<span style="font-weight:400;text-decoration:line-through">5</span>'
        '<span style="font-weight:700;font-style:italic">10 mg</span></p><br />'
        '<ul><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>a</span></p></li>'
        '<ul><li dir="ltr" aria-level="2"><p dir="ltr"><span>b</span></p></li></ul></ul></b>',
        ["Take /*10 mg*/", "- a", "  - b"],
        {"struck": ["5"]},
    ),
    "from LibreOffice": (
        '<p style="line-height: 100%"><strike>5</strike>10\nmg</p>\n<ol>\n\t<li><p>One</p>\n\t<ul>\n\t\t'
        "<li><p>a</p></li>\n\t</ul>\n\t<li><p>Two</p></li>\n</ol>",
        ["10 mg", "# One", "  - a", "# Two"],
        {"struck": ["5"]},
    ),
    "from Word on the web": (
        '<div class="ListContainerWrapper"><ol role="list" start="1"><li role="listitem" data-aria-level="1">'
        '<p><span class="TextRun">One</span></p></li></ol></div>'
        '<div class="ListContainerWrapper"><ul role="list"><li role="listitem" data-aria-level="2"><p>a</p></li></ul></div>'
        '<div class="ListContainerWrapper"><ol role="list" start="2"><li role="listitem" data-aria-level="1">'
        "<p>Two</p></li></ol></div>",
        ["# One", "  - a", "# Two"],
        {},
    ),
    "a table": (
        "<table><tr><td>Warfarin</td><td>5 days before</td></tr><tr><td>Apixaban</td><td>2 days before</td></tr></table>",
        ["Warfarin · 5 days before", "Apixaban · 2 days before"],
        {"tables": []},
    ),
    "a table with a caption, cells of several paragraphs, empty and tall cells": (
        "<table><caption>Doses</caption><tr><th></th><th>Dose</th><th>When</th></tr>"
        "<tr><td rowspan=2><p>A</p></td><td><p>5 mg</p><p>10 mg</p></td><td><s>x</s>y<sup>2</sup></td></tr>"
        "<tr><td><ul><li>1</li><li>2</li></ul></td><td></td></tr><tr><td></td><td></td><td></td></tr></table>",
        ["Doses", "– · Dose · When", "A · 5 mg; 10 mg · y^(2)", "A · 1; 2 · –"],
        {"struck": ["x"], "tables": []},
    ),
    "a table of one column": (
        "<table><tr><td><p>a</p><ul><li>b</li></ul></td></tr></table>",
        ["a", "- b"],
        {},
    ),
    "a numbered list with a list inside": (
        "<ol><li>One<ul><li>a</li></ul></li><li>Two</li></ol>",
        ["# One", "  - a", "# Two"],
        {},
    ),
    "text after a list inside an item": (
        "<ol><li>One<ul><li>a</li></ul>after</li><li>Two</li></ol>",
        ["# One", "  - a", "  - after", "# Two"],
        {},
    ),
    "several paragraphs in an item": (
        "<ul><li><p>Take 5</p><p>10 mg at night</p>then stop</li></ul>",
        ["- Take 5\n10 mg at night\nthen stop"],
        {},
    ),
    "lists of Word, by their markers": (
        build_word_list(
            (1, "·", "bullet"),
            (2, "o", "inner"),
            (3, "§", "innermost"),
            (1, "·", "bullet again"),
        )
        + "<p>text</p>"
        + build_word_list((1, "1)", "one"), (2, "a)", "letter"), (1, "2)", "two")),
        [
            "- bullet",
            "  - inner",
            "    - innermost",
            "- bullet again",
            "text",
            "# one",
            "  # letter",
            "# two",
        ],
        {},
    ),
    "a list that goes on elsewhere": (
        "<ol start=3><li>c</li><li>d</li></ol>",
        ["# c", "# d"],
        {"numbers": []},
    ),
    "a list that leaves a number out": (
        build_word_list((1, "1.", "a"), (1, "3.", "c")),
        ["# a", "# c"],
        {"numbers": []},
    ),
    "paragraphs that look like items": (
        "<p>o dos comprimidos</p><p>a. C. is a name</p><p>5. 10 mg</p>",
        ["o dos comprimidos", "a. C. is a name", "5. 10 mg"],
        {},
    ),
    "lines and paragraphs": (
        "<div>Take 5<br>10 mg<br><br>new</div>text<h3>Head</h3>x",
        ["Take 5\n10 mg", "new", "text", "header-three: Head", "x"],
        {},
    ),
    "a numbered heading of Word": (
        "<h3 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>Head</h3>",
        ["header-three: Head"],
        {},
    ),
    "links": (
        "<p><a href='https://example.org/'>a</a> <a href='javascript:alert(1)'>b</a> <a href='#c'>c</a></p>",
        ["[a](https://example.org/) b c"],
        {},
    ),
    "pictures": ("<p>a<img src='x.png' alt='b'></p>", ["a"], {"pictures": []}),
    "spaces": (
        "<p>\n  a\n  <b> b </b>&nbsp;</p>\n\n<p>&nbsp;</p><p>10&nbsp;mg</p>",
        ["a *b*", "10\u00a0mg"],
        {},
    ),
    "text only": ("a &lt; b", ["a < b"], {}),
}


@pytest.fixture(scope="module")
def window(chromium):
    page = chromium.new_page()
    for name in ("paste-styles.js", "paste-reading.js"):
        page.add_script_tag(path=SCRIPTS / name)
    yield page
    page.close()


@pytest.mark.parametrize("name", CASES)
def test_a_paste_is_read_as_its_author_sees_it(window, name):
    html, lines, left_out = CASES[name]
    read = window.evaluate(READ, html)
    assert read == {"lines": lines, "leftOut": left_out}
