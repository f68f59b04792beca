"""From what has changed in the evidence to the articles and sections that use it, and to requests for their review."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.models import Page

from snippets.models import Reference
from treatments.article_fields import ABOUT, BODY, OWN_SECTIONS
from treatments.content.blocks import collect
from treatments.content.needs import Needs
from treatments.content.own_fields import read_fields
from treatments.hashes.content import hash_json
from treatments.models import IndexedCitation
from treatments.review.facts import STATISTIC, TRANSLATED, find_facts, is_said_alike
from treatments.review.models import ReviewRecord, ReviewRequest
from treatments.review.requests import open_requests

Reason = ReviewRequest.Reason
REASONS = {
    Reference.Status.CORRECTED: Reason.CORRECTED,
    Reference.Status.CONCERN: Reason.CONCERN,
    Reference.Status.RETRACTED: Reason.RETRACTED,
}
BATCH_SIZE = 50


def note_status(instance: Reference, raw: bool = False, **kwargs: Any) -> None:
    """Remember, before a reference is saved, how it stood for readers until now; nothing of a new one."""
    fields = kwargs.get("update_fields")
    if raw or (fields is not None and not {"status", "live"} & set(fields)):
        return
    before = Reference.objects.filter(pk=instance.pk).values_list("status", "live")
    for status, is_live in before:
        # To readers of a reference that was offline, any status is new.
        instance.former_status = status if is_live else ""  # ty: ignore[missing-attribute]


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
    source = f"reference:{reference.pk}"
    return ask_once(sections, reason, source, reference.status, str(reference))


def follow_removal(
    sections: dict[int, list[str]], source: str, detail: str, **kwargs: Any
) -> None:
    """Ask for the reviews of the articles of which something was removed at once."""
    ask_once(sections, Reason.REMOVED, source, "removed", detail)


def ask_once(
    sections: dict[int, list[str]], reason: str, source: str, what: str, detail: str
) -> list[ReviewRequest]:
    """Ask for reviews, except where they are still asked for because of the very same.

    What happened before and was answered can happen again, on the same day too.

    Args:
        sections: Page id → the sections that it is about.
        reason: One of ``ReviewRequest.Reason``.
        source: What it is about.
        what: What it has become.
        detail: For those who review.
    """
    waiting = ReviewRequest.objects.filter(
        page_id__in=sections,
        closed_at=None,
        reason=reason,
        source=source,
        occurrence__startswith=f"{what} ",
    )
    known = set(waiting.values_list("page_id", flat=True))
    return open_requests(
        {pk: names for pk, names in sections.items() if pk not in known},
        reason,
        source,
        f"{what} {timezone.now().isoformat()}",
        detail,
    )


def find_citing_sections(page: Any, reference_id: int) -> list[str]:
    """Return the sections of an article that cite a reference themselves."""
    given = read_fields(page)
    body, sections = given.pop(BODY)
    found = [
        name if name in OWN_SECTIONS else ABOUT
        for name, (block, raw) in given.items()
        if cites(block, raw, reference_id)
    ]
    found += [
        section["id"]
        for section in sections
        if section.get("id") and cites(body, [section], reference_id)
    ]
    return found


def cites(block: Any, raw: Any, reference_id: int) -> bool:
    """Tell whether the value of a block cites a reference."""
    needs = Needs()
    collect(block, raw, needs)
    return reference_id in needs.object_ids.get(Reference, ())


def follow_facts(page: Any, record: ReviewRecord) -> None:
    """Note what an article states that others state too, and ask for their reviews where it states something else now.

    The first time nothing is known to compare with. The record is changed and not saved.
    """
    former, present = record.facts, find_facts(page)
    record.facts = present
    changed = [
        key
        for key, fact in former.items()
        if key not in present or not is_said_alike(fact, present[key], with_words=True)
    ]
    for key in changed:
        ask_for_sharing(page, key, former[key], present.get(key))


def ask_for_sharing(
    page: Any, key: str, former: list[str], present: list[str] | None
) -> None:
    """Ask for the reviews of the articles that still state what one of them has changed or removed.

    Args:
        page: The article that states something else now.
        key: Of the fact.
        former: What it stated.
        present: What it states now; None where it has left it out.
    """
    is_number = key.startswith(STATISTIC)
    if is_number and present is None:
        # A number that one article leaves out is not wrong in the others.
        return
    locale = page.locale.language_code
    sharing = ReviewRecord.objects.filter(facts__has_key=key).exclude(pk=page.pk)
    if key.startswith(TRANSLATED):
        sharing = sharing.exclude(locale=locale)
    sections = {
        record.pk: [record.facts[key][1]]
        for record in sharing
        if present is None
        or not is_said_alike(
            record.facts[key], present, with_words=record.locale == locale
        )
    }
    if sections:
        ask_once(
            sections,
            Reason.STATISTIC if is_number else Reason.REGULATORY,
            key if is_number else former[3],
            hash_json(present)[-32:],
            page.title,
        )
