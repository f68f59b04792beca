"""What an anonymous reader may see. Every public answer goes through these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
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
    DraftStateMixin,
    Page,
    PageViewRestriction,
    Site,
    get_page_models,
)

from snippets.models import VocabularyMixin
from treatments.headless import HeadlessMixin
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.query import PageQuerySet

MAX_PORT_DIGITS = 5
#: How many aliases may stand between an alias and the page that it shows.
ALIAS_STEPS = 2


def get_public_pages() -> PageQuerySet:
    """Return the pages that answer by their id and their path, of all sites: live, not expired, not private.

    What has expired is left out although the command that unpublishes it has not run yet. An alias is public
    where its source is, in the same language only. Lists take ``get_listed_pages``.
    """
    condition = build_public_condition() & build_alias_condition()
    return Page.objects.filter(condition)  # ty: ignore[invalid-explicit-return]


def get_listed_pages() -> PageQuerySet:
    """Return the public pages that stand in lists, of all sites: in the place of an alias stands its source."""
    condition = build_public_condition() & build_alias_condition(steps=0)
    return Page.objects.filter(condition)  # ty: ignore[invalid-explicit-return]


def build_public_condition(page: str = "") -> Q:
    """Return the condition that a page is live, has not expired and is not private; aliases not looked at.

    Args:
        page: Where the page stands in the query, such as ``page__``.
    """
    return (
        Q(**{f"{page}live": True})
        & (
            Q(**{f"{page}expire_at__isnull": True})
            | Q(**{f"{page}expire_at__gt": timezone.now()})
        )
        & ~build_private_condition(page)
    )


def build_private_condition(page: str = "") -> Q:
    """Return the condition that a page, or one above it, is private or behind a password."""
    restrictions = PageViewRestriction.objects.all()
    return Q(is_below(f"{page}path", restrictions, "page__path"))


def build_alias_condition(page: str = "", steps: int = ALIAS_STEPS) -> Q:
    """Return the condition that a page is no alias, or one of a public page in the same language.

    Aliases of a project's own page types are answered as Wagtail does.

    Args:
        page: Where the page stands in the query.
        steps: How many aliases may stand between it and its source; 0 leaves all aliases out.
    """
    is_itself = Q(**{f"{page}alias_of__isnull": True}) | ~Q(
        **{f"{page}content_type__in": get_own_types()}
    )
    if not steps:
        return is_itself
    sources = Page.objects.filter(
        build_public_condition() & build_alias_condition(steps=steps - 1),
        pk=OuterRef(f"{page}alias_of"),
        locale=OuterRef(f"{page}locale"),
    )
    return is_itself | Q(Exists(sources.order_by()))


def is_own_type(model: type | None) -> bool:
    """Tell whether a page type is one of ours, or made of them; all others are answered as Wagtail does."""
    kinds = (HeadlessMixin, TreatmentArticleMixin)
    return model is not None and issubclass(model, kinds)


def get_own_types() -> QuerySet[Any]:
    """Return the ids of our page types in the database, for use inside another query."""
    condition = Q(pk__in=())
    models: list[Any] = [each for each in get_page_models() if is_own_type(each)]
    for model in models:
        meta = model._meta
        condition |= Q(app_label=meta.app_label, model=meta.model_name)
    return ContentType.objects.filter(condition).values("pk")


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


def is_published(row: Any) -> bool:
    """Tell whether readers may see a snippet."""
    if isinstance(row, DraftStateMixin) and not row.live:
        return False
    return not isinstance(row, VocabularyMixin) or row.is_public
