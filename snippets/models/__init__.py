"""The reference content: terms, references, people, conditions, treatments and promotions.

These models know nothing of articles. What may be translated is translatable; a reference is the
same in every language. Conditions and treatments are vocabularies without drafts.
"""

from snippets.models.contributors import Contributor
from snippets.models.glossary import GlossaryTerm
from snippets.models.plain_text import PlainTextMixin
from snippets.models.promotions import Promotion
from snippets.models.references import UNIQUE_IDENTIFIERS, Reference
from snippets.models.vocabularies import Condition, Treatment, VocabularyMixin

__all__ = [
    "UNIQUE_IDENTIFIERS",
    "Condition",
    "Contributor",
    "GlossaryTerm",
    "PlainTextMixin",
    "Promotion",
    "Reference",
    "Treatment",
    "VocabularyMixin",
]
