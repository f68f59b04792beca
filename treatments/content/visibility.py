"""What an anonymous reader may see. Every public answer goes through these functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Concat, Left, Length
from django.utils import timezone
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    DraftStateMixin,
    Page,
    PageViewRestriction,
    get_page_models,
)

from snippets.models import VocabularyMixin
from treatments.headless import HeadlessMixin
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from wagtail.query import PageQuerySet

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
