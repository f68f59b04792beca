"""The steps that prepare a database, each run by a process of its own under the settings of the project.

python -m tests.benchmarks.preparing create COUNT | fill PART OF | grow COUNT | sample | link
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django

#: How many articles are read in detail.
SAMPLE_SIZE = 24
#: How many articles are published again and again, and how many others show each of them.
PUBLISHED, SHOWN_BY = 4, 5


def create(count: str) -> None:
    """Make the content that everything else is copied from."""
    from tests.benchmarks.seeding import create_content

    create_content(int(count))


def fill(part: str, of: str) -> None:
    """Index and build the articles whose id leaves the remainder ``part``."""
    from tests.benchmarks import seeding

    ids = [pk for pk in seeding.list_articles() if pk % int(of) == int(part)]
    seeding.fill_search(ids)
    seeding.fill_index(ids)
    build(ids)


def build(ids: list[int]) -> None:
    """Build documents, whatever is known about them."""
    from treatments.delivery import building

    for start in range(0, len(ids), building.BATCH_SIZE):
        building.rebuild(ids[start : start + building.BATCH_SIZE])


def grow(count: str) -> None:
    """Copy articles until there are so many."""
    from tests.benchmarks.growth import grow

    grow(int(count))


def choose(ids: list[int], count: int) -> list[int]:
    """Return some of many ids, evenly spread."""
    return [ids[place * len(ids) // count] for place in range(min(count, len(ids)))]


def list_public_ids() -> list[int]:
    """Return the ids of the articles that a reader may have."""
    from django.test import RequestFactory

    from treatments.api.resolve.sites import get_readable_pages
    from treatments.models import TreatmentPage

    readable = get_readable_pages(RequestFactory().get("/", HTTP_HOST="localhost"))
    pages = TreatmentPage.objects.filter(pk__in=readable.values("pk"))
    return list(pages.order_by("pk").values_list("pk", flat=True))


def describe_sample(limit: str = "20") -> dict[str, Any]:
    """Build some articles anew, and return what the contenders ask for; ``limit`` is the length of a list."""
    from django.test import Client

    from treatments.delivery.models import Document

    ids = choose(list_public_ids(), SAMPLE_SIZE)
    build(ids)
    articles = list(
        Document.objects.filter(pk__in=ids)
        .order_by("pk")
        .values("page_id", "path", "title", "etag")
    )
    client = Client(headers={"host": "localhost"})
    size = int(limit)
    url = f"/api/v3/articles/?locale=en&limit={size}"
    count = client.get(url).json()["count"]
    before = client.get(f"{url}&offset={count - 2 * size}").json()
    return {
        "articles": articles,
        "count": count,
        "limit": size,
        "last_offset": count - size,
        "last_cursor": before["next_cursor"],
    }


def link() -> dict[str, Any]:
    """Choose articles to publish, let others show them, and return the ids with the sections to rename."""
    from tests.benchmarks.growth import list_sections
    from treatments.models import TreatmentPage, TreatmentPageRelated

    public = set(list_public_ids())
    section = list_sections("en")[0]
    below = TreatmentPage.objects.child_of(section).order_by("path")
    ids = [pk for pk in below.values_list("pk", flat=True) if pk in public]
    published = ids[-PUBLISHED:]
    others = ids[-PUBLISHED * (SHOWN_BY + 1) : -PUBLISHED]
    TreatmentPageRelated.objects.bulk_create(
        TreatmentPageRelated(
            page_id=other, related_page_id=published[place % PUBLISHED], sort_order=9
        )
        for place, other in enumerate(others)
    )
    build([*published, *others])
    return {
        "published": published,
        "section": section.pk,
        "slug": section.slug,
        "below": len(ids),
        "readers": choose(ids, SAMPLE_SIZE),
    }


STEPS = {
    "create": create,
    "fill": fill,
    "grow": grow,
    "sample": describe_sample,
    "link": link,
}


def main(arguments: list[str]) -> None:
    """Do one step, and write what it returns as JSON."""
    django.setup()
    answer = STEPS[arguments[0]](*arguments[1:])
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
