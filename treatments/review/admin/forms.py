"""The forms of the screen about the reviews of one article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from treatments.conf import get_conf
from treatments.review.contents import name_section
from treatments.review.models import ChangeNote, Verdict

if TYPE_CHECKING:
    from treatments.review.contents import Content

VERDICTS = {
    Verdict.APPROVED: _("I approve the whole article"),
    Verdict.APPROVED_SECTIONS: _("I approve the sections that I checked"),
    Verdict.CHANGES_REQUESTED: _("I ask for changes"),
    Verdict.EDITORIAL: _("The change is merely editorial: no review is needed"),
}


class DecisionForm(forms.Form):
    """What somebody decides about the latest draft."""

    verdict = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    sections = forms.MultipleChoiceField(
        label=_("Sections"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only when you approve sections."),
    )
    statement = forms.CharField(
        label=_("Statement"),
        required=False,
        widget=AdminAutoHeightTextInput,
        help_text=_(
            "What you checked, or what should change. The editors and the other reviewers read it."
        ),
    )
    content_hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, content: Content, verdicts: list[Verdict], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["verdict"].choices = [(each, VERDICTS[each]) for each in verdicts]
        fields["sections"].choices = [
            (name, name_section(name, content.titles)) for name in content.sections
        ]
        fields["statement"].max_length = get_conf().comment_max_length
        fields["content_hash"].initial = content.content_hash


class TaskForm(forms.Form):
    """What somebody does in a task that is no clinical review."""

    task_action = forms.ChoiceField(choices=[("approve", ""), ("reject", "")])
    comment = forms.CharField(required=False)
    content_hash = forms.CharField()


class DismissForm(forms.Form):
    """Why a request is closed without a review."""

    note = forms.CharField(
        label=_("Why no review is needed"),
        max_length=1000,
        widget=AdminAutoHeightTextInput,
    )


class ChangeNoteForm(forms.ModelForm):
    """A note to readers."""

    class Meta:
        model = ChangeNote
        fields = ("date", "kind", "text")
        widgets = {"date": AdminDateInput, "text": AdminAutoHeightTextInput}
