"""What the history of a page says about its draft links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.log_actions import log
from wagtail.models import Page

from treatments.preview.models import DraftLinkPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treatments.preview.models import DraftLink

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
