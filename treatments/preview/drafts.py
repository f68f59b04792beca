"""The article that a draft link shows: from a revision, through the one representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation

from treatments.comparison.answers import represent_difference
from treatments.comparison.documents import compare
from treatments.content.documents import build_documents
from treatments.content.drafts import DraftView
from treatments.content.representation import format_time
from treatments.hashes.content import hash_sections
from treatments.preview.access import Access, find_previous, has_shown

if TYPE_CHECKING:
    from datetime import datetime

    from wagtail.models import Page

    from treatments.ports.drafts import DraftGrant


class UnknownRevisionError(LookupError):
    """The link never showed this revision, or it is no more."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as it stands in a revision.

    Attributes:
        created_at: When the revision was saved.
        article: The contract's article.
        manifest: Which state of each chosen thing it shows.
    """

    revision_id: int
    created_at: datetime
    article: dict[str, Any]
    manifest: list[dict[str, Any]]


def load_draft(page: Page, revision_id: int, user: Any) -> Draft:
    """Return the article as it stands in one of its revisions.

    Args:
        page: The page.
        revision_id: One of its revisions.
        user: Whose rights decide what else is shown as a draft.

    Raises:
        UnknownRevisionError: the page has no such revision.
    """
    revision = page.revisions.filter(pk=revision_id).first()
    if revision is None:
        raise UnknownRevisionError
    specific: Any = page.specific.with_content_json(revision.content)
    # When it was published is known of the page, not of what was saved before.
    specific.last_published_at = page.last_published_at
    manifest: list[dict[str, Any]] = []
    documents = build_documents([specific], None, DraftView(user), manifest)
    return Draft(revision.pk, revision.created_at, documents[page.pk], manifest)


def read_article(grant: DraftGrant) -> dict[str, Any]:
    """Return the article that a guest gets, for whoever binds a decision to it.

    Raises:
        LookupError: the revision or whoever shared it is gone.
    """
    if grant.sharer is None:
        raise LookupError("Nobody answers for this draft any more.")
    drafts = DraftView(grant.sharer)
    return build_documents([grant.draft], None, drafts)[grant.page_id]


def build_answer(access: Access) -> dict[str, Any]:
    """Return the draft that a link shows, with all that is said about it.

    Raises:
        UnknownRevisionError: the revision was deleted meanwhile.
    """
    draft = load_draft(access.page, access.revision_id, access.link.created_by)
    return {
        "link": represent_link(access),
        "revision": {
            **represent_revision(draft),
            "previous_id": find_previous(access),
        },
        "article": draft.article,
        "manifest": draft.manifest,
    }


def represent_link(access: Access) -> dict[str, Any]:
    """Return what the holder of a link is told of it."""
    link = access.link
    return {
        "recipient": link.recipient_name,
        "purpose": link.purpose,
        "expires_at": format_time(link.expires_at),
        "is_pinned": link.is_pinned,
        "locale": access.locale,
        "locales": list(access.locales),
        "may_comment": link.may_comment,
        "may_decide": link.may_decide,
    }


def represent_revision(draft: Draft) -> dict[str, Any]:
    """Return which revision it is, and the hashes of what stands in it, part by part."""
    hashes = hash_sections(draft.article)
    headings = {entry["id"]: entry["title"] for entry in draft.article["toc"]}
    return {
        "id": draft.revision_id,
        "created_at": format_time(draft.created_at),
        "content_hash": draft.article["version"]["content_hash"],
        "sections": [
            {"id": key, "heading": headings.get(key, ""), "hash": value}
            for key, value in hashes.items()
        ],
    }


def build_diff(access: Access, revision_id: int) -> dict[str, Any]:
    """Return what differs between a revision that the link has shown and what it shows now.

    Raises:
        UnknownRevisionError: the link has not shown it, or it is no more.
    """
    if not has_shown(access.link, access.locale, revision_id):
        raise UnknownRevisionError
    user = access.link.created_by
    before = load_draft(access.page, revision_id, user)
    after = load_draft(access.page, access.revision_id, user)
    with translation.override(access.locale):
        differences = [
            represent_difference(each)
            for each in compare(before.article, after.article)
        ]
    return {
        "id": access.page.pk,
        "locale": access.locale,
        "from": represent_compared(before),
        "to": represent_compared(after),
        "differences": differences,
    }


def represent_compared(draft: Draft) -> dict[str, Any]:
    """Return what is said of a compared revision."""
    return {
        "revision": draft.revision_id,
        "created_at": format_time(draft.created_at),
    }
