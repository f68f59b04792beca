"""What Wagtail's writes of pages do not look at before they fail at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from pydantic import TypeAdapter
from pydantic import ValidationError as PydanticValidationError
from wagtail.models import Page

from treatments.api.guard.error_handlers import (
    answer_incomplete_draft,
    answer_refused_write,
)
from treatments.api.http.errors import answer_invalid, problem_response
from treatments.api.http.pointers import build_entry, list_django_errors, read_body
from treatments.api.openapi.bodies import COPIED_TEXTS, get_text_length
from treatments.content.incomplete_drafts import IncompleteDraftError
from treatments.content.moments import MOMENT
from treatments.models import TreatmentArticleMixin
from treatments.ports.publication import PublicationRefusedError, check_publication

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

#: Every other position of a move, the usual one too, is beside the destination.
CHILD_POSITIONS = ("first-child", "last-child")


def check_root(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where the root of the tree, which has no parent, would be moved or copied."""
    if not is_root(path_values["page_id"]):
        return None
    return problem_response(422, "The root of the page tree cannot be copied or moved.")


def check_neighbor(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where the root of the tree would get a sibling."""
    body = read_body(request)
    if not isinstance(body, dict) or body.get("position") in CHILD_POSITIONS:
        return None
    if not is_root(body.get("destination_id")):
        return None
    message = "Nothing can stand beside the root of the page tree."
    return answer_invalid(
        [build_entry("/destination_id", ["destination_id"], "root", message)]
    )


def check_texts(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 for a text that is too long for its column; Wagtail does not look at that of a draft."""
    body = read_body(request)
    if not isinstance(body, dict):
        return None
    entries = []
    for name in COPIED_TEXTS:
        text, most = body.get(name), get_text_length(name)
        if isinstance(text, str) and most is not None and len(text) > most:
            message = f"This can have {most} characters at most."
            entries.append(build_entry(f"/{name}", [name], "string_too_long", message))
    return answer_invalid(entries) if entries else None


def check_alias_change(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 where an alias would be changed."""
    alias = find_alias(path_values)
    if alias is None or not alias.permissions_for_user(request.user).can_edit():
        return None
    return refuse_alias(alias)


def check_alias_publication(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 409 where an alias would be published."""
    alias = find_alias(path_values)
    if alias is None or not alias.permissions_for_user(request.user).can_publish():
        return None
    return refuse_alias(alias)


def check_draft(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where the newest draft of a page cannot be published as it is.

    Wagtail finds that out too, but after it has taken back the times at which drafts were to be published.
    """
    page = Page.objects.filter(pk=path_values["page_id"]).first()
    if page is None or not page.permissions_for_user(request.user).can_publish():
        return None
    draft = page.get_latest_revision_as_object()
    if draft.expire_at and draft.expire_at <= timezone.now():
        return refuse_expired()
    draft.live = True
    try:
        if isinstance(draft, TreatmentArticleMixin):
            check_publication(draft)
        else:
            draft.full_clean()
    except ValidationError as error:
        return answer_invalid(list_django_errors(error))
    except IncompleteDraftError as error:
        return answer_incomplete_draft(request, error)
    except PublicationRefusedError as error:
        return answer_refused_write(request, error)
    return None


def check_expiry(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where a change would publish a page that has expired, and says nothing about that.

    A moment that the body gives is looked at by the form.
    """
    body = read_body(request)
    meta = body.get("meta") if isinstance(body, dict) else None
    if not isinstance(meta, dict) or meta.get("action") != "publish":
        return None
    if "expire_at" in body or "expire_at" in meta:
        return None
    page = Page.objects.filter(pk=path_values["page_id"]).first()
    if page is None or not page.permissions_for_user(request.user).can_publish():
        return None
    draft = page.get_latest_revision_as_object()
    if draft.expire_at and draft.expire_at <= timezone.now():
        return refuse_expired()
    return None


def check_moment(
    request: HttpRequest, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where the end of a page is no moment: a day or a time of no zone ends at another one elsewhere."""
    body = read_body(request)
    meta = body.get("meta") if isinstance(body, dict) else None
    for place, path in ((body, ["expire_at"]), (meta, ["meta", "expire_at"])):
        given = place.get("expire_at") if isinstance(place, dict) else None
        if isinstance(given, str) and not MOMENT.fullmatch(given):
            message = (
                "This must be a moment: a date and a time with its offset from UTC, "
                "such as 2026-05-01T12:00:00Z."
            )
            pointer = f"/{'/'.join(path)}"
            return answer_invalid([build_entry(pointer, path, "moment", message)])
    return None


def refuse_expired() -> HttpResponse:
    """Return a 422: readers would not get what is published."""
    message = (
        "This page has expired: published, it would be withdrawn at once. "
        "Give a later expire_at, or null."
    )
    return answer_invalid(
        [build_entry("/expire_at", ["expire_at"], "expired", message)]
    )


def find_alias(path_values: Mapping[str, Any]) -> Page | None:
    """Return the page of an address where it is an alias, else None."""
    return Page.objects.filter(
        pk=path_values["page_id"], alias_of__isnull=False
    ).first()


def refuse_alias(alias: Page) -> HttpResponse:
    """Return a 409 that names the page to change."""
    return problem_response(
        409,
        "This page is an alias: it follows the page with the id "
        f"{alias.alias_of_id}. Change that one, or convert the alias first.",
    )


def is_root(value: Any) -> bool:
    """Tell whether an id, as the views read it, is that of a page without a parent."""
    try:
        pk = TypeAdapter(int).validate_python(value)
    except PydanticValidationError:
        return False
    return Page.objects.filter(pk=pk, depth=1).exists()
