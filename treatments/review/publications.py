"""What the policy says of a publication: refused or warned about, where the text was not reviewed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from treatments.publishing import PublicationRefusedError
from treatments.review.contents import hash_page
from treatments.review.policies import get_policy
from treatments.review.records import find_open_sections
from treatments.review.sections import name_sections


def check_publication(page: Any) -> None:
    """Refuse what was not reviewed, where the policy of its kind says so.

    Raises:
        PublicationRefusedError: the text says what is missing.
    """
    if get_policy(page.kind).publishing != "refuse":
        return
    reason = explain_gap(page)
    if reason:
        raise PublicationRefusedError(reason)


def explain_gap(page: Any) -> str:
    """Return what of a text nobody has reviewed, as a sentence; empty where everything was.

    Args:
        page: The article as it would be published.
    """
    if page.alias_of_id is not None:
        # An alias shows what its source shows.
        return ""
    if page.pk is None or page._state.adding:
        return _(
            "This article was never reviewed. Save it as a draft and ask for a review."
        )
    content = hash_page(page)
    missing = find_open_sections(page, content)
    if not missing:
        return ""
    if len(missing) == len(content.sections):
        return _(
            "This text was not reviewed. It is published when a clinical reviewer has approved it."
        )
    return _(
        "These sections were not reviewed as they stand: %(sections)s. The article is published when a clinical "
        "reviewer has approved them."
    ) % {"sections": ", ".join(name_sections(missing, content.titles))}


def guard_save(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Refuse what goes live by whatever path, while it is saved: the last line of defense.

    Everything that publishes saves the page with another live revision; copies and imports save a live page.

    Raises:
        PublicationRefusedError: see ``check_publication``.
    """
    if raw or not instance.live or get_policy(instance.kind).publishing != "refuse":
        return
    update_fields = kwargs.get("update_fields")
    if update_fields is not None and not {"live", "live_revision"} & set(update_fields):
        return
    before = Page.objects.filter(pk=instance.pk).values_list("live", "live_revision_id")
    if instance.pk and tuple(before.first() or ()) == (True, instance.live_revision_id):
        return
    check_publication(instance)
