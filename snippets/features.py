"""The features of every rich text of the plugin set: one list for each kind of text.

A list of a host's own starts with ``COMMON_FEATURES``: without superscript and subscript, 10⁹ would
become 109, and without the careful paste, struck text would become text.
"""

from __future__ import annotations

TERM_FEATURE = "glossary-term"
CITATION_FEATURE = "citation"
PASTE_FEATURE = "careful-paste"

COMMON_FEATURES = [
    "bold",
    "italic",
    "superscript",
    "subscript",
    "link",
    PASTE_FEATURE,
]
DEFINITION_FEATURES = [*COMMON_FEATURES, "ul"]
#: For pages without a list of references and a glossary.
PLAIN_FEATURES = [*COMMON_FEATURES, "document-link", "ol", "ul"]
SHORT_FEATURES = [*PLAIN_FEATURES, TERM_FEATURE, CITATION_FEATURE]
ARTICLE_FEATURES = ["h3", "h4", *SHORT_FEATURES]


def complete_features(features: list[str]) -> list[str]:
    """Return features with those that no text can do without."""
    needed = ("superscript", "subscript", PASTE_FEATURE)
    return [*features, *(name for name in needed if name not in features)]
