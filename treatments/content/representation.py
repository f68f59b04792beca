"""The only place where a page becomes JSON: live page, draft, list card and index come from here.

``represent_pages`` takes any number of pages of any type and loads what they refer to in a fixed
number of queries. What a page type adds to the common fields is registered with ``register``;
``article_representation`` and ``index_representation`` do so for the page types of the plugin set.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from treatments.content import shapes
from treatments.content.addresses import get_addresses, get_language_name
from treatments.content.dependencies import get_page_key
from treatments.content.lookups import Lookups, load_lookups
from treatments.content.needs import Needs
from treatments.content.scopes import Scope
from treatments.content.shape_types import Path, Uuid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from treatments.content.drafts import DraftView

COMMON_SHAPES: dict[str, Any] = {
    "path": Path,
    "translation_key": Uuid,
    "translations": list[shapes.TranslationLink],
}
COMMON_FIELDS = tuple(COMMON_SHAPES)


def get_no_shapes(model: type) -> dict[str, Any]:
    """Return no shapes: the document says nothing about the fields."""
    return {}


@dataclass(frozen=True)
class PageType:
    """How a page type is represented beside the common fields.

    Attributes:
        fields: The names of the fields, in the order of the answer.
        collect: Notes what a page refers to; called before anything is loaded.
        represent: Returns the fields; called afterwards.
        prepare: Called first with all pages of one model, to load what they have in common.
        finish: Called last with the whole answer; returns it with what is made from the rest of it.
        seal: Makes, in place, what only an answer has: its entity tag.
        get_shapes: From a page model to the type of each field, for the OpenAPI document.
    """

    fields: tuple[str, ...]
    collect: Callable[[Any, Needs], None]
    represent: Callable[[Any, Scope], dict[str, Any]]
    prepare: Callable[[list[Any]], None] | None = None
    finish: Callable[[Any, dict[str, Any], Scope], dict[str, Any]] | None = None
    seal: Callable[[Any, dict[str, Any]], None] | None = None
    get_shapes: Callable[[type[Any]], dict[str, Any]] = get_no_shapes


_page_types: dict[type, PageType] = {}


def register(model: type, page_type: PageType) -> None:
    """Say how the pages of a model, and of its subclasses, are represented."""
    _page_types[model] = page_type


def get_page_type(model: type) -> PageType | None:
    """Return the registration that is nearest in the inheritance of a model."""
    return next(
        (_page_types[base] for base in model.__mro__ if base in _page_types), None
    )


def represent_page(page: Page) -> dict[str, Any]:
    """Return the common fields of one page and those of its type."""
    return represent_pages([page])[page.pk]


def represent_pages(
    pages: Iterable[Page],
    uses: dict[int, set[str]] | None = None,
    drafts: DraftView | None = None,
    manifest: list[dict[str, Any]] | None = None,
    *,
    is_sealed: bool = True,
) -> dict[int, dict[str, Any]]:
    """Return the representation of each page by its id.

    The pages are specific instances, live or built from a revision. What they refer to is public, or
    left out, whoever asks; with ``drafts``, in the draft state that its user may edit.

    Args:
        pages: Any pages.
        uses: Takes, page by page, the keys of everything that the page contains (see ``dependencies``).
        drafts: Whose drafts are shown where a page refers to something.
        manifest: Takes, for one page with ``drafts``, which state of each thing is shown.
        is_sealed: Whether it is an answer, with an entity tag.
    """
    pages = list(pages)
    sources = load_sources(pages) if drafts is None else {}
    if sources:
        shown = [page for page in pages if page.pk not in sources]
        answers = represent_pages(
            [*shown, *sources.values()], uses, is_sealed=is_sealed
        )
        aliases = (page for page in pages if page.pk in sources)
        return answers | {
            alias.pk: answers[sources[alias.pk].pk] | represent_alias(alias)
            for alias in aliases
        }
    needs = collect_needs(pages)
    lookups = load_lookups(needs, {page.translation_key for page in pages}, drafts)
    if drafts is not None and manifest is not None:
        manifest += drafts.build_manifest(needs, lookups, pages[0].locale_id)
    answers = {}
    for page in pages:
        page.locale = lookups.locales[page.locale_id]
        key = page.pk or 0
        scope = Scope(
            lookups,
            page.locale_id,
            page.locale.language_code,
            list(needs.references.get(key, {})),
            list(needs.terms.get(key, {})),
        )
        page_type = get_page_type(type(page))
        answer = represent_common(page, scope)
        if page_type:
            answer |= page_type.represent(page, scope)
            if page_type.finish:
                answer = page_type.finish(page, answer, scope)
            if page_type.seal and is_sealed:
                page_type.seal(page, answer)
        answers[page.pk] = answer
        if uses is not None:
            uses[page.pk] = scope.uses | {get_page_key(page.translation_key)}
    return answers


def load_sources(pages: list[Page]) -> dict[int, Page]:
    """Return the pages that some aliases in the same language show, by the ids of the aliases.

    Reviews and translations are those of the source.
    """
    ids = {page.pk: find_source(page).pk for page in pages if page.alias_of_id}
    if not ids:
        return {}
    sources = Page.objects.filter(pk__in=ids.values()).specific().in_bulk()  # ty: ignore[missing-attribute]
    locales = {page.pk: page.locale_id for page in pages}
    return {
        alias: sources[pk]
        for alias, pk in ids.items()
        if pk in sources and sources[pk].locale_id == locales[alias]
    }


def find_source(alias: Page) -> Page:
    """Return the page that an alias shows, which may be an alias itself."""
    page = alias
    while page.alias_of is not None:
        page = page.alias_of
    return page


def represent_alias(alias: Page) -> dict[str, Any]:
    """Return what is an alias's own in the representation of its source: its id and its address."""
    path, html_url = get_addresses(alias)
    return {"id": alias.pk, "path": path, "html_url": html_url}


