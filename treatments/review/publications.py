"""What the policy says of a publication: refused or warned about, where the text was not reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from treatments.hashes.raw import build_fingerprints, get_content_fields
from treatments.ports.publication import PublicationRefusedError, find_passage
from treatments.review.contents import hash_page, name_sections
from treatments.review.policies import get_policy, refuses_anything
from treatments.review.records import find_open_sections

if TYPE_CHECKING:
    from collections.abc import Collection

#: How the API warns.
NOT_REVIEWED = "not-reviewed"
#: The rules about publishing, the strictest last.
RULES = ("free", "warn", "refuse")
#: What is saved when something goes live, or stops following another page.
PUBLIC_FIELDS = {
    "live",
    "live_revision",
    "live_revision_id",
    "alias_of",
    "alias_of_id",
}


def get_rule(page: Any) -> str:
    """Return what happens when a text is published that was not reviewed: the strictest rule that concerns it.

    The rule of the kind that the public knows counts too: another kind in a draft leads around no review.
    """
    known = type(page)._default_manager.filter(
        pk=page.pk, first_published_at__isnull=False
    )
    kinds = {page.kind, *known.values_list("kind", flat=True)}
    return max((get_policy(kind).publishing for kind in kinds), key=RULES.index)


def check_publication(page: Any) -> None:
    """Refuse what was not reviewed, where the policy of its kind says so.

    Raises:
        PublicationRefusedError: the text says what is missing.
    """
    if get_rule(page) != "refuse":
        return
    reason = explain_gap(page)
    if reason:
        raise PublicationRefusedError(reason)


def find_warning(page: Any) -> str:
    """Return ``not-reviewed`` for what was published without a review, where the policy warns of it; else nothing."""
    return NOT_REVIEWED if get_rule(page) == "warn" and explain_gap(page) else ""


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

    Everything that publishes saves the page with another live revision; copies and imports save a live page, and
    a script may save another text of one. An alias that is converted stands for itself from then on.

    Raises:
        PublicationRefusedError: see ``check_publication``.
    """
    is_public = instance.live and instance.alias_of_id is None
    if raw or not is_public or not refuses_anything():
        return
    passage = find_passage(instance)
    if passage and passage.page and has_same_text(passage.page, instance):
        # Just now, and nobody has changed it since.
        return
    before = type(instance)._default_manager.filter(pk=instance.pk).first()
    update_fields = kwargs.get("update_fields")
    if is_as_before(before, instance, update_fields):
        return
    check_publication(instance)


def is_as_before(
    before: Any, page: Any, update_fields: Collection[str] | None = None
) -> bool:
    """Tell whether the public gets the same of a live page when it is saved.

    Args:
        before: The page as it is stored; None for a new one.
        page: The page as it is saved.
        update_fields: What of it is saved; None for all of it.
    """
    content = {each.name for each in get_content_fields(type(page))}
    saved = content | PUBLIC_FIELDS if update_fields is None else set(update_fields)
    if not saved & (content | PUBLIC_FIELDS):
        return True
    is_same_version = (
        before is not None
        and before.live
        and before.alias_of_id is None
        and before.live_revision_id == page.live_revision_id
    )
    if not is_same_version:
        return False
    return has_same_text(before, page) or not saved & content


def has_same_text(one: Any, other: Any) -> bool:
    """Tell whether two pages of a type have the same content, as far as readers can tell."""
    texts = (
        build_fingerprints(type(other), each.serializable_data()).digests
        for each in (one, other)
    )
    return next(texts) == next(texts)
