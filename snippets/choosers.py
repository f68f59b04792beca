"""The windows in which editors choose reference content, in forms and in rich text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import (
    BaseFilterForm,
    LocaleFilterMixin,
    SearchFilterMixin,
)
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser
from wagtail.snippets.views import chooser as snippet_chooser
from wagtail.snippets.widgets import AdminSnippetChooser

from snippets.models import Condition, GlossaryTerm, Reference, Treatment
from snippets.search import find_by_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

TERM_SEARCH = ("term", "aliases", "definition")
REFERENCE_SEARCH = (
    "title",
    "authors",
    "container_title",
    "pmid",
    "pmcid",
    "doi",
    "nct",
)


class WordSearchForm(SearchFilterMixin, BaseFilterForm):
    """The search of a chooser, by the same rules as the listing of the model."""

    word_fields: ClassVar[tuple[str, ...]]

    def filter(self, objects: QuerySet) -> QuerySet:
        """Narrow the choice to what was searched for."""
        text = self.cleaned_data.get("q")
        if not text:
            return objects
        self.is_searching, self.search_query = True, text
        return find_by_words(objects, text, self.word_fields)


class TermSearchForm(LocaleFilterMixin, WordSearchForm):
    """Finds terms by their other names too; the language is that of the article, until somebody changes it."""

    word_fields = TERM_SEARCH


class ReferenceSearchForm(WordSearchForm):
    """Finds references by author, title and identifier."""

    word_fields = REFERENCE_SEARCH


def is_shown(instance: Any) -> bool:
    """Tell whether readers get an entry."""
    return getattr(instance, "live", True) and getattr(instance, "is_public", True)


def name_choice(instance: Any) -> str:
    """Return what people call an entry, and that it is a draft where it is one."""
    if is_shown(instance):
        return str(instance)
    return _("%(name)s (draft)") % {"name": instance}


class ChoiceNameMixin:
    """Says of a chosen entry that it is a draft."""

    def get_display_title(self, instance: Any) -> str:
        """Return the name with the mark."""
        return name_choice(instance)


class SnippetChooser(ChoiceNameMixin, AdminSnippetChooser):
    """The field of a form in which a snippet is chosen."""


class VocabularyChooser(ChoiceNameMixin, BaseChooser):
    """The field of a form in which a condition or a treatment is chosen."""


class EntryChosenView(ChoiceNameMixin, snippet_chooser.SnippetChosenView):
    pass


class EntryChosenMultipleView(
    ChoiceNameMixin, snippet_chooser.SnippetChosenMultipleView
):
    pass


class EntryChooserViewSet(snippet_chooser.SnippetChooserViewSet):
    """Chooses an entry with drafts; its listing has the status already."""

    base_widget_class = SnippetChooser
    chosen_view_class = EntryChosenView
    chosen_multiple_view_class = EntryChosenMultipleView


class TermChooseView(snippet_chooser.ChooseView):
    filter_form_class = TermSearchForm


class TermChooseResultsView(snippet_chooser.ChooseResultsView):
    filter_form_class = TermSearchForm


class TermChosenView(EntryChosenView):
    """Tells the rich text editor the bare term, which it writes where no words are selected."""

    def get_chosen_response_data(self, item: GlossaryTerm) -> dict[str, Any]:
        """Return the stock answer and the term."""
        return {**super().get_chosen_response_data(item), "term": item.term}


class TermChooserViewSet(EntryChooserViewSet):
    """Chooses a glossary term."""

    choose_view_class = TermChooseView
    choose_results_view_class = TermChooseResultsView
    chosen_view_class = TermChosenView


class ReferenceColumnsMixin:
    """Shows what tells two papers of the same authors apart."""

    filter_form_class = ReferenceSearchForm

    @property
    def columns(self) -> list[Column]:
        """Return the stock columns with the PubMed ID before the status."""
        columns = super().columns  # ty: ignore[missing-attribute]
        columns.insert(-1, Column("pmid", label="PMID"))
        return columns


class ReferenceChooseView(ReferenceColumnsMixin, snippet_chooser.ChooseView):
    pass


class ReferenceChooseResultsView(
    ReferenceColumnsMixin, snippet_chooser.ChooseResultsView
):
    pass


class ReferenceChosenView(EntryChosenView):
    """Tells the rich text editor the label that stands in the text."""

    def get_chosen_response_data(self, item: Reference) -> dict[str, Any]:
        """Return the stock answer and the short label."""
        return {
            **super().get_chosen_response_data(item),
            "short_label": item.short_label,
        }


class ReferenceChooserViewSet(EntryChooserViewSet):
    """Chooses a reference."""

    choose_view_class = ReferenceChooseView
    choose_results_view_class = ReferenceChooseResultsView
    chosen_view_class = ReferenceChosenView


class VocabularyColumnsMixin:
    """Shows which translations still wait for their translator."""

    @property
    def columns(self) -> list[Column]:
        """Return the stock columns with the status behind them."""
        status = StatusTagColumn(
            "status",
            label=_("Status"),
            accessor=lambda entry: _("live") if entry.is_public else _("draft"),
            primary=lambda entry: entry.is_public,
        )
        return [*super().columns, status]  # ty: ignore[missing-attribute]


class VocabularyChooseView(VocabularyColumnsMixin, chooser.ChooseView):
    pass


class VocabularyChooseResultsView(VocabularyColumnsMixin, chooser.ChooseResultsView):
    pass


class VocabularyChosenView(ChoiceNameMixin, chooser.ChosenView):
    pass


class VocabularyChosenMultipleView(ChoiceNameMixin, chooser.ChosenMultipleView):
    pass


class VocabularyChooserViewSet(ChooserViewSet):
    """Chooses an entry of a vocabulary."""

    base_widget_class = VocabularyChooser
    choose_view_class = VocabularyChooseView
    choose_results_view_class = VocabularyChooseResultsView
    chosen_view_class = VocabularyChosenView
    chosen_multiple_view_class = VocabularyChosenMultipleView
    per_page = 20


class ConditionChooserViewSet(VocabularyChooserViewSet):
    """Chooses a condition."""

    model = Condition
    icon = "treatment-condition"
    choose_one_text = _("Choose a condition")
    choose_another_text = _("Choose another condition")
    edit_item_text = _("Edit this condition")


class TreatmentChooserViewSet(VocabularyChooserViewSet):
    """Chooses a treatment."""

    model = Treatment
    icon = "treatment-pill"
    choose_one_text = _("Choose a treatment")
    choose_another_text = _("Choose another treatment")
    edit_item_text = _("Edit this treatment")
