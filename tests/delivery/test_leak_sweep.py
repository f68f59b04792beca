"""One sweep over everything that the ledger says to anybody: no word of what is not public."""

from __future__ import annotations

import gzip
import itertools
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from tests import factories
from tests.delivery.conftest import ARTICLES
from tests.shared import share
from tests.treatments.hidden_site import create_hidden_site
from treatments.delivery.building import refresh_marked
from treatments.delivery.models import Document, Version
from treatments.models import TreatmentIndexPage, TreatmentPageRelated
from treatments.webhooks.models import WebhookDelivery, WebhookEndpoint

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r"hush[a-z]+", re.IGNORECASE)


def create_swept_site() -> dict[str, Any]:
    """Return a site with something hidden in every place, after a worker has built what there is to build."""
    WebhookEndpoint.objects.create(name="All", url="https://listener.example/")
    site = create_hidden_site()
    index = Page.objects.get(pk=site["index"].pk)
    expired = factories.create_article(index, title="hushpast", slug="hushpastslug")
    past = timezone.now() - timedelta(minutes=1)
    # The command that unpublishes it has not run yet.
    Page.objects.filter(pk=expired.pk).update(expire_at=past)
    scheduled = factories.create_article(
        index, title="hushfuture", slug="hushfutureslug", live=False
    )
    scheduled.go_live_at = timezone.now() + timedelta(days=1)
    scheduled.save_revision().publish()
    scheduled.refresh_from_db()
    assert not scheduled.live
    assert scheduled.approved_schedule
    changed = Page.objects.get(pk=site["orphan"].pk).specific
    changed.summary = "hushlater"
    changed.go_live_at = timezone.now() + timedelta(days=1)
    changed.save_revision().publish()
    refresh_marked()
    return {**site, "expired": expired, "scheduled": scheduled}


shared_swept_site = share("shared_swept_site", create_swept_site)


@pytest.fixture
def site(shared_swept_site):
    return shared_swept_site


def build_addresses() -> list[str]:
    """Return every address of articles with every parameter that could show more."""
    ids = list(Page.objects.values_list("pk", flat=True))
    tags = [*Document.objects.exclude(etag="").values_list("etag", flat=True)]
    tags += Version.objects.exclude(etag="").values_list("etag", flat=True)
    facets = "kind,audience,intent,condition,treatment,locale,review_state,translation_status"
    now = timezone.now().isoformat().replace("+", "%2B")
    addresses = [
        f"{ARTICLES}/?{'&'.join(filter(None, parts))}"
        for parts in itertools.product(
            ["", "locale=en", "locale=es"],
            ["", "fields=*", "fields=title,body,governance", f"facets={facets}"],
            ["", "search=hush", "search=hushprivate", "search=shown+hushfuture"],
            ["", "order=-published_at", "limit=1&offset=1"],
        )
        if "fields=*" not in parts
    ]
    addresses.append(f"{ARTICLES}/?ids={','.join(map(str, ids[:100]))}")
    for pk in ids:
        addresses += [
            f"{ARTICLES}/{pk}/",
            f"{ARTICLES}/{pk}/?fields=title,body",
            f"{ARTICLES}/{pk}/?rich_text=markdown",
            f"{ARTICLES}/{pk}/?as_of={now}",
            f"{ARTICLES}/{pk}/versions/",
            *(f"{ARTICLES}/{pk}/diff/?from={start}" for start in (1, 2)),
        ]
    addresses += [f"{ARTICLES}/versions/{tag}/" for tag in dict.fromkeys(tags)]
    paths = Page.objects.exclude(url_path="/").values_list("url_path", flat=True)
    for path in paths:
        for language in ("en", "es"):
            below = "/".join(path.strip("/").split("/")[1:])
            addresses.append(f"{ARTICLES}/find/?path=/{language}/{below}/")
    for since in range(4):
        addresses.append(f"{ARTICLES}/changes/?since={since}")
        addresses.append(f"{ARTICLES}/changes/stream/?seconds=0&since={since}")
    addresses += build_v2_addresses(ids)
    addresses += [
        f"{ARTICLES}/manifest/",
        f"{ARTICLES}/by-code/?system=http://id.nlm.nih.gov/mesh/&code=D000001",
        "/api/v3/sitemap/",
    ]
    return addresses


def build_v2_addresses(ids: list[int]) -> list[str]:
    """Return the addresses of pages in v2."""
    pages = "/api/v2/pages"
    addresses = [
        f"{pages}/{query}"
        for query in (
            "",
            "?type=treatments.TreatmentPage&fields=*",
            "?type=treatments.TreatmentPage&fields=*&locale=es",
            "?search=hush",
            "?search=shown&order=-id",
        )
    ]
    for pk in ids:
        addresses += [f"{pages}/{pk}/", f"{pages}/{pk}/?fields=*"]
    paths = Page.objects.exclude(url_path="/").values_list("url_path", flat=True)
    return addresses + [f"{pages}/find/?html_path={path}" for path in paths]


def read_text(response) -> str:
    """Return the body of an answer, also of a stream or a compressed one."""
    body = response.getvalue()
    if response.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return body.decode()


