"""The endpoints of Wagtail's v2 API: stock parameters and shapes, with everything chosen expanded.

Answers depend on the address only: a session never shows more than an anonymous caller sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.http import Http404, JsonResponse
from rest_framework.fields import Field
from rest_framework.response import Response
from wagtail.api import APIField
from wagtail.api.v2.serializers import PageSerializer, get_serializer_class
from wagtail.api.v2.utils import get_object_detail_url
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.contrib.redirects.api.v2 import RedirectsAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet
from wagtail.models import Page

from treatments.api.http.caching import find_first, set_end
from treatments.api.http.errors import STOCK_SHAPE
from treatments.api.pages.fields import (
    CONTEXT_KEY,
    RepresentationField,
    Representations,
)
from treatments.api.resolve.moves import find_move
from treatments.api.resolve.old_paths import get_listed_redirects, match_redirect
from treatments.api.resolve.paths import find_public_page
from treatments.api.resolve.sites import build_site_condition
from treatments.api.resolve.standing import (
    describe_gone,
    find_gone,
    find_gone_at,
    represent_gone,
)
from treatments.api.v2.detail_cache import DetailCacheMixin, forget_moved_sites
from treatments.api.v2.parameters import SafeErrorsMixin
from treatments.api.v2.snippets import build_snippet_viewset
from treatments.content.article_fields import ARTICLE_SHAPES
from treatments.content.documents import represent_live_pages
from treatments.content.representation import COMMON_FIELDS, get_page_type
from treatments.content.snippets import ENDPOINTS
from treatments.content.visibility import (
    get_listed_pages,
    get_public_collections,
    get_public_pages,
)
from treatments.models import TreatmentArticleMixin
from treatments.models.own_fields import get_names

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.api.v2.router import WagtailAPIRouter

    from treatments.api.resolve.moves import Move
    from treatments.ports.store import Gone

#: Names that exist for writing through v3 only.
WRITE_ONLY_FIELDS = frozenset(
    ["featured_articles", *get_names(TreatmentArticleMixin.article_api_fields)]
).difference(ARTICLE_SHAPES)


class PublicAliasOfField(Field):
    """The source of an alias where it is public; the stock field shows the title of a private one."""

    def get_attribute(self, instance: Page) -> Page | None:
        """Return the public source."""
        return self.context["public_sources"].get(instance.alias_of_id)

    def to_representation(self, value: Page) -> dict[str, Any]:
        """Return the stock shape."""
        serializer_class = get_serializer_class(
            type(value),
            ["id", "type", "detail_url", "html_url", "title"],
            meta_fields=["type", "detail_url", "html_url"],
            base=PageSerializer,
        )
        return serializer_class(context=self.context).to_representation(value)


class GonePageError(Exception):
    """A page was asked for that the public may no longer read."""

    def __init__(self, gone: Gone):
        super().__init__(gone.reason)
        self.gone = gone


def build_move(request: Any, move: Move) -> HttpResponse:
    """Return a redirect to the page that has moved away from the path that was asked for."""
    query = request.GET.copy()
    query.pop("html_path", None)
    router = request.wagtailapi_router
    url = get_object_detail_url(router, request, Page, move.page_id)
    response = JsonResponse(move.represent(), status=302)
    response["Location"] = f"{url}?{query.urlencode()}"
    return response


class TreatmentPagesAPIViewSet(DetailCacheMixin, SafeErrorsMixin, PagesAPIViewSet):
    """Pages with their representation; a list costs the same number of queries whatever its length."""

    known_query_parameters = PagesAPIViewSet.known_query_parameters - {"format"}
    body_fields = [
        *PagesAPIViewSet.body_fields,
        *(
            APIField(name, serializer=RepresentationField(name))
            for name in COMMON_FIELDS
        ),
    ]

    keeps_details = True

    #: Asked for twice in each answer, and costlier to write than to run.
    readable_pages = None

    @classmethod
    def get_body_fields(cls, model):
        """Read our page types from their representation, and other fields of a project as usual."""
        page_type = get_page_type(model)
        base = cls._convert_api_fields(cls.body_fields)
        if page_type is None:
            return base + cls._convert_api_fields(getattr(model, "api_fields", ()))
        return [
            *base,
            *(
                APIField(name, serializer=RepresentationField(name))
                for name in page_type.fields
            ),
            *cls.get_project_fields(model),
        ]

    @classmethod
    def get_project_fields(cls, model) -> list[Any]:
        """Return the fields that a project has added to one of our page types."""
        page_type = get_page_type(model)
        known = {*WRITE_ONLY_FIELDS, *(page_type.fields if page_type else ())}
        fields = cls._convert_api_fields(getattr(model, "api_fields", ()))
        return [field for field in fields if field.name not in known]

    @classmethod
    def get_meta_fields(cls, model):
        """Give the source of an alias where it is public."""
        return [
            APIField("alias_of", serializer=PublicAliasOfField())
            if field.name == "alias_of"
            else field
            for field in super().get_meta_fields(model)
        ]

    def get_base_queryset(self):
        """Return what everybody may see, whatever the session, without a query of its own."""
        is_list = self.action == "listing_view"
        public = get_listed_pages() if is_list else get_public_pages()
        if "site" in self.request.GET:
            return super().get_base_queryset().filter(pk__in=public.values("pk"))
        if self.readable_pages is None:
            # By their ids: Wagtail's search knows some of the columns only.
            readable = public.filter(build_site_condition(self.request)).order_by()
            self.readable_pages = Page.objects.filter(pk__in=readable.values("pk"))
        return self.readable_pages.all()

    def get_renderer_context(self):
        """Write answers without indentation: it takes as long as all the rest."""
        return {**super().get_renderer_context(), "indent": None}

    def get_queryset(self):
        """Load what every page is answered with."""
        return super().get_queryset().select_related("locale", "content_type")

    def listing_view(self, request: HttpRequest):
        """List pages with the addresses that their sites have now, and say how long the list is true."""
        forget_moved_sites()
        response = super().listing_view(request)
        set_end(response, find_first(page.expire_at for page in self.answered_pages))
        return response

    def paginate_queryset(self, queryset):
        """Remember the pages of the answer, so that they are represented together."""
        self.answered_pages = super().paginate_queryset(queryset)
        return self.answered_pages

    def get_serializer_context(self):
        """Add the representations of all pages of the answer."""
        context = super().get_serializer_context()
        pages = getattr(self, "answered_pages", None)
        if pages is None:
            pages = [self.get_object()] if "pk" in self.kwargs else []
        sources = {page.alias_of_id for page in pages if page.alias_of_id}
        context[CONTEXT_KEY] = Representations(lambda: pages, represent_live_pages)
        context["public_sources"] = (
            {
                page.pk: page
                for page in get_public_pages()
                .filter(pk__in=sources)
                .select_related("locale", "content_type")
            }
            if sources
            else {}
        )
        return context

    def find_view(self, request: HttpRequest):
        """Redirect within the host that was asked; the stock redirect leads to the site's hostname.

        What has moved says so in the body of the redirect, or in an answer of its own where no page is there.
        """
        try:
            response = super().find_view(request)
        except Http404:
            self.check_gone()
            move = find_move(request, request.GET.get("html_path", ""))
            if move is None:
                raise
            if not self.get_queryset().filter(pk=move.page_id).exists():
                return Response(move.represent())
            response = build_move(request, move)
        location = urlsplit(response["Location"])
        response["Location"] = urlunsplit(("", "", location.path, location.query, ""))
        return response

    def check_gone(self) -> None:
        """Raise what the asked page is answered with where the public may no longer read it."""
        request, asked = self.request, self.request.GET
        gone = None
        if "pk" in self.kwargs:
            gone = find_gone(request, self.kwargs["pk"])
        elif "html_path" in asked:
            gone = find_gone_at(request, asked["html_path"])
        if gone is None and asked.get("id", "").isdecimal():
            gone = find_gone(request, int(asked["id"]))
        if gone is not None:
            raise GonePageError(gone)

    def handle_exception(self, exc: Exception):
        """Answer what is gone in Wagtail's shape, with what readers are told beside the message."""
        if isinstance(exc, Http404) and self.action == "detail_view":
            try:
                self.check_gone()
            except GonePageError as error:
                exc = error
        if not isinstance(exc, GonePageError):
            return super().handle_exception(exc)
        body = {"message": describe_gone(exc.gone), **represent_gone(exc.gone)}
        response = Response(body, status=410)
        setattr(response, STOCK_SHAPE, True)
        return response

    def find_object(self, queryset, request: HttpRequest):
        """Find a page by its path in any language."""
        path = request.GET.get("html_path")
        if path is not None:
            page = find_public_page(request, path)
            if page is not None and queryset.filter(pk=page.pk).exists():
                return page
            return None
        return super().find_object(queryset, request)


