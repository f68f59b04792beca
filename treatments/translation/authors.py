"""Who translated a page: the words are theirs, whoever saves the revision that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail_localize.models import SegmentOverride, StringTranslation

if TYPE_CHECKING:
    from datetime import datetime


def find_translators(page: Any, since: datetime | None) -> set[Any]:
    """Return the ids of the users who translated or replaced something of a page since then.

    wagtail-localize knows of each text who changed it last.
    """
    users: set[Any] = set()
    for model in (StringTranslation, SegmentOverride):
        rows = model.objects.filter(
            context__object_id=page.translation_key,
            locale_id=page.locale_id,
            last_translated_by__isnull=False,
        )
        if since is not None:
            rows = rows.filter(updated_at__gt=since)
        users.update(rows.values_list("last_translated_by_id", flat=True))
    return users
