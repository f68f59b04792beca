"""Search with PostgreSQL's own full-text search, by the configuration of each language.

Every text is indexed as written and without accents, and so is every word of a query: the extension
``unaccent`` is not needed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import connection

from snippets.words import find_words, spell
from treatments.search.backends.base import FIELDS, MAX_RESULTS, SearchBackend
from treatments.search.stemming import MAX_WORD_LENGTH, fold, split_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treatments.models import IndexedArticle

#: Primary language subtag → text search configuration that PostgreSQL 13 and later bring along.
CONFIGURATIONS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
#: The weights of the labels D (headings), C (summary), B (names) and A (title). One word with a
#: label always counts more than any number of words with the next one.
WEIGHTS = "{0.1, 0.25, 0.5, 1.0}"
#: So many of the best matches are told apart by their text too: reading a whole vector takes time.
TEXT_RANKED = 200
#: A tsvector has a limit of a megabyte; nobody reads an article of this length.
MAX_TEXT_LENGTH = 400_000

HEAD = """
    setweight(to_tsvector(%(config)s::regconfig, %(title)s), 'A')
    || setweight(to_tsvector(%(config)s::regconfig, %(names)s), 'B')
    || setweight(to_tsvector(%(config)s::regconfig, %(summary)s), 'C')
    || setweight(to_tsvector(%(config)s::regconfig, %(headings)s), 'D')
"""
INSERT = f"""
INSERT INTO treatments_search (page_id, head, vector)
VALUES (%(page_id)s, {HEAD}, {HEAD} || to_tsvector(%(config)s::regconfig, %(text)s))
ON CONFLICT (page_id) DO UPDATE SET head = EXCLUDED.head, vector = EXCLUDED.vector
"""  # noqa: S608 - constants of this module
#: The matches of one language. The function of the migration makes PostgreSQL use the GIN index.
MATCHES = """
SELECT search.page_id, search.vector, {ranked} AS ranked,
    ts_rank(%s::real[], search.head, {ranked}) AS head_rank
FROM treatments_search_matches({wanted}) AS match (page_id)
JOIN treatments_search search ON search.page_id = match.page_id
JOIN treatments_indexedarticle article ON article.page_id = search.page_id
JOIN wagtailcore_locale locale ON locale.id = article.locale_id
WHERE locale.language_code = %s
"""
FIND = """
SELECT page_id FROM (
    SELECT *, row_number() OVER (ORDER BY head_rank DESC, page_id DESC) AS place
    FROM ({matches}) found
) placed
ORDER BY head_rank DESC,
    CASE WHEN place <= {text_ranked} THEN ts_rank(vector, ranked) ELSE 0 END DESC,
    page_id DESC
LIMIT {limit}
"""


class PostgresqlBackend(SearchBackend):
    """A weighted ``tsvector`` for each article, with a GIN index."""

    def index(self, entries: Iterable[IndexedArticle]) -> None:
        """Write the rows of articles."""
        rows = [
            {
                "page_id": entry.pk,
                "config": get_configuration(entry.locale.language_code),
                **{name: split_text(getattr(entry, name)) for name in FIELDS},
            }
            for entry in entries
        ]
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, rows)

    def remove(self, page_ids: Iterable[int]) -> None:
        """Delete the rows of articles."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM treatments_search WHERE page_id = ANY(%s)",
                [list(page_ids)],
            )

    def find(
        self, words: str, language_codes: Sequence[str], *, any_word: bool = False
    ) -> list[int]:
        """Return page ids, the best first."""
        asked = split_query(words)
        language_codes = list(dict.fromkeys(language_codes))
        if not asked or not language_codes:
            return []
        sql, params = _build_query(asked, language_codes, "||" if any_word else "&&")
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return [row[0] for row in cursor.fetchall()]

    def is_ready(self) -> bool:
        """Tell whether the table has rows, or there is nothing to put into it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM treatments_search) OR NOT EXISTS (SELECT 1 FROM treatments_indexedarticle)"
            )
            return cursor.fetchone()[0]


def get_configuration(code: str) -> str:
    """Return the text search configuration of a language code."""
    return CONFIGURATIONS.get(re.split(r"[-_]", code.casefold())[0], "simple")


def split_text(text: str) -> str:
    """Return the words of a text with spaces between them, and those that have accents also without.

    PostgreSQL would take “HER2/neu” for the path of a file, and “1.5” for one word.
    """
    words = [
        spell(text[start : min(end, start + MAX_WORD_LENGTH)])
        for start, end in find_words(text[:MAX_TEXT_LENGTH])
    ]
    bare = {folded for word in set(words) if (folded := fold(word)) != word.casefold()}
    return " ".join([*words, *sorted(bare)])


def _build_query(
    asked: list[str], language_codes: Sequence[str], operator: str
) -> tuple[str, list[str]]:
    """Return the SQL and its parameters. ``operator`` joins the words; the rank counts any of them."""
    matches = MATCHES.format(
        ranked=_join_words(asked, "||"), wanted=_join_words(asked, operator)
    )
    params = []
    for code in language_codes:
        query = _get_params(asked, get_configuration(code))
        params += [*query, WEIGHTS, *query, *query, code]
    sql = FIND.format(
        matches=" UNION ALL ".join([matches] * len(language_codes)),
        text_ranked=TEXT_RANKED,
        limit=MAX_RESULTS,
    )
    return sql, params


def _join_words(asked: list[str], operator: str) -> str:
    word = "(plainto_tsquery(%s::regconfig, %s) || plainto_tsquery(%s::regconfig, %s))"
    return f"({f' {operator} '.join([word] * len(asked))})"


def _get_params(asked: list[str], config: str) -> list[str]:
    return [
        value
        for word in map(spell, asked)
        for value in (config, word, config, fold(word))
    ]
