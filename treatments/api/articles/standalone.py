"""Blocks of an article that are read by their own id: sections for other sites, criteria lists.

The same block id exists in each language of an article: ``locale`` and ``article`` choose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from wagtail import blocks
from wagtail.models import Page, Site

from snippets.models import GlossaryTerm, Reference
from treatments.api.articles.answers import answer_gone
from treatments.api.articles.queries import add_public_status, get_public_articles
from treatments.api.http.parameters import get_locale
from treatments.api.site.reads import represent_license
from treatments.blocks.criteria import CriteriaListBlock
from treatments.content.blocks import collect, get_raw_stream
from treatments.content.cards import represent_cards
from treatments.content.documents import build_documents
from treatments.content.needs import Needs
from treatments.content.published_blocks import list_holders
from treatments.exports.fhir import build_evidence_variable
from treatments.hashes.content import hash_json
from treatments.models import IndexedBlock, PublisherSettings
from treatments.ports.store import Gone, get_store
from treatments.search.index.indexing import ensure_indexed

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

NO_SECTION = "There is no public section with this id that may be shown on its own."
NO_CRITERIA = "There is no public criteria list with this id."


def find_block(
    request: HttpRequest, block_id: uuid.UUID, given: Any, *, standalone: bool
) -> IndexedBlock | Gone | None:
    """Return the row of a block in a public article, what is known of the article's withdrawal, or None.

    Of several articles that have had the block, the one is meant that had it first: an older copy has the ids of
    its source, and must never answer in its place. Of its languages, the site's default one comes first, then the
    oldest.

    Args:
        request: Says which site was asked.
        block_id: The block's id.
        given: ``locale`` and ``article`` of the request, or None.
        standalone: Whether only sections count that may be shown on their own.

    Raises:
        ParameterError: the language does not exist.
    """
    ensure_indexed()
    locale = get_locale(given.locale)
    public = IndexedBlock.objects.filter(
        block_id=block_id, article__in=get_public_articles(request).values("pk")
    )
    blocks = {block.article_id: block for block in public}
    site = Site.find_for_request(request)
    default_id = site.root_page.locale_id if site else None
    page_ids = [
        row.page_id
        for row in sorted(
            list_holders(block_id, given.article),
            key=lambda row: (row.locale_id != default_id, row.page_id),
        )
        if locale is None or row.locale_id == locale.pk
    ]
    found = [blocks[pk] for pk in page_ids if pk in blocks]
    if not found:
        return find_gone(request, page_ids)
    if standalone:
        found = [block for block in found if block.standalone and not block.section_id]
    return next(iter(found), None)


def find_gone(request: HttpRequest, page_ids: list[int]) -> Gone | None:
    """Return what is known of the first of some articles that was withdrawn, or None."""
    store = get_store()
    known = (store.find_by_id(request, pk) for pk in page_ids) if store else ()
    return next((each for each in known if isinstance(each, Gone)), None)


def build_section(
    request: HttpRequest, block_id: uuid.UUID, given: Any
) -> dict[str, Any] | HttpResponse:
    """Return a section on its own, with what is needed to show it truthfully elsewhere; 410 of a withdrawn article.

    Raises:
        Http404: there is no public section with this id that may be shown on its own.
        ParameterError: the language does not exist.
    """
    row = find_block(request, block_id, given, standalone=True)
    if isinstance(row, Gone):
        return answer_gone(row)
    page = load_page(row)
    if row is None or page is None:
        raise Http404(NO_SECTION)
    document = build_documents([page])[page.pk]
    section = next(
        (child for child in document["body"] if child["id"] == str(block_id)), None
    )
    articles = get_public_articles(request).filter(pk=row.article_id)
    articles = add_public_status(articles, request)
    cards = represent_cards(articles.select_related("locale"))
    if section is None or not cards:
        raise Http404(NO_SECTION)
    raw = [
        child for child in get_raw_stream(page, "body") if child["id"] == str(block_id)
    ]
    needs = Needs()
    body: Any = page._meta.get_field("body")
    collect(body.stream_block, raw, needs)
    used = {
        "references": set(needs.object_ids.get(Reference, ())),
        "glossary": get_used_terms(needs),
    }
    anchor = next(
        entry["anchor"] for entry in document["toc"] if entry["id"] == str(block_id)
    )
    return {
        "section": section,
        "anchor": anchor,
        "article": cards[0],
        "references": [
            reference
            for reference in document["references"]
            if reference["id"] in used["references"]
        ],
        "glossary": [
            term for term in document["glossary"] if term["id"] in used["glossary"]
        ],
        "governance": document["governance"],
        "content_hash": hash_json(section),
        **represent_rights(request, document, section, anchor),
    }


def load_page(row: IndexedBlock | None) -> Page | None:
    """Return the specific page of a row."""
    if row is None:
        return None
    pages = Page.objects.filter(pk=row.article_id).select_related("locale")
    return pages.specific().first()  # ty: ignore[missing-attribute]


def get_used_terms(needs: Needs) -> set[int]:
    """Return the ids, in every language, of the terms that a text names."""
    named = GlossaryTerm.objects.filter(pk__in=needs.object_ids.get(GlossaryTerm, ()))
    terms = GlossaryTerm.objects.filter(
        translation_key__in=named.values("translation_key")
    )
    return set(terms.values_list("pk", flat=True))


def represent_rights(
    request: HttpRequest,
    document: dict[str, Any],
    section: dict[str, Any],
    anchor: str,
) -> dict[str, Any]:
    """Return whom to name and under which license: the line stands below the section elsewhere."""
    publisher = get_publisher(request)
    organization = publisher.organization if publisher else ""
    html_url = document["html_url"]
    address = f"{html_url}#{anchor}" if html_url else None
    published = document["version"]["published_at"] or ""
    words = [
        organization,
        section["value"].get("heading", ""),
        document["title"],
        published[:10],
        publisher.license_name if publisher else "",
        address or "",
    ]
    return {
        "attribution": {
            "organization": organization,
            "text": " · ".join(word for word in words if word),
            "url": address,
        },
        "license": represent_license(publisher) if publisher else None,
    }


def get_publisher(request: HttpRequest) -> PublisherSettings | None:
    """Return who publishes the site that was asked."""
    site = Site.find_for_request(request)
    return PublisherSettings.for_site(site) if site else None


def build_fhir(
    request: HttpRequest, block_id: uuid.UUID, given: Any
) -> dict[str, Any] | HttpResponse:
    """Return a criteria list as a FHIR R5 EvidenceVariable; 410 of a withdrawn article.

    Raises:
        Http404: there is no public criteria list with this id.
        ParameterError: the language does not exist.
    """
    row = find_block(request, block_id, given, standalone=False)
    if isinstance(row, Gone):
        return answer_gone(row)
    page = load_page(row)
    if row is None or page is None:
        raise Http404(NO_CRITERIA)
    document = build_documents([page])[page.pk]
    block = find_criteria_list(page, document, str(block_id))
    if block is None:
        raise Http404(NO_CRITERIA)
    publisher = get_publisher(request)
    parts = page.get_url_parts()
    root = parts[1] if parts and parts[1] else ""
    # The address on the site itself, whatever the host was that the request came through.
    address = f"{root}{request.path}?article={page.pk}"
    return build_evidence_variable(
        block,
        document,
        address,
        publisher=publisher.organization if publisher else "",
    )


def find_criteria_list(
    page: Page, document: dict[str, Any], block_id: str
) -> dict[str, Any] | None:
    """Return a criteria list, of ours or of a class made from it, out of the body."""
    body: Any = page._meta.get_field("body")
    for section in document["body"]:
        section_block = body.stream_block.child_blocks[section["type"]]
        for name, child_block in getattr(section_block, "child_blocks", {}).items():
            if not isinstance(child_block, blocks.StreamBlock):
                continue
            for child in section["value"][name]:
                block = child_block.child_blocks[child["type"]]
                if child["id"] == block_id and isinstance(block, CriteriaListBlock):
                    return {**child, "type": "criteria_list"}
    return None
