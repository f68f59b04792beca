"""What a text may bring along from elsewhere: the paste of the rich text editor, and old stored texts.

The words that are struck out or hidden never become live text. The editor's part is in
``rich-text-paste.js``; the API refuses them before they are stored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text.converters.contentstate_models import Block
from wagtail.admin.rich_text.converters.editor_html import WhitelistRule
from wagtail.admin.rich_text.converters.html_to_contentstate import FORCE_WHITESPACE
from wagtail.admin.rich_text.editors.draftail.features import PluginFeature
from wagtail.whitelist import allow_without_attributes

from snippets.features import PASTE_FEATURE

if TYPE_CHECKING:
    from wagtail.admin.rich_text.converters.contentstate_models import ContentState
    from wagtail.admin.rich_text.converters.html_to_contentstate import HandlerState
    from wagtail.rich_text.feature_registry import FeatureRegistry

STRUCK_TAGS = ("s", "strike", "del")
PLUGIN_TYPE = "CAREFUL_PASTE"

#: ``{list}`` is what was left out, in quotation marks; by the kinds that rich-text-paste.js knows.
MESSAGES = {
    "struck": _("Struck-out text was left out: {list}"),
    "hidden": _("Hidden text was left out: {list}"),
    "comments": _("Comments were left out: {list}"),
    "controls": _("Buttons and form fields were left out: {list}"),
    "formulas": _("Formulas were left out: {list}"),
    "signs": _(
        "Signs of a picture font (Wingdings, for example) were left out. Compare the text with the original."
    ),
    "pictures": _(
        "Pictures, videos or embedded content were left out. Add them as blocks of their own."
    ),
    "tables": _(
        "A table became lines, one for each row. For columns that are compared, an article has table blocks."
    ),
    "headings": _("Headings that this text cannot have became paragraphs."),
    "lists": _("Lists that this text cannot have became paragraphs."),
    "numbers": _(
        "A list had other numbers or letters; here it counts 1, 2, 3. Check the words that refer to its items."
    ),
    "links": _("Links that cannot stay here became plain words: {list}"),
    "quote": _("“{text}”"),
    "more": _("and more"),
    "close": _("Close this message"),
}


class CarefulPasteFeature(PluginFeature):
    """Tells the editor's plugin which formats the text may have, whatever the order of its features."""

    def construct_options(self, options: dict[str, Any]) -> None:
        """Add the plugin; its lists are those of the options, which other features go on filling."""
        plugins = options.setdefault(self.option_name, [])
        names = ("blockTypes", "inlineStyles", "entityTypes")
        allowed = {name: options.setdefault(name, []) for name in names}
        plugins.append({**self.data, "allowed": allowed})


class StruckBlock(Block):
    """Takes the words that are left out; it belongs to no text."""


class StruckTextHandler:
    """Leaves struck text out where the editor opens a stored text."""

    def handle_starttag(
        self, name: str, attrs: Any, state: HandlerState, contentstate: ContentState
    ) -> None:
        """Move the words into a block of their own."""
        state.push()
        state.current_inline_styles, state.current_entity_ranges = [], []
        state.current_block = StruckBlock("unstyled", depth=0)
        contentstate.blocks.append(state.current_block)

    def handle_endtag(
        self, name: str, state: HandlerState, contentstate: ContentState
    ) -> None:
        """Go on where the words began; two numbers that they kept apart stay apart."""
        blocks = contentstate.blocks
        start = max(
            index for index, each in enumerate(blocks) if isinstance(each, StruckBlock)
        )
        was_apart = (
            len(blocks) - start > 1
            or " " in blocks[start].text
            or state.leading_whitespace == FORCE_WHITESPACE
        )
        del blocks[start:]
        state.pop()
        before = state.current_block.text if state.current_block else ""
        if was_apart and re.search(r"\d[.,:]?$", before):
            state.leading_whitespace = FORCE_WHITESPACE


def register_levels(features: FeatureRegistry) -> None:
    """Accept super- and subscript in what is written through the API; Wagtail has no rule for them."""
    for feature, tag in (("superscript", "sup"), ("subscript", "sub")):
        features.register_converter_rule(
            "editorhtml", feature, [WhitelistRule(tag, allow_without_attributes)]
        )


def register_careful_paste(features: FeatureRegistry) -> None:
    """Register the feature with Wagtail's rich text."""
    features.register_editor_plugin(
        "draftail",
        PASTE_FEATURE,
        CarefulPasteFeature(
            {"type": PLUGIN_TYPE, "messages": MESSAGES},
            js=[
                "treatment_snippets/js/paste-styles.js",
                "treatment_snippets/js/paste-gaps.js",
                "treatment_snippets/js/paste-signs.js",
                "treatment_snippets/js/paste-math.js",
                "treatment_snippets/js/paste-tables.js",
                "treatment_snippets/js/paste-reading.js",
                "treatment_snippets/js/rich-text-paste.js",
            ],
            css={"all": ["treatment_snippets/css/rich-text-paste.css"]},
        ),
    )
    features.register_converter_rule(
        "contentstate",
        PASTE_FEATURE,
        {
            # A field that may have struck text has its own rule, which stands before this one.
            "from_database_format": {tag: StruckTextHandler() for tag in STRUCK_TAGS},
            "to_database_format": {},
        },
    )
