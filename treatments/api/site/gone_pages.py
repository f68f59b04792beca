"""The address of a page that is not public: 410 with the shell of the reader, 404, or what Wagtail answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation

from treatments.api.resolve.paths import SiteTrees, split_path
from treatments.api.resolve.standing import find_gone
from treatments.conf import get_conf
from treatments.content.visibility import get_public_pages, is_own_type

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

    from treatments.ports.store import Gone


def check_standing(page: Page, request: HttpRequest) -> HttpResponse | None:
    """Return the answer to who asks for a page of ours that is not public; None where it is served as usual.

    Whoever may see a private page, because of an account or its password, is served as by Wagtail.

    Raises:
        Http404: the page never was public.
    """
    if not is_own_type(type(page)):
        return None
    if get_public_pages().filter(pk=page.pk).exists():
        return None
    if may_see(page, request):
        return None
    gone = find_gone(request, page.pk)
    if gone is None:
        raise Http404
    return answer_gone_page(request, gone)


def may_see(page: Page, request: HttpRequest) -> bool:
    """Tell whether a page would be public without its restrictions, and the session fulfils them all."""
    restrictions = page.get_view_restrictions()
    return (
        bool(restrictions)
        and is_current(page)
        and all(each.accept_request(request) for each in restrictions)
    )


def is_current(page: Page) -> bool:
    """Tell whether a page is live, has not expired, and is no alias in another language."""
    source = page.alias_of
    if not page.live or (page.expire_at and page.expire_at <= timezone.now()):
        return False
    return source is None or source.locale_id == page.locale_id


def answer_gone_page(request: HttpRequest, gone: Gone) -> HttpResponse:
    """Return the shell of the reader with status 410: it reads from the API what readers are told.

    Its page is the home page of the language, so that nothing of what is gone stands in it.
    """
    trees = SiteTrees(request)
    code = next(iter(split_path(request.path)), "")
    root = trees.roots.get(code) or trees.root
    language = root.locale.language_code if root else translation.get_language()
    with translation.override(language):
        response = TemplateResponse(
            request,
            get_conf().reader_template,
            {"page": root, "language_code": language, "gone": gone},
            status=410,
        )
        response.render()
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
