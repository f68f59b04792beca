"""What an article says, as hashes: of the page that the public reads, and of a revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from treatments.article_fields import ABOUT, OWN_SECTIONS
from treatments.content.documents import build_documents
from treatments.hashes.content import ORDER, hash_former_sections, hash_sections
from treatments.hashes.raw import Fingerprints, build_fingerprints
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wagtail.models import Revision

    from treatments.review.models import Decision


@dataclass(frozen=True)
class Content:
    """The hashes of one text.

    Attributes:
        content_hash: Of the whole.
        sections: Section → hash.
        titles: Section of the body → heading.
        document: What was hashed.
    """

    content_hash: str
    sections: dict[str, str]
    titles: dict[str, str] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def former(self) -> dict[tuple[str, str], str]:
        """The hash of each section by its name and the hash that it had in a former form."""
        return {
            (name, digest): self.sections[name]
            for sections in hash_former_sections(self.document)
            for name, digest in sections.items()
        }


def read_content(document: dict[str, Any]) -> Content:
    """Return the hashes of a document as the API gives it."""
    titles = {each["id"]: each["value"].get("heading", "") for each in document["body"]}
    content_hash = document["version"]["content_hash"]
    return Content(content_hash, hash_sections(document), titles, document)


def recognize(decisions: list[Decision], content: Content) -> list[Decision]:
    """Return decisions with the hashes of a text where they are about the same text in a former form.

    They are changed in memory only.
    """
    if all(each.sections == content.sections for each in decisions):
        return decisions
    for each in decisions:
        each.sections = {
            name: content.former.get((name, digest), digest)
            for name, digest in each.sections.items()
        }
        if each.sections == content.sections:
            each.content_hash = content.content_hash
    return decisions


def hash_page(page: Page) -> Content:
    """Return the hashes of a page: the live one, or one made from a revision."""
    return read_content(build_documents([page], is_sealed=False)[page.pk])


def hash_revision(revision: Revision) -> Content:
    """Return the hashes of what a revision says."""
    return hash_page(revision.as_object())


def fingerprint_revision(revision: Revision) -> Fingerprints:
    """Return the fingerprints of a revision."""
    model: Any = revision.content_type.model_class()
    return build_fingerprints(model, revision.content)


def get_article(page_id: int) -> Any:
    """Return the specific page of an article, or None."""
    pages: Any = Page.objects.filter(pk=page_id).select_related("locale")
    return pages.specific().first()


def name_section(name: str, titles: Mapping[str, str]) -> str:
    """Return what a section is called: its heading, or what stands outside of the body.

    Args:
        name: As in ``treatments.hashes.content.hash_sections``.
        titles: Section of the body → heading.
    """
    get_field: Any = TreatmentArticleMixin._meta.get_field
    known = {
        **{own: capfirst(str(get_field(own).verbose_name)) for own in OWN_SECTIONS},
        ABOUT: _("Title, kind, conditions and the rest"),
        ORDER: _("Order of the sections: added, removed or moved"),
    }
    return known.get(name) or titles.get(name) or _("A section that is gone")


def name_sections(names: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    """Return what sections are called."""
    return [name_section(name, titles) for name in names]
