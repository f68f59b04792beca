"""Who may see a draft without an account.

The app that shares drafts registers a gate; whoever answers a guest (drafts, comments, decisions) asks it,
and knows nothing of links and tokens. Without a gate nobody is let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from treatments.ports.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from wagtail.models import Page, Revision

#: The header in which a frontend sends the token of a draft link. It never stands in an address.
LINK_HEADER = "X-Draft-Token"
#: Where drafts are answered: nothing below it is for a cache or for a search engine.
DRAFTS_PREFIX = "/api/v3/drafts/"


@dataclass(frozen=True)
class DraftGrant:
    """What one draft link lets its recipient do with one page in one language, now.

    It lives as long as the request: what it has read of the page is not read again.

    Attributes:
        link_id: The link. It outlives what is done with it, so that a decision can name it.
        page: The page in the language that was asked for.
        revision_id: The revision that the recipient sees now: the pinned one, or the latest.
        is_pinned: Whether the link stays with that revision.
        locale: Language code of the page.
        recipient_name: Who was invited; shown with comments and decisions.
        recipient_email: Where answers are announced; empty where it is not known.
        contributor_id: The recipient among the contributors, which have roles and credentials; or None.
        sharer: The user who shared the draft; None once that account is deleted.
        may_comment: Whether comments are asked for.
        may_decide: Whether a decision is asked for.
        is_sent_only: Whether nobody but the holder of ``recipient_email`` has seen the link.
    """

    link_id: int
    page: Page
    revision_id: int
    is_pinned: bool
    locale: str
    recipient_name: str
    recipient_email: str
    contributor_id: int | None
    sharer: Any
    may_comment: bool
    may_decide: bool
    is_sent_only: bool = False

    @property
    def page_id(self) -> int:
        """The id of the page."""
        return self.page.pk

    @property
    def sharer_id(self) -> int | None:
        """The id of the user who shared the draft."""
        return self.sharer.pk if self.sharer else None

    @cached_property
    def revision(self) -> Revision:
        """The revision that the recipient sees now, as it stood when it was first asked for.

        Raises:
            LookupError: it is gone.
        """
        revision = self.page.revisions.filter(pk=self.revision_id).first()
        if revision is None:
            raise LookupError("The revision was deleted.")
        return revision

    @cached_property
    def draft(self) -> Any:
        """The page as the revision has it.

        Raises:
            LookupError: the revision is gone.
        """
        draft = self.revision.as_object()
        # When it was published is known of the page, not of what was saved before.
        draft.last_published_at = self.page.last_published_at
        return draft


_gates: Registry[Callable[[HttpRequest], DraftGrant]] = Registry(is_single=True)
_noters: Registry[Callable[[DraftGrant, str], None]] = Registry(is_single=True)
_readers: Registry[Callable[[DraftGrant], dict[str, Any]]] = Registry(is_single=True)


def register_gate(
    gate: Callable[[HttpRequest], DraftGrant],
    note: Callable[[DraftGrant, str], None] | None = None,
) -> None:
    """Say who lets guests in, and who remembers what they did.

    Args:
        gate: From a request to what its token grants. It raises the problem that the caller is answered with
            (``not-found`` for a token that nobody ever had, ``gone`` for one that ended), reads the header
            ``X-Draft-Token`` and the parameter ``locale``, and records the use.
        note: Records that a guest has ``commented`` or ``decided``: only what was accepted.
    """
    _gates.register(gate)
    _noters.clear()
    if note is not None:
        _noters.register(note)


def note_use(grant: DraftGrant, kind: str) -> None:
    """Remember what a guest has done: ``commented`` or ``decided``."""
    for note in _noters:
        note(grant, kind)


def get_grant(request: HttpRequest) -> DraftGrant:
    """Return what the token of a request grants.

    Raises:
        LookupError: no app of this project shares drafts.
    """
    gate = _gates.get()
    if gate is None:
        raise LookupError("No app of this project shares drafts.")
    return gate(request)


def register_reader(reader: Callable[[DraftGrant], dict[str, Any]]) -> None:
    """Say how a guest reads a draft: a function from a grant to the article as that guest gets it.

    What is decided is bound to this very text, by its hashes.
    """
    _readers.register(reader)


def read_draft(grant: DraftGrant) -> dict[str, Any]:
    """Return the article that a grant shows now, in the shape of the contract.

    Raises:
        LookupError: the revision is gone, or nobody reads drafts here.
    """
    reader = _readers.get()
    if reader is None:
        raise LookupError("No app of this project reads drafts.")
    return reader(grant)
