"""What reviewers decided about which text, and what follows from it for the article."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from snippets.models import Contributor
from treatments.models.chains import ChainedModel, ChainHead


class Verdict(models.TextChoices):
    """What was decided."""

    APPROVED = "approved", _("Approved")
    APPROVED_SECTIONS = "approved_sections", _("Sections approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    EDITORIAL = "editorial", _("Waved through as editorial")


class DecisionHead(ChainHead):
    """The one row that orders the decisions: whoever decides holds its lock until the commit."""


class Decision(ChainedModel):
    """What one person decided about one text. Appended and never changed.

    The text is named by its hashes. There are no foreign keys: the memory outlives pages, users and links.
    """

    page_id = models.PositiveBigIntegerField()
    translation_key = models.UUIDField()
    revision_id = models.PositiveBigIntegerField(null=True)
    locale = models.CharField(max_length=100)
    verdict = models.CharField(_("decision"), max_length=20, choices=Verdict.choices)
    #: ``sha256-…`` of the whole content, see ``treatments.hashes.content``.
    content_hash = models.CharField(max_length=80)
    #: Section → hash, of the whole content.
    sections = models.JSONField(default=dict)
    #: The sections that were decided on; empty for the whole page.
    scope = models.JSONField(default=list)
    #: Who decided, the same for the same person whatever the way: ``contributor:<key>``, ``user:<id>``, ``link:<id>``.
    person = models.CharField(max_length=80)
    user_id = models.CharField(max_length=64, blank=True)
    link_id = models.PositiveBigIntegerField(null=True)
    #: Who shared the link, as the id of a user.
    sharer_id = models.CharField(max_length=64, blank=True)
    contributor_id = models.PositiveBigIntegerField(null=True)
    name = models.CharField(_("name"), max_length=255)
    role = models.CharField(_("role"), max_length=20, blank=True)
    credentials = models.CharField(_("credentials"), max_length=255, blank=True)
    statement = models.TextField(_("statement"), blank=True)
    #: Whether it is known well enough who decided: see ``treatments.review.people.is_known``.
    is_verified = models.BooleanField(default=True)
    #: Whether it counts for “last reviewed”: by a person with the role for it, who did not write the text.
    is_clinical = models.BooleanField(default=False)
    #: ``treatments.hashes.raw`` of the revision, to tell later whether a change is merely editorial.
    fingerprints = models.JSONField(default=dict)
    #: Section → hash of what in it is clinical, see ``treatments.hashes.content.hash_clinical``.
    clinical_sections = models.JSONField(default=dict)
    decided_at = models.DateTimeField(_("time"))

    wagtail_reference_index_ignore = True
    chain_head = DecisionHead

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(
                fields=["page_id", "content_hash"], name="treatments_decision_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()}"


class ReviewRecord(models.Model):
    """What follows from the decisions for one published article, so that a read need not build anything.

    It can be derived again at any time: ``records.update_record``. Where no store of documents remembers what the
    public got (``treatments.ports.store``), only ``reviewed_hash`` does, for a text that was changed since.
    """

    page_id = models.PositiveBigIntegerField(primary_key=True)
    locale = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    #: Of what the public reads; empty while nobody has decided anything about the article.
    content_hash = models.CharField(max_length=80, blank=True)
    sections = models.JSONField(default=dict)
    #: The last text that was reviewed as a whole and that the public got.
    reviewed_hash = models.CharField(max_length=80, blank=True)
    reviewed_on = models.DateField(null=True)
    #: The first decision about that text that counts; later ones add accepted sections.
    base_decision_id = models.PositiveBigIntegerField(null=True)
    reviewer_ids = models.JSONField(default=list)
    #: Section → hashes that were reviewed.
    accepted = models.JSONField(default=dict)
    #: What other articles can share, see ``treatments.review.facts``: key → ``[hash, section]``.
    facts = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("state of the review")
        verbose_name_plural = _("states of the reviews")

    def __str__(self) -> str:
        return f"{self.page_id}: {self.reviewed_on}"


class Reviewer(models.Model):
    """Which contributor a user is, or the owner of an e-mail address: what they decide is decided in that role."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Leave it empty for somebody without an account."),
    )
    email = models.EmailField(
        _("e-mail address"),
        blank=True,
        help_text=_(
            "For somebody without an account. Only what is decided by a draft link that was sent there counts as a review."
        ),
    )
    contributor = models.ForeignKey(
        Contributor,
        verbose_name=_("contributor"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("In any language: the person’s entries in all languages count."),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, email="")
                | (models.Q(user__isnull=True) & ~models.Q(email="")),
                name="treatments_reviewer_is_reached",
                violation_error_message=_(
                    "Choose a user, or give the e-mail address of somebody without an account: one of the two."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.contributor}"

    def get_address(self) -> str:
        """Return where the reviewer gets draft links: the address of the account, where there is one."""
        if self.user is None:
            return self.email
        return getattr(self.user, self.user.get_email_field_name(), "")
