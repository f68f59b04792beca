"""Blocks that lead elsewhere: the card of a related article, and a place for promotions."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from snippets.blocks import ExpandedInputMixin
from treatments.blocks.text import PREVIEW_TEMPLATE, LongTextBlock


class ArticleChooserBlock(ExpandedInputMixin, blocks.PageChooserBlock):
    """Chooses a page; readers get it in the language of the article."""

    @cached_property
    def widget(self) -> Any:
        """Return the field that says of a draft that it is one."""
        from treatments.blocks.choosers import ArticleChooser

        return ArticleChooser(
            target_models=self.target_models, can_choose_root=self.can_choose_root
        )


class RelatedArticleBlock(blocks.StructBlock):
    """The card of another article, at the place where readers need it."""

    page = ArticleChooserBlock(label=_("Article"))
    teaser = LongTextBlock(
        required=False,
        max_length=250,
        label=_("Why read it"),
        help_text=_("Left empty, the summary of the article is shown."),
    )

    class Meta:
        clinically_significant = False
        icon = "doc-full"
        label = _("Related article")
        help_text = _(
            "Leads to another article. Shown in the reader's language, and left out while that article is not published."
        )
        description = _("A card that leads to another article")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "page": None,
            "teaser": "How to prepare for surgery, and what the first days after it are like.",
        }


class PromotionSlotBlock(blocks.StructBlock):
    """A place where the promotions of the moment appear."""

    placement = blocks.ChoiceBlock(
        choices=[
            ("inline", _("Within the article")),
            ("footer", _("Below the article")),
        ],
        default="inline",
        label=_("Placement"),
    )

    class Meta:
        clinically_significant = False
        icon = "tag"
        label = _("Promotion slot")
        help_text = _(
            "Shows the promotions that are due for this placement and language. Empty when there are none."
        )
        description = _("A place for the promotions of the moment")
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"placement": "inline"}
