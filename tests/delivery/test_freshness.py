"""What is stale and what is public: each way that asks it gives the same answer, for whatever the rows hold."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page, PageViewRestriction, Site

from tests import factories
from tests.shared import share
from treatments.api.articles.queries import get_public_articles
from treatments.api.resolve.sites import get_host
from treatments.delivery import building, freshness, reading
from treatments.delivery.models import Change, Dependency, Document, Mark
from treatments.delivery.recipe import get_recipe
from treatments.delivery.store import LedgerStore
from treatments.models import IndexedArticle, TreatmentPage

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
#: Around an instant: what lies before it, the instant itself, what lies after it; or nothing.
INSTANTS = (None, NOW - timedelta(microseconds=1), NOW, NOW + timedelta(microseconds=1))
PUBLISHED = (None, NOW - timedelta(days=2), NOW - timedelta(days=1))
ROWS = 600
HOST = ("localhost", 80)
#: A change of each of these keys: when it is due, and the turn that made marks of it.
CHANGES = {
    "due": (None, None),
    "before": (INSTANTS[1], None),
    "now": (INSTANTS[2], None),
    "after": (INSTANTS[3], None),
    "marked": (None, 1),
}


class RowMaker:
    """Makes pages and documents whose columns have been drawn by lot."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.parents = create_trees()
        self.type = ContentType.objects.get_for_model(TreatmentPage)
        self.first = 10_000

    def make(self, count: int) -> None:
        """Make pages, documents, and what says of them that they are to be built."""
        for key, (due_at, generation) in CHANGES.items():
            Change.objects.create(
                key=key, due_at=due_at, generation=generation, created_at=NOW
            )
        ids = range(self.first, self.first + count)
        pages = [self.draw_page(pk) for pk in ids if self.chance.random() < 0.9]
        Page.objects.bulk_create(pages)
        private = [page for page in pages if self.chance.random() < 0.05]
        PageViewRestriction.objects.bulk_create(
            PageViewRestriction(page=page, restriction_type="login") for page in private
        )
        IndexedArticle.objects.bulk_create(map(build_entry, pages))
        published = {page.pk: page.last_published_at for page in pages}
        Document.objects.bulk_create(
            self.draw_document(pk, published.get(pk))
            for pk in ids
            if pk not in published or self.chance.random() < 0.9
        )
        marked = [pk for pk in ids if self.chance.random() < 0.1]
        Mark.objects.bulk_create(Mark(page_id=pk) for pk in (*marked, *marked[::2]))
        Dependency.objects.bulk_create(
            Dependency(page_id=pk, key=key)
            for pk, key in product(ids, [*CHANGES, "unchanged"])
            if self.chance.random() < 0.06
        )

    def draw_page(self, pk: int) -> Page:
        """Return a page somewhere in the trees."""
        parent = self.chance.choice(self.parents)
        return Page(
            pk=pk,
            path=f"{parent.path}{pk - 9_000:04d}",
            depth=parent.depth + 1,
            title=f"Page {pk}",
            slug=f"page-{pk}",
            url_path=f"/{pk}/",
            locale=parent.locale,
            content_type=self.type,
            live=self.chance.random() < 0.8,
            alias_of=parent if self.chance.random() < 0.1 else None,
            expire_at=self.chance.choice(INSTANTS),
            last_published_at=self.chance.choice(PUBLISHED),
        )

    def draw_document(self, pk: int, published_at: datetime | None) -> Document:
        """Return a document; most are as their page and the settings are."""
        other = self.chance.choice(PUBLISHED)
        return Document(
            pk=pk,
            state=self.chance.choice([*Document.State, Document.State.PUBLIC]),
            recipe=get_recipe() if self.chance.random() < 0.8 else "another",
            source_published_at=self.chance.choice([published_at, published_at, other]),
            valid_until=self.chance.choice(INSTANTS),
            retry_at=self.chance.choice(INSTANTS),
        )


