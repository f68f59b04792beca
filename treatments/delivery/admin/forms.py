"""The form of what a publisher adds to a withdrawal."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from treatments.delivery.withdrawals import find_public_path

MAX_NOTE_LENGTH = 1000


class WithdrawalForm(forms.Form):
    """What readers are told of a withdrawn article."""

    note = forms.CharField(
        required=False,
        max_length=MAX_NOTE_LENGTH,
        label=_("Note to readers"),
        help_text=_("Why the article is gone, in plain words. Everybody can read it."),
        widget=AdminAutoHeightTextInput,
    )
    replacement_path = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Read instead"),
        help_text=_(
            "The address of a published article, from the first slash on. Left empty, the redirect of the old address counts."
        ),
    )

    def clean_replacement_path(self) -> str:
        """Take the path of a public article only: readers are sent there."""
        path = self.cleaned_data["replacement_path"]
        if not path:
            return ""
        path = f"/{path.strip('/')}/"
        if not find_public_path(path):
            raise ValidationError(
                _(
                    "No published article has this address. Copy it from the address bar, from the first slash on."
                )
            )
        return path
