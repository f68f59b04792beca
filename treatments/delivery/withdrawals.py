"""What a publisher adds to a withdrawal: a note for readers, and which article to read instead.

A withdrawal is never changed: what is added is another entry of the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from treatments.api.resolve.replacements import (
    find_moved_path,
    find_replacement_path,
)
from treatments.content.addresses import get_path
from treatments.content.dependencies import get_page_key
from treatments.content.visibility import get_public_pages
from treatments.delivery.appending import add_withdrawal, build_event
from treatments.delivery.causes import PRIVATE
from treatments.delivery.models import Document, Ledger, Version
from treatments.signals import document_withdrawn

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

#: The action in the cause of such an entry.
ANNOTATE = "annotate"


class WithdrawalError(Exception):
    """Nothing can be added: the article is not withdrawn."""


def annotate_withdrawal(
    page_id: int, *, note: str, replacement_path: str, user: AbstractBaseUser
) -> Version:
    """Append the withdrawal of an article once more, with what readers are told; send ``document_withdrawn``.

    Args:
        page_id: The article.
        note: Plain text for readers; may be empty.
        replacement_path: Path of the article to read instead; may be empty.
        user: Who says so.

    Raises:
        WithdrawalError: the article is public, or never was.
    """
    with transaction.atomic():
        Ledger.lock()
        document = Document.objects.filter(
            pk=page_id, state=Document.State.WITHDRAWN
        ).first()
        if document is None:
            raise WithdrawalError
        last = Version.objects.filter(position=document.position).first()
        hidden = {PRIVATE: True} if last and last.cause.get(PRIVATE) else {}
        version = add_withdrawal(
            document,
            reason=document.reason,
            public_from=timezone.now(),
            cause={
                "action": ANNOTATE,
                "key": get_page_key(document.translation_key),
                "revision_id": None,
                "user_id": str(user.pk),
                "user": user.get_username(),
                **hidden,
            },
            replacement_path=replacement_path,
            note=note,
        )
        # Since when it is withdrawn stays as it is.
        Document.objects.filter(pk=page_id).update(position=version.position)
        document_withdrawn.send(sender=Version, event=build_event(version))
    return version


def find_public_path(path: str) -> str:
    """Return where the public article is now that readers last got at a path; else nothing."""
    found = Document.objects.filter(path=path, state=Document.State.PUBLIC)
    page = get_public_pages().filter(pk__in=found.values("pk")).first()
    return get_path(page) if page is not None else ""


def find_named_replacement(version: Version | None) -> str:
    """Return where the article is now that a publisher named in a withdrawal; nothing where it is not public."""
    if version is None or version.cause.get("action") != ANNOTATE:
        return ""
    named = version.replacement_path
    if not named:
        return ""
    return find_public_path(named) or find_moved_path(named, version.site_id)


def find_replacement(path: str, version: Version | None) -> str:
    """Return what to read instead of a withdrawn article today.

    What a publisher named comes first, as long as it is public; then the site's redirect.

    Args:
        path: The last path of the article.
        version: Its withdrawal.
    """
    return find_named_replacement(version) or find_replacement_path(
        path, version.site_id if version else None
    )
