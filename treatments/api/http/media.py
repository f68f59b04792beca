"""Serves uploaded files below ``MEDIA_URL``: what lies in a private collection is not to be had by its address.

Wagtail knows private collections for documents and gives these at addresses of their own, but leaves
images and their renditions to whoever serves the folder. Here a file is given where it belongs to an
image that the caller may see, and nothing else is.
"""

from __future__ import annotations

import mimetypes
import re
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from treatments.api.http.caching import build_cache_control
from treatments.conf import get_conf

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


def build_media_urlpatterns() -> list[URLPattern]:
    """Return the pattern for ``MEDIA_URL``; none where another host serves the files."""
    prefix = settings.MEDIA_URL
    if not prefix.startswith("/") or prefix.startswith("//") or prefix == "/":
        return []
    view: Any = require_safe(serve_media)  # ty: ignore[invalid-argument-type]
    return [re_path(rf"^{re.escape(prefix.lstrip('/'))}(?P<path>.+)$", view)]


def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Give a file to whoever may see it.

    Args:
        request: What was asked.
        path: The name of the file in the storage.

    Raises:
        Http404: There is no such file, or the caller may not see it.
    """
    collection = find_collection(path)
    restrictions = collection.get_view_restrictions() if collection else []
    if collection and not restrictions:
        answer = send(request, path)
        answer.headers["Cache-Control"] = build_cache_control()
        return answer
    user: Any = request.user
    is_editor = user.has_perm("wagtailadmin.access_admin")
    if not is_editor and not (
        collection and all(each.accept_request(request) for each in restrictions)
    ):
        raise Http404
    answer = send(request, path)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def find_collection(path: str) -> Collection | None:
    """Return the collection of the image that a file belongs to, as its original or as a rendition.

    That of a document only where the project gives documents by the address of the file.
    """
    images = get_image_model().objects.filter(file=path)
    renditions = get_image_model().get_rendition_model().objects.filter(file=path)
    owners = Q(pk__in=images.values("collection")) | Q(
        pk__in=renditions.values("image__collection")
    )
    if getattr(settings, "WAGTAILDOCS_SERVE_METHOD", None) == "direct":
        documents = get_document_model().objects.filter(file=path)
        owners |= Q(pk__in=documents.values("collection"))
    return Collection.objects.filter(owners).first()


def send(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send a file, or tell the web server in front to send it.

    Raises:
        Http404: There is no such file.
    """
    internal = get_conf().media_internal_url
    if internal is None:
        return serve(request, path, document_root=settings.MEDIA_ROOT)
    content_type, _encoding = mimetypes.guess_type(path)
    answer = HttpResponse(content_type=content_type or "application/octet-stream")
    answer.headers["X-Accel-Redirect"] = iri_to_uri(f"{internal}{path}")
    return answer
