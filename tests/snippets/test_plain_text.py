"""Rich text as plain text: lines by its structure, signs above and below the line with their meaning."""

from __future__ import annotations

import pytest

from snippets.lines import join_lines
from snippets.models import GlossaryTerm
from snippets.plain_text import get_plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a\nb</p>", "a b"),
        ("<p>a<br/>b</p><h3>c</h3>d", "a\nb\nc\nd"),
        ("<blockquote>a<p>b</p>c</blockquote>d", "a\nb\nc\nd"),
        ("<ul><li>a<li>b</ul>c", "a\nb\nc"),
        ("<p>a</p>b<ul><li><p>c</p></li></ul>", "a\nb\nc"),
        ("<dl><dt>a</dt><dd>b</dd></dl><pre>c</pre>", "a\nb\nc"),
        ("<table><tr><th>a<td>b<tr><td>c<br>d<td><ul><li>e</li></ul></table>f", "a · b\nc d · e\nf"),
        ("<p>x</p><table><tr><td></td><td>b</td></tr></table>", "x\n· b"),
        ("<p><s>5</p><p>10 mg</p>", "10 mg"),
        ("<p>a<script>b</script><span>c</span></p>", "ac"),
        ("<p>a &amp; b &lt; 5\N{NO-BREAK SPACE}mg</p>", "a & b < 5\N{NO-BREAK SPACE}mg"),
    ],
)  # fmt: skip
def test_lines_follow_the_structure(html, text):
    assert get_plain_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("10<sup>9</sup>", "10⁹"),
        ("10<sup>-<b>3</b></sup>", "10⁻³"),
        ("10<sup> 9 </sup>x", "10 ⁹ x"),
        ("2<sup>10<sup>3</sup></sup>", "2^(10³)"),
        ("x<sub>i</sub><sup>n</sup>", "xᵢⁿ"),
        ("HbA<sub>1c</sub>, C<sub>max</sub>", "HbA_(1c), Cₘₐₓ"),
        ("10<sup>1.5</sup>", "10^(1.5)"),
        ("<sup>a<br>1/2</sup>", "ᵃ\n^(1/2)"),
        ("Drug<sup>®</sup>", "Drug®"),
        ("a<sup></sup>b<sup> </sup>c", "ab c"),
    ],
)
def test_signs_above_and_below_the_line_keep_their_meaning(html, text):
    assert get_plain_text(f"<p>{html}</p>") == text


def test_a_citation_is_no_sign_above_the_line():
    stored = 'x<sup>2</sup><a linktype="citation" id="3">[<sup>K</sup> 2022]</a> y'
    assert get_plain_text(stored) == "x² y"
    assert get_plain_text('x<sup>2</sup><sup data-reference="3">1</sup> y') == "x² y"


def test_the_definition_of_a_term_is_searched_as_it_is_read():
    field = GlossaryTerm._meta.get_field("definition")
    found = field.get_searchable_content(
        "<ul><li>10<sup>9</sup><ul><li>8</li></ul></li></ul>"
    )
    assert found == ["10⁹\n8"]


@pytest.mark.parametrize(
    "sign",
    ["\n", "\r\n", " \r\n\n ", "\t", "\v", "\f", "\x85", "\u2028", "\u2029"],
    ids=ascii,
)
def test_a_single_line_has_a_space_for_whatever_breaks_it(sign):
    assert join_lines(f"Dose{sign}12  mg") == "Dose 12  mg"
