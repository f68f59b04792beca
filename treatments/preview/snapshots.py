"""What somebody is typing, for a frontend elsewhere: one snapshot for each editing session, for some minutes."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.admin.models import FormState
from wagtail.models import Page

from treatments.conf import get_conf
from treatments.content.documents import build_documents
from treatments.content.drafts import DraftView
from treatments.content.lookups import get_article_models
from treatments.content.representation import format_time
from treatments.preview.models import PreviewSnapshot
from treatments.preview.pointers import build_edit_links
from treatments.preview.tokens import SNAPSHOT_PREFIX, hash_token, make_token


class UnknownSnapshotError(LookupError):
    """Nobody is typing this, or somebody has gone on typing since."""


class ExpiredSnapshotError(LookupError):
    """It was shown last too long ago."""


if TYPE_CHECKING:
    from datetime import datetime


def store_snapshot(
    page: Page, user: Any, session_key: str, mode_name: str, *, is_editing: bool = True
) -> str:
    """Store what is typed now in place of what was typed before, and return the token that shows it.

    Args:
        page: The unsaved page.
        user: Who types.
        session_key: The session in which it is typed; only a hash of it is kept.
        mode_name: Which preview it is: each language has its own.
        is_editing: Whether somebody types; else an old revision is looked at, beside what is typed.
    """
    delete_expired()
    manifest: list[dict[str, Any]] = []
    document = build_documents([page], None, DraftView(user), manifest)[page.pk]
    token, token_hash = make_token(SNAPSHOT_PREFIX)
    PreviewSnapshot.objects.update_or_create(
        user=user,
        session_hash=hash_session(session_key),
        subject=name_subject(page) if is_editing else f"{name_subject(page)} revision",
        mode=mode_name,
        defaults={
            "token_hash": token_hash,
            "page_id": page.pk,
            "parent_id": None if page.pk else find_parent_id(page),
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


def hash_session(session_key: str) -> str:
    """Return what is kept of a session."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def find_parent_id(page: Page) -> int | None:
    """Return the page below which a new page will stand."""
    parent = Page.objects.filter(path=get_parent_path(page))
    return parent.values_list("pk", flat=True).first()


def get_parent_path(page: Page) -> str:
    """Return the path of the page below which a new page will stand."""
    return page.path[: -page.steplen] if page.path else ""


def find_expiry() -> datetime:
    """Return when a snapshot that is stored now expires."""
    return timezone.now() + timedelta(minutes=get_conf().preview_minutes)


def name_subject(page: Page) -> str:
    """Return what tells one edited page from another: its id, or where a new one will stand."""
    if page.pk:
        return f"page:{page.pk}"
    return f"new:{page._meta.label_lower}:{get_parent_path(page)}"[:240]


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
    if not may_still_edit(snapshot):
        raise UnknownSnapshotError
    return {**snapshot.content, "expires_at": format_time(snapshot.expires_at)}


def may_still_edit(snapshot: PreviewSnapshot) -> bool:
    """Tell whether whoever typed something may still edit that page, or add one there."""
    is_new = snapshot.page_id is None
    page = Page.objects.filter(
        pk=snapshot.parent_id if is_new else snapshot.page_id
    ).first()
    if page is None:
        return False
    rights = page.permissions_for_user(snapshot.user)
    return rights.can_add_subpage() if is_new else rights.can_edit()


def delete_session(user: Any, session_key: str) -> None:
    """Delete what somebody typed in a session that is over."""
    PreviewSnapshot.objects.filter(
        user=user, session_hash=hash_session(session_key)
    ).delete()


def delete_expired() -> int:
    """Delete what was typed and whose time is over, and return how many snapshots that were.

    Wagtail keeps the form of its own preview panel for a day, and deletes it when somebody previews again.
    """
    now = timezone.now()
    old = PreviewSnapshot.objects.filter(expires_at__lte=now).delete()[0]
    since = now - timedelta(minutes=get_conf().preview_minutes)
    types = ContentType.objects.get_for_models(*get_article_models()).values()
    forms = FormState.objects.filter(content_type__in=types, last_updated_at__lt=since)
    return old + forms.delete()[0]
