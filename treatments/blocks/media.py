"""Figures and videos. An image's description belongs to its use, not to the file."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from snippets.blocks import ExpandedInputMixin
from snippets.features import SHORT_FEATURES
from treatments.blocks.text import (
    PREVIEW_TEMPLATE,
    LongTextBlock,
    RichTextBlock,
    ShortTextBlock,
)


class ArticleImageChooserBlock(ExpandedInputMixin, ImageChooserBlock):
    """Chooses an image of the image library."""


class DescribedImageBlock(blocks.StructBlock):
    """An optional image with its description. Not Wagtail's ImageBlock, which translation cannot take."""

    image = ArticleImageChooserBlock(required=False, label=_("Image"))
    alt = ShortTextBlock(
        required=False,
        max_length=250,
        label=_("Image description"),
        help_text=_("What the image shows, for people who cannot see it."),
    )

    def clean(self, value):
        """Refuse an image without a description."""
        cleaned = super().clean(value)
        if cleaned.get("image") and not cleaned.get("alt", "").strip():
            raise StructBlockValidationError(
                block_errors={
                    "alt": ValidationError(
                        _("Describe the image for people who cannot see it.")
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "image"
        label = _("Image")
        collapsed = True


class FigureBlock(blocks.StructBlock):
    """An image with a description, a caption and a credit."""

    image = ArticleImageChooserBlock(label=_("Image"))
    alt = ShortTextBlock(
        max_length=250,
        label=_("Image description"),
        help_text=_("What the image shows, for people who cannot see it."),
    )
    caption = LongTextBlock(
        required=False,
        max_length=400,
        clinically_significant=False,
        label=_("Caption"),
    )
    credit = ShortTextBlock(
        required=False,
        max_length=160,
        clinically_significant=False,
        label=_("Credit"),
        help_text=_("Who made it and under which license."),
    )

    class Meta:
        icon = "image"
        label = _("Figure")
        help_text = _(
            "A drawing or photo that explains something. Put no text into the image itself."
        )
        description = _("An image with description, caption and credit")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "image": None,
            "alt": "A thin probe reaches a small tumor; ice forms around its tip.",
            "caption": "The ice ball covers the tumor and a margin around it.",
            "credit": "Drawing: Demonstration Hospital",
        }


class VideoBlock(blocks.StructBlock):
    """A video elsewhere on the web, with a transcript for those who cannot hear or play it."""

    title = ShortTextBlock(
        max_length=160, clinically_significant=False, label=_("Title")
    )
    url = blocks.URLBlock(
        label=_("Web address"),
        default="",
        help_text=_("The page or file of the video, starting with https."),
    )
    poster = DescribedImageBlock(label=_("Still image"))
    duration_seconds = blocks.IntegerBlock(
        required=False,
        min_value=1,
        max_value=14400,
        clinically_significant=False,
        label=_("Length in seconds"),
    )
    transcript = RichTextBlock(
        features=SHORT_FEATURES,
        label=_("Transcript"),
        help_text=_("Everything that is said and shown."),
    )
    credit = ShortTextBlock(
        required=False,
        max_length=160,
        clinically_significant=False,
        label=_("Credit"),
    )

    def clean(self, value):
        """Refuse an address that is not https."""
        cleaned = super().clean(value)
        if not cleaned["url"].startswith("https://"):
            raise StructBlockValidationError(
                block_errors={
                    "url": ValidationError(
                        _("The web address of a video starts with https://.")
                    )
                }
            )
        return cleaned

    class Meta:
        icon = "media"
        label = _("Video")
        help_text = _(
            "A short video. Its transcript is required: many readers cannot or do not want to play it."
        )
        description = _("A video with its transcript")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "How a probe is placed",
            "url": "https://www.example.org/videos/probe",
            "poster": {"image": None, "alt": ""},
            "duration_seconds": 95,
            "transcript": "<p>A doctor holds a thin probe and explains how ultrasound shows its way.</p>",
            "credit": "",
        }
