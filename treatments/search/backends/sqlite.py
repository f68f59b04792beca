"""Search with SQLite's FTS5. The stems are ours; SQLite only counts them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection

from treatments.search.backends.base import FIELDS, MAX_RESULTS, SearchBackend
from treatments.search.stemming import stem_query, stem_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from treatments.models import IndexedArticle

#: One for each column, the language first. Far apart and small: bm25 divides by the length of the
#: article and hardly tells two large numbers apart, and still a word in the title of a long article
#: has to come before the same word many times in the text of a short one.
WEIGHTS = (0.0, 1.0, 0.1, 0.02, 0.004, 0.0002)

INSERT = f"INSERT INTO treatments_search (rowid, language, {', '.join(FIELDS)}) VALUES (%s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 - constants of this module
#: The join leaves out what the article index no longer has.
FIND = f"""
SELECT treatments_search.rowid FROM treatments_search
JOIN treatments_indexedarticle ON treatments_indexedarticle.page_id = treatments_search.rowid
WHERE treatments_search MATCH %s
ORDER BY bm25(treatments_search, {", ".join(map(str, WEIGHTS))}), treatments_search.rowid
LIMIT {MAX_RESULTS}
"""  # noqa: S608 - constants of this module


@lru_cache(maxsize=1)
def has_full_text_search() -> bool:
    """Tell whether this SQLite was built with FTS5."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
        return bool(cursor.fetchone()[0])


class SqliteBackend(SearchBackend):
    """Stems in a table of FTS5, ranked by bm25."""

    def index(self, entries: Iterable[IndexedArticle]) -> None:
        """Replace the rows of articles."""
        rows = []
        page_ids = []
        for entry in entries:
            page_ids.append(entry.pk)
            code = entry.locale.language_code
            stems = [" ".join(stem_text(getattr(entry, name), code)) for name in FIELDS]
            rows.append([entry.pk, _encode(code), *stems])
        self.remove(page_ids)
        with connection.cursor() as cursor:
            cursor.executemany(INSERT, rows)

    def remove(self, page_ids: Iterable[int]) -> None:
        """Delete the rows of articles."""
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM treatments_search WHERE rowid = %s",
                [[pk] for pk in page_ids],
            )

    def find(
        self, words: str, language_codes: Sequence[str], *, any_word: bool = False
    ) -> list[int]:
        """Return page ids, the best first."""
        query = _build_query(words, language_codes, " OR " if any_word else " AND ")
        if not query:
            return []
        with connection.cursor() as cursor:
            cursor.execute(FIND, [query])
            return [row[0] for row in cursor.fetchall()]

    def is_ready(self) -> bool:
        """Tell whether the table has rows, or there is nothing to put into it."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM treatments_search) OR NOT EXISTS (SELECT 1 FROM treatments_indexedarticle)"
            )
            return bool(cursor.fetchone()[0])


def _encode(code: str) -> str:
    """Return a language code as one word."""
    return re.sub(r"[^a-z0-9]", "0", code.lower())


def _quote(stem: str) -> str:
    """Return a stem as a string of FTS5, in which nothing is syntax."""
    return '"' + stem.replace('"', '""') + '"'


def _build_query(words: str, language_codes: Sequence[str], operator: str) -> str:
    """Return the query in FTS5's language, or an empty string where there is nothing to ask."""
    columns = " ".join(FIELDS)
    queries = []
    for code in language_codes:
        asked = [
            f"({' OR '.join(map(_quote, stems))})" for stems in stem_query(words, code)
        ]
        if asked:
            queries.append(
                f"(language : {_quote(_encode(code))} AND {{{columns}}} : ({operator.join(asked)}))"
            )
    return " OR ".join(queries)