class PrefetchedTagsField(Field):
    """The names of an object's tags, from what was prefetched; the stock field asks for each row."""

    def to_representation(self, value: Any) -> list[str]:
        """Return the names in alphabetical order."""
        return sorted(tag.name for tag in value.all())


class PublicLibraryMixin(SafeErrorsMixin):
    """Files outside private collections, their tags loaded together."""

    def get_queryset(self):
        """Leave out what a session might open."""
        queryset = super().get_queryset()  # ty: ignore[missing-attribute]
        # By their ids: Wagtail's search knows some of the columns only.
        public = get_public_collections().values("pk")
        return queryset.filter(collection__in=public).prefetch_related("tags")

    @classmethod
    def get_meta_fields(cls, model):
        """Read the tags from what was prefetched."""
        return [
            APIField("tags", serializer=PrefetchedTagsField())
            if field.name == "tags"
            else field
            for field in super().get_meta_fields(model)  # ty: ignore[missing-attribute]
        ]


class PublicImagesAPIViewSet(PublicLibraryMixin, ImagesAPIViewSet):
    """Images outside private collections."""


class PublicDocumentsAPIViewSet(PublicLibraryMixin, DocumentsAPIViewSet):
    """Documents outside private collections."""


class PublicRedirectsAPIViewSet(SafeErrorsMixin, RedirectsAPIViewSet):
    """Redirects that lead to something public, and come from nothing that is hidden."""

    def get_queryset(self):
        """Leave out the addresses of unpublished pages."""
        return get_listed_redirects(self.request).select_related(
            "redirect_page__locale", "redirect_page__content_type"
        )

    def find_object(self, queryset, request: HttpRequest):
        """Find a public redirect by its old path, with or without its last slash and a query."""
        path = request.GET.get("html_path")
        found = (
            super().find_object(queryset, request)
            if path is None
            else match_redirect(request, path)
        )
        return queryset.filter(pk=found.pk).first() if found is not None else None


def register_endpoints(router: WagtailAPIRouter) -> None:
    """Register our endpoints with a project's v2 router."""
    router.register_endpoint("pages", TreatmentPagesAPIViewSet)
    router.register_endpoint("images", PublicImagesAPIViewSet)
    router.register_endpoint("documents", PublicDocumentsAPIViewSet)
    router.register_endpoint("redirects", PublicRedirectsAPIViewSet)
    for endpoint in ENDPOINTS.values():
        router.register_endpoint(endpoint.name, build_snippet_viewset(endpoint))
