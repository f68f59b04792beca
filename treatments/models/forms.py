"""The editing form of an article: what concerns the page as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm

if TYPE_CHECKING:
    from django.utils.functional import Promise


class ArticleForm(WagtailAdminPageForm):
    """Refuses an article that leads to itself, and entries that are given twice."""

    def clean(self) -> dict[str, Any]:
        """Check the body and the child relations against the page."""
        cleaned = super().clean()
        body = cleaned.get("body")
        if body is not None and self.instance.pk:
            own_key = self.instance.translation_key
            for page in iterate_chosen_pages(body.stream_block, body):
                if page.translation_key == own_key:
                    self.add_error(
                        "body",
                        _(
                            "A related article in the body is this article itself. Choose another one."
                        ),
                    )
                    break
        self.check_rows(
            "article_conditions", "condition", _("This condition is listed twice.")
        )
        self.check_rows(
            "article_contributors", "contributor", _("This author is listed twice.")
        )
        self.check_rows(
            "related_articles", "related_page", _("This article is listed twice.")
        )
        return cleaned

    def check_rows(self, relation: str, field: str, message: str | Promise) -> None:
        """Mark rows that repeat an earlier one, and a related article that is the page itself."""
        formset = self.formsets.get(relation)
        if formset is None:
            return
        # Cleans the rows, which otherwise happens after the page's own fields.
        formset.is_valid()
        seen = set()
        for form in formset.forms:
            chosen = getattr(form, "cleaned_data", {}).get(field)
            if chosen is None or form.cleaned_data.get("DELETE"):
                continue
            if (
                relation == "related_articles"
                and self.instance.pk
                and chosen.translation_key == self.instance.translation_key
            ):
                form.add_error(
                    field,
                    _("An article cannot be related to itself. Choose another one."),
                )
            elif chosen.pk in seen:
                form.add_error(field, message)
            seen.add(chosen.pk)


def iterate_chosen_pages(block: blocks.Block, value: Any):
    """Yield every page that is chosen below a block value."""
    if isinstance(block, blocks.PageChooserBlock):
        if value is not None:
            yield value
    elif isinstance(block, blocks.StreamBlock):
        for child in value:
            yield from iterate_chosen_pages(child.block, child.value)
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from iterate_chosen_pages(block.child_block, item)
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from iterate_chosen_pages(child, value.get(name))
