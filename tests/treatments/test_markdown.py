"""Markdown that every parser reads back as the same words, in the same structure."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from treatments.content.formats import build_nodes
from treatments.content.markdown import write_markdown

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read_back(html):
    """Return the HTML that a parser makes of our Markdown, without the paragraphs and line ends that it adds in lists."""
    read = GITHUB.render(write_markdown(build_nodes(html)))
    read = re.sub(r"(<li>|<blockquote>)\n?<p>", r"\1", read.replace("<br />\n", "<br>"))
    read = re.sub(r"</p>\n?(?=<[uo]l>|</li>|</blockquote>)", "", read)
    return read.replace("\n", "").replace("strong>", "b>").replace("em>", "i>")


@pytest.mark.parametrize(
    "html",
    [
        "<p><i>BRCA</i>1 and p<b>53</b>s</p>",
        "<p>a<i>b</i>, (<i>c</i>) <i>d</i>e €<i>5</i></p>",
        "<p><b>a</b><b>b</b><i>c</i></p>",
        "<p><b>a <i>b</i></b>c<i><b>d</b></i></p>",
        "<p>2*<b>3*</b>*4 _<i>x</i>_</p>",
        "<p><b>Note:</b>x</p>",
        "<p>---</p>",
        "<p>- - -</p>",
        "<p>***</p>",
        "<p>a<br>---</p>",
        "<p>a<br>===</p>",
        "<p>a<br>- b<br>+ c<br>1. d<br>2) e<br># f<br>&gt; g<br>:-</p>",
        "<p>~~~ and ``` and ~5 to ~10</p>",
        "<p>a | b<br>--- | ---</p>",
        "<p># no heading #</p>",
        "<h3># 1. ## two #</h3>",
        "<h3>a<br>b</h3>",
        "<p>\\ a\\</p>",
        "<p>a\\<br>b</p>",
        "<p>&amp;amp; &amp;#35; &lt;b&gt; &lt;https://example.org&gt;</p>",
        "<p>![x](y) [z]: /u</p>",
        "<p>Look!<a href=\"/x\">here [1]</a>(there)</p>",
        "<h3>About <a href=\"/x\">it</a></h3>",
        "<p>10<sup>9</sup>/L, T<sub>1/2</sub>, <code>10<sup>9</sup></code></p>",
        "<p><code>a</code><code>b</code> <code>c``d</code></p>",
        "<ul><li>a</li></ul><ul><li>b</li></ul>",
        "<ol><li>a</li></ol><ol><li>b</li></ol>",
        "<ol><li>One<ul><li>a</li></ul></li><li>Two</li></ol>",
        "<ul><li>- a</li><li>1. b</li><li># c</li><li>---</li><li></li></ul>",
        "<ul><li>a<ul><li>b</li></ul>c</li><li><ol><li>d</li></ol></li></ul>",
        "<blockquote>a<br>- b</blockquote><blockquote>c</blockquote>",
        "<ul><li>a<br>b<blockquote>c</blockquote></li></ul>",
    ],
)  # fmt: skip
def test_it_reads_back_as_it_was(html):
    read = read_back(html).replace("<p>c</li>", "c</li>")
    assert re.sub("</?p>", "", read) == re.sub("</?p>", "", html)
    if html.startswith("<p>"):
        assert read == html


def test_spaces_at_the_start_make_no_code():
    assert read_back("<p>    a</p>") == "<p>a</p>"
    assert read_back("<ul><li>     a</li></ul>") == "<ul><li>a</li></ul>"


def test_what_follows_a_citation_makes_no_link_of_it():
    for sign in "(:":
        html = f'<p><sup data-reference="3">1</sup>{sign} /u</p>'
        assert read_back(html) == f"<p>[^1]{sign} /u</p>"


def test_a_break_beside_a_mark_stays_a_break():
    assert read_back("<p><b>x<br></b>y</p>") == "<p><b>x</b><br>y</p>"
    assert read_back("<p>x<br></p>") == "<p>x</p>"
