"""What the form of a reference says about other entries: which one has an identifier, which report on the same trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.panels import Panel
from wagtail.snippets.views.snippets import CopyView, CreateView, EditView

from snippets.models import Reference
from snippets.models.references import IDENTIFIER_TAKEN

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from django.forms import BaseForm
    from django.http import HttpResponse


def link_other_entries(form: BaseForm, user: AbstractBaseUser) -> None:
    """Add to the errors of a form the links to the entries that have an identifier already."""
    finder = AdminURLFinder(user)
    for errors in form.errors.as_data().values():
        for error in errors:
            if error.code != IDENTIFIER_TAKEN or not error.params:
                continue
            (text,), pk = error.messages, error.params["id"]
            url = finder.get_edit_url(Reference(pk=pk))
            if url:
                link = '{} <a href="{}" target="_blank" rel="noopener">{}</a>'
                error.message = format_html(link, text, url, _("Open that entry"))
                error.params = None


class TakenIdentifierMixin:
    """Refuses an identifier that another entry has with a link to it, also where that one came a moment ago."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save; where somebody else was faster, show the form with what is wrong."""
        try:
            return super().form_valid(form)  # ty: ignore[missing-attribute]
        except ValidationError as error:
            form.add_error(None, error)
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # ty: ignore[missing-attribute]
            return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form with links to the entries that are in the way."""
        link_other_entries(form, self.request.user)  # ty: ignore[missing-attribute]
        return super().form_invalid(form)  # ty: ignore[missing-attribute]


class ReferenceCreateView(TakenIdentifierMixin, CreateView):
    pass


class ReferenceCopyView(TakenIdentifierMixin, CopyView):
    pass


class ReferenceEditView(TakenIdentifierMixin, EditView):
    pass


class OtherWorksPanel(Panel):
    """Names the other works that report on the same trial."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "treatment_snippets/panels/other_works.html"

        def is_shown(self) -> bool:
            """Show nothing where there is no other work."""
            is_saved = self.instance is not None and self.instance.pk is not None
            return is_saved and self.instance.find_other_works().exists()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the works with their addresses in the admin."""
            context = super().get_context_data(parent_context)
            finder = AdminURLFinder(self.request.user)
            context["works"] = [
                {"name": str(work), "url": finder.get_edit_url(work)}
                for work in self.instance.find_other_works()
            ]
            return context
