"""Who translated a page or a snippet: the words are theirs, whoever saves them again or the revision that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail_localize.models import SegmentOverride, StringTranslation

from treatments.translation.models import Translator

if TYPE_CHECKING:
    from datetime import datetime


def find_translators(instance: Any, since: datetime | None) -> set[Any]:
    """Return the ids of the users who translated or replaced something of a page or a snippet since then.

    wagtail-localize knows of each text who saved it last; ``Translator`` knows who else did.
    """
    key = getattr(instance, "translation_key", None)
    if key is None:
        return set()
    users: set[Any] = set()
    for model in (StringTranslation, SegmentOverride):
        rows = model.objects.filter(
            context__object_id=key, locale_id=instance.locale_id
        )
        former = Translator.objects.filter(
            model=model._meta.model_name, row_id__in=rows.order_by().values("pk")
        )
        rows = rows.filter(last_translated_by__isnull=False)
        if since is not None:
            rows = rows.filter(updated_at__gt=since)
            former = former.filter(saved_at__gt=since)
        users.update(rows.values_list("last_translated_by_id", flat=True))
        users.update(former.values_list("user_id", flat=True))
    return users


def note_translator(
    sender: Any, instance: Any, raw: bool = False, **kwargs: Any
) -> None:
    """Remember who has saved a translated text: the next one to save it takes the place in its row."""
    if not raw and instance.last_translated_by_id is not None:
        Translator.objects.update_or_create(
            model=sender._meta.model_name,
            row_id=instance.pk,
            user_id=instance.last_translated_by_id,
            defaults={"saved_at": timezone.now()},
        )
