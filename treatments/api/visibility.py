"""What an anonymous reader may see. Every public answer goes through these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http.request import split_domain_port
from django.utils import timezone
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
    Site,
)

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.query import PageQuerySet


def get_public_pages() -> PageQuerySet:
    """Return the live pages that are not private, of all sites. One query, made at once."""
    return Page.objects.live().public()


def get_host(request: HttpRequest) -> tuple[str, int]:
    """Return the hostname and the port that were asked."""
    return split_domain_port(request.get_host())[0], int(request.get_port())


def get_readable_pages(request: HttpRequest) -> QuerySet[Page]:
    """Return the pages that a reader of the asked site may read now, for use inside another query.

    Unlike ``get_public_pages`` it sends no query itself, knows one site, and leaves out what has expired
    although it was not unpublished yet.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    private = PageViewRestriction.objects.annotate(below=path).filter(
        below__startswith=F("page__path")
    )
    roots = Page.objects.filter(
        translation_key=Subquery(get_asked_sites(request).values("root_key")[:1])
    )
    tree = roots.annotate(below=path).filter(below__startswith=F("path"))
    return Page.objects.filter(
        ~Exists(private),
        Exists(tree),
        Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()),
        live=True,
    ).order_by()


def get_asked_sites(request: HttpRequest) -> QuerySet[Site]:
    """Return the sites that may be meant, the right one first, with the ``root_key`` of their root page.

    The order is that of Wagtail's ``Site.find_for_request``.
    """
    name, port = get_host(request)
    same_name = Site.objects.filter(hostname=name).order_by().values("hostname")
    return (
        Site.objects.filter(Q(hostname=name) | Q(is_default_site=True))
        .annotate(
            root_key=F("root_page__translation_key"),
            namesakes=Subquery(same_name.annotate(total=Count("pk")).values("total")),
        )
        .annotate(
            rank=Case(
                When(hostname=name, port=port, then=Value(0)),
                When(hostname=name, is_default_site=True, then=Value(1)),
                When(hostname=name, namesakes=1, then=Value(2)),
                When(is_default_site=True, then=Value(3)),
                default=Value(4),
                output_field=IntegerField(),
            )
        )
        .order_by("rank")
    )


def get_private_collection_ids() -> set[int]:
    """Return the ids of the collections with a view restriction, and of all below them."""
    paths = list(
        CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    )
    if not paths:
        return set()
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    return set(Collection.objects.filter(below).values_list("pk", flat=True))
