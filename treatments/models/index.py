"""The article index: what lists, filters, facets and search need to know, derived from the live articles.

Rows exist for every live article that is no alias. Whether an article, or what it refers to, is
*public* is never stored: whoever answers a reader asks ``treatments.content.visibility`` for pages, and
the snippet itself for references (``live``), terms (``live``) and vocabularies (``is_public``).
Only ``treatments.search.index.indexing`` writes here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from wagtail.models import Locale, Page
from wagtail.search import index

from snippets.models import Reference
from snippets.words import spell_text
from treatments.conf import get_conf


class SpelledField(index.SearchField):
    """A text for a search that has words of its own: “10⁹” arrives as a word that is not 109."""

    def get_value(self, obj: models.Model) -> str:
        """Return the text, its words spelled."""
        return spell_text(super().get_value(obj) or "")


class IndexedArticle(index.Indexed, models.Model):
    """A live article in one language: what it is about, how it stands, and its words."""

    page = models.OneToOneField(
        Page,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="indexed_article",
    )
    locale = models.ForeignKey(Locale, on_delete=models.CASCADE, related_name="+")
    translation_key = models.UUIDField(db_index=True)
    #: Label of the model, such as ``treatments.TreatmentPage``.
    type = models.CharField(max_length=120)
    title = models.CharField(max_length=255)
    #: The title without case, accents and leading signs: lists are sorted by it in every database.
    sort_title = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    audience = models.CharField(max_length=20)
    intent = models.CharField(max_length=20, blank=True)
    #: Translation key of the chosen treatment, which is the same in every language.
    treatment_key = models.UUIDField(null=True, db_index=True)
    has_criteria = models.BooleanField(default=False)
    has_steps = models.BooleanField(default=False)
    first_published_at = models.DateTimeField(null=True)
    last_published_at = models.DateTimeField(null=True)
    #: A ``states.ReviewStatus``.
    review_status = models.CharField(max_length=30)
    last_reviewed = models.DateField(null=True)
    next_review_due = models.DateField(null=True)
    #: The day on which the review status becomes another one by itself.
    review_changes_on = models.DateField(null=True)
    #: A ``states.TranslationStatus``; blank when nobody follows the translation.
    translation_status = models.CharField(max_length=30, blank=True)
    #: Language code of the source. While that is not public, neither is the status.
    source_locale = models.CharField(max_length=100, blank=True)
    behind_since = models.DateTimeField(null=True)
    #: One name per line: of the article, its treatment and its conditions.
    names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    headings = models.TextField(blank=True)
    text = models.TextField(blank=True)

    #: Derived data: it is no use of a snippet, and Wagtail's signals leave it alone.
    wagtail_reference_index_ignore = True
    search_auto_update = False
    search_fields: ClassVar[list[index.BaseField]] = [
        SpelledField("title", boost=10),
        SpelledField("names", boost=6),
        SpelledField("summary", boost=4),
        SpelledField("headings", boost=2),
        SpelledField("text"),
        index.FilterField("locale_id"),
    ]

    class Meta:
        indexes = [
            models.Index(
                fields=["locale", "kind", "audience"], name="treatments_indexed_kind"
            ),
            models.Index(
                fields=["locale", "-last_published_at"], name="treatments_indexed_date"
            ),
            models.Index(
                fields=["locale", "sort_title"], name="treatments_indexed_title"
            ),
            models.Index(fields=["intent"], name="treatments_indexed_intent"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def get_indexed_objects(cls) -> models.QuerySet:
        """Return what Wagtail's ``update_index`` writes: nothing, unless the articles are searched there."""
        backend = get_conf().search_backend or ""
        entries = cls._default_manager.all()
        return entries if backend.endswith(".WagtailBackend") else entries.none()


class IndexedCondition(models.Model):
    """A condition of an article, by its translation key."""

    article = models.ForeignKey(
        IndexedArticle, on_delete=models.CASCADE, related_name="conditions"
    )
    condition_key = models.UUIDField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "condition_key"],
                name="treatments_indexed_condition_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.condition_key)


class IndexedBlock(models.Model):
    """A section of the body, or a block directly in one.

    The same block id exists in every language of an article.
    """

    article = models.ForeignKey(
        IndexedArticle, on_delete=models.CASCADE, related_name="blocks"
    )
    block_id = models.UUIDField(db_index=True)
    #: The name of the block in its stream, such as ``section`` or ``criteria_list``.
    type = models.CharField(max_length=120)
    #: Id of the section that a block stands in; None for what stands in the body itself.
    section_id = models.UUIDField(null=True)
    #: Whether the section may be shown on its own; a block has the answer of its section.
    standalone = models.BooleanField(default=False)
    #: Place in reading order, from 0, counted through the whole article.
    position = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["article", "position"]

    def __str__(self) -> str:
        return f"{self.type} {self.block_id}"


class IndexedCitation(models.Model):
    """A reference that an article cites, published or not."""

    article = models.ForeignKey(
        IndexedArticle, on_delete=models.CASCADE, related_name="citations"
    )
    reference = models.ForeignKey(
        Reference, on_delete=models.CASCADE, related_name="indexed_citations"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "reference"], name="treatments_indexed_citation_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.reference_id)


class IndexedTerm(models.Model):
    """A glossary term that an article uses, by its translation key."""

    article = models.ForeignKey(
        IndexedArticle, on_delete=models.CASCADE, related_name="terms"
    )
    term_key = models.UUIDField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "term_key"], name="treatments_indexed_term_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.term_key)
