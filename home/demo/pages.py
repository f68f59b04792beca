"""Builds the pages of the demonstration in the source language, as an editor would save them.

First every page is created without what leads elsewhere, then it is filled in and published: articles
refer to each other. A page that has a revision belongs to its editors and is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.coreutils import find_available_slug
from wagtail.fields import StreamField
from wagtail.models import Locale, Page

from home.demo import records
from home.demo.content import (
    DemoContentError,
    get_article_file,
    get_field,
    list_article_keys,
    make_uuid,
    read_article,
    read_file,
)
from home.demo.markup import render_markup
from home.demo.streams import StreamBuilder
from home.models import FeaturedArticle, HomePage
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)

if TYPE_CHECKING:
    from home.demo.library import Library

#: Fields of an article that are the same in the file and on the page.
PLAIN_FIELDS = (
    "title",
    "summary",
    "kind",
    "intent",
    "audience",
    "body_site",
    "seo_title",
    "search_description",
)
#: Fields of an article that hold streams.
STREAM_FIELDS = (
    "key_points",
    "body",
    "also_known_as",
    "regulatory_status",
    "questions",
)


class ArticleBuilder:
    """Sets the fields of an article from its file in one language."""

    def __init__(self, key: str, language: str, library: Library):
        self.key = key
        self.file = get_article_file(key, language)
        self.article = read_article(key, language)
        self.library = library
        self.streams = StreamBuilder(key, self.file, library)

    def set_own_fields(self, page: TreatmentPage) -> None:
        """Set what leads to no other page."""
        for name in PLAIN_FIELDS:
            setattr(page, name, str(get_field(self.article, name, self.file)).strip())
        page.slug = self.article.get("slug", self.key)
        page.treatment = self.library.get(
            "treatment", self.article["treatment"], self.file
        )
        hero = self.article.get("hero")
        if hero:
            page.hero_image = self.library.get("image", hero["image"], self.file)
            page.hero_image_alt = hero["alt"]
        for name in STREAM_FIELDS:
            if name != "body":
                self.set_stream(page, name)

    def set_linked_fields(self, page: TreatmentPage) -> None:
        """Set what may lead to other pages."""
        page.intro = render_markup(
            get_field(self.article, "intro", self.file),
            self.library,
            f"{self.file}: intro",
        )
        self.set_stream(page, "body")

    def set_relations(self, page: Any) -> None:
        """Set the conditions, the authors and the related articles."""
        page.article_conditions = [
            TreatmentPageCondition(
                condition=self.library.get("condition", key, self.file),
                sort_order=number,
            )
            for number, key in enumerate(self.article.get("conditions", []))
        ]
        page.article_contributors = [
            TreatmentPageContributor(
                contributor=self.library.get("contributor", key, self.file),
                sort_order=number,
            )
            for number, key in enumerate(self.article.get("authors", []))
        ]
        page.related_articles = [
            TreatmentPageRelated(
                relation=entry["relation"],
                related_page=self.library.get("page", entry["page"], self.file),
                sort_order=number,
            )
            for number, entry in enumerate(self.article.get("related", []))
        ]

    def set_stream(self, page: TreatmentPage, name: str) -> None:
        """Set one stream field to its cleaned value."""
        field: Any = TreatmentPage._meta.get_field(name)
        setattr(
            page,
            name,
            self.streams.build(field.stream_block, name, self.article.get(name) or []),
        )


def build_article(
    key: str, language: str, library: Library
) -> tuple[TreatmentPage, StreamBuilder]:
    """Return an article of one language, unsaved, and the builder that knows its places."""
    builder = ArticleBuilder(key, language, library)
    page = TreatmentPage()
    builder.set_own_fields(page)
    builder.set_linked_fields(page)
    return page, builder.streams


def set_front_fields(
    page: HomePage | TreatmentIndexPage,
    entry: dict[str, Any],
    library: Library,
    where: str,
) -> None:
    """Set the fields of the home page or of the index."""
    page.title = page.seo_title = get_field(entry, "title", where)
    page.search_description = get_field(entry, "search_description", where)
    page.intro = render_markup(get_field(entry, "intro", where), library, where)


def build_front(
    name: str, language: str, library: Library
) -> HomePage | TreatmentIndexPage:
    """Return the home page or the index of one language, unsaved."""
    entry = read_file(f"{language}/pages.yaml")[name]
    page = HomePage() if name == "home" else TreatmentIndexPage()
    set_front_fields(page, entry, library, f"{language}/pages.yaml: {name}")
    return page


def load_pages(library: Library, locale: Locale) -> int:
    """Create, fill in and publish the pages that are missing or unfinished; return how many."""
    language = locale.language_code
    entries = read_file(f"{language}/pages.yaml")
    where = f"{language}/pages.yaml"
    root = Page.get_first_root_node()
    home = ensure_page(
        root,
        HomePage(slug=entries["home"]["slug"]),
        "home",
        entries["home"],
        library,
        locale,
    )
    index = ensure_page(
        home,
        TreatmentIndexPage(slug=entries["index"]["slug"], show_in_menus=True),
        "index",
        entries["index"],
        library,
        locale,
    )
    library.add("page", "home", home)
    library.add("page", "index", index)
    builders = {
        key: ArticleBuilder(key, language, library)
        for key in list_article_keys(language)
    }
    for key, builder in builders.items():
        library.add("page", key, ensure_article(index, builder, locale))
    count = 0
    for key, builder in builders.items():
        page = library.get("page", key, builder.file)
        if is_unfinished(page):
            builder.set_linked_fields(page)
            builder.set_relations(page)
            finish(page, builder.file)
            count += 1
    if is_unfinished(index):
        finish(index, where)
        count += 1
    if is_unfinished(home):
        home.featured_articles = [
            FeaturedArticle(article=library.get("page", key, where), sort_order=number)
            for number, key in enumerate(entries["home"]["featured"])
        ]
        finish(home, where)
        count += 1
    return count


def find_page(key: str, locale: Locale) -> Page | None:
    """Return a page of the demonstration in one language."""
    page = Page.objects.filter(
        translation_key=make_uuid("page", key), locale=locale
    ).first()
    return page.specific if page else None


def ensure_page(
    parent: Page,
    page: Any,
    key: str,
    entry: dict[str, Any],
    library: Library,
    locale: Locale,
) -> Any:
    """Return the home page or the index; a missing one is created, unpublished."""
    found = find_page(key, locale)
    if found is None:
        set_front_fields(
            page, entry, library, f"{locale.language_code}/pages.yaml: {key}"
        )
        add_page(parent, page, key, locale)
    return found or page


def ensure_article(index: Page, builder: ArticleBuilder, locale: Locale) -> Page:
    """Return an article; a missing one is created without its links, unpublished."""
    found = find_page(builder.key, locale)
    if found is not None:
        return found
    page = TreatmentPage()
    builder.set_own_fields(page)
    add_page(index, page, builder.key, locale)
    return page


def add_page(parent: Page, page: Page, key: str, locale: Locale) -> None:
    """Create an unpublished page below its parent, and remember it."""
    page.locale = locale
    page.translation_key = make_uuid("page", key)
    page.slug = find_available_slug(parent, page.slug)
    page.live = False
    page.has_unpublished_changes = True
    with transaction.atomic():
        parent.add_child(instance=page)
        records.remember(page, f"page/{key}")


def is_unfinished(page: Page) -> bool:
    """Tell whether a page was created but never saved, by the demonstration or by an editor."""
    return page.latest_revision_id is None


def finish(page: Page, where: str) -> None:
    """Validate a page like its editing form does, save a revision and publish it.

    Raises:
        DemoContentError: the page does not validate.
    """
    try:
        page.full_clean()
        for field in page._meta.get_fields():
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(page, field.name))
    except ValidationError as error:
        raise DemoContentError(f"{where}: {error}") from error
    with transaction.atomic():
        page.save_revision().publish()
    page.refresh_from_db()
