"""Which site a request means, and the pages that its readers may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.http.request import split_domain_port
from wagtail.models import Page, Site

from treatments.content.visibility import build_public_condition, is_below

if TYPE_CHECKING:
    from django.http import HttpRequest


MAX_PORT_DIGITS = 5


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
    """Return the condition that a reader of the asked site may read a page now; aliases not looked at.

    Args:
        request: What was asked.
        page: Where the page stands in the query, such as ``page__``.
    """
    return build_public_condition(page) & build_site_condition(request, page)


def build_site_condition(request: HttpRequest, page: str = "") -> Q:
    """Return the condition that a page stands below the home page of the asked site, in any language."""
    roots = Page.objects.filter(
        translation_key=Subquery(get_asked_sites(request).values("root_key")[:1])
    )
    return Q(is_below(f"{page}path", roots, "path"))


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
