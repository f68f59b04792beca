"""The ledger: every public document that there was, which one the public gets now, and what it depends on.

``Document`` says what the public gets now; ``Version`` is appended and never changed. A write that
changes content adds a ``Change`` in its own transaction; ``treatments.delivery.marking`` turns changes
into ``Mark`` rows of the documents that they concern, and ``treatments.delivery.building`` takes the
marks away when it has built the documents anew.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treatments.models.chains import ChainedModel, ChainHead


class Ledger(ChainHead):
    """The one row that orders the entries: whoever appends holds its lock until the commit.

    Attributes:
        position: Of the last version.
        chain_hash: Of the last version.
        generation: How often changes were turned into marks.
    """

    generation = models.PositiveBigIntegerField(default=0)


class Version(ChainedModel):
    """What the public got of one article from one instant on: a document, or nothing any more.

    It ends where the next version of the article begins. There are no foreign keys: the memory
    outlives pages, users and languages.
    """

    class Kind(models.TextChoices):
        """What has happened; see ``treatments.signals.EventKind``."""

        PUBLISHED = "published", _("Published")
        UPDATED = "updated", _("Updated")
        MOVED = "moved", _("Moved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    #: Whole numbers from 1 without gaps, in the order of the commits: the cursor of the change feed.
    position = models.PositiveBigIntegerField(primary_key=True)
    page_id = models.PositiveBigIntegerField()
    #: Counts the documents of an article; a withdrawal has the number of what it withdraws.
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    translation_key = models.UUIDField()
    type = models.CharField(max_length=120)
    locale = models.CharField(max_length=100)
    #: The site that had it.
    site_id = models.PositiveBigIntegerField(null=True)
    path = models.TextField()
    previous_path = models.TextField(blank=True)
    title = models.TextField(blank=True)
    #: 64 hexadecimal digits; empty for a withdrawal.
    etag = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=80, blank=True)
    schema = models.CharField(max_length=20)
    #: The document, compressed with gzip; null for a withdrawal.
    body = models.BinaryField(null=True)
    facets = models.JSONField(default=dict)
    public_from = models.DateTimeField()
    reason = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    replacement_path = models.TextField(blank=True)
    #: What caused it: ``{"action", "key", "revision_id", "user_id", "user"}``.
    cause = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    wagtail_reference_index_ignore = True
    chain_head = Ledger

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        indexes = [
            models.Index(
                fields=["page_id", "-public_from", "-position"],
                name="treatments_version_as_of",
            ),
            models.Index(fields=["etag"], name="treatments_version_etag"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.kind} {self.public_from}"


class Document(models.Model):
    """What the public gets of one article now, ready to be sent.

    A row exists for everything that was ever public, or was found to be waiting for its first
    document. Whether a reader gets it is decided when it is read: ``treatments.delivery.reading``.
    """

    class State(models.TextChoices):
        """What a reader gets."""

        WAITING = "waiting", _("Waiting for its first document")
        PUBLIC = "public", _("Public")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    page_id = models.PositiveBigIntegerField(primary_key=True)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    translation_key = models.UUIDField(null=True)
    type = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=100, blank=True)
    site_id = models.PositiveBigIntegerField(null=True)
    path = models.TextField(blank=True)
    title = models.TextField(blank=True)
    position = models.PositiveBigIntegerField(null=True)
    number = models.PositiveIntegerField(default=0)
    etag = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=80, blank=True)
    #: The JSON as it is sent, and compressed.
    body = models.BinaryField(null=True)
    body_gzip = models.BinaryField(null=True)
    body_br = models.BinaryField(null=True)
    card = models.BinaryField(null=True)
    facets = models.JSONField(default=dict)
    #: Cache tags, separated by spaces.
    tags = models.TextField(blank=True)
    public_from = models.DateTimeField(null=True)
    #: The page's date of publication when the document was built.
    source_published_at = models.DateTimeField(null=True)
    #: When the document becomes another one by itself: a promotion ends, a review falls due.
    valid_until = models.DateTimeField(null=True)
    #: With which settings and which code it was built: see ``recipe.get_recipe``.
    recipe = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    #: Why it could not be built, and since when; it is tried again after ``retry_at``.
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("public document")
        verbose_name_plural = _("public documents")
        indexes = [
            models.Index(fields=["path"], name="treatments_document_path"),
            models.Index(
                fields=["failed_at"],
                name="treatments_document_failed",
                condition=models.Q(failed_at__isnull=False),
            ),
            models.Index(
                fields=["valid_until"],
                name="treatments_document_due",
                condition=models.Q(state="public"),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.page_id}"


class Dependency(models.Model):
    """Something that a document contains; ``key`` as in ``treatments.content.dependencies``."""

    page_id = models.PositiveBigIntegerField()
    key = models.CharField(max_length=200)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_id", "key"], name="treatments_dependency_once"
            )
        ]
        indexes = [models.Index(fields=["key"], name="treatments_dependency_key")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.key}"


class Change(models.Model):
    """Something that documents may contain has changed; written in the transaction of the change.

    Attributes:
        key: As in ``treatments.content.dependencies``.
        generation: Which turn made marks of it; null while that has not happened. It is kept for a
            while, since a document that is being built meanwhile may contain what has changed.
        due_at: Of what is about to be written, and not yet: before that instant no marks are made of it, unless
            it was written. Else a document could be built between the two, and be taken for the new one.
    """

    key = models.CharField(max_length=200)
    action = models.CharField(max_length=40)
    revision_id = models.PositiveBigIntegerField(null=True)
    #: Id and name of the user, where one is known.
    user_id = models.CharField(max_length=64, blank=True)
    user = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    generation = models.PositiveBigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            models.Index(
                fields=["key"],
                name="treatments_change_pending",
                condition=models.Q(generation__isnull=True),
            ),
            models.Index(fields=["generation"], name="treatments_change_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.key}"


class Mark(models.Model):
    """A document is to be built anew before it is read again."""

    page_id = models.PositiveBigIntegerField(db_index=True)
    #: The change; 0 for a document that was asked to be built without one.
    change_id = models.PositiveBigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.page_id} after {self.change_id}"


class PendingPurge(models.Model):
    """What a shared cache is to forget; written in the transaction of the change, kept until the cache has confirmed.

    Attributes:
        backend: Its name in ``WAGTAILFRONTENDCACHE``.
        tags: Cache tags.
        urls: Addresses, for a cache without tags.
        attempts: How often it has failed.
        retry_at: Nothing is sent to this cache before; null where nothing has failed.
    """

    backend = models.CharField(max_length=100)
    tags = models.JSONField(default=list)
    urls = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.backend}: {len(self.tags)} tags, {len(self.urls)} addresses"
