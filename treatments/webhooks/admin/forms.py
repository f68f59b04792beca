"""The form of an endpoint: every choice is one that exists, and the address is one that may be called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from snippets.models import Condition, Treatment
from treatments.models import TreatmentPage
from treatments.signals import EventKind
from treatments.webhooks.addresses import AddressError, find_target
from treatments.webhooks.models import EVENT_LABELS, WebhookEndpoint
from treatments.webhooks.rotation import find_valid, rotate

if TYPE_CHECKING:
    from collections.abc import Iterable

EVERYTHING = _("None chosen means all.")


def list_vocabulary(
    model: type[Condition] | type[Treatment],
) -> Iterable[tuple[str, str]]:
    """Return slug and name of each entry, once for all languages."""
    names: dict[str, str] = {}
    for slug, name in model.objects.order_by("locale_id", "name").values_list(
        "slug", "name"
    ):
        names.setdefault(slug, name)
    return sorted(names.items(), key=lambda entry: entry[1].casefold())


def build_choices() -> dict[str, list[tuple[str, Any]]]:
    """Return what the filters of an endpoint can be: field → choices."""
    return {
        "event_kinds": list(EVENT_LABELS.items()),
        "locales": list(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", [])),
        "kinds": list(TreatmentPage.Kind.choices),
        "audiences": list(TreatmentPage.Audience.choices),
        "conditions": list(list_vocabulary(Condition)),
        "treatments": list(list_vocabulary(Treatment)),
    }


def make_choice_field(
    label: Any, help_text: Any = EVERYTHING, *, required: bool = False
) -> forms.MultipleChoiceField:
    """Return a field whose choices the form fills in."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.CheckboxSelectMultiple,
    )


class EndpointForm(WagtailAdminModelForm):
    """Creates and changes an endpoint. A new one gets its first secret."""

    event_kinds = make_choice_field(_("Events"), "", required=True)
    locales = make_choice_field(_("Languages"))
    kinds = make_choice_field(_("Kinds of articles"))
    audiences = make_choice_field(_("Audiences"))
    conditions = make_choice_field(_("Conditions"))
    treatments = make_choice_field(_("Treatments"))

    class Meta:
        model = WebhookEndpoint
        fields = (
            "name",
            "url",
            "is_active",
            "event_kinds",
            "must_acknowledge",
            "locales",
            "kinds",
            "audiences",
            "conditions",
            "treatments",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in build_choices().items():
            known = {value for value, _label in choices}
            # What is chosen but exists no more stays visible, so that saving does not silently widen
            # a filter.
            kept = [
                (value, value)
                for value in getattr(self.instance, name) or []
                if value not in known
            ]
            field = self.fields[name]
            if isinstance(field, forms.MultipleChoiceField):
                field.choices = choices + kept

    def clean_url(self) -> str:
        """Refuse an address that must not or cannot be called."""
        url = self.cleaned_data["url"].strip()
        try:
            find_target(url)
        except AddressError as error:
            raise ValidationError(str(error)) from error
        return url

    def clean(self) -> dict[str, Any]:
        """Refuse an endpoint that must acknowledge what it is never told."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("must_acknowledge") and (
            EventKind.WITHDRAWN not in cleaned.get("event_kinds", [EventKind.WITHDRAWN])
        ):
            self.add_error(
                "event_kinds",
                _(
                    "An endpoint that must acknowledge recalls has to hear of withdrawn articles."
                ),
            )
        return cleaned

    def save(self, commit: bool = True) -> WebhookEndpoint:
        """Save the endpoint; one that is active again is not gone any more."""
        if self.instance.is_active:
            self.instance.gone_at = None
        endpoint = super().save(commit)
        if commit and not find_valid(endpoint).exists():
            rotate(endpoint)
        return endpoint