def sweep(client) -> dict[str, set[str]]:
    """Return the hidden words of each answer that has some, in its body or its headers."""
    found, answered = {}, 0
    for address in build_addresses():
        for encoding in ("gzip", "identity"):
            response = client.get(address, headers={"Accept-Encoding": encoding})
            assert response.status_code < 500, address
            answered += response.status_code == 200
            text = read_text(response) + str(response.headers)
            words = {word.lower() for word in HIDDEN.findall(text)}
            if words:
                found.setdefault(address, set()).update(words)
            if "Content-Encoding" not in response.headers:
                # Whoever takes nothing compressed gets the same.
                break
    assert answered > 100
    return found


def test_nothing_that_is_not_public_is_in_an_answer_a_tag_or_a_webhook(client, site):
    assert sweep(client) == {}
    bodies = "".join(
        str(body) for body in WebhookDelivery.objects.values_list("body", flat=True)
    )
    titles = " ".join(WebhookDelivery.objects.values_list("title", flat=True))
    assert "Shown" in titles
    assert not HIDDEN.findall(bodies + titles)
    # Whoever guesses finds no version either: none was ever made.
    hidden = [page.pk for page in (*site["hidden"], site["expired"], site["scheduled"])]
    assert not Version.objects.filter(page_id__in=hidden).exists()


def test_the_past_of_what_is_hidden_now_is_not_shown_either(client, site):
    """An article was public and is private, one was public and is withdrawn: only their tombstones speak."""
    index = Page.objects.get(pk=site["index"].pk)
    pages = [
        factories.create_article(
            index, title=f"Once {name}", slug=name, summary=f"hushtext{name}"
        )
        for name in ("private", "withdrawn", "deleted")
    ]
    refresh_marked()
    assert client.get(f"{ARTICLES}/{pages[0].pk}/").json()["title"] == "Once private"
    shown = sweep(client)
    assert shown
    assert {word for words in shown.values() for word in words} == {
        "hushtextprivate",
        "hushtextwithdrawn",
        "hushtextdeleted",
    }
    PageViewRestriction.objects.create(page=pages[0], restriction_type="login")
    pages[1].unpublish()
    Page.objects.get(pk=pages[2].pk).delete()
    refresh_marked()
    assert sweep(client) == {}
    # Their tombstones give the last path, a reason and a date; whoever was told of the articles hears of the end.
    entries = client.get(f"{ARTICLES}/changes/?since=0&limit=1000").json()["items"]
    ended = {entry["id"]: entry for entry in entries if entry["kind"] == "withdrawn"}
    assert set(ended) == {page.pk for page in pages}
    assert ended[pages[0].pk]["reason"] == "unpublished"
    recalls = WebhookDelivery.objects.filter(event_type="article.withdrawn")
    assert recalls.count() == 3
    assert not HIDDEN.findall("".join(str(row.body) for row in recalls))


def test_what_is_hidden_afterwards_leaves_the_articles_that_named_it(client, site):
    """Articles are public, named by others, and hidden in every way, by time too; nobody reads meanwhile."""
    index = Page.objects.get(pk=site["index"].pk)
    section = factories.publish(
        index.add_child(
            instance=TreatmentIndexPage(
                title="Section", slug="section", locale=index.locale
            )
        )
    )
    parents = {"below": section}
    names = ("private", "below", "unpublished", "deleted", "expired")
    soon = timezone.now() + timedelta(hours=1)
    targets = {
        name: factories.create_article(
            parents.get(name, index),
            title=f"hushed{name}",
            slug=f"hushed{name}",
            summary=f"hushed{name}",
            expire_at=soon if name == "expired" else None,
        )
        for name in names
    }
    link = "".join(
        f'<a linktype="page" id="{page.pk}">link</a> ' for page in targets.values()
    )
    naming = factories.create_article(index, title="Naming", intro=f"<p>{link}</p>")
    for page in targets.values():
        naming.related_articles.add(
            TreatmentPageRelated(relation="more", related_page_id=page.pk)
        )
    factories.publish(naming)
    spanish = naming.copy_for_translation(factories.get_locale("es"), copy_parents=True)
    spanish.title, spanish.expire_at = "hushedspanish", soon
    factories.publish(spanish)
    everything = {f"hushed{name}" for name in (*names, "spanish")}
    refresh_marked()
    shown = sweep(client)
    assert {word for words in shown.values() for word in words} == everything
    PageViewRestriction.objects.create(
        page=targets["private"], restriction_type="login"
    )
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    targets["unpublished"].unpublish()
    Page.objects.get(pk=targets["deleted"].pk).delete()
    with time_machine.travel(soon + timedelta(minutes=1), tick=True):
        # Their tombstones give where they were; a version is what the public got when it could read them.
        found = sweep(client)
        past = ("/changes/", "/versions/", "/diff/")
        told = {address for address in found if any(part in address for part in past)}
        assert set(found) == told
        entries = client.get(f"{ARTICLES}/changes/?since=0&limit=1000").json()["items"]
        naming_them = [each for each in entries if HIDDEN.search(str(each))]
        assert {each["kind"] for each in naming_them} == {"withdrawn"}
        assert {each["title"] for each in naming_them} == {""}
        assert "expired" in {each["reason"] for each in naming_them}
