"""Comments of guests: Wagtail's own comments, with who wrote them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Comment, CommentReply


class Guest(models.Model):
    """What is kept of a guest with each text.

    Attributes:
        account: The account that stands behind all guests; it cannot be deleted with their words.
        person: The same for the same person: see ``Decision.person``.
        text: As it was written; Wagtail's own text starts with the name.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    link_id = models.PositiveBigIntegerField()
    person = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=255)
    email = models.EmailField(blank=True)
    text = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


class GuestComment(Guest):
    """Who wrote a comment without an account, and about what."""

    comment = models.OneToOneField(
        Comment,
        primary_key=True,
        on_delete=models.CASCADE,
        # Wagtail saves its comments with every relation that it sees in them as if it were a column.
        related_name="+",
    )
    #: The block that was meant; empty for the whole article.
    block_id = models.CharField(max_length=64, blank=True)
    #: What it said then.
    quote = models.CharField(max_length=300, blank=True)
    #: Language code of the article, in which answers are announced.
    locale = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("comment of a guest")
        verbose_name_plural = _("comments of guests")


class GuestReply(Guest):
    """Who wrote a reply without an account."""

    reply = models.OneToOneField(
        CommentReply,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
    )

    class Meta:
        verbose_name = _("reply of a guest")
        verbose_name_plural = _("replies of guests")
