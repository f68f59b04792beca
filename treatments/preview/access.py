"""What a token opens, now: the link is asked for its end, its page, and whoever shared it, at each use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from wagtail.models import Page, Revision

from treatments.preview.links import end_link, is_locked_away
from treatments.preview.models import DraftLink, DraftLinkPage, DraftLinkUse, EndReason
from treatments.preview.tokens import hash_token

#: The same thing again within this time is counted and gets no row of its own.
SAME_USE = timedelta(minutes=1)


class UnknownTokenError(LookupError):
    """No link has or had this token."""


class EndedLinkError(LookupError):
    """The link was one, and is over.

    Attributes:
        link: The link.
        reason: Why it is over.
    """

    def __init__(self, link: DraftLink, reason: EndReason):
        super().__init__(reason)
        self.link, self.reason = link, reason


class UnknownLocaleError(LookupError):
    """The link does not show this language.

    Attributes:
        link: The link.
    """

    def __init__(self, link: DraftLink):
        super().__init__()
        self.link = link


@dataclass(frozen=True, slots=True)
class Access:
    """What a token opens.

    Attributes:
        link: The link.
        page: The page in the language that was asked for.
        revision_id: The revision that is shown.
        locales: Codes of all languages of the link, the first one that from which it was shared.
    """

    link: DraftLink
    page: Page
    locale: str
    revision_id: int
    locales: tuple[str, ...]


def find_access(token: str, locale: str | None = None) -> Access:
    """Return what a token opens in a language, by default the first one.

    Any text is looked up by its hash in one indexed query; a token that nobody ever had is told from none.

    Raises:
        UnknownTokenError: nobody ever had this token.
        EndedLinkError: the link is over, as of now at the latest.
        UnknownLocaleError: the link does not show this language.
    """
    link = (
        DraftLink.objects.select_related("created_by")
        .filter(token_hash=hash_token(token))
        .first()
    )
    if link is None:
        raise UnknownTokenError
    if link.end is not None:
        raise EndedLinkError(link, link.end)
    targets = list(DraftLinkPage.objects.filter(link=link))
    pages = Page.objects.select_related("locale", "content_type").in_bulk(
        [target.page_id for target in targets]
    )
    reason = find_end(link, targets, pages)
    if reason is not None:
        end_link(link, reason)
        raise EndedLinkError(link, reason)
    chosen = next((each for each in targets if locale in (None, each.locale)), None)
    if chosen is None:
        raise UnknownLocaleError(link)
    page = pages[chosen.page_id]
    return Access(
        link=link,
        page=page,
        locale=chosen.locale,
        revision_id=chosen.revision_id or page.latest_revision_id,
        locales=tuple(each.locale for each in targets),
    )


def find_end(
    link: DraftLink, targets: list[DraftLinkPage], pages: dict[int, Page]
) -> EndReason | None:
    """Return why a link is over by what has become of its pages and of who shared it; else None."""
    user = link.created_by
    if user is None or not user.is_active:
        return EndReason.SHARER
    pinned = [each.revision_id for each in targets if each.revision_id is not None]
    kept = Revision.objects.filter(pk__in=pinned).count() if pinned else 0
    if not targets or kept < len(pinned):
        return EndReason.DELETED
    for target in targets:
        page = pages.get(target.page_id)
        if page is None or (page.latest_revision_id is None and not pinned):
            return EndReason.DELETED
        if is_locked_away(page):
            return EndReason.LOCKED
        if not page.permissions_for_user(user).can_edit():
            return EndReason.SHARER
    return None


def record_use(
    link_id: int,
    kind: str,
    locale: str = "",
    revision_id: int | None = None,
) -> None:
    """Note what was done with a link, and when."""
    now = timezone.now()
    same = DraftLinkUse.objects.filter(
        link_id=link_id,
        kind=kind,
        locale=locale,
        revision_id=revision_id,
        first_at__gt=now - SAME_USE,
    )
    if not same.update(last_at=now, count=F("count") + 1):
        DraftLinkUse.objects.create(
            link_id=link_id,
            kind=kind,
            locale=locale,
            revision_id=revision_id,
            first_at=now,
            last_at=now,
        )


def has_shown(link: DraftLink, locale: str, revision_id: int) -> bool:
    """Tell whether a link has shown a revision in a language."""
    return DraftLinkUse.objects.filter(
        link=link,
        kind=DraftLinkUse.Kind.READ,
        locale=locale,
        revision_id=revision_id,
    ).exists()


def find_previous(access: Access) -> int | None:
    """Return the last other revision that a link has shown in a language, or None."""
    shown = DraftLinkUse.objects.filter(
        link=access.link, kind=DraftLinkUse.Kind.READ, locale=access.locale
    )
    others = shown.exclude(revision_id=access.revision_id).order_by("-last_at", "-pk")
    return others.values_list("revision_id", flat=True).first()
