"""Where a page's address and a preview lead, when the content lives in another frontend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.module_loading import import_string
from wagtail.models import Locale, Page

from treatments.conf import get_conf

if TYPE_CHECKING:
    from wagtail.url_routing import RouteResult


def get_frontend_url(path: str) -> str | None:
    """Return the address of a path in the configured frontend, or None when there is none."""
    root = get_conf().frontend_url
    return f"{root}{path}" if root else None


class HeadlessMixin(models.Model):
    """For page models: ``serve()`` leads to the frontend, ``serve_preview()`` to the configured preview.

    A model itself, so that it does not stand in the bases of a project's migrations.
    """

    class Meta:
        abstract = True

    def get_full_url(self, request: HttpRequest | None = None) -> str | None:
        """Return the address for readers: in the frontend when one is configured."""
        own = super().get_full_url(request)  # ty: ignore[missing-attribute]
        path = urlsplit(own).path if own else None
        return (get_frontend_url(path) or own) if path else own

    @property
    def full_url(self) -> str | None:
        """The address for readers."""
        return self.get_full_url()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Let the API find pages of every language below the root page of a site.

        Wagtail's ``find`` routes a path from the site's root page, which has the default language; a
        first component that names another language continues in that language's tree.
        """
        is_language = bool(path_components) and path_components[0] in dict(
            settings.WAGTAIL_CONTENT_LANGUAGES
        )
        if (
            is_language
            and self.is_site_root()  # ty: ignore[missing-attribute]
            and request.path_info.startswith("/api/")
        ):
            code, *rest = path_components
            root = self if self.locale.language_code == code else self._get_tree(code)  # ty: ignore[missing-attribute]
            return root.route(request, rest)
        return super().route(request, path_components)  # ty: ignore[missing-attribute]

    def _get_tree(self, code: str) -> Page:
        locale = Locale.objects.filter(language_code=code).first()
        root = self.get_translation_or_none(locale) if locale else None  # ty: ignore[missing-attribute]
        if root is None:
            raise Http404
        return root.specific

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Redirect to the frontend, or render the shell of the reader where no frontend is configured."""
        url_parts = self.get_url_parts(request)  # ty: ignore[missing-attribute]
        url = get_frontend_url(url_parts[2]) if url_parts else None
        if url:
            return HttpResponseRedirect(url)
        return self.render_reader(request)

    def render_reader(self, request: HttpRequest, **context) -> TemplateResponse:
        """Return the shell of the reader in the page's language."""
        language = self.locale.language_code  # ty: ignore[missing-attribute]
        with translation.override(language):
            response = TemplateResponse(
                request,
                get_conf().reader_template,
                {"page": self, "language_code": language, **context},
            )
            response.render()
        return response

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """What the preview panel can show: the page as it is typed, and the latest draft of each other language.

        Asked for each page of a listing, hence without a query of its own.
        """
        languages = list(getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", []))
        if len(languages) < 2:
            return super().preview_modes  # ty: ignore[missing-attribute]
        own = self.locale.language_code  # ty: ignore[missing-attribute]
        others = [(code, name) for code, name in languages if code != own]
        return [("", dict(languages).get(own, own)), *others]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Hand the unsaved page to the configured preview."""
        return import_string(get_conf().preview_view)(self, request, mode_name)
