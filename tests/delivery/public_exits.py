"""Every exit that could show an article, and what the contract promises of it in each state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from tests.delivery.public_states import CODE, Case, States

#: What the contract promises of an article in each state.
#:
#: id, path: the answer by its id and by its path.
#: lists: whether it stands in lists, search, facets, feeds and the sitemap.
#: menu: whether it stands in the menu, where an editor has put it.
#: block: the answer to a block of its own by the block's id.
#: past: the answer for an instant, and the list of its versions.
#: told: what is said of one that is gone: its reason, and with it the date, the note and the replacement.
TABLE = """
state                 id   path   lists  menu  block  past  told
public                200  200    yes    yes   200    200   -
source                200  200    yes    yes   200    200   -
below_draft           200  200    yes    yes   200    200   -
moved                 200  moved  yes    yes   200    200   -
draft                 404  404    no     no    404    404   -
scheduled             404  404    no     no    404    404   -
below_private         404  404    no     no    404    404   -
private               410  410    no     no    410    404   nothing
password              410  410    no     no    410    404   nothing
groups                410  410    no     no    410    404   nothing
below_private_later   410  410    no     no    410    404   nothing
withdrawn_and_private 410  410    no     no    410    404   nothing
expired               410  410    no     no    410    404   expired
withdrawn             410  410    no     no    410    404   noted
redirected            410  410    no     no    410    404   replaced
deleted               410  410    no     no    410    404   deleted
taken                 410  200    no     no    410    404   unpublished
alias                 200  200    no     yes   -      404   -
alias_other_language  404  404    no     no    -      404   -
alias_of_withdrawn    410  410    no     no    -      404   noted
alias_of_private      410  410    no     no    -      404   nothing
alias_of_draft        404  404    no     no    -      404   -
"""


def read_table() -> dict[str, dict[str, str]]:
    """Return the table: state → column → cell."""
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


EXPECTED = read_table()
#: The states whose titles may be read.
VISIBLE = {state for state, row in EXPECTED.items() if row["lists"] == "yes"}

#: Every exit: the column above that says what is expected, the operation that answers, and the address.
EXITS_TABLE = """
v2 detail                 | id    | v2:pages:detail       | /api/v2/pages/{case.pk}/
v2 find by id             | id    | v2:pages:find         | /api/v2/pages/find/?id={case.pk}
v3 detail                 | id    | pages_detail          | /api/v3/pages/{case.pk}/
v3 draft                  | id    | pages_detail          | /api/v3/pages/{case.pk}/?version=draft
v3 find by id             | id    | pages_find            | /api/v3/pages/find/?id={case.pk}
article                   | id    | articles_detail       | /api/v3/articles/{case.pk}/
part of an article        | id    | articles_detail       | /api/v3/articles/{case.pk}/?fields=title
v2 find                   | path  | v2:pages:find         | /api/v2/pages/find/?html_path={case.path}
v3 find                   | path  | pages_find            | /api/v3/pages/find/?html_path={case.path}
article by path           | path  | articles_find         | /api/v3/articles/find/?path={case.path}
article by path and query | path  | articles_find         | /api/v3/articles/find/?path={open_path}?a=b
HTML                      | path  | -                     | {case.path}
v2 list                   | lists | v2:pages:listing      | /api/v2/pages/?limit=100
v2 articles               | lists | v2:pages:listing      | /api/v2/pages/?type=treatments.TreatmentPage&limit=100&fields=*
v2 search                 | lists | v2:pages:listing      | /api/v2/pages/?search={shown_word}
v2 filter                 | lists | v2:pages:listing      | /api/v2/pages/?slug={case.word}
v2 descendants            | lists | v2:pages:listing      | /api/v2/pages/?descendant_of={states.index}&limit=100
v2 index page             | lists | v2:pages:detail       | /api/v2/pages/{states.index}/
v3 list                   | lists | pages_list            | /api/v3/pages/?limit=100
v3 articles               | lists | pages_list            | /api/v3/pages/?type=treatments.TreatmentPage&limit=100
v3 search                 | lists | pages_list            | /api/v3/pages/?search={shown_word}
v3 filter                 | lists | pages_list            | /api/v3/pages/?slug={case.word}
v3 descendants            | lists | pages_list            | /api/v3/pages/?descendant_of={states.index}&limit=100
v3 index page             | lists | pages_detail          | /api/v3/pages/{states.index}/
articles                  | lists | articles_list         | /api/v3/articles/?limit=100
whole articles            | lists | articles_list         | /api/v3/articles/?limit=100&fields=title,body,intro
articles by id            | lists | articles_list         | /api/v3/articles/?ids={case.pk}
search                    | lists | articles_list         | /api/v3/articles/?search={shown_word}
by code                   | lists | articles_by_code      | /api/v3/articles/by-code/?system=http://id.nlm.nih.gov/mesh&code={code}&limit=100
manifest                  | lists | articles_manifest     | /api/v3/articles/manifest/
changes                   | lists | articles_changes      | /api/v3/articles/changes/?limit=1000
sitemap                   | lists | sitemap               | /api/v3/sitemap/?limit=100
users of a term           | lists | glossary_articles     | /api/v3/glossary/{states.term}/articles/?limit=100
users of a reference      | lists | references_articles   | /api/v3/references/{states.reference}/articles/?limit=100
users of a contributor    | lists | contributors_articles | /api/v3/contributors/{states.contributor}/articles/?limit=100
menu                      | menu  | navigation            | /api/v3/navigation/
section                   | block | sections_detail       | /api/v3/sections/{case.section}/
FHIR                      | block | criteria_fhir         | /api/v3/criteria/{case.criteria}/fhir/
as of                     | past  | articles_detail       | /api/v3/articles/{case.pk}/?as_of={now}
versions                  | past  | articles_versions     | /api/v3/articles/{case.pk}/versions/
"""
ARTICLES = "/api/v3/articles"


@dataclass(frozen=True)
class Exit:
    """A way to ask for an article.

    Attributes:
        column: What the table says of it.
        operation: The name of the operation that answers, or “-” for a page of the site.
        address: Where it is, with the names of what ``build`` knows.
    """

    column: str
    operation: str
    address: str

    def build(self, case: Case, states: States) -> str:
        """Return the address for a case."""
        return self.address.format(
            case=case,
            states=states,
            code=CODE,
            open_path=case.path.removesuffix("/"),
            shown_word=get_shown_word(case),
            now=f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}",
        )


def read_exits() -> dict[str, Exit]:
    """Return the exits by their names."""
    rows = (line.split(" | ") for line in EXITS_TABLE.strip().splitlines())
    return {name.strip(): Exit(*(each.strip() for each in row)) for name, *row in rows}


EXITS = read_exits()
#: What the exits above do not ask, with the reason why the table says nothing of it. Their answers are swept too.
OTHERS = {
    "articles_changes_stream": "the entries of the change feed, as events",
    "articles_version": "by the hash of a version: test_hidden_states",
    "articles_diff": "between versions that are listed",
    **dict.fromkeys(
        ("conditions_list", "conditions_by_slug", "conditions_detail", "contributors_list", "contributors_detail",
         "glossary_list", "glossary_by_slug", "glossary_letters", "glossary_detail", "references_list",
         "references_detail", "treatments_list", "treatments_by_slug", "treatments_detail"),
        "entries, which are public by themselves",
    ),
    **dict.fromkeys(("documents_list", "documents_detail", "images_list", "images_detail"), "files: test_leaks"),
    **dict.fromkeys(("redirects_list", "redirects_find", "redirects_detail"), "test_hidden_states"),
    **dict.fromkeys(("locales_list", "site"), "of the site"),
    **dict.fromkeys(
        ("drafts_detail", "drafts_comments_list", "drafts_decisions_list", "drafts_diff", "drafts_preview"),
        "for the holder of a link",
    ),
    **dict.fromkeys(
        ("pages_revisions_list", "pages_revisions_detail", "schema_list", "schema_detail", "sites_list",
         "sites_detail", "snippets_list", "snippets_detail", "snippets_revisions_list",
         "snippets_revisions_detail", "whoami"),
        "with a token only",
    ),
    **{
        f"v2:{name}:{view}": "as in v3"
        for name in ("images", "documents", "redirects", "glossary", "references", "contributors", "conditions", "treatments")
        for view in ("listing", "detail", "find")
    },
}  # fmt: skip


def get_shown_word(case: Case) -> str:
    """Return a word that only one article has; an alias has that of its source."""
    return "wordsource" if case.word == "wordalias" else case.word


def follow(client: Any, address: str) -> Any:
    """Return the answer at an address, after the redirect of a find."""
    answer = client.get(address)
    if answer.status_code == 302 and "/find/" in address and not answer.content:
        return client.get(answer["Location"])
    return answer


def read(answer: Any) -> str:
    """Return the text of an answer and of its headers."""
    return f"{answer.content.decode()} {answer.headers}"


def find_hidden_titles(text: str) -> set[str]:
    """Return the words of hidden articles in a text, beside those in addresses."""
    found = re.findall(r"(?:Title|Summary|Section) word([a-z]+)", text)
    visible = {state.replace("_", "") for state in VISIBLE} | {"successor"}
    return set(found) - visible