def collect_needs(pages: list[Page]) -> Needs:
    """Return what pages refer to; what they have in common is loaded on the way."""
    needs = Needs()
    by_type: dict[type, list[Page]] = defaultdict(list)
    for page in pages:
        by_type[type(page)].append(page)
    for model, group in by_type.items():
        page_type = get_page_type(model)
        if page_type and page_type.prepare:
            page_type.prepare(group)
    for page in pages:
        page_type = get_page_type(type(page))
        if page_type:
            needs.current = page.pk or 0
            page_type.collect(page, needs)
    return needs


def represent_common(page: Page, scope: Scope) -> dict[str, Any]:
    """Return what every page has: where it is, and in which languages."""
    path, html_url = get_addresses(page)
    return {
        "path": path,
        "html_url": html_url,
        "translation_key": str(page.translation_key),
        "translations": represent_translations(page, scope.lookups),
    }


def represent_translations(page: Page, lookups: Lookups) -> list[dict[str, Any]]:
    """Return the other languages in which the page is public; an alias is no translation."""
    others = [
        other
        for (key, locale_id), other in lookups.pages_by_key.items()
        if key == page.translation_key and locale_id != page.locale_id
    ]
    answers = []
    for other in sorted(others, key=lambda other: other.locale.language_code):
        state = lookups.get_public_state(other.pk, page.translation_key)
        path, html_url = get_addresses(other, lookups)
        answers.append(
            {
                "id": other.pk,
                "locale": other.locale.language_code,
                "language": get_language_name(other.locale.language_code),
                "title": other.title,
                "path": path,
                "html_url": html_url,
                "status": state.status.value if state.status else None,
                "behind_since": format_time(state.behind_since),
            }
        )
    return answers


def format_time(value: Any) -> str | None:
    """Return a date or time in ISO 8601."""
    return value.isoformat() if value else None
