"""What Wagtail's actions on pages cannot do with the root of the tree, which has no parent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from treatments.api.error_pointers import build_entry, read_body
from treatments.api.errors import problem_response
from treatments.api.tokens import has_valid_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

#: They look for the parent of the page before they look whether it has one.
ACTIONS = frozenset(
    {"pages_actions_copy", "pages_actions_create_alias", "pages_actions_move"}
)
SIBLING_POSITIONS = frozenset({"left", "right", "first-sibling", "last-sibling"})


def check_page_action(
    request: HttpRequest, operation_id: str, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a 422 where the root of the tree would be moved, copied, or get a sibling."""
    if operation_id not in ACTIONS or not has_valid_token(request):
        return None
    if is_root(path_values.get("page_id")):
        return problem_response(
            422, "The root of the page tree cannot be copied or moved."
        )
    body = read_body(request)
    is_sibling = isinstance(body, dict) and body.get("position") in SIBLING_POSITIONS
    if is_sibling and is_root(body.get("destination_id")):
        message = "Nothing can stand beside the root of the page tree."
        entry = build_entry("/destination_id", ["destination_id"], "root", message)
        return problem_response(422, message, errors=[entry])
    return None


def is_root(value: Any) -> bool:
    """Tell whether an id is that of a page without a parent."""
    text = str(value)
    return (
        text.isascii()
        and text.isdecimal()
        and len(text) < 10
        and Page.objects.filter(pk=int(text), depth=1).exists()
    )
