"""The editing form of an entry with drafts."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.admin.forms.models import WagtailAdminModelForm

#: Gets an entry that is to expire; returns why it may not, or nothing.
EXPIRY_HOOK = "explain_snippet_expiry"


class EditorialForm(WagtailAdminModelForm):
    """Refuses a date of expiry where others have something against it."""

    def clean(self) -> dict[str, Any]:
        """Ask the hooks when the date is set."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_set = cleaned.get("expire_at") and "expire_at" in self.changed_data
        if is_set and self.instance.pk:
            for hook in hooks.get_hooks(EXPIRY_HOOK):
                reason = hook(self.instance)
                if reason:
                    self.add_error("expire_at", reason)
        return cleaned