def build_entry(page: Page) -> IndexedArticle:
    """Return the entry of a page in the article index."""
    return IndexedArticle(
        page=page, locale=page.locale, translation_key=page.translation_key
    )


def create_trees() -> list[Page]:
    """Make sites in two languages, public and private sections; return them."""
    home = factories.create_site()
    spanish = home.copy_for_translation(factories.get_locale("es"))
    other = factories.publish(
        Page.objects.get(depth=1).add_child(
            instance=Page(title="Other", slug="other", locale=home.locale)
        )
    )
    private = home.index.add_child(instance=factories.build_article("Private"))
    below = private.add_child(instance=Page(title="Below", slug="below"))
    PageViewRestriction.objects.create(page=private, restriction_type="groups")
    for name, port, root in (
        ("localhost", 8080, other),
        ("other.example", 80, other),
        ("twice.example", 80, other),
        ("twice.example", 8080, home),
    ):
        Site.objects.create(hostname=name, port=port, root_page=root)
    return [home.index, spanish, other, private, below]


def create_rows() -> None:
    """Make the rows that all tests here ask about."""
    with time_machine.travel(NOW, tick=False):
        RowMaker(seed=1).make(ROWS)


shared_random_rows = share("shared_random_rows", create_rows)


@pytest.fixture(autouse=True)
def _rows(shared_random_rows):
    with time_machine.travel(NOW, tick=False):
        yield


def list_found(host: tuple[str, int] = HOST) -> dict[int, reading.StoredDocument]:
    """Return what the query of one document says of all, without PostgreSQL's functions."""
    query = reading.build_query(connection.vendor, "TRUE", "card")
    rows = reading.execute(query, reading.get_parameters(host))
    found = (reading.build_row(row, is_packed=False) for row in rows)
    return {each.page_id: each for each in found}


def list_states() -> Iterator[tuple[Document, Page | None]]:
    """Yield the documents with their pages."""
    pages = Page.objects.in_bulk()
    for document in Document.objects.all():
        yield document, pages.get(document.pk)


def find_pending_ids() -> set[int]:
    """Return the ids of the documents that contain something that has changed."""
    keys = {
        change.key
        for change in Change.objects.filter(generation=None)
        if change.due_at is None or change.due_at <= NOW
    }
    rows = Dependency.objects.values_list("page_id", "key")
    return {pk for pk, key in rows if key in keys}


def is_outdated(document: Document, page: Page | None, *, is_marked: bool) -> bool:
    """Tell in plain Python whether a document is to be built, changes without marks aside."""
    if document.retry_at is not None and document.retry_at > NOW:
        return False
    if is_marked or document.state == Document.State.WAITING:
        return True
    return document.state == Document.State.PUBLIC and (
        page is None
        or document.recipe != get_recipe()
        or (document.valid_until is not None and document.valid_until <= NOW)
        or document.source_published_at != page.last_published_at
    )


def list_outdated() -> set[int]:
    """Return the ids of the documents that are to be built, changes without marks aside."""
    marked = set(Mark.objects.values_list("page_id", flat=True))
    return {
        document.pk
        for document, page in list_states()
        if is_outdated(document, page, is_marked=document.pk in marked)
    }


def list_stale() -> set[int]:
    """Return the ids of the documents that are stale."""
    known = set(Document.objects.values_list("pk", flat=True))
    return list_outdated() | (find_pending_ids() & known)


def test_a_read_of_one_document_knows_what_is_stale():
    expected = list_stale()
    found = list_found()
    assert {pk for pk, each in found.items() if each.is_stale} == expected
    # With the functions of PostgreSQL, one by one.
    asked = {pk: reading.find(HOST, "page_id", pk, "card", "")[0] for pk in found}
    assert asked == found
    assert ROWS / 10 < len(expected) < len(found) - ROWS / 10


def test_marks_are_made_of_the_changes_that_make_documents_stale():
    keys = {change.key for change in freshness.find_pending()}
    rows = Dependency.objects.filter(key__in=keys)
    assert set(rows.values_list("page_id", flat=True)) == find_pending_ids()
    unmarked = {change.key for change in freshness.find_unmarked()}
    assert unmarked - keys == {"after"}


