"""What the editor of a translation is told when it is behind its source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page
from wagtail_localize.models import Translation

from treatments.admin.access import may_edit
from treatments.hashes.difference import compare
from treatments.hashes.raw import build_fingerprints
from treatments.ports.states import TranslationStatus, get_translation_states
from treatments.translation.contents import read_fingerprints

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser, AnonymousUser

    from treatments.ports.states import TranslationState


@dataclass(frozen=True, slots=True)
class Notice:
    """A message with at most one button.

    Attributes:
        text: What has happened, and what to do about it.
        url: Where the button leads; empty where the reader of the notice may do nothing.
        label: What the button says.
    """

    text: str
    url: str = ""
    label: str = ""


def build_notice(page: Page, user: AbstractUser | AnonymousUser) -> Notice | None:
    """Return what to tell somebody who opens a page in the editor; None for all that is in order."""
    if not page.live:
        return None
    state = get_translation_states([page.pk])[page.pk]
    if state.status == TranslationStatus.INCOMPLETE:
        text = _(
            "Readers see texts of this page in the language of the source. Translate what is missing, then publish again."
        )
        return Notice(text)
    if state.status not in (
        TranslationStatus.BEHIND_CLINICAL,
        TranslationStatus.BEHIND_EDITORIAL,
    ):
        return None
    return build_behind_notice(page, state, user)


def build_behind_notice(
    page: Page, state: TranslationState, user: AbstractUser | AnonymousUser
) -> Notice:
    """Return the notice for a translation whose source has changed."""
    parts = [describe_delay(state)]
    if state.status == TranslationStatus.BEHIND_CLINICAL:
        parts.append(_("The change may concern somebody’s treatment."))
    translation = (
        Translation.objects.filter(
            source__object_id=page.translation_key,
            source__locale__language_code=state.source_locale,
            target_locale_id=page.locale_id,
        )
        .select_related("source__specific_content_type")
        .first()
    )
    source = (
        Page.objects.filter(
            translation_key=page.translation_key,
            locale__language_code=state.source_locale,
            alias_of__isnull=True,
        )
        .order_by()
        .first()
    )
    may_open = source is not None and may_edit(user, source)
    if translation is None or not translation.enabled:
        parts.append(
            _("It is kept by hand: compare it with the source and change what is old.")
        )
    elif is_snapshot_old(translation):
        parts.append(_("Take over the new content of the source, then translate it."))
        if may_open and user.has_perm("wagtail_localize.submit_translation"):
            url = reverse(
                "wagtail_localize:update_translations", args=[translation.source_id]
            )
            return Notice(" ".join(parts), url, _("Update the translation"))
    else:
        parts.append(
            _(
                "The new content is here already: translate what is missing, then publish."
            )
        )
    if not may_open:
        return Notice(" ".join(parts))
    url = reverse("wagtailadmin_pages:edit", args=[source.pk])
    return Notice(" ".join(parts), url, _("Open the source"))


def describe_delay(state: TranslationState) -> str:
    """Return how much of the source has changed, and since when."""
    count = len(state.behind_blocks)
    if count and state.behind_since:
        text = ngettext(
            "This translation is behind: %(count)d part of the source has changed, since %(date)s.",
            "This translation is behind: %(count)d parts of the source have changed, since %(date)s.",
            count,
        )
    elif count:
        text = ngettext(
            "This translation is behind: %(count)d part of the source has changed.",
            "This translation is behind: %(count)d parts of the source have changed.",
            count,
        )
    else:
        text = _("This translation is behind: the source has changed.")
    since = localtime(state.behind_since) if state.behind_since else None
    return text % {
        "count": count,
        "date": date_format(since, "DATE_FORMAT") if since else "",
    }


def is_snapshot_old(translation: Translation) -> bool:
    """Tell whether the source says something else than what translators were given."""
    source = translation.source
    key = (source.object_id, source.locale_id)
    present = read_fingerprints({key}).get(key)
    given = build_fingerprints(
        source.specific_content_type.model_class(), json.loads(source.content_json)
    )
    return present is not None and bool(compare(given, present))
