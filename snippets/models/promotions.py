"""Short notices beside the articles."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string
from wagtail.models import Locale
from wagtail.search import index

from snippets.models.editorial import EditorialMixin


class PromotionQuerySet(models.QuerySet):
    """Promotions by what the public sees."""

    def active(self, at=None) -> PromotionQuerySet:
        """Return the published promotions whose dates include the instant ``at`` (now by default)."""
        at = at or timezone.now()
        return self.filter(
            models.Q(starts_at__isnull=True) | models.Q(starts_at__lte=at),
            models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=at),
            live=True,
        )


class Promotion(EditorialMixin, index.Indexed, ClusterableModel):
    """A short notice beside an article. Written in one language, shown in the chosen locales."""

    class Placement(models.TextChoices):
        """Where a frontend shows the promotion."""

        SIDEBAR = "sidebar", _("Sidebar")
        INLINE = "inline", _("Within the article")
        FOOTER = "footer", _("Below the article")
        HOME = "home", _("Home page")

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=400, blank=True)
    placement = models.CharField(
        _("placement"),
        max_length=10,
        choices=Placement.choices,
        default=Placement.SIDEBAR,
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(_("image description"), max_length=250, blank=True)
    link_url = models.URLField(_("link"), max_length=500, blank=True)
    link_text = models.CharField(_("link text"), max_length=80, blank=True)
    is_sponsored = models.BooleanField(
        _("sponsored"),
        default=False,
        help_text=_("Somebody paid for it: readers must be shown this mark."),
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    locales = ParentalManyToManyField(
        Locale, verbose_name=_("shown in"), related_name="+"
    )

    objects = PromotionQuerySet.as_manager()

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.FilterField("placement"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse dates in the wrong order, a link without words and an image without a description."""
        super().clean()
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = _("The end lies before the start.")
        if self.link_url and not self.link_text.strip():
            errors["link_text"] = _("Say in a few words where the link leads.")
        if self.image_id and not self.image_alt.strip():
            errors["image_alt"] = _("Describe the image for people who cannot see it.")
        if errors:
            raise ValidationError(errors)