def test_what_is_due_is_stale_unless_its_build_has_failed():
    due = freshness.find_due()
    public = [each for each, _page in list_states() if each.state == "public"]
    assert set(due) == {
        each for each in public if each.valid_until and each.valid_until <= NOW
    }
    tried = due.exclude(retry_at__gt=NOW).values_list("pk", flat=True)
    assert set(tried) < list_stale()


def test_a_list_knows_what_is_stale():
    rows = LedgerStore().add_cards(IndexedArticle.objects.all())
    expected = list_stale()
    known = set(Document.objects.values_list("pk", flat=True))
    for entry in rows:
        assert entry.is_stale == (entry.pk in expected or entry.pk not in known)
    assert len(rows) > ROWS / 2


def test_a_build_knows_what_is_outdated():
    expected = list_outdated()
    known = set(Document.objects.values_list("pk", flat=True))
    pages = Page.objects.filter(live=True, alias_of=None, indexed_article__isnull=False)
    new = set(pages.values_list("pk", flat=True)) - known
    assert new
    ids = [*known, *IndexedArticle.objects.values_list("pk", flat=True)]
    found = building.find_stale(ids)
    assert found.keys() == expected | new
    marked = set(Mark.objects.values_list("page_id", flat=True))
    assert {pk for pk, marks in found.items() if marks} == found.keys() & marked


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("localhost", 80),
        ("localhost", 8080),
        ("localhost", 9090),
        ("other.example", 80),
        ("other.example", 8080),
        ("twice.example", 80),
        ("twice.example", 8080),
        ("twice.example", 1),
        ("unknown.example", 80),
    ],
)
def test_every_way_knows_what_is_public(rf, settings, name, port):
    settings.ALLOWED_HOSTS = ["*"]
    request = rf.get("/", SERVER_NAME=name, SERVER_PORT=str(port))
    readable = list_readable(request)
    found = list_found(get_host(request))
    assert {pk for pk, each in found.items() if each.is_public} == (
        readable & found.keys()
    )
    public = {pk for pk in readable & found.keys() if found[pk].state == "public"}
    documents = freshness.list_public_documents(request)
    assert set(documents.values_list("pk", flat=True)) == public
    articles = get_public_articles(request)
    assert set(articles.values_list("pk", flat=True)) == readable
    assert len(public) > ROWS / 50


def list_readable(request: Any) -> set[int]:
    """Return in plain Python the ids of the drawn pages that readers of the asked site may have."""
    site = Site.find_for_request(request)
    roots = Page.objects.filter(translation_key=site.root_page.translation_key)
    roots = roots.values_list("path", flat=True)
    private = PageViewRestriction.objects.values_list("page__path", flat=True)
    pages = Page.objects.filter(indexed_article__isnull=False)
    return {
        page.pk
        for page in pages
        if page.live
        and page.alias_of_id is None
        and (page.expire_at is None or page.expire_at > NOW)
        and not page.path.startswith(tuple(private))
        and page.path.startswith(tuple(roots))
    }


def test_a_document_without_a_page_is_built_again_although_no_date_differs():
    """A page that was made live without a publication has no date either."""
    document = Document.objects.create(pk=1_000, state="public", recipe=get_recipe())
    assert list_found()[document.pk].is_stale
    assert document.pk in building.find_stale([document.pk])


def test_a_list_does_not_show_a_card_from_before_a_publication():
    """Nobody heard of the publication: only its date differs."""
    fresh = IndexedArticle.objects.exclude(pk__in=list_stale())
    rows = LedgerStore().add_cards(fresh)
    pk = next(entry.pk for entry in rows if not entry.is_stale)
    Page.objects.filter(pk=pk).update(last_published_at=NOW)
    Document.objects.filter(pk=pk).update(state="public", retry_at=None)
    assert rows.get(pk=pk).is_stale
