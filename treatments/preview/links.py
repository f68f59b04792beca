"""Makes and ends draft links. Who may do it is asked here, whoever calls."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from treatments.admin.access import CHANGE_ALL, SEE_ALL, may_do_any, may_edit
from treatments.conf import get_conf
from treatments.content.lookups import get_article_models
from treatments.headless import get_frontend_url
from treatments.preview.models import DraftLink, DraftLinkPage, EndReason
from treatments.preview.tokens import LINK_PREFIX, make_token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

#: No link lives longer: a longer review gets a new one.
MAX_DAYS = 90


class LinkError(ValueError):
    """A draft cannot be shared like this; the text says why."""


def may_share(user: Any, page: Page) -> bool:
    """Tell whether somebody may share the draft of a page: an article that they may edit, and no alias."""
    return (
        page.cached_content_type.model_class() in get_article_models()
        and page.alias_of_id is None
        and may_edit(user, page)
    )


def find_pages(link: DraftLink) -> QuerySet[Page]:
    """Return the pages of a link that still are there."""
    shown = DraftLinkPage.objects.filter(link=link).values("page_id")
    return Page.objects.filter(pk__in=shown).select_related("locale")


def may_see(user: Any, link: DraftLink) -> bool:
    """Tell whether somebody may see a link and what was done with it: whoever sees all, or may edit one of its pages."""
    return may_do_any(user, DraftLink, SEE_ALL) or may_edit_any(user, link)


def may_revoke(user: Any, link: DraftLink) -> bool:
    """Tell whether somebody may revoke a link: whoever may revoke all, or may edit one of its pages."""
    return may_do_any(user, DraftLink, CHANGE_ALL) or may_edit_any(user, link)


def may_edit_any(user: Any, link: DraftLink) -> bool:
    """Tell whether somebody may edit one of the pages of a link."""
    return any(may_edit(user, page) for page in find_pages(link))


def list_shareable(user: Any, page: Page) -> list[Page]:
    """Return the language versions of a page whose draft somebody may share, that of the page first."""
    versions = Page.objects.filter(
        translation_key=page.translation_key, alias_of__isnull=True
    ).select_related("locale")
    own = [version for version in versions if may_share(user, version)]
    return sorted(own, key=lambda each: (each.pk != page.pk, each.locale.language_code))


def create_link(
    page: Page,
    user: Any,
    *,
    recipient_name: str,
    recipient_email: str = "",
    contributor: Any = None,
    purpose: str = "",
    locales: Collection[str] = (),
    is_pinned: bool = False,
    may_comment: bool = True,
    may_decide: bool = False,
    expires_at: datetime | None = None,
    is_sent_only: bool = False,
) -> tuple[DraftLink, str]:
    """Share the draft of an article; return the link and its token, which nobody can find out later.

    Args:
        page: The article, in the language that the link opens.
        user: Who shares it.
        recipient_name: Whom the link is for.
        recipient_email: Where answers are announced.
        contributor: The recipient among the contributors.
        purpose: What the recipient is asked to look at.
        locales: Codes of further languages that the link shows.
        is_pinned: Whether it stays with what is saved now, whatever is saved later.
        may_comment: Whether comments are asked for.
        may_decide: Whether a decision is asked for.
        expires_at: By default in ``DRAFT_LINK_DAYS`` days.
        is_sent_only: Whether the caller sends the link to ``recipient_email`` and shows it to nobody: only then
            what a contributor decides by it can count as that person's.

    Raises:
        PermissionDenied: the user may not edit the page, or it is no article.
        LinkError: a language is not there, the article is locked away, or the time is not to come.
    """
    if not may_share(user, page):
        raise PermissionDenied
    now = timezone.now()
    expires_at = expires_at or now + timedelta(days=get_conf().draft_link_days)
    if not now < expires_at <= now + timedelta(days=MAX_DAYS, hours=24):
        raise LinkError(f"A link ends in the future, within {MAX_DAYS} days.")
    versions = {each.locale.language_code: each for each in list_shareable(user, page)}
    code = page.locale.language_code
    unknown = sorted(set(locales) - set(versions))
    if unknown:
        raise LinkError(
            f"There is no draft that you may share in: {', '.join(unknown)}."
        )
    chosen = [code, *sorted(set(locales) - {code})]
    for each in chosen:
        if is_locked_away(versions[each]):
            raise LinkError("The article is locked or private.")
    token, token_hash = make_token(LINK_PREFIX)
    with transaction.atomic():
        link = DraftLink.objects.create(
            token_hash=token_hash,
            title=page.draft_title or page.title,
            recipient_name=recipient_name,
            recipient_email=recipient_email,
            contributor=contributor,
            purpose=purpose,
            is_pinned=is_pinned,
            may_comment=may_comment,
            may_decide=may_decide,
            is_sent_only=is_sent_only,
            created_by=user,
            created_at=now,
            expires_at=expires_at,
        )
        for order, each in enumerate(chosen):
            revision_id = ensure_revision(versions[each], user)
            DraftLinkPage.objects.create(
                link=link,
                locale=each,
                page_id=versions[each].pk,
                revision_id=revision_id if is_pinned else None,
                sort_order=order,
            )
        log_link(link, CREATED, user)
    return link, token


def ensure_revision(page: Page, user: Any) -> int:
    """Return the id of what is saved of a page; a page that never was edited gets its first revision."""
    if page.latest_revision_id is None:
        revision = page.specific.save_revision(user=user, changed=False, clean=False)
        return revision.pk
    return page.latest_revision_id


def is_locked_away(page: Page) -> bool:
    """Tell whether a page was locked by hand, or is private, itself or below a private one."""
    return page.locked or page.get_view_restrictions().exists()


def end_link(
    link: DraftLink, reason: EndReason = EndReason.REVOKED, user: Any = None
) -> bool:
    """End a link at once and for ever; tell whether it was not over yet."""
    with transaction.atomic():
        is_ended = end_links(DraftLink.objects.filter(pk=link.pk), reason, user) > 0
        if is_ended and user is not None:
            log_link(link, ENDED, user)
    return is_ended


def end_links(links: QuerySet[DraftLink], reason: EndReason, user: Any = None) -> int:
    """End those links that are not over yet, and return how many they were."""
    now = timezone.now()
    return links.filter(ended_because="", expires_at__gt=now).update(
        ended_at=now, ended_because=reason, ended_by=user
    )


def end_links_of_pages(page_ids: Iterable[int], reason: EndReason) -> int:
    """End the links that show one of some pages."""
    shown = DraftLinkPage.objects.filter(page_id__in=list(page_ids))
    return end_links(DraftLink.objects.filter(pk__in=shown.values("link_id")), reason)


def list_links(page: Page) -> QuerySet[DraftLink]:
    """Return the links that show a page, the newest first."""
    shown = DraftLinkPage.objects.filter(page_id=page.pk)
    return DraftLink.objects.filter(pk__in=shown.values("link_id"))


def build_address(page: Page, token: str) -> str:
    """Return the address that the recipient opens: the frontend's, or that of the site itself.

    The token stands behind ``#``: a browser sends that part to no server.
    """
    path = f"/{page.locale.language_code}/draft/"
    own = get_frontend_url(path)
    if own is None:
        parts = page.get_url_parts()
        root = parts[1] if parts and parts[1] else ""
        own = f"{root}{path}"
    return f"{own}#{token}"


CREATED = "treatments.draft_link.create"


ENDED = "treatments.draft_link.end"


def log_link(link: DraftLink, action: str, user: Any) -> None:
    """Note in the history of each page of a link that it was made, or ended by somebody."""
    shown = DraftLinkPage.objects.filter(link=link).values("page_id")
    pages: Iterable[Page] = Page.objects.filter(pk__in=shown).specific()  # ty: ignore[missing-attribute]
    for page in pages:
        log(
            page,
            action,
            user=user,
            data={"link": link.pk, "recipient": link.recipient_name},
        )
