"""What somebody is typing, for a frontend elsewhere: one snapshot for each editing session, for some minutes."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Page

from treatments.api.articles import build_documents
from treatments.api.draft_content import DraftView
from treatments.api.representation import format_time
from treatments.conf import get_conf
from treatments.preview.models import PreviewSnapshot
from treatments.preview.pointers import build_edit_links
from treatments.preview.tokens import SNAPSHOT_PREFIX, hash_token, make_token


class UnknownSnapshotError(LookupError):
    """Nobody is typing this, or somebody has gone on typing since."""


class ExpiredSnapshotError(LookupError):
    """It was shown last too long ago."""


if TYPE_CHECKING:
    from datetime import datetime


def store_snapshot(page: Page, user: Any, session_key: str, mode_name: str) -> str:
    """Keep what is typed now in place of what was typed before, and return the token that shows it.

    Args:
        page: The unsaved page.
        user: Who types.
        session_key: The session in which it is typed; only a hash of it is kept.
        mode_name: Which preview it is: each language has its own.
    """
    delete_expired()
    manifest: list[dict[str, Any]] = []
    document = build_documents([page], None, DraftView(user), manifest)[page.pk]
    token, token_hash = make_token(SNAPSHOT_PREFIX)
    PreviewSnapshot.objects.update_or_create(
        user=user,
        session_hash=hashlib.sha256(session_key.encode()).hexdigest(),
        subject=name_subject(page),
        mode=mode_name,
        defaults={
            "token_hash": token_hash,
            "page_id": page.pk,
            "content": {
                "locale": page.locale.language_code,
                "article": document,
                "manifest": manifest,
                "edit": build_edit_links(page, document),
            },
            "expires_at": find_expiry(),
        },
    )
    return token


def find_expiry() -> datetime:
    """Return until when a snapshot is shown that is stored now."""
    return timezone.now() + timedelta(minutes=get_conf().preview_minutes)


def name_subject(page: Page) -> str:
    """Return what tells one edited page from another: its id, or where a new one will stand."""
    if page.pk:
        return f"page:{page.pk}"
    parent = page.path[: -page.steplen] if page.path else ""
    return f"new:{page._meta.label_lower}:{parent}"[:250]


def read_snapshot(token: str) -> dict[str, Any]:
    """Return what is typed, in the shape of the contract.

    Raises:
        UnknownSnapshotError: there is no such token, or not any more.
        ExpiredSnapshotError: its time is over.
    """
    snapshot = (
        PreviewSnapshot.objects.select_related("user")
        .filter(token_hash=hash_token(token))
        .first()
    )
    if snapshot is None or not snapshot.user.is_active:
        raise UnknownSnapshotError
    if snapshot.expires_at <= timezone.now():
        raise ExpiredSnapshotError
    if snapshot.page_id is not None:
        page = Page.objects.filter(pk=snapshot.page_id).first()
        if page is None or not page.permissions_for_user(snapshot.user).can_edit():
            raise UnknownSnapshotError
    return {**snapshot.content, "expires_at": format_time(snapshot.expires_at)}


def delete_expired() -> int:
    """Delete the snapshots whose time is over, and return how many they were."""
    old = PreviewSnapshot.objects.filter(expires_at__lte=timezone.now())
    return old.delete()[0]
