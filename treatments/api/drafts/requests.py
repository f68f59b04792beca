"""How a guest of a draft asks, in the OpenAPI document and in words: the same for every app that answers one."""

from __future__ import annotations

from typing import Any, cast

from ninja import Schema
from pydantic import Field

from treatments.api.http.security import register_security_scheme
from treatments.ports.drafts import LINK_HEADER

SCHEME = "DraftToken"
#: The answer says why: an unknown token is 404, one that has ended 410 with its ``reason``.
SECURITY = {"security": [{SCHEME: []}]}
#: What nobody who never had a link can tell from anything else.
NO_DRAFT = "There is no draft that you may see. Open the link again that you were sent."


class DraftQuery(Schema):
    """Which language of a link is meant."""

    locale: str = Field(
        default=cast("Any", None),
        description="Language code; one of the link's `locales`, by default the first.",
    )


def register_draft_scheme() -> None:
    """Name the token in the OpenAPI document. Each app that answers guests calls it."""
    register_security_scheme(
        SCHEME,
        {
            "type": "apiKey",
            "in": "header",
            "name": LINK_HEADER,
            "description": "The token of a draft link. It stands behind `#` in the address that the recipient was sent, and "
            f"goes into the header `{LINK_HEADER}` and nowhere else. No account is needed.",
        },
    )
