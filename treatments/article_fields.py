"""What an article consists of: one row for each field.

Hashes, fingerprints, comparison, documents, cards, article index and translation read these rows. What a project adds
to its type of article has rows of its own, see ``treatments.models.own_fields``; the types that the API gives the
rows are in ``treatments.content.article_fields``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Weight(IntEnum):
    """What a change at a place can mean at most."""

    #: Addresses, hashes, sizes of files: nothing that a reader reads.
    TECHNICAL = 0
    #: Never clinical: who wrote it, what is advertised.
    EDITORIAL = 1
    #: Words, in which a number can stand.
    WORDS = 2
    #: Numbers, codes and choices are clinical; words are, where their numbers change.
    CONTENT = 3
    #: Everything is clinical, a word too.
    CLINICAL = 4


#: The section of all that no other one has: title, kind, conditions, decisions of authorities …
ABOUT = "about"
#: The stream in which each block is a section of its own, and needs no other name.
BODY = "body"
#: The main image; its description is searched while readers get it.
HERO = "hero"
#: Belongs to the sections that use it.
USED = "used"
#: The column of the article index for what has none of its own.
TEXT = "text"


@dataclass(frozen=True, slots=True)
class ArticleField:
    """One field of an article.

    Attributes:
        name: Its key in the document.
        fields: The model fields and child relations that it is made of.
        section: Which section it is reviewed with: one of the above, or one of its own. Empty for what says where an
            article is and how it stands: nobody reviews that.
        weight: What a change can mean at most. Up to ``WORDS``, it is editorial: it concerns nobody's treatment.
        card: Its key in the card of a list; empty where a card does not show it.
        is_linked: Whether it is shown where another page links to the article.
        searched: The column of the article index that has its words, and its place there.
        is_translated: Whether its words go to translators.
    """

    name: str
    fields: tuple[str, ...] = ()
    section: str = ""
    weight: Weight = Weight.CONTENT
    card: str = ""
    is_linked: bool = False
    searched: tuple[str, int] = ("", 0)
    is_translated: bool = True

    @property
    def is_clinical(self) -> bool:
        """Whether a change may concern somebody's treatment."""
        return self.weight > Weight.WORDS

    @property
    def is_own_section(self) -> bool:
        """Whether it stands outside of the body and is reviewed as a section of its own."""
        return self.section == self.name != BODY


_Row, _W = ArticleField, Weight
#: In reading order: references are numbered and cards are written in it. A document has the order of its shapes.
# fmt: off
ARTICLE_FIELDS: tuple[ArticleField, ...] = (
    _Row("id", weight=_W.TECHNICAL, card="id"),
    _Row("type", weight=_W.TECHNICAL, card="type"),
    _Row("uuid", weight=_W.TECHNICAL, card="uuid"),
    _Row("translation_key", weight=_W.TECHNICAL, card="translation_key"),
    _Row("locale", weight=_W.TECHNICAL, card="locale"),
    _Row("path", ("slug", "show_in_menus"), "", _W.EDITORIAL, card="path", is_translated=False),
    _Row("html_url", weight=_W.TECHNICAL, card="html_url"),
    _Row("title", ("title",), ABOUT, card="title", searched=("title", 1)),
    _Row("summary", ("summary",), "summary", card="summary", searched=("summary", 1), is_linked=True),
    _Row("kind", ("kind",), ABOUT, card="kind", is_linked=True),
    _Row("audience", ("audience",), ABOUT, card="audience"),
    _Row("intent", ("intent",), ABOUT, card="intent"),
    _Row(HERO, ("hero_image", "hero_image_alt"), ABOUT, _W.EDITORIAL, card="image", searched=(TEXT, 7), is_linked=True),
    _Row("treatment", ("treatment",), ABOUT, _W.CLINICAL, card="treatment"),
    _Row("conditions", ("article_conditions",), ABOUT, _W.CLINICAL, card="conditions"),
    _Row("body_site", ("body_site",), ABOUT, _W.WORDS, searched=(TEXT, 2)),
    _Row("intro", ("intro",), "intro", searched=(TEXT, 3)),
    _Row("key_points", ("key_points",), "key_points", searched=(TEXT, 1)),
    _Row("body", ("body",), BODY, searched=(TEXT, 4)),
    _Row("also_known_as", ("also_known_as",), ABOUT, _W.WORDS, searched=("names", 1)),
    _Row("regulatory_status", ("regulatory_status",), ABOUT, searched=(TEXT, 6)),
    _Row("questions", ("questions",), "questions", searched=(TEXT, 5)),
    _Row("references", (), USED, _W.EDITORIAL),
    _Row("glossary", (), USED),
    _Row("governance", ("article_contributors",), "", _W.EDITORIAL),
    _Row("related", ("related_articles",), "", _W.EDITORIAL),
    _Row("seo", ("seo_title", "search_description"), "", _W.EDITORIAL),
    _Row("translation", weight=_W.EDITORIAL),
    _Row("translations", weight=_W.EDITORIAL),
    _Row("promotions", weight=_W.EDITORIAL),
    _Row("toc", weight=_W.TECHNICAL),
    _Row("json_ld", weight=_W.TECHNICAL),
    _Row("version", weight=_W.TECHNICAL),
)
# fmt: on
#: What stands outside of the body and is reviewed as a section of its own.
OWN_SECTIONS = tuple(row.name for row in ARTICLE_FIELDS if row.is_own_section)
#: What is shown where another page links to an article, by its model fields.
LINKED_FIELDS = tuple(
    name for row in ARTICLE_FIELDS if row.is_linked for name in row.fields
)
#: What is the same in every language, by its model fields.
SYNCHRONIZED_FIELDS = tuple(
    name for row in ARTICLE_FIELDS if not row.is_translated for name in row.fields
)
