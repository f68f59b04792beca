"""What an anonymous reader may see. Every public answer goes through these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Concat, Left, Length
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

MAX_PORT_DIGITS = 5


def get_public_pages() -> PageQuerySet:
    """Return the live pages that are not private, of all sites.

    What has expired is left out although the command that unpublishes it has not run yet.
    """
    return Page.objects.filter(build_public_condition())  # ty: ignore[invalid-explicit-return]


def build_public_condition(page: str = "") -> Q:
    """Return the condition that a page is public on its site.

    Args:
        page: Where the page stands in the query, such as ``page__``.
    """
    restrictions = PageViewRestriction.objects.all()
    return (
        Q(**{f"{page}live": True})
        & (
            Q(**{f"{page}expire_at__isnull": True})
            | Q(**{f"{page}expire_at__gt": timezone.now()})
        )
        & ~Q(is_below(f"{page}path", restrictions, "page__path"))
    )


def get_host(request: HttpRequest) -> tuple[str, int]:
    """Return the hostname and the port that were asked; what can be no port is 0, that of no site.

    Behind some servers the port is what the client has written, digits without end among it.
    """
    port = request.get_port()
    is_port = port.isdecimal() and len(port) <= MAX_PORT_DIGITS
    return split_domain_port(request.get_host())[0], int(port) if is_port else 0


def get_readable_pages(request: HttpRequest) -> QuerySet[Page]:
    """Return the pages that a reader of the asked site may read now, for use inside another query.

    Unlike ``get_public_pages`` it knows one site.
    """
    return Page.objects.filter(build_readable_condition(request)).order_by()


def build_readable_condition(request: HttpRequest, page: str = "") -> Q:
    """Return the condition that a reader of the asked site may read a page now.

    Args:
        request: What was asked.
        page: Where the page stands in the query, such as ``page__``.
    """
    roots = Page.objects.filter(
        translation_key=Subquery(get_asked_sites(request).values("root_key")[:1])
    )
    return build_public_condition(page) & Q(is_below(f"{page}path", roots, "path"))


class IsLikeAny(Func):
    """Whether a text matches one of the patterns of a subquery, which PostgreSQL evaluates once for all rows."""

    arg_joiner = " LIKE ANY(ARRAY"
    # Bare, the planner would expect hardly any match, and sort all articles for a page of them.
    template = "COALESCE(%(expressions)s), FALSE)"
    output_field = BooleanField()


def is_below(path: str, ancestors: QuerySet[Any], ancestor: str) -> Func | Exists:
    """Return the condition that a page is one of some pages, or below one.

    Args:
        path: Name of the page's path in the query.
        ancestors: Rows with the paths of the others.
        ancestor: Name of the path in these rows.
    """
    if connection.vendor == "postgresql":
        pattern = Concat(ancestor, Value("%"), output_field=CharField())
        return IsLikeAny(F(path), Subquery(ancestors.order_by().values(below=pattern)))
    # Not startswith: between two columns it would replace the signs that LIKE knows, in every row.
    outer = ExpressionWrapper(OuterRef(path), output_field=CharField())
    beginning = Left(outer, Length(ancestor))
    return Exists(ancestors.annotate(beginning=beginning).filter(beginning=F(ancestor)))


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


def build_public_file_condition(collection: str = "collection__") -> Q:
    """Return the condition that an image or a document is in no private collection, nor below one.

    Args:
        collection: Where the file's collection stands in the query, such as ``image__collection__``.
    """
    private = CollectionViewRestriction.objects.all()
    return ~Q(is_below(f"{collection}path", private, "collection__path"))


def get_public_collections() -> QuerySet[Collection]:
    """Return the collections that are not private, nor below a private one."""
    return Collection.objects.filter(build_public_file_condition("")).order_by()
