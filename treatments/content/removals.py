"""What has to happen before something that public articles use may be deleted or unpublished.

The doors ask: the admin, bulk actions, the API. ``Model.delete()`` and ``unpublish()`` do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import PROTECT, Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from snippets.models import Promotion
from treatments.content.replacing import (
    ReplacementError,
    find_replacement,
    replace_uses,
)
from treatments.content.uses import REVIEWERS, Use, find_uses, list_pages
from treatments.ports.publication import REMOVED
from treatments.signals import choices_removed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What can always go: the links to it go with it.
FREE = (Page, Promotion)


class InUseError(Exception):
    """Something is used by public articles, and nothing was done.

    Attributes:
        uses: The places.
        detail: Why it does not go on, for the person who tried.
    """

    def __init__(self, uses: Sequence[Use], detail: str):
        super().__init__(detail)
        self.uses, self.detail = list(uses), detail


def prepare_removal(
    instances: Iterable[Any],
    user: Any,
    *,
    is_deleted: bool,
    replace_by: Any = None,
    reason: str = "",
) -> None:
    """Make sure that readers lose nothing unnoticed when something is deleted or unpublished.

    Args:
        instances: What goes: snippets, images or documents.
        user: Who has it go.
        is_deleted: Whether it is deleted, not only unpublished.
        replace_by: The id of what takes its place in the articles.
        reason: Why it goes at once, although articles use it.

    Raises:
        InUseError: public articles use it, or the user may not publish all of them.
        ReplacementError: the other entry cannot take its place.
    """
    used = [
        (instance, uses)
        for instance in instances
        if not isinstance(instance, FREE)
        and (uses := find_uses(instance, is_deleted=is_deleted))
    ]
    if not used:
        return
    all_uses = [use for _instance, uses in used for use in uses]
    if not replace_by and not reason.strip():
        raise InUseError(all_uses, _("Public articles use it. Nothing was changed."))
    forbidden = [use for use in all_uses if not may_publish(use.source, user)]
    if forbidden:
        titles = ", ".join(dict.fromkeys(f"“{use.title}”" for use in forbidden))
        raise InUseError(
            all_uses,
            _("You may not publish %(titles)s. Nothing was changed.")
            % {"titles": titles},
        )
    if replace_by:
        replace(used, replace_by, user, is_deleted=is_deleted)
    else:
        for instance, uses in used:
            remove_at_once(instance, uses, reason.strip(), is_deleted=is_deleted)


def replace(
    used: list[tuple[Any, list[Use]]], replace_by: Any, user: Any, *, is_deleted: bool
) -> None:
    """Put another entry at the places of one.

    Raises:
        InUseError: some articles wait for their review with the other entry in their drafts.
        ReplacementError: see ``find_replacement``.
    """
    if len(used) > 1:
        raise ReplacementError(_("Replace one entry at a time."))
    [(instance, uses)] = used
    if any(use.choice.path == REVIEWERS for use in uses):
        raise ReplacementError(
            _("“%(name)s” has reviewed articles, and nobody else has.")
            % {"name": instance}
        )
    waiting = replace_uses(uses, find_replacement(instance, replace_by), user)
    left = find_uses(instance, is_deleted=is_deleted)
    if left:
        titles = ", ".join(f"“{each}”" for each in waiting)
        raise InUseError(
            left,
            _(
                "The other entry stands in the drafts of %(titles)s. When these are reviewed and published, try again."
            )
            % {"titles": titles},
        )


def may_publish(source: Any, user: Any) -> bool:
    """Tell whether a user may publish an article, or the term that shows a picture, as it stands."""
    lock = source.get_lock()
    if lock is not None and lock.for_user(user):
        return False
    if isinstance(source, Page):
        return source.permissions_for_user(user).can_publish()
    policy = policy_registry.get_by_type(type(source))
    return policy.user_has_permission_for_instance(user, "publish", source)


def remove_at_once(
    instance: Any, uses: list[Use], reason: str, *, is_deleted: bool
) -> None:
    """Remove something although articles use it: detach it from them, and ask for their review."""
    pages = list_pages(uses)
    if is_deleted:
        detach(instance, uses)
    sections: dict[int, list[str]] = {pk: [] for pk in pages}
    for use in uses:
        names = sections.get(use.source.pk) if isinstance(use.source, Page) else None
        if names is not None and use.section and use.section not in names:
            names.append(use.section)
    log(
        instance=instance,
        action=REMOVED,
        data={"reason": reason, "pages": sorted(pages)},
    )
    choices_removed.send(
        sender=type(instance),
        sections=sections,
        source=f"{instance._meta.model_name}:{instance.pk}",
        detail=f"{instance}: {reason}",
    )


def detach(instance: Any, uses: list[Use]) -> None:
    """Take away the rows and columns of public articles, and of their aliases, that protect something."""
    for page in {use.source.pk: use.source for use in uses}.values():
        if not isinstance(page, Page):
            continue
        model = type(page)
        copies = model._default_manager.filter(Q(pk=page.pk) | Q(alias_of=page.pk))
        ids = list(copies.values_list("pk", flat=True))
        for field in model._meta.concrete_fields:
            if is_protecting(field, instance) and field.null:
                copies.filter(**{field.name: instance}).update(**{field.name: None})
        for relation in model._meta.related_objects:
            detach_rows(relation, ids, instance)
        for each in model._default_manager.filter(pk__in=ids):
            ReferenceIndex.create_or_update_for_object(each)


def detach_rows(relation: Any, page_ids: list[int], instance: Any) -> None:
    """Delete the child rows of articles that protect something."""
    for field in relation.related_model._meta.concrete_fields:
        if is_protecting(field, instance):
            relation.related_model._default_manager.filter(
                **{f"{relation.field.name}__in": page_ids, field.name: instance}
            ).delete()


def is_protecting(field: Any, instance: Any) -> bool:
    """Tell whether a column would keep something from being deleted."""
    remote = field.remote_field
    return bool(
        remote and remote.on_delete is PROTECT and isinstance(instance, remote.model)
    )
