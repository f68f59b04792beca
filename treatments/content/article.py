"""An article as JSON: live, as a draft, and as the data of a list."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.utils import translation

from snippets.models import Condition, Contributor, Promotion
from treatments.content.article_fields import (
    ARTICLE_SHAPES,
    SCHEMA_VERSION,
    get_article_shapes,
)
from treatments.content.blocks import collect, represent
from treatments.content.documents import build_document
from treatments.content.links import set_links
from treatments.content.own_fields import load_own_rows, read_fields
from treatments.content.representation import PageType, format_time, register
from treatments.exports.schema_org import SiteInfo, build_json_ld
from treatments.hashes.content import (
    hash_content,
    hash_document,
    hash_sections,
    hash_version,
)
from treatments.headless import get_frontend_url
from treatments.models import TreatmentArticleMixin
from treatments.models.anchors import GivenAnchors, choose_anchors
from treatments.ports.states import ReviewState, TranslationStatus

if TYPE_CHECKING:
    from treatments.content.links import ArticleLinks
    from treatments.content.needs import Needs
    from treatments.content.scopes import Scope
    from treatments.ports.states import TranslationState

#: The namespace of article uuids: the same article and language has the same uuid everywhere.
UUID_NAMESPACE = uuid.UUID("5f0b7c52-7a39-5c3e-9d3c-2f8f2f1a6b10")


def get_uuid(translation_key: Any, language_code: str) -> str:
    """Return the uuid of an article in one language."""
    return str(uuid.uuid5(UUID_NAMESPACE, f"{translation_key}/{language_code}"))


def collect_article(page: Any, needs: Needs) -> None:
    """Note what an article refers to, in reading order."""
    if page.pk:
        needs.article_ids.add(page.pk)
        needs.anchor_ids.add(page.alias_of_id or page.pk)
    for block, raw in read_fields(page).values():
        collect(block, raw, needs)
    if page.hero_image_id:
        needs.image_ids.add(page.hero_image_id)
    for pk in page.article_links.conditions:
        needs.add_object(Condition, pk)
    for pk in page.article_links.contributors:
        needs.add_object(Contributor, pk)
    needs.page_ids.update(pk for _relation, pk in page.article_links.related)


def represent_article(page: Any, scope: Scope) -> dict[str, Any]:
    """Return the fields of an article."""
    given = {
        name: represent(block, raw, scope)
        for name, (block, raw) in read_fields(page).items()
    }
    hero = scope.get_image(page.hero_image_id, page.hero_image_alt)
    links: ArticleLinks = page.article_links
    contributors = [scope.get_object(Contributor, pk) for pk in links.contributors]
    conditions = [scope.get_object(Condition, pk) for pk in links.conditions]
    related = [
        {"relation": relation, "page": target}
        for relation, pk in links.related
        if (target := scope.get_page(pk))
    ]
    values = {
        **given,
        "uuid": get_uuid(page.translation_key, scope.language_code),
        "conditions": [condition for condition in conditions if condition],
        "hero": hero,
        "toc": build_toc(
            given["body"],
            scope.lookups.anchors.get(page.alias_of_id or page.pk) or GivenAnchors(),
        ),
        "related": related,
        "references": scope.get_references(),
        "glossary": scope.get_glossary(),
        "governance": represent_governance(
            scope.lookups.review_states.get(page.pk, ReviewState()), contributors, scope
        ),
        "translation": represent_translation(
            scope.lookups.get_public_state(page.pk, page.translation_key),
            scope.language_code,
        ),
        "promotions": [
            promotion
            for placement in (Promotion.Placement.SIDEBAR, Promotion.Placement.FOOTER)
            for promotion in scope.get_promotions(placement)
        ],
        "seo": {
            "title": page.seo_title or page.title,
            "description": page.search_description or page.summary,
            "image": hero,
        },
    }
    return {name: values[name] for name in (*ARTICLE_SHAPES, *given) if name in values}


def finish_article(page: Any, answer: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """Return an article with what is made from the rest of it: JSON-LD, hashes."""
    article = {
        "id": page.pk,
        "title": page.title,
        "locale": scope.language_code,
        **answer,
    }
    governance = judge_governance(page, article, scope)
    answer = {**answer, "governance": governance}
    version = represent_version(page, answer, scope)
    return {
        **answer,
        "json_ld": build_json_ld(
            {**article, "governance": governance, "version": version},
            get_site_info(page, scope),
        ),
        "version": version,
    }


def seal_article(page: Any, answer: dict[str, Any]) -> None:
    """Give a finished article its entity tag."""
    version = answer["version"]
    digest = hash_document(build_document(page, answer))
    version["etag"] = f'"{hash_version(digest, version["number"])}"'


def get_site_info(page: Any, scope: Scope) -> SiteInfo:
    """Return who publishes a page, and where readers find it."""
    parts = page.get_url_parts()
    if not parts or not parts[1]:
        return SiteInfo(organization="", url="")
    site_id, root_url, _path = parts
    return SiteInfo(
        organization=scope.lookups.organizations.get(site_id, ""),
        url=get_frontend_url("") or root_url,
        media_url=root_url,
    )


def represent_governance(
    state: ReviewState, contributors: list[Any], scope: Scope
) -> dict[str, Any]:
    """Return who wrote and who reviewed an article, and when; only what is on record."""
    reviewers = [scope.get_object(Contributor, pk) for pk in state.reviewer_ids]
    return {
        "authors": [contributor for contributor in contributors if contributor],
        "reviewers": [reviewer for reviewer in reviewers if reviewer],
        "last_reviewed": format_time(state.last_reviewed),
        "next_review_due": format_time(state.next_review_due),
        "review_state": state.status.value,
        "changed_sections": list(state.changed_sections),
        "notice": represent_notice(state, scope.language_code),
        "change_notes": [
            {"date": note.date.isoformat(), "kind": note.kind, "text": note.text}
            for note in state.change_notes
        ],
    }


def judge_governance(
    page: Any, article: dict[str, Any], scope: Scope
) -> dict[str, Any]:
    """Return the governance of an article by the very text that the answer holds.

    What the article contains, such as a definition, can differ from the last publication.
    """
    governance = article["governance"]
    state = scope.lookups.review_states.get(page.pk, ReviewState())
    if not state.accepted:
        return governance
    judged = state.judge(hash_sections(article))
    return {
        **governance,
        "review_state": judged.status.value,
        "changed_sections": list(judged.changed_sections),
    }


def represent_notice(state: ReviewState, language_code: str) -> str:
    """Return what readers are told about the reviews, in the language of the article."""
    with translation.override(language_code):
        return str(state.notice)


def represent_translation(state: TranslationState, locale: str) -> dict[str, Any]:
    """Return how a language version stands to its source; the source stands to itself."""
    is_source = state.status is TranslationStatus.SOURCE
    return {
        "source_locale": locale if is_source else state.source_locale,
        "status": state.status.value if state.status else None,
        "behind_since": format_time(state.behind_since),
        "behind_blocks": list(state.behind_blocks),
    }


def represent_version(
    page: Any, answer: dict[str, Any], scope: Scope
) -> dict[str, Any]:
    """Return which state of the article an answer is."""
    return {
        "number": scope.lookups.publications.get(page.pk, 0),
        "etag": "",
        "published_at": format_time(page.last_published_at),
        "first_published_at": format_time(page.first_published_at),
        "content_hash": hash_content(page.title, answer),
        "schema": SCHEMA_VERSION,
    }


def build_toc(body: list[dict[str, Any]], given: GivenAnchors) -> list[dict[str, Any]]:
    """Return the table of contents: the sections, each with the anchor that it has kept or would get."""
    sections = [
        (section["id"], section["value"].get("heading", "")) for section in body
    ]
    return [
        {"id": block_id, "anchor": anchor, "title": title}
        for (block_id, title), anchor in zip(
            sections, choose_anchors(sections, given), strict=True
        )
    ]


def prepare_articles(pages: list[Any]) -> None:
    """Load what articles of one type have in their child relations."""
    set_links(pages)
    load_own_rows(pages)


register(
    TreatmentArticleMixin,
    PageType(
        fields=tuple(ARTICLE_SHAPES),
        collect=collect_article,
        represent=represent_article,
        finish=finish_article,
        seal=seal_article,
        prepare=prepare_articles,
        get_shapes=get_article_shapes,
    ),
)
