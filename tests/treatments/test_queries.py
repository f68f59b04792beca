"""Reads cost a number of queries that depends on no length."""

from __future__ import annotations

import copy
import uuid

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Revision

from tests import factories
from tests.benchmarks.seeding import build_page, fill_index, fill_search, write_articles
from tests.samples import Sampler
from tests.treatments.test_api_snippets import CREATORS
from tests.treatments.test_blocks import BLOCK_NAMES, CONTENT
from treatments.api.http.process_cache import clear_all
from treatments.content.documents import load_documents
from treatments.models import TreatmentPage, TreatmentPageContributor

pytestmark = pytest.mark.django_db
LIST = "/api/v2/pages/?type=treatments.TreatmentPage&fields=*&limit={limit}"
#: One section holds at most this many blocks.
BLOCKS_PER_SECTION = len(BLOCK_NAMES)


@pytest.fixture
def index(site):
    return site.index


def build_body(targets, sections):
    """Return a body whose every section holds every block type once."""
    sampler = Sampler(targets)
    content = [
        {
            "type": name,
            "id": str(uuid.uuid4()),
            "value": sampler.build(CONTENT.child_blocks[name]),
        }
        for name in BLOCK_NAMES
    ]
    return [
        {
            "type": "section",
            "id": str(uuid.uuid4()),
            "value": {
                "heading": f"Section {number}",
                "content": copy.deepcopy(content),
            },
        }
        for number in range(sections)
    ]


def count_queries(client, url):
    """Return how many queries a warm read costs."""
    for _ in range(2):
        # What is cached once the transaction is committed is cached at once.
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert client.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def create_articles(index, targets, count, sections):
    """Return published articles; all but the first are copied from it, which is faster than publishing them.

    Their bodies are put in at once, for the same reason.
    """
    slug = f"article-{sections}"
    first = factories.create_article(index, title="Article 0", slug=f"{slug}-0")
    pages = [first, *copy_article(first, slug, count - 1)]
    body = build_body(targets, sections)
    TreatmentPage.objects.filter(pk__in=[page.pk for page in pages]).update(body=body)
    return pages


def copy_article(first, slug, count):
    """Return copies of a published article, each with a revision; they are its last siblings."""
    parent = Page.objects.get(pk=first.get_parent().pk)
    pages = [
        build_page(
            parent,
            parent.numchild + number,
            title=f"Article {number + 1}",
            key=uuid.uuid4(),
            locale=first.locale,
            published_at=first.first_published_at,
            expire_at=None,
        )
        for number in range(count)
    ]
    for number, page in enumerate(pages):
        page.slug = f"{slug}-{number + 1}"
        page.url_path = f"{parent.url_path}{page.slug}/"
    Page.objects.bulk_create(pages)
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + count)
    copies = []
    for page in pages:
        article = copy.copy(first)
        article.__dict__.update(
            {field.attname: getattr(page, field.attname) for field in Page._meta.fields}
        )
        article.page_ptr_id = page.pk
        copies.append(article)
    write_articles(copies)
    revisions = [
        Revision(
            content_object=article,
            base_content_type=first.latest_revision.base_content_type,
            content=article.serializable_data(),
            created_at=first.latest_revision.created_at,
            object_str=str(article),
        )
        for article in copies
    ]
    Revision.objects.bulk_create(revisions)
    for page, article, revision in zip(pages, copies, revisions, strict=True):
        for each in (page, article):
            each.latest_revision = each.live_revision = revision
    Page.objects.bulk_update(pages, ["latest_revision", "live_revision"])
    ids = [page.pk for page in pages]
    fill_search(ids)
    fill_index(ids)
    return copies


def test_a_detail_costs_the_same_for_10_and_for_100_blocks(client, index, targets):
    short = create_articles(index, targets, 1, 1)[0]
    long = create_articles(index, targets, 1, 8)[0]
    assert 8 * BLOCKS_PER_SECTION > 100
    for url in ("/api/v2/pages/{pk}/", "/api/v3/pages/{pk}/"):
        costs = {
            page.pk: count_queries(client, url.format(pk=page.pk))
            for page in (short, long)
        }
        assert costs[short.pk] == costs[long.pk]
        assert costs[short.pk] <= 40


def test_writing_a_detail_anew_costs_the_same_for_10_and_for_100_blocks(
    client, index, targets
):
    costs = []
    for sections in (1, 8):
        page = create_articles(index, targets, 1, sections)[0]
        url = f"/api/v2/pages/{page.pk}/"
        count_queries(client, url)
        clear_all()
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        costs.append(len(captured))
    assert costs == [9, 9]


def test_articles_are_built_together_in_as_many_queries_as_one(index, targets):
    pages = create_articles(index, targets, 6, 1)
    ids = [page.pk for page in pages]
    load_documents(ids)
    costs = []
    for some in (ids[:1], ids):
        with CaptureQueriesContext(connection) as captured:
            assert len(load_documents(some)) == len(some)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12


