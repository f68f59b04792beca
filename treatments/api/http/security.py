"""The ways in which callers of the API say who they are, as the OpenAPI document names them."""

from __future__ import annotations

from typing import Any

BEARER = "BearerTokenAuth"

#: name → security scheme object
SECURITY_SCHEMES: dict[str, dict[str, Any]] = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token that an administrator made for a user.",
    }
}


def register_security_scheme(name: str, scheme: dict[str, Any]) -> None:
    """Add a way that an optional app has. Call it before the document is read."""
    SECURITY_SCHEMES[name] = scheme
