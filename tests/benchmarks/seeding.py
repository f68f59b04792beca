"""Fills an empty database: a site in two languages with articles, and everything that they refer to.

Pages and articles are written as rows, as fast as the database takes them; the article index, Wagtail's
search index and the ledger are filled by what the project itself uses.
"""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale, Page, PageLogEntry, PageViewRestriction
from wagtail.search.backends import get_search_backend

from tests.benchmarks.bodies import ArticleWriter
from tests.benchmarks.library import LANGUAGES, Library, create_library
from tests.factories import create_site, get_locale, publish
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)
from treatments.search.index.indexing import index_articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How many articles of a hundred stand in the section that is renamed: 1,600 of 10,000.
LARGE_SECTION_PERCENT = 16
SECTIONS = 7
BATCH_SIZE = 500


@dataclass
class Section:
    """An index page in two languages, and the number of articles that it is to have."""

    pages: dict[str, Page]
    count: int


def compute_sizes(count: int) -> list[int]:
    """Return the numbers of articles in the sections: the large one first, the private one last."""
    large = count * LARGE_SECTION_PERCENT // 100
    private = max(count // 100, 1)
    rest = count - large - private
    bounds = [rest * part // SECTIONS for part in range(SECTIONS + 1)]
    return [
        large,
        *(end - start for start, end in itertools.pairwise(bounds)),
        private,
    ]


def create_tree(count: int) -> list[Section]:
    """Make a site with its sections in two languages; the first is the large one, the last is private."""
    home = create_site()
    index = home.index
    spanish = get_locale("es")
    publish(home.copy_for_translation(spanish))
    spanish_index = publish(index.copy_for_translation(spanish))
    sections = []
    for number, size in enumerate(compute_sizes(count)):
        title = f"Section {number}"
        pages = {}
        for language, parent in (("en", index), ("es", spanish_index)):
            parent.refresh_from_db()
            page = TreatmentIndexPage(
                title=f"{title} {language}",
                slug=slugify(title),
                locale=get_locale(language),
                translation_key=pages["en"].translation_key if pages else uuid.uuid4(),
            )
            pages[language] = publish(parent.add_child(instance=page))
        sections.append(Section(pages, size))
    for page in sections[-1].pages.values():
        PageViewRestriction.objects.create(
            page=page, restriction_type=PageViewRestriction.LOGIN
        )
    return sections


def iterate_places(sections: list[Section]) -> Iterator[tuple[Section, int]]:
    """Yield the section of each article, and its place in it from 0, one section after the other."""
    for section in sections:
        for place in range(section.count):
            yield section, place


def create_articles(sections: list[Section], library: Library) -> list[int]:
    """Make the articles of all sections in both languages, and return the ids of the English ones."""
    places = list(iterate_places(sections))
    pages: dict[str, list[Page]] = {}
    now = timezone.now()
    for language in LANGUAGES:
        rows = []
        for number, (section, place) in enumerate(places):
            rows.append(
                build_page(
                    section.pages[language],
                    place,
                    title=build_title(number, language),
                    key=build_key(number),
                    locale=get_locale(language),
                    published_at=now - timedelta(minutes=number + 1),
                    expire_at=choose_expiry(number, now),
                )
            )
        pages[language] = Page.objects.bulk_create(rows, batch_size=BATCH_SIZE)
        for section in sections:
            parent = Page.objects.filter(pk=section.pages[language].pk)
            parent.update(numchild=section.count)
    english = [page.pk for page in pages["en"]]
    library.targets.pages.extend(english)
    for language in LANGUAGES:
        for start in range(0, len(pages[language]), BATCH_SIZE):
            batch = pages[language][start : start + BATCH_SIZE]
            write_articles(
                [
                    build_article(page, start + offset, language, library)
                    for offset, page in enumerate(batch)
                ]
            )
        write_children(pages[language], language, library, english)
    # The last article of the large section is private by itself.
    for language in LANGUAGES:
        PageViewRestriction.objects.create(
            page=pages[language][sections[0].count - 1],
            restriction_type=PageViewRestriction.LOGIN,
        )
    return english


def build_title(number: int, language: str) -> str:
    """Return the title of an article."""
    words = {"en": "Surgery and what comes after", "es": "La cirugía y lo que sigue"}
    return f"{words[language]} {number:05d}"


def build_key(number: int) -> uuid.UUID:
    """Return the translation key of an article, as unlike its neighbors as a random one."""
    return uuid.uuid5(uuid.NAMESPACE_OID, str(number))


def choose_expiry(number: int, now: Any) -> Any:
    """Return when an article expires: one in twenty in a year, one in two hundred has already."""
    if number % 200 == 199:
        return now - timedelta(days=1)
    return now + timedelta(days=365) if number % 20 == 7 else None


def build_page(
    parent: Page,
    place: int,
    *,
    title: str,
    key: uuid.UUID,
    locale: Locale,
    published_at: Any,
    expire_at: Any,
) -> Page:
    """Return the page row of an article: the child number ``place`` of its parent."""
    slug = slugify(title)
    return Page(
        title=title,
        draft_title=title,
        slug=slug,
        path=build_path(parent.path, place),
        depth=parent.depth + 1,
        numchild=0,
        url_path=f"{parent.url_path}{slug}/",
        content_type=ContentType.objects.get_for_model(TreatmentPage),
        locale=locale,
        translation_key=key,
        live=True,
        has_unpublished_changes=False,
        first_published_at=published_at,
        last_published_at=published_at,
        latest_revision_created_at=published_at,
        expire_at=expire_at,
    )


def build_path(parent_path: str, place: int) -> str:
    """Return the path in the tree of the child number ``place`` of a page; see treebeard's ``MP_Node``."""
    number, digits = place + 1, ""
    while number:
        number, digit = divmod(number, len(Page.alphabet))
        digits = Page.alphabet[digit] + digits
    return parent_path + digits.rjust(Page.steplen, Page.alphabet[0])


def build_article(
    page: Page, number: int, language: str, library: Library
) -> TreatmentPage:
    """Return the article of a page row, not saved."""
    writer = ArticleWriter(number, language, library.targets)
    choices = library.treatments[language]
    return TreatmentPage(
        page_ptr_id=page.pk,
        pk=page.pk,
        treatment_id=choices[number % len(choices)],
        **writer.build_fields(),
    )


def write_articles(articles: list[TreatmentPage]) -> None:
    """Insert the rows of articles whose page rows exist; Django's own bulk insert takes no model with a parent."""
    fields = TreatmentPage._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = quote(TreatmentPage._meta.db_table)
    rows = [
        [
            field.get_db_prep_save(getattr(article, field.attname), connection)
            for field in fields
        ]
        for article in articles
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - names of columns


def write_children(
    pages: list[Page], language: str, library: Library, english: list[int]
) -> None:
    """Give each article two conditions, an author, two related articles and an entry in the log."""
    conditions, contributors = (
        library.conditions[language],
        library.contributors[language],
    )
    rows: dict[type[Any], list[Any]] = {
        TreatmentPageCondition: [],
        TreatmentPageContributor: [],
        TreatmentPageRelated: [],
        PageLogEntry: [],
    }
    now = timezone.now()
    content_type = ContentType.objects.get_for_model(TreatmentPage)
    for number, page in enumerate(pages):
        for order in range(2):
            rows[TreatmentPageCondition].append(
                TreatmentPageCondition(
                    page_id=page.pk,
                    condition_id=conditions[(number + order) % len(conditions)],
                    sort_order=order,
                )
            )
            rows[TreatmentPageRelated].append(
                TreatmentPageRelated(
                    page_id=page.pk,
                    related_page_id=english[(number + order + 1) % len(english)],
                    sort_order=order,
                )
            )
        rows[TreatmentPageContributor].append(
            TreatmentPageContributor(
                page_id=page.pk,
                contributor_id=contributors[number % len(contributors)],
                sort_order=0,
            )
        )
        rows[PageLogEntry].append(
            PageLogEntry(
                page_id=page.pk,
                content_type=content_type,
                label=page.title,
                action="wagtail.publish",
                timestamp=now,
            )
        )
    for model, each in rows.items():
        model._default_manager.bulk_create(each, batch_size=1000)


def fill_search(page_ids: Iterable[int]) -> None:
    """Put articles into Wagtail's own search index, as ``update_index`` does."""
    ids = list(page_ids)
    backend = get_search_backend()
    for start in range(0, len(ids), BATCH_SIZE):
        batch = ids[start : start + BATCH_SIZE]
        backend.add_bulk(
            TreatmentPage, list(TreatmentPage.objects.filter(pk__in=batch))
        )


def fill_index(page_ids: Iterable[int]) -> None:
    """Put articles into the article index and its search."""
    index_articles(page_ids)


def list_articles() -> list[int]:
    """Return the ids of all articles in all languages."""
    return list(TreatmentPage.objects.order_by("pk").values_list("pk", flat=True))


def create_content(count: int, library_size: int = 40) -> None:
    """Fill an empty site with articles in two languages.

    Args:
        count: The number of articles in each language.
        library_size: The number of glossary terms; references, images follow it.
    """
    sections = create_tree(count)
    create_articles(sections, create_library(library_size))
