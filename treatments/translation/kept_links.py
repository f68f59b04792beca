"""What a translation keeps of the links of its source: each number its citation, and each citation its own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from django.utils.translation import gettext as _
from wagtail_localize.models import StringSegment

from snippets.plain_text import CITATION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from wagtail_localize.models import StringTranslation


def explain_links(source: str, translated: str, citations: Collection[str]) -> str:
    """Return why a translation may not stand: a citation is lost or changed, a link repeated or nested; else nothing.

    A link or a term may be left out: the reader loses no source and no number.

    Args:
        source: The text, in which each link has an id instead of its attributes.
        translated: Its translation.
        citations: The ids of the links of the source that are citations.
    """
    given, found = read_links(source), read_links(translated)
    lost = [each for each in given if each in citations and each not in found]
    if lost:
        return _("These citations of the original are missing: %(links)s.") % {
            "links": describe(source, lost)
        }
    changed = [
        each
        for each in found
        if each in citations and set(found[each]) != set(given.get(each, ()))
    ]
    if changed:
        return _(
            "Readers see a citation as its number: nothing else may stand inside %(links)s."
        ) % {"links": describe(source, changed)}
    counts = {each: len(words) for each, words in given.items()}
    repeated = [each for each in found if len(found[each]) > counts.get(each, 1)]
    if repeated:
        return _("These links stand in the text more than once: %(links)s.") % {
            "links": describe(source, repeated)
        }
    if has_nested_links(translated) and not has_nested_links(source):
        return _("A link cannot stand inside another one.")
    return ""


def read_links(text: str) -> dict[str, list[str]]:
    """Return the words of each link, by its id, once for each time that it stands in the text."""
    links: dict[str, list[str]] = {}
    if "<a" in text.lower():
        for each in BeautifulSoup(text, "html.parser").find_all("a", id=True):
            words = " ".join(each.get_text().split())
            links.setdefault(str(each["id"]), []).append(words)
    return links


def has_nested_links(text: str) -> bool:
    """Tell whether a link stands inside another one."""
    return BeautifulSoup(text, "html.parser").select_one("a a") is not None


def describe(source: str, ids: Iterable[str]) -> str:
    """Return links as they have to stand in a translation."""
    links = read_links(source)
    return ", ".join(
        f'<a id="{each}">{words}</a>' for each in ids for words in links.get(each, [""])
    )


def find_citations(attrs: str) -> set[str]:
    """Return which links of a segment are citations.

    Args:
        attrs: The attributes of its links by their ids, as wagtail-localize stores them.
    """
    return {
        each
        for each, values in (json.loads(attrs or "null") or {}).items()
        if values.get("linktype") == CITATION
    }


def find_citations_of(translation: StringTranslation) -> set[str]:
    """Return which links of a translated text are citations."""
    if 'id="' not in translation.translation_of.data:
        return set()
    segments = StringSegment.objects.filter(
        string_id=translation.translation_of_id, context_id=translation.context_id
    )
    return set().union(
        *map(find_citations, segments.order_by().values_list("attrs", flat=True))
    )
