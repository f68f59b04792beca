"""Loads the demonstration: what is missing is made, what is there is left as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from home.demo import site
from home.demo.batches import write_together
from home.demo.content import (
    SOURCE_LANGUAGE,
    get_article_file,
    list_article_keys,
    make_uuid,
    read_file,
)
from home.demo.library import (
    TRANSLATABLE,
    Library,
    build_snippet,
    is_as_loaded,
    load_images,
    load_promotions,
    load_references,
    load_snippets,
)
from home.demo.pages import build_article, build_front, find_page, load_pages
from home.demo.streams import describe_path
from home.demo.translations import translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from wagtail.models import Locale


@dataclass
class Loaded:
    """What one run added.

    Attributes:
        objects: Images, snippets, promotions and settings.
        pages: Pages that were published in the source language.
        translations: Snippets and pages that were published in another language.
        remarks: Sentences for the person who ran it.
    """

    objects: int = 0
    pages: int = 0
    translations: int = 0
    remarks: list[str] = field(default_factory=list)


def load(
    port: int = 8000, report: Callable[[str], object] = lambda line: None
) -> Loaded:
    """Load whatever is missing, and say in short lines what is going on.

    A run that was interrupted is completed by the next one. A page or an object that an editor
    changed is left alone.

    Raises:
        DemoContentError: a file has a mistake; what was loaded before it stays.
    """
    loaded = Loaded()
    source, targets = site.ensure_locales()
    library = Library()
    report("  Images and reference content")
    loaded.objects += load_images(library)
    with write_together():
        loaded.objects += load_references(library)
        loaded.objects += load_snippets(library, source)
        loaded.objects += load_promotions(library, [source, *targets])
    report(f"  Pages in {source.get_display_name()}")
    with write_together():
        loaded.pages += load_pages(library, source)
    loaded.remarks += site.open_site(library.get("page", "home", "pages.yaml"), port)
    loaded.objects += site.load_publisher()
    for locale in targets:
        report(f"  Translation into {locale.get_display_name()}")
        with write_together():
            translate_snippets(library, locale, loaded)
        with write_together():
            translate_pages(library, locale, loaded)
    return loaded


def translate_snippets(library: Library, locale: Locale, loaded: Loaded) -> None:
    """Translate the snippets that have no translation yet and still say what their files say."""
    language = locale.language_code
    for kind, (model, file) in TRANSLATABLE.items():
        for key, entry in read_file(f"{language}/{file}").items():
            where = f"{language}/{file}: {key}"
            source = library.get(kind, key, where)
            if model._default_manager.filter(
                translation_key=make_uuid(kind, key), locale=locale
            ).exists():
                continue
            if not is_as_loaded(kind, key, source):
                loaded.remarks.append(leave_to_translators(source))
                continue
            translate(
                source,
                f"{kind}/{key}",
                locale,
                build_snippet(kind, key, entry, locale),
                where,
            )
            loaded.translations += 1


def translate_pages(library: Library, locale: Locale, loaded: Loaded) -> None:
    """Translate the pages that have no translation yet and that no editor changed, parents first."""
    language = locale.language_code
    for key in ("home", "index", *list_article_keys()):
        if find_page(key, locale) is not None:
            continue
        is_front = key in ("home", "index")
        where = (
            f"{language}/pages.yaml: {key}"
            if is_front
            else get_article_file(key, language)
        )
        source = library.get("page", key, where)
        if source.revisions.count() > 1:
            loaded.remarks.append(leave_to_translators(source))
        elif is_front:
            translate(
                source,
                f"page/{key}",
                locale,
                build_front(key, language, library),
                where,
            )
            loaded.translations += 1
        else:
            page, _streams = build_article(key, language, library)
            describe = partial(describe_place, key, library)
            translate(source, f"page/{key}", locale, page, where, describe)
            loaded.translations += 1


def describe_place(key: str, library: Library, path: str) -> str:
    """Return the place in an article's file that a content path means; for error messages."""
    _page, streams = build_article(key, SOURCE_LANGUAGE, library)
    return describe_path(path, streams.places)


def leave_to_translators(source: object) -> str:
    """Return the sentence about something that was edited before it was translated."""
    return (
        f"“{source}” was edited, so its missing translation is left to the translators."
    )
