"""The text that somebody decides about: read and held while the decision is made, so that nobody saves another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core import signing
from wagtail.models import Page, Revision

from treatments.review.contents import Content, hash_page
from treatments.review.refusals import OutdatedTextError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Keeps the signed text of a form apart from everything else that is signed.
SALT = "treatments.review.shown"


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody decides about: by default the latest draft of an article.

    Attributes:
        revision: Where it is stored.
        draft: The page as the revision has it.
        content: What it says.
    """

    revision: Revision
    draft: Any
    content: Content


def lock_article(page_id: int) -> int | None:
    """Lock an article and its latest revision until the transaction ends; return the id of that revision.

    Whoever saves another text waits, or was first and is read.
    """
    pages = Page.objects.select_for_update().filter(pk=page_id)
    latest = pages.values_list("latest_revision_id", flat=True).first()
    # Wagtail's autosave writes into a revision that exists.
    list(Revision.objects.select_for_update().filter(pk=latest).values_list("pk"))
    return latest


def load_text(page_id: int) -> Text | None:
    """Return the latest draft of an article; None where it has none."""
    revision = Revision.objects.filter(
        pk__in=Page.objects.filter(pk=page_id).values("latest_revision_id")
    ).first()
    if revision is None:
        return None
    draft = revision.as_object()
    return Text(revision, draft, hash_page(draft))


def lock_text(
    page_id: int,
    shown_hash: str,
    read: Callable[[int | None], Text | None] | None = None,
) -> Text:
    """Return the text that was shown to somebody, locked until the transaction ends.

    Args:
        page_id: The article.
        shown_hash: ``Content.content_hash`` of what was shown.
        read: From the id of the latest revision to what the person sees now; by default that revision.

    Raises:
        OutdatedTextError: it says something else now.
    """
    latest = lock_article(page_id)
    text = read(latest) if read else load_text(page_id)
    if text is None or text.content.content_hash != shown_hash:
        raise OutdatedTextError
    return text


def sign_shown(content: Content) -> str:
    """Return a text for a form, from which it can be told later what was shown, whatever was saved since."""
    return signing.dumps(content.document, salt=SALT, compress=True)


def read_shown(signed: str) -> dict[str, Any] | None:
    """Return the document that was shown with a form; None where that cannot be told."""
    try:
        return signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
