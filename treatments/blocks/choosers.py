"""The field of a form in which an article is chosen."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminPageChooser


class ArticleChooser(AdminPageChooser):
    """Says of a chosen page that readers do not get it."""

    def get_display_title(self, instance: Any) -> str:
        """Return the title with the mark."""
        title = super().get_display_title(instance)
        if not instance.live:
            return _("%(name)s (draft)") % {"name": title}
        if instance.expire_at and instance.expire_at <= timezone.now():
            return _("%(name)s (expired)") % {"name": title}
        return title
