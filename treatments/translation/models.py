"""What each published translation was made from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page


class TranslatedVersion(models.Model):
    """What the source said when a language version of a page was published.

    Written by ``treatments.translation.records``, never by hand.
    """

    page = models.OneToOneField(
        Page,
        verbose_name=_("page"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    source_locale = models.ForeignKey(
        Locale,
        verbose_name=_("language of the source"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published"))
    fingerprints = models.JSONField(_("what the source said"))
    is_complete = models.BooleanField(
        _("every text was translated"),
        help_text=_("Otherwise some texts were published in the source's language."),
    )
    behind_since = models.DateTimeField(_("behind since"), null=True, blank=True)
    is_since_unknown = models.BooleanField(
        _("it is not known since when"),
        default=False,
        help_text=_("The source had changed already when this was recorded."),
    )

    class Meta:
        verbose_name = _("translated version")
        verbose_name_plural = _("translated versions")

    def __str__(self) -> str:
        return f"{self.page_id} ← {self.source_locale_id}"


class Translator(models.Model):
    """Somebody who has saved a translated text of wagtail-localize, whoever saved it since."""

    #: Name of the model: ``stringtranslation`` or ``segmentoverride``.
    model = models.CharField(max_length=40)
    row_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    saved_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "row_id", "user"], name="treatments_translator_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.row_id}: {self.user_id}"