def test_a_list_costs_the_same_for_20_and_for_100_articles(client, index, targets):
    create_articles(index, targets, 20, 1)
    cost_of_20 = count_queries(client, LIST.format(limit=20))
    create_articles(index, targets, 80, 8)
    assert count_queries(client, LIST.format(limit=20)) == cost_of_20
    assert count_queries(client, LIST.format(limit=100)) == cost_of_20
    assert cost_of_20 <= 40
    assert len(client.get(LIST.format(limit=100)).json()["items"]) == 100


@pytest.mark.parametrize(
    "name", ["glossary", "references", "contributors", "conditions", "treatments"]
)
def test_snippet_lists_cost_the_same_for_2_and_for_12_entries(client, index, name):
    create = CREATORS[name]
    for number in range(2):
        create(f"Entry {number}")
    urls = (f"/api/v2/{name}/?limit=50", f"/api/v3/{name}/?limit=50")
    few = [count_queries(client, url) for url in urls]
    for number in range(2, 12):
        create(f"Entry {number}")
    assert [count_queries(client, url) for url in urls] == few


def test_navigation_and_index_cost_the_same_for_few_and_many_articles(
    client, index, targets
):
    urls = (
        "/api/v3/navigation/?locale=en",
        f"/api/v2/pages/{index.pk}/",
        f"/api/v3/pages/{index.pk}/",
    )
    create_articles(index, targets, 3, 1)
    few = [count_queries(client, url) for url in urls]
    create_articles(index, targets, 12, 2)
    assert [count_queries(client, url) for url in urls] == few


def test_the_libraries_cost_the_same_for_few_and_many_entries(client, index):
    urls = [
        f"/api/v2/{name}/?limit=50" for name in ("images", "documents", "redirects")
    ]
    urls += ["/api/v3/site/", "/api/v3/locales/", "/api/v3/redirects/"]
    urls += ["/api/v3/redirects/find/?html_path=/old-1"]

    def add(first, last):
        for number in range(first, last):
            factories.create_image(f"Image {number}")
            get_document_model().objects.create(
                title="D", file=ContentFile(b"x", name=f"{number}.txt")
            )
            Redirect.objects.create(old_path=f"/old-{number}", redirect_page=index)

    add(0, 2)
    few = {url: count_queries(client, url) for url in urls}
    add(2, 10)
    many = {url: count_queries(client, url) for url in urls}
    assert {url: many[url] for url in urls if many[url] != few[url]} == {}


def test_reads_of_one_entry_cost_the_same_for_few_and_many_translations_and_uses(
    client, index
):
    term, reference = factories.create_term(), factories.create_reference()
    condition = factories.create_condition(mesh_id="D000001")
    contributor = CREATORS["contributors"]("Somebody")
    urls = [
        "/api/v3/glossary/letters/",
        "/api/v3/glossary/?letter=M",
        f"/api/v3/glossary/{term.pk}/",
        f"/api/v3/glossary/by-slug/{term.slug}/",
        f"/api/v3/conditions/by-slug/{condition.slug}/",
        "/api/v3/conditions/?code=D000001",
        f"/api/v3/glossary/{term.pk}/articles/?limit=50",
        f"/api/v3/references/{reference.pk}/articles/?limit=50",
        f"/api/v3/contributors/{contributor.pk}/articles/?limit=50",
    ]
    image = factories.create_image()

    def add(first, last):
        for number in range(first, last):
            factories.create_term(f"Metastasis {number}", image=image, image_alt="x")
            factories.create_condition(f"Condition {number}", mesh_id="D000001")
            page = factories.create_article(
                index,
                live=False,
                title=f"Article {number}",
                hero_image=image,
                hero_image_alt="x",
                intro=(
                    f'<p><a linktype="glossary-term" id="{term.pk}">w</a>'
                    f'<a linktype="citation" id="{reference.pk}">[1]</a></p>'
                ),
            )
            page.article_contributors.add(
                TreatmentPageContributor(contributor=contributor)
            )
            factories.publish(page)

    add(0, 2)
    few = {url: count_queries(client, url) for url in urls}
    assert all(client.get(url).json()["count"] == 2 for url in urls[-3:])
    add(2, 12)
    many = {url: count_queries(client, url) for url in urls}
    assert all(client.get(url).json()["count"] == 12 for url in urls[-3:])
    assert {url: many[url] for url in urls if many[url] != few[url]} == {}
    assert max(many.values()) <= 20


def test_the_sitemap_costs_the_same_for_20_and_for_200_pages(client, index):
    first = factories.create_article(index, title="Article 0", slug="few-0")
    copy_article(first, "few", 19)
    few = count_queries(client, "/api/v3/sitemap/")
    copy_article(first, "many", 180)
    assert client.get("/api/v3/sitemap/").json()["count"] == 202
    assert count_queries(client, "/api/v3/sitemap/") == few
    assert few <= 8
