"""Who publishes the articles of a site."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from snippets.models import PlainTextMixin
from treatments.blocks.publisher import PublisherTextsStreamBlock
from treatments.fields import ArticleStreamField


@register_setting(icon="site", order=100)
class PublisherSettings(PlainTextMixin, BaseSiteSetting):
    """Who publishes the articles: shown by frontends in the header and footer of every page."""

    organization = models.CharField(_("organization"), max_length=160, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    license_name = models.CharField(
        _("license"),
        max_length=160,
        blank=True,
        help_text=_(
            "Under which other sites may show sections, for example CC BY-ND 4.0. Left empty, all rights are reserved."
        ),
    )
    license_url = models.URLField(_("web address of the license"), blank=True)
    texts = ArticleStreamField(
        PublisherTextsStreamBlock(),
        verbose_name=_("texts by language"),
        blank=True,
        help_text=_("One entry for each language of the site."),
    )

    panels: ClassVar[list] = [
        FieldPanel("organization"),
        FieldPanel("contact_email"),
        FieldPanel("texts"),
        MultiFieldPanel(
            [FieldPanel("license_name"), FieldPanel("license_url")],
            heading=_("Use by other sites"),
        ),
    ]

    class Meta:
        verbose_name = _("publisher")

    def clean(self) -> None:
        """Ask for the name of a license that has an address."""
        super().clean()
        if self.license_url and not self.license_name:
            raise ValidationError(
                {"license_name": _("Name the license that this address belongs to.")}
            )
