"""Draft links, what was done with them, and the snapshots of unsaved content."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HASH_LENGTH = 64


class EndReason(models.TextChoices):
    """Why a draft link shows nothing any more."""

    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")
    SHARER = "sharer", _("Whoever shared it may no longer edit the article")
    UNPUBLISHED = "unpublished", _("The article was unpublished")
    DELETED = "deleted", _("The article was deleted")
    LOCKED = "locked", _("The article was locked or made private")


class DraftLink(models.Model):
    """Lets one person without an account see the draft of one article.

    The link outlives the article, so that its holder is told what became of it. Only a hash of the token is
    kept: whoever reads the database cannot open a draft with it.
    """

    token_hash = models.CharField(max_length=HASH_LENGTH, unique=True, editable=False)
    #: What the article was called when it was shared, for the time after it.
    title = models.CharField(_("article"), max_length=255, editable=False)
    recipient_name = models.CharField(
        _("recipient's name"),
        max_length=160,
        help_text=_("Shown to the recipient, and with comments and decisions."),
    )
    recipient_email = models.EmailField(
        _("recipient's e-mail address"),
        blank=True,
        help_text=_("If you give it, the link is sent there."),
    )
    contributor = models.ForeignKey(
        "treatment_snippets.Contributor",
        verbose_name=_("contributor"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "If the recipient is among the contributors: a decision then carries the role and the credentials. "
            "A link by which a contributor may decide is sent there and not shown to you."
        ),
    )
    purpose = models.CharField(
        _("purpose"),
        max_length=250,
        blank=True,
        help_text=_("What you ask the recipient to look at."),
    )
    is_pinned = models.BooleanField(_("stays with this version"), default=False)
    may_comment = models.BooleanField(_("may comment"), default=True)
    may_decide = models.BooleanField(_("may decide"), default=False)
    #: Nobody but the holder of the recipient's address has seen the link.
    is_sent_only = models.BooleanField(
        _("sent to the recipient only"), default=False, editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("shared by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(
        _("shared on"), default=timezone.now, editable=False
    )
    expires_at = models.DateTimeField(_("expires"))
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_because = models.CharField(
        _("ended because"), max_length=12, choices=EndReason.choices, editable=False
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("draft link")
        verbose_name_plural = _("draft links")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["created_at"], name="treatments_preview_link_made"),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.recipient_name}"

    @property
    def end(self) -> EndReason | None:
        """Why the link shows nothing by what is stored of it; None for a link that still may."""
        if self.ended_because:
            return EndReason(self.ended_because)
        return EndReason.EXPIRED if self.expires_at <= timezone.now() else None


class DraftLinkPage(models.Model):
    """One language of a draft link: the page, and the revision that a pinned link stays with.

    The ids are plain numbers: a link says what became of its article when the page is gone.
    """

    link = models.ForeignKey(DraftLink, on_delete=models.CASCADE, related_name="pages")
    locale = models.CharField(max_length=100)
    page_id = models.BigIntegerField(db_index=True)
    revision_id = models.BigIntegerField(null=True)
    #: The language from which it was shared comes first.
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("language of a draft link")
        verbose_name_plural = _("languages of draft links")
        ordering: ClassVar[list[str]] = ["sort_order", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["link", "locale"], name="treatments_preview_page_per_locale"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} ({self.locale})"


class DraftLinkUse(models.Model):
    """What was done with a link, and when. Nothing of the caller is stored: no address, no browser."""

    class Kind(models.TextChoices):
        """What was done."""

        READ = "read", _("Read the draft")
        COMPARED = "compared", _("Compared with what was read before")
        COMMENTS = "comments", _("Read the comments")
        COMMENTED = "commented", _("Commented")
        DECISIONS = "decisions", _("Read the decisions")
        DECIDED = "decided", _("Sent a decision")
        TRIED = "tried", _("Sent something")
        OTHER = "other", _("Asked for something else")
        REFUSED = "refused", _("Tried it after its end")

    link = models.ForeignKey(DraftLink, on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    locale = models.CharField(_("language"), max_length=100, blank=True)
    revision_id = models.BigIntegerField(_("version"), null=True)
    first_at = models.DateTimeField(_("from"), default=timezone.now)
    last_at = models.DateTimeField(_("until"), default=timezone.now)
    #: The same thing again within a minute is counted, so that a loop does not fill the database.
    count = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("use of a draft link")
        verbose_name_plural = _("uses of draft links")
        ordering: ClassVar[list[str]] = ["-last_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["link", "kind", "locale", "revision_id", "last_at"],
                name="treatments_preview_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.last_at:%Y-%m-%d %H:%M})"


class PreviewSnapshot(models.Model):
    """What somebody is typing, for a frontend elsewhere. Each preview takes the place of the one before."""

    token_hash = models.CharField(max_length=HASH_LENGTH, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    session_hash = models.CharField(max_length=HASH_LENGTH)
    #: Which page is edited, or where a new one will stand.
    subject = models.CharField(max_length=250)
    mode = models.CharField(max_length=100, blank=True)
    page_id = models.BigIntegerField(null=True)
    #: Where a new page will stand.
    parent_id = models.BigIntegerField(null=True)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "session_hash", "subject", "mode"],
                name="treatments_preview_one_per_session",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.mode}".strip()
