"""Purges public responses from shared caches: by tag, or by address where a cache knows no tags.

A cache forgets twice. After the commit of a change it forgets whatever contains what has changed: from then
on a read builds the document anew, so that no cache can get the former one again. After the commit of the
new version it forgets the document once more, and with it an answer that was on its way meanwhile.

What is to be forgotten is written in the same transaction, and kept until the cache has confirmed it:
nothing is lost when a process dies, a cache does not answer, or a transaction is rolled back in part.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from wagtail.api.v3.urls import api
from wagtail.contrib.frontend_cache.utils import get_backends
from wagtail.models import Site

from treatments.api.http.caching import SHARED_TAG
from treatments.content.dependencies import LISTS, SITES
from treatments.delivery.models import Dependency, Document, PendingPurge
from treatments.delivery.tags import get_article_tag, get_tag
from treatments.ports import tasks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from treatments.signals import DocumentEvent

logger = logging.getLogger(__name__)

#: From how many changed things on all documents are forgotten: by the tag that each of them has.
MANY_KEYS = 1_000
BATCH_SIZE = 500
#: How long a cache that has failed is left alone.
RETRY_AFTER = timedelta(seconds=30)
#: How much is sent at once: a commit without a task queue waits for it.
ROWS_PER_TURN = 1_000
URLS_PER_TURN = 1_000
URLS_PER_ROW = 100
#: How many names a message of the log repeats.
NAMES_PER_MESSAGE = 50


def find_backends() -> dict[str, bool]:
    """Return the names of the configured caches, and whether each knows tags."""
    configured: Any = getattr(settings, "WAGTAILFRONTENDCACHE", None)
    if configured is None:
        has_location = getattr(settings, "WAGTAILFRONTENDCACHE_LOCATION", None)
        return {"default": False} if has_location else {}
    return {name: has_tags(params["BACKEND"]) for name, params in configured.items()}


def has_tags(path: str) -> bool:
    """Tell whether a backend knows tags. One that cannot be imported fails when it is used, and is reported then."""
    try:
        return hasattr(import_string(path), "purge_tags")
    except ImportError:
        return True


def purge(tags: Collection[str], urls: Collection[str]) -> None:
    """Purge some responses after the running transaction commits.

    All that one transaction asks for is sent together.

    Args:
        tags: Cache tags, for the caches that know them.
        urls: Addresses, for the others.
    """
    urls = list(dict.fromkeys(urls))
    rows = []
    for name, knows_tags in find_backends().items():
        if knows_tags:
            if tags:
                rows.append(PendingPurge(backend=name, tags=list(dict.fromkeys(tags))))
            continue
        rows += [
            PendingPurge(backend=name, urls=urls[start : start + URLS_PER_ROW])
            for start in range(0, len(urls), URLS_PER_ROW)
        ]
    if rows:
        PendingPurge.objects.bulk_create(rows)
        transaction.on_commit(send_or_enqueue, robust=True)


def purge_changed(keys: Collection[str]) -> None:
    """Purge every response that contains something that has changed.

    Args:
        keys: What has changed; see ``treatments.content.dependencies``.
    """
    backends = find_backends()
    if not keys or not backends:
        return
    is_many = len(keys) > MANY_KEYS
    tags = (
        [get_tag(SITES)] if is_many else [get_tag(key) for key in keys if key != LISTS]
    )
    urls: list[str] = []
    if not all(backends.values()):
        urls = find_urls(find_addresses(None if is_many else keys))
    purge([*tags, SHARED_TAG], urls)


def purge_document(event: DocumentEvent, **kwargs) -> None:
    """Purge a document that has a new version or was withdrawn."""
    backends = find_backends()
    if not backends:
        return
    urls: list[str] = []
    if not all(backends.values()):
        paths = filter(None, (event.path, event.previous_path))
        urls = find_urls((event.page_id, path) for path in paths)
    purge([get_article_tag(event.page_id), SHARED_TAG], urls)


def find_addresses(keys: Collection[str] | None) -> list[tuple[int, str]]:
    """Return id and path of the documents that contain one of some things; None for all documents."""
    documents = Document.objects.exclude(path="").order_by("pk")
    if keys is None:
        return list(documents.values_list("pk", "path"))
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), BATCH_SIZE):
        batch = wanted[start : start + BATCH_SIZE]
        uses = Dependency.objects.filter(key__in=batch).values("page_id")
        found |= dict(documents.filter(pk__in=uses).values_list("pk", "path"))
    return list(found.items())


def find_urls(addresses: Iterable[tuple[int, str]]) -> list[str]:
    """Return the addresses of whole articles in the API, on every site.

    A path stands in a query with and without its slashes encoded, as clients write it.

    Args:
        addresses: Id and path of each article.
    """
    try:
        prefix = reverse(f"{api.urls_namespace}:list_articles")
    except NoReverseMatch:
        return []
    base = getattr(settings, "WAGTAILAPI_BASE_URL", None)
    roots = [base] if base else [site.root_url for site in Site.objects.all()]
    urls = []
    for page_id, path in addresses:
        forms = dict.fromkeys((quote(path, safe="/"), quote(path, safe="")))
        rests = [f"{page_id}/", *(f"find/?path={form}" for form in forms)]
        urls += [
            f"{root.rstrip('/')}{prefix}{rest}" for root in roots for rest in rests
        ]
    return list(dict.fromkeys(urls))


def send_or_enqueue() -> None:
    """Send what waits: by the task queue where there is one, else right now."""
    if not PendingPurge.objects.exists():
        # The first call after this commit has sent everything.
        return
    if not tasks.enqueue("send_pending_purges"):
        send_turn()


def send_turn() -> bool:
    """Send some of what waits to each cache, the oldest first; tell whether there is more to send at once."""
    results = [send_to(name) for name in find_backends()]
    return any(results)


def send_to(name: str) -> bool:
    """Send some of what waits to one cache; tell whether there is more to send at once.

    A cache that fails is left alone for a while, and does not concern the others.
    """
    rows = []
    count = 0
    waiting = PendingPurge.objects.filter(backend=name).order_by("pk")
    for row in waiting[:ROWS_PER_TURN]:
        count += len(row.urls)
        if rows and count > URLS_PER_TURN:
            break
        rows.append(row)
    now = timezone.now()
    if not rows or any(row.retry_at and row.retry_at > now for row in rows):
        return False
    sent = PendingPurge.objects.filter(pk__in=[row.pk for row in rows])
    tags = list(dict.fromkeys(tag for row in rows for tag in row.tags))
    urls = list(dict.fromkeys(url for row in rows for url in row.urls))
    try:
        tell(name, tags, urls)
    except Exception as error:
        logger.exception(
            "The cache %r has not forgotten %d tags and %d addresses (attempt %d). They are kept and sent again: %s",
            name,
            len(tags),
            len(urls),
            max(row.attempts for row in rows) + 1,
            " ".join([*tags, *urls][:NAMES_PER_MESSAGE]),
        )
        sent.update(
            attempts=F("attempts") + 1,
            error=f"{type(error).__name__}: {error}"[:2000],
            retry_at=timezone.now() + RETRY_AFTER,
        )
        return False
    sent.delete()
    return waiting.exists()


def tell(name: str, tags: list[str], urls: list[str]) -> None:
    """Send a purge to one cache.

    Raises:
        PurgeError: one of our own backends could not do it. Wagtail's only write to the log.
    """
    backend = get_backends(backends=[name])[name]
    if tags:
        backend.purge_tags(tags)
    own = [url for url in urls if backend.invalidates_hostname(urlsplit(url).netloc)]
    if own:
        backend.purge_batch(own)


def send_all() -> int:
    """Send everything that waits, also to caches that have just failed; return how many purges still wait.

    What waits for a cache that is not configured any more is dropped, which the log says.
    """
    backends = find_backends()
    orphans = PendingPurge.objects.exclude(backend__in=backends)
    for name in orphans.order_by().values_list("backend", flat=True).distinct():
        logger.warning("The cache %r is not configured any more.", name)
    orphans.delete()
    PendingPurge.objects.update(retry_at=None)
    while send_turn():
        pass
    return PendingPurge.objects.count()
