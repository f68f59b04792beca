"""The form by which a draft is shared."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.widgets import AdminSnippetChooser

from snippets.models import Contributor
from treatments.conf import get_conf
from treatments.content.addresses import get_language_name
from treatments.preview.links import MAX_DAYS
from treatments.preview.models import DraftLink

if TYPE_CHECKING:
    from wagtail.models import Page

FOLLOW, PIN = "follow", "pin"


class LinkForm(forms.ModelForm):
    """Whom a draft is shared with, what they see, and what they may do."""

    shown = forms.ChoiceField(
        label=gettext_lazy("Shows"),
        choices=[
            (FOLLOW, gettext_lazy("The latest draft, whenever it is opened")),
            (
                PIN,
                gettext_lazy("The draft as it is saved now, whatever is changed later"),
            ),
        ],
        initial=FOLLOW,
        widget=forms.RadioSelect,
    )
    locales = forms.MultipleChoiceField(
        label=gettext_lazy("Also in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = forms.DateField(
        label=gettext_lazy("Works until the end of"),
        help_text=lazy(
            lambda: _("At most %(days)d days from now.") % {"days": MAX_DAYS}, str
        )(),
        widget=AdminDateInput,
    )

    class Meta:
        model = DraftLink
        fields: ClassVar[list[str]] = [
            "recipient_name",
            "recipient_email",
            "contributor",
            "purpose",
            "shown",
            "locales",
            "last_day",
            "may_comment",
            "may_decide",
        ]
        help_texts: ClassVar[dict[str, Any]] = {
            "may_decide": gettext_lazy(
                "Approve the text, or parts of it, or ask for changes."
            ),
        }

    field_order = Meta.fields

    def __init__(self, versions: list[Page], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # A widget of the class would keep the language of the moment in which it was made.
        self.fields["contributor"].widget = AdminSnippetChooser(
            model=Contributor, icon="user"
        )
        others = [each.locale.language_code for each in versions[1:]]
        if others:
            self.fields["locales"].choices = [  # ty: ignore[missing-attribute]
                (code, get_language_name(code)) for code in others
            ]
        else:
            del self.fields["locales"]
        days = timedelta(days=get_conf().draft_link_days)
        self.fields["last_day"].initial = timezone.localdate() + days

    def clean_last_day(self) -> datetime:
        """Return the end of the day."""
        day = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if not today <= day <= today + timedelta(days=MAX_DAYS):
            raise ValidationError(
                _("Choose a day from today on, within %(days)d days.")
                % {"days": MAX_DAYS}
            )
        return timezone.make_aware(datetime.combine(day, time.max))

    def clean(self) -> dict[str, Any]:
        """Ask where a link is sent that is not shown."""
        data = super().clean() or {}
        is_missing = not data.get("recipient_email")
        if self.is_sent_only and is_missing and "recipient_email" not in self.errors:
            self.add_error(
                "recipient_email",
                _(
                    "A link by which a contributor decides is sent to the contributor and not shown to you. "
                    "Say where to."
                ),
            )
        return data

    @property
    def is_sent_only(self) -> bool:
        """Whether whoever shares must not see the link: it decides in somebody else's name."""
        data = self.cleaned_data
        return bool(data.get("contributor") and data.get("may_decide"))

    def read_choices(self) -> dict[str, Any]:
        """Return the arguments with which the link is made."""
        data = self.cleaned_data
        return {
            "recipient_name": data["recipient_name"],
            "recipient_email": data["recipient_email"],
            "contributor": data["contributor"],
            "purpose": data["purpose"],
            "locales": data.get("locales", []),
            "is_pinned": data["shown"] == PIN,
            "may_comment": data["may_comment"],
            "may_decide": data["may_decide"],
            "expires_at": data["last_day"],
            "is_sent_only": self.is_sent_only,
        }
