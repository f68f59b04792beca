"""Which checks a write passes before Wagtail's view runs, which would fail at what they find.

The checks answer only callers who may do the write at all. Everybody else is left to the view, so that
nobody learns from an error what they may not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from treatments.api import page_actions
from treatments.api.page_meta import check_page_meta
from treatments.api.tokens import has_valid_token
from treatments.api.translation_copies import check_page_copy, check_snippet_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse

    Check = Callable[[HttpRequest, Mapping[str, Any]], HttpResponse | None]

#: By the id of the operation.
CHECKS: dict[str, tuple[Check, ...]] = {
    "pages_create": (check_page_meta,),
    "pages_update": (check_page_meta, page_actions.check_alias_change),
    "pages_actions_copy": (page_actions.check_root, page_actions.check_texts),
    "pages_actions_create_alias": (page_actions.check_root, page_actions.check_texts),
    "pages_actions_move": (page_actions.check_root, page_actions.check_neighbor),
    "pages_actions_publish": (
        page_actions.check_alias_publication,
        page_actions.check_draft,
    ),
    "pages_actions_copy_for_translation": (page_actions.check_root, check_page_copy),
    "snippets_actions_copy_for_translation": (check_snippet_copy,),
}


def check_write(
    request: HttpRequest, operation_id: str, path_values: Mapping[str, Any]
) -> HttpResponse | None:
    """Return a problem where a write of somebody with a token cannot succeed, else None."""
    checks = CHECKS.get(operation_id, ())
    if not checks or not has_valid_token(request):
        return None
    for check in checks:
        problem = check(request, path_values)
        if problem is not None:
            return problem
    return None
