"""How editors find reference content: by parts of words and by identifiers, in drafts too.

The public search is the API's business.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from wagtail.search.backends import get_search_backend

from snippets.identifiers import recognize

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What people paste in front of an identifier.
_IDENTIFIER_PREFIX = re.compile(
    r"(https?://)?(dx\.)?(doi\.org/|pubmed\.ncbi\.nlm\.nih\.gov/|orcid\.org/)|\b(doi|pmid|pmcid|orcid):\s*",
    re.IGNORECASE,
)
#: Enough for every match of a word that somebody would scroll through.
_MAX_INDEX_HITS = 500


def find_by_words(queryset: QuerySet, text: str, fields: Iterable[str]) -> QuerySet:
    """Return the objects that hold every word of ``text`` in one of ``fields``, or that the search index finds.

    The index knows words with their accents folded, the fields know any part of a word or of an
    identifier. A whole identifier is read in every form that an editor may enter: “doi:10.…” and
    “https://doi.org/10.…” find the same as the bare one.
    """
    words = _IDENTIFIER_PREFIX.sub("", text).strip().rstrip("/").split()
    identified = Q(pk__in=[])
    for kind, value in recognize(text).items():
        if kind in fields:
            identified |= Q(**{kind: value})
    by_fields = Q()
    for word in words:
        in_one = Q()
        for field in fields:
            in_one |= Q(**{f"{field}__icontains": word})
        by_fields &= in_one
    if not words:
        return queryset.none()
    hits = get_search_backend().autocomplete(" ".join(words), queryset.model)[
        :_MAX_INDEX_HITS
    ]
    found = by_fields | identified | Q(pk__in=[hit.pk for hit in hits])
    return queryset.filter(found)
