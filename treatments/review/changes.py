"""What has changed in a text: since somebody decided about it, and since it was shown to somebody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.models import Revision

from treatments.comparison.documents import Difference, compare
from treatments.hashes.content import hash_sections, select_content
from treatments.review.contents import Content, fingerprint_revision, hash_revision
from treatments.review.models import Decision

if TYPE_CHECKING:
    from treatments.hashes.raw import Fingerprints
    from treatments.review.people import Actor


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as it was.

    Attributes:
        sections: The sections that read differently.
        differences: Word by word, as far as the former text is known.
        decision: The decision since when; None where it is another moment.
    """

    sections: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    decision: Decision | None = None


def pick_content(document: dict[str, Any]) -> dict[str, Any]:
    """Return what of a document is decided about."""
    names = ("id", "type", "locale")
    known = {name: document[name] for name in names if name in document}
    return {**known, **select_content(document)}


def pick_beside(document: dict[str, Any]) -> dict[str, Any]:
    """Return what of a document readers get beside the text that is decided about."""
    names = ("id", "type", "locale", "related")
    known = {name: document[name] for name in names if name in document}
    # Its image is the main image, which is decided about.
    seo = {**document.get("seo", {}), "image": None}
    authors = document.get("governance", {}).get("authors", [])
    return {**known, "seo": seo, "governance": {"authors": authors}}


def find_changes(before: dict[str, Any], content: Content) -> Changes:
    """Return what has changed since a document."""
    return Changes(
        find_changed(hash_sections(before), content),
        compare(pick_content(before), pick_content(content.document)),
    )


def find_changed(sections: dict[str, str], content: Content) -> list[str]:
    """Return the sections of which the hash is another one now, those that are gone last."""
    names = dict.fromkeys([*content.sections, *sections])
    return [name for name in names if sections.get(name) != content.sections.get(name)]


def find_changes_since_decision(
    actor: Actor, page_id: int, content: Content
) -> Changes | None:
    """Return what has changed since somebody last decided about an article; None where that never was.

    The words are compared with the revision that was decided about, as long as it is kept. What it contains, such as
    a definition, is compared by section only.
    """
    own = Q(person=actor.person)
    if actor.user_id:
        own |= Q(user_id=actor.user_id)
    decision = Decision.objects.filter(own, page_id=page_id).order_by("-pk").first()
    if decision is None:
        return None
    revision = Revision.page_revisions.filter(
        pk=decision.revision_id, object_id=str(page_id)
    ).first()
    differences: list[Difference] = []
    if revision is not None and is_as_decided(revision, decision.fingerprints):
        before = pick_content(hash_revision(revision).document)
        differences = compare(before, pick_content(content.document))
    return Changes(find_changed(decision.sections, content), differences, decision)


def is_as_decided(revision: Revision, fingerprints: dict[str, Any]) -> bool:
    """Tell whether a revision still has the text that was decided about: autosave writes into the one that exists."""
    present: Fingerprints = fingerprint_revision(revision)
    return present.to_json().get("digests") == fingerprints.get("digests")
