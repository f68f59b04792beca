"""The header that names what a writer has seen is read as RFC 9110 has it."""

from __future__ import annotations

import pytest

from treatments.api.guard.preconditions import read_tags


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("*", {"*"}),
        (" * ", {"*"}),
        ('"tag"', {'"tag"'}),
        ('"a", "tag"', {'"a"', '"tag"'}),
        ('"a,b","tag",', {'"a,b"', '"tag"'}),
        (', "tag" , ,', {'"tag"'}),
        ('W/"tag"', set()),
        ('W/"tag", "tag"', {'"tag"'}),
        ('"*"', {'"*"'}),
        ('""', {'""'}),
    ],
)
def test_the_header_is_read_as_rfc_9110_has_it(header, tags):
    assert read_tags(header) == tags


@pytest.mark.parametrize(
    "header",
    [
        *("tag", 'w/"tag"', '*, "tag"', '"tag', '"tag" "tag"', '"a b"', "", ","),
        '"a",' * 20_000 + "x",
        ", " * 20_000 + "x",
        "," + " \t" * 20_000 + "x",
    ],
)
def test_what_is_no_list_of_tags_is_refused_in_no_time(header):
    with pytest.raises(ValueError, match="No list"):
        read_tags(header)
