"""The publisher's texts, one entry for each language."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from treatments.blocks.text import LongTextBlock, ShortTextBlock


def get_language_choices() -> list[tuple[str, str]]:
    """Return the content languages of the site."""
    return list(settings.WAGTAIL_CONTENT_LANGUAGES)


class PublisherTextBlock(blocks.StructBlock):
    """The texts in one language."""

    language = blocks.ChoiceBlock(choices=get_language_choices, label=_("Language"))
    tagline = ShortTextBlock(required=False, max_length=160, label=_("Tagline"))
    disclaimer = LongTextBlock(
        required=False,
        max_length=600,
        label=_("Disclaimer"),
        help_text=_("Shown below every article."),
    )
    emergency_note = LongTextBlock(
        required=False,
        max_length=300,
        label=_("In an emergency"),
        help_text=_("Whom to call, as your readers know it."),
    )

    class Meta:
        icon = "globe"
        label = _("Texts")
        label_format = "{language}"


class PublisherTextsStreamBlock(blocks.StreamBlock):
    """The texts of all languages; each language once."""

    text = PublisherTextBlock()

    def clean(self, value):
        """Refuse a second entry for a language."""
        cleaned = super().clean(value)
        seen = set()
        for position, child in enumerate(cleaned):
            language = child.value["language"]
            if language in seen:
                error = StructBlockValidationError(
                    block_errors={
                        "language": ValidationError(
                            _("This language has an entry already.")
                        )
                    }
                )
                raise StreamBlockValidationError(block_errors={position: error})
            seen.add(language)
        return cleaned

    class Meta:
        required = False
        max_num = 20
