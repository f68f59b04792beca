"""The words of a text, and the stems by which two forms of a word are one.

Stems are those of Snowball (https://snowballstem.org). Case and accents never matter: a word has
the stem of its own form and that of its form without accents, so that “cirugia” finds “cirugías”.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

import snowballstemmer

from snippets.words import find_words, spell

#: Primary language subtag (BCP 47) → Snowball's name of it.
STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
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
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
#: Longer runs of letters are no words; what stands behind does not count.
MAX_WORD_LENGTH = 64
#: More words of a query than anybody types do not count.
MAX_QUERY_WORDS = 24


def fold(word: str) -> str:
    """Return a word without case and accents, in one form of those that look the same."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


@lru_cache(maxsize=65536)
def stem_word(word: str, language: str) -> tuple[str, ...]:
    """Return the one or two stems of a word; of an unknown language, the folded word.

    Args:
        word: As ``find_words`` finds it.
        language: A language code such as ``es`` or ``pt-br``.
    """
    word = spell(word[:MAX_WORD_LENGTH])
    word = unicodedata.normalize("NFC", word.casefold())
    bare = fold(word)
    if not bare:
        return ()
    stemmer = _get_stemmer(language, threading.get_ident())
    if stemmer is None:
        return (bare,)
    return tuple(
        dict.fromkeys(fold(stemmer.stemWord(form)) or bare for form in (word, bare))
    )


@lru_cache(maxsize=256)
def _get_stemmer(language: str, thread: int) -> Any:
    """Return a stemmer of this thread's own, since it keeps its place in the word while it works."""
    name = STEMMERS.get(re.split(r"[-_]", language.casefold())[0])
    return snowballstemmer.stemmer(name) if name else None


def stem_text(text: str, language: str) -> list[str]:
    """Return the stems of all words of a text, in reading order."""
    return [
        stem
        for start, end in find_words(text)
        for stem in stem_word(text[start:end], language)
    ]


def split_query(words: str) -> list[str]:
    """Return the words of a query, each once; none where it has only punctuation."""
    found: dict[str, str] = {}
    for start, end in find_words(words):
        word = words[start : min(end, start + MAX_WORD_LENGTH)]
        found.setdefault(fold(spell(word)), word)
        if len(found) == MAX_QUERY_WORDS:
            break
    return list(found.values())


def stem_query(words: str, language: str) -> list[tuple[str, ...]]:
    """Return the stems of each word of a query; a word is found by any of its stems."""
    stemmed = (stem_word(word, language) for word in split_query(words))
    return list(dict.fromkeys(stems for stems in stemmed if stems))
