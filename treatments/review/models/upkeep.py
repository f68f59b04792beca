"""What keeps reviews going: public notes on changes, requests for a new review, and reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class ChangeNote(models.Model):
    """What readers are told about a change."""

    class Kind(models.TextChoices):
        """What was changed."""

        EDITORIAL = "editorial", _("Editorial")
        CLINICAL = "clinical", _("Clinical")
        CORRECTION = "correction", _("Correction")
        WITHDRAWAL = "withdrawal", _("Withdrawal")

    page = models.ForeignKey(
        Page, verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )
    date = models.DateField(_("date"), default=timezone.localdate)
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind.choices, default=Kind.EDITORIAL
    )
    text = models.TextField(
        _("note to readers"),
        max_length=1000,
        help_text=_(
            "What has changed, in plain words and in the language of the article. Everybody can read it."
        ),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("note on a change")
        verbose_name_plural = _("notes on changes")
        ordering = ["-date", "-pk"]

    def __str__(self) -> str:
        return f"{self.date}: {self.text}"


class ReviewRequest(models.Model):
    """Something has happened because of which an article should be reviewed before its time."""

    class Reason(models.TextChoices):
        """What has happened."""

        CORRECTED = "reference_corrected", _("A reference was corrected")
        CONCERN = (
            "reference_concern",
            _("There is an expression of concern about a reference"),
        )
        RETRACTED = "reference_retracted", _("A reference was retracted")
        STATISTIC = "statistic_changed", _("A number was changed in another article")
        REGULATORY = (
            "regulatory_changed",
            _("The decision of an authority was changed or removed in another article"),
        )
        REMOVED = (
            "choice_removed",
            _("Something that the article used was removed at once"),
        )
        ASKED = "asked", _("Somebody asked for a review")

    page_id = models.PositiveBigIntegerField(db_index=True)
    reason = models.CharField(_("reason"), max_length=24, choices=Reason.choices)
    #: What it is about, such as ``reference:12``: the same thing opens one request only.
    source = models.CharField(max_length=200, blank=True)
    #: A hash of what happened, and when: when it happens again, there is another request.
    occurrence = models.CharField(max_length=80, blank=True)
    detail = models.TextField(_("details"), blank=True)
    #: The sections that use it; empty for the whole page.
    sections = models.JSONField(default=list)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)
    #: The decision that answered it.
    decision_id = models.PositiveBigIntegerField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: Why it was closed without a review.
    closing_note = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request for a review")
        verbose_name_plural = _("requests for reviews")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page_id", "reason", "source", "occurrence"],
                name="treatments_request_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.get_reason_display()}"


class SentReminder(models.Model):
    """A reminder that somebody got: of each kind one for each date of review and address."""

    class Kind(models.TextChoices):
        """When it was sent."""

        BEFORE = "before", _("Before the review is due")
        AFTER = "after", _("When the review is overdue")

    page_id = models.PositiveBigIntegerField()
    due_on = models.DateField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    address = models.EmailField()
    sent_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_id", "due_on", "kind", "address"],
                name="treatments_reminder_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.due_on}: {self.kind}"


class TextOrigin(models.Model):
    """The page whose text another one began with: as a copy, or as an alias that stands for itself since."""

    page_id = models.PositiveBigIntegerField(unique=True)
    source_id = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.page_id} from {self.source_id}"
