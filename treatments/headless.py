"""Where a page's address and a preview lead, when the content lives in another frontend."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.module_loading import import_string

from treatments.conf import get_conf


def get_frontend_url(path: str) -> str | None:
    """Return the address of a path in the configured frontend, or None when there is none."""
    root = get_conf().frontend_url
    return f"{root}{path}" if root else None


class HeadlessMixin:
    """For page models: ``serve()`` leads to the frontend, ``serve_preview()`` to the configured preview."""

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        """Redirect to the frontend, or render the shell of the reader where no frontend is configured."""
        url_parts = self.get_url_parts(request)  # ty: ignore[unresolved-attribute]
        url = get_frontend_url(url_parts[2]) if url_parts else None
        if url:
            return HttpResponseRedirect(url)
        return self.render_reader(request)

    def render_reader(self, request: HttpRequest, **context) -> TemplateResponse:
        """Return the shell of the reader in the page's language."""
        language = self.locale.language_code  # ty: ignore[unresolved-attribute]
        with translation.override(language):
            response = TemplateResponse(
                request,
                get_conf().reader_template,
                {"page": self, "language_code": language, **context},
            )
            return response.render()

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Hand the unsaved page to the configured preview."""
        return import_string(get_conf().preview_view)(self, request, mode_name)
