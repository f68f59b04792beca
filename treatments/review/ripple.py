"""From what has changed in the evidence to the articles and sections that use it, and to requests for their review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.models import Page

from snippets.models import Reference
from treatments.api.block_values import (
    collect,
    collect_rich_text,
    get_raw_stream,
)
from treatments.api.content_hash import ABOUT
from treatments.api.lookups import Needs
from treatments.models import IndexedCitation
from treatments.review.facts import DECISION, find_facts
from treatments.review.models import ReviewRecord, ReviewRequest
from treatments.review.requests import open_requests

if TYPE_CHECKING:
    from collections.abc import Collection

Reason = ReviewRequest.Reason
REASONS = {
    Reference.Status.CORRECTED: Reason.CORRECTED,
    Reference.Status.CONCERN: Reason.CONCERN,
    Reference.Status.RETRACTED: Reason.RETRACTED,
}
BATCH_SIZE = 50


def note_status(instance: Reference, raw: bool = False, **kwargs: Any) -> None:
    """Remember, before a reference is saved, how it stood for readers until now."""
    fields = kwargs.get("update_fields")
    if raw or (fields is not None and not {"status", "live"} & set(fields)):
        return
    before = Reference.objects.filter(pk=instance.pk, live=True)
    instance.former_status = before.values_list("status", flat=True).first()  # ty: ignore[missing-attribute]


def follow_reference(instance: Reference, **kwargs: Any) -> None:
    """Ask for reviews where a published reference has another status than before."""
    former = instance.__dict__.pop("former_status", None)
    reason = REASONS.get(Reference.Status(instance.status))
    if instance.live and former is not None and former != instance.status and reason:
        ask_for_citing(instance, reason)


def ask_for_citing(reference: Reference, reason: str) -> list[ReviewRequest]:
    """Ask for the reviews of all published articles that cite a reference, naming the sections."""
    citing = IndexedCitation.objects.filter(reference=reference)
    ids = list(citing.values_list("article_id", flat=True))
    sections: dict[int, list[str]] = {}
    for start in range(0, len(ids), BATCH_SIZE):
        pages: Any = Page.objects.filter(pk__in=ids[start : start + BATCH_SIZE])
        for page in pages.specific():
            sections[page.pk] = find_citing_sections(page, reference.pk)
    return open_requests(
        sections,
        reason,
        f"reference:{reference.pk}",
        f"{reference.status} {timezone.localdate()}",
        str(reference),
    )


def find_citing_sections(page: Any, reference_id: int) -> list[str]:
    """Return the sections of an article that cite a reference themselves."""
    found = []
    for name in ("key_points", "questions", "regulatory_status", "also_known_as"):
        stream = page._meta.get_field(name).stream_block
        if cites(stream, get_raw_stream(page, name), reference_id):
            found.append(name if name in ("key_points", "questions") else ABOUT)
    needs = Needs()
    collect_rich_text(page.intro, needs)
    if reference_id in needs.object_ids.get(Reference, ()):
        found.append("intro")
    body = page._meta.get_field("body").stream_block
    found += [
        section["id"]
        for section in get_raw_stream(page, "body")
        if section.get("id") and cites(body, [section], reference_id)
    ]
    return found


def cites(stream: Any, raw: list[dict[str, Any]], reference_id: int) -> bool:
    """Tell whether some blocks cite a reference."""
    needs = Needs()
    collect(stream, raw, needs)
    return reference_id in needs.object_ids.get(Reference, ())


def follow_facts(page: Any, record: ReviewRecord) -> None:
    """Note what an article states that others state too, and ask for their reviews where it states something else now.

    The first time nothing is known to compare with. The record is changed and not saved.
    """
    former, present = record.facts, find_facts(page)
    record.facts = present
    changed = [
        key
        for key, (digest, _section) in former.items()
        if present.get(key, ("",))[0] != digest
    ]
    if changed:
        ask_for_sharing(page, changed, present)


def ask_for_sharing(
    page: Any, changed: Collection[str], present: dict[str, list[str]]
) -> None:
    """Ask for the reviews of the articles that still state what one of them has changed or removed."""
    for key in changed:
        digest = present.get(key, [""])[0]
        sharing = ReviewRecord.objects.filter(facts__has_key=key).exclude(pk=page.pk)
        sections = {
            record.pk: [record.facts[key][1]]
            for record in sharing
            if record.facts[key][0] != digest
        }
        if not digest and not key.startswith(DECISION):
            # A number that one article leaves out is not wrong in the others.
            continue
        if sections:
            is_decision = key.startswith(DECISION)
            open_requests(
                sections,
                Reason.REGULATORY if is_decision else Reason.STATISTIC,
                key,
                f"{digest[-32:]} {timezone.localdate()}",
                page.title,
            )
