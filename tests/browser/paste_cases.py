"""What is pasted, what stays of it, and what is left out."""

from __future__ import annotations

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
        {"numbers": []},
    ),
    "a list that goes on elsewhere": (
        "<ol start=3><li>c</li><li>d</li></ol>",
        ["# c", "# d"],
        {"numbers": []},
    ),
    "lists with letters, Roman numerals, and backwards": (
        "<ol type=a><li>a</ol><p>b</p><ol style='list-style:upper-roman'><li>c</ol>",
        ["# a", "b", "# c"],
        {"numbers": []},
    ),
    "a list that counts down": (
        "<ol reversed><li>a</ol>",
        ["# a"],
        {"numbers": []},
    ),
    "an item with a letter": (
        "<ol><li style='list-style-type:lower-alpha'>a</ol>",
        ["# a"],
        {"numbers": []},
    ),
    "a list of Word with letters": (
        build_word_list((1, "a)", "a"), (1, "b)", "b")),
        ["# a", "# b"],
        {"numbers": []},
    ),
    "a list that begins anew beside another": (
        "<ol><li>a</ol><ol><li>b</ol>",
        ["# a", "# b"],
        {"numbers": []},
    ),
    "lists with the numbers that they get here": (
        "<ol type=1><li>a<ol><li>b</ol><li>c<ol start=1><li>d</ol></ol><ul type=disc><li>e</ul>",
        ["# a", "  # b", "# c", "  # d", "- e"],
        {},
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
        {"links": ["b", "c"]},
    ),
    "a telephone number": (
        "<p><a href='tel:+18005550100'>1-800-555-0100</a></p>",
        ["[1-800-555-0100](tel:+18005550100)"],
        {},
    ),
    "rows that are hidden or struck": (
        "<table><tr style='display:none'><td>Old dose<td>500 mg<tr style='text-decoration:line-through'><td>a<td>1"
        "<tr hidden><td>b<td>2<tr><td>New dose<td>50 mg<tr style='font-weight:bold'><td>c<td>3</table>",
        ["New dose · 50 mg", "*c* · *3*"],
        {
            "hidden": ["Old dose", "500 mg", "b", "2"],
            "struck": ["a", "1"],
            "tables": [],
        },
    ),
    "parts of a table that are hidden": (
        "<style>.old{display:none}</style><table><caption hidden>t</caption><tbody class=old><tr><td>a<td>1</tbody>"
        "<tbody><tr><td>b<td>2</tbody><tfoot style='mso-hide:all'><tr><td>c<td>3</tfoot></table>",
        ["b · 2"],
        {"hidden": ["t", "a", "1", "c", "3"], "tables": []},
    ),
    "a table that is hidden": (
        "<table style='display:none'><tr><td>a<td>1</table><table hidden><tr><td>b</table>c",
        ["c"],
        {"hidden": ["a", "1", "b"]},
    ),
    "columns that are hidden": (
        "<table><colgroup><col><col style='display:none' span=2><col></colgroup>"
        "<tr><td>a<td rowspan=2>1<td>2<td>b<tr><td>c<td>3<td>d<tr><td colspan=3>e<td>f</table>",
        ["a · b", "c · d", "e · f"],
        {"hidden": ["1", "2", "3"], "tables": []},
    ),
    "a struck row below a tall cell": (
        "<table><tr><td rowspan=2>a<td>1<tr style='text-decoration:line-through'><td>2<tr><td>b<td>3</table>",
        ["a · 1", "b · 3"],
        {"struck": ["2"], "tables": []},
    ),
    "lists and other containers that are hidden or struck": (
        "<ul hidden><li>a</ul><ol style='visibility:hidden'><li>b</ol><ul><li style='text-decoration:line-through'>c"
        "<li style='display:none'>d<li>e</ul><details hidden><summary>f</summary>g</details><dialog>h</dialog>"
        "<div popover>i</div><dl style='opacity:0'><dt>j</dl>",
        ["- e"],
        {"hidden": list("abdfghij"), "struck": ["c"]},
    ),
    "the whole is hidden": (
        "<body style='display:none'><p>a</p></body>",
        [],
        {"hidden": ["a"]},
    ),
    "declarations with comments, escapes and shorthands": (
        "<p>x<span style='display:/**/none'>a</span>y<span style='text-decoration/**/:line-through'>b</span>"
        "<b style='/*;*/display:none'>c</b><i style='d\\69splay:none'>d</i><u style='font:0/0 a'>e</u>"
        "<span style='display:none!important;display:inline'>f</span></p><style>s{} .z{/*}*/display/**/:none}</style>"
        "<p class=z>g</p><p style='font:bold 12pt Arial'>h</p>",
        ["xy", "*h*"],
        {"hidden": ["a", "c", "d", "e", "f", "g"], "struck": ["b"]},
    ),
    "signs of the font Symbol": (
        "<p>100 <span style='font-family:Symbol;mso-ascii-font-family:Calibri'>m</span>g, "
        "<font face=Symbol>\u00b3</font> 5, <span style='font:12pt \"Symbol\"'>\uf0a3 9 \u00b1 1 \u00b4 2 \u00b8 "
        "\u00a5 \u00b0 abDW -</span> <span style='font-family:Symbol'>\u2265<i style='font-family:Arial'>m</i></span></p>",
        ["100 \u00b5g, ≥ 5, ≤ 9 ± 1 × 2 ÷ ∞ ° αβΔΩ − ≥/m/"],
        {},
    ),
    "signs that nobody knows": (
        "<p>5<span style='font-family:Wingdings'>\u00fc</span>10</p><p><span style='font-family:Wingdings'>\u00a7"
        "<span>&nbsp;&nbsp; </span></span>a</p><p>b\ue123</p><p><span style='font-family:Symbol'>\uf0f0</span>c</p>",
        ["5 10", "a", "b", "c"],
        {"signs": []},
    ),
    "formulas of one line": (
        "<p><math><msup><mn>10</mn><mn>9</mn></msup><mo>/</mo><mi>L</mi></math>, <math><semantics><msub><mi>CO</mi>"
        "<mn>2</mn></msub><annotation>CO_2</annotation></semantics></math>, <math>\n<mn>5</mn>\n<mfrac><mn>1</mn><mn>2</mn>"
        "</mfrac></math>, <math><mn>5</mn><mfrac><mn>3</mn><mn>11</mn></mfrac><mn>7</mn></math>, <math><mfrac><mrow>"
        "<mi>a</mi><mo>-</mo><mn>1</mn></mrow><mi>b</mi></mfrac></math>, <math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn>"
        "</msubsup></math></p>",
        ["10^(9)/L, CO_(2), 5½, 5 3/11 7, (a−1)/b, x_(i)^(2)"],
        {},
    ),
    "formulas of several lines": (
        "<p>5 <math><mi>x</mi><mo>=</mo><msqrt><mn>2</mn></msqrt></math>10, <math><mfrac linethickness=0><mi>n</mi>"
        "<mi>k</mi></mfrac></math></p>",
        ["5 10,"],
        {"formulas": ["x=2", "nk"]},
    ),
    "formulas of other programs": (
        "<p><span class=katex><math><msup><mn>10</mn><mn>9</mn></msup></math><span class=katex-html>109</span></span>, "
        "<m:oMath><m:sSup><m:e>10</m:e><m:sup>9</m:sup></m:sSup></m:oMath></p>",
        ["10^(9),"],
        {"formulas": ["109"]},
    ),
    "buttons and form fields": (
        "<p>5<button>10</button><select><option>15<option>20</select> mg<input value=25><textarea>30</textarea>"
        "<input type=checkbox checked><input type=hidden value=x>7</p>",
        ["5 mg 7"],
        {"controls": ["10", "15", "20", "25", "30", "☑"]},
    ),
    "raised and lowered by other names": (
        "<p>10<font style='mso-text-raise:4.0pt'>9</font> m<b style='vertical-align:text-top'>2</b> "
        "x<i style='vertical-align:text-bottom'>1</i> s<span style='position:relative;top:-3pt'>3</span> "
        "t<span style='vertical-align:30%'>4</span></p><table><tr><td style='vertical-align:text-top'>a<td>b</table>",
        ["10^(9) m^(*2*) x_(/1/) s^(3) t^(4)", "a · b"],
        {"tables": []},
    ),
    "numbers in boxes of their own": (
        "<p>5<span style='display:block'>10</span>15<math display=block><mn>20</mn></math>25<img src='x.png'>30 "
        "tum<span style='display:inline'>our</span></p>",
        ["5 10 15 20 25 30 tumour"],
        {"pictures": []},
    ),
    "pictures": ("<p>a<img src='x.png' alt='b'></p>", ["a"], {"pictures": []}),
    "spaces": (
        "<p>\n  a\n  <b> b </b>&nbsp;</p>\n\n<p>&nbsp;</p><p>10&nbsp;mg</p>",
        ["a *b*", "10\u00a0mg"],
        {},
    ),
    "text only": ("a &lt; b", ["a < b"], {}),
}
