"""Whether a request brings an API token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.api.v3.auth import BearerTokenAuth

if TYPE_CHECKING:
    from django.http import HttpRequest


def has_valid_token(request: HttpRequest) -> bool:
    """Tell whether a request brings an API token that is known, and whose user is active."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return (
        scheme.lower() == "bearer"
        and BearerTokenAuth().authenticate(request, token.strip()) is not None
    )
