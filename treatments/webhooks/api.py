"""The one endpoint of the API: another system says that it no longer shows a withdrawn article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, ConfigDict, Field

from treatments.api.http.answers import answer
from treatments.api.http.errors import problem_response
from treatments.api.http.own_views import mount
from treatments.api.http.problems import ProblemType
from treatments.api.http.security import register_security_scheme
from treatments.webhooks.acknowledgements import UnknownRecallError, acknowledge
from treatments.webhooks.signing import ID, SIGNATURE, TIMESTAMP, SignatureError

if TYPE_CHECKING:
    from ninja import NinjaAPI

SCHEME = "WebhookSignature"
SCHEME_DESCRIPTION = (
    "The body is signed with the secret of the webhook endpoint, as standardwebhooks.com describes: "
    f"`{SIGNATURE}` is `v1,` and the base64 of HMAC-SHA256 over id, timestamp and body, joined by dots; "
    f"`{ID}` and `{TIMESTAMP}` go along."
)

router = Router(tags=["webhooks"])


class AcknowledgementInput(Schema):
    """Which recall an endpoint acknowledges."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(
        max_length=40, pattern=r"^ep_[0-9a-f]+$", description="The endpoint's ID."
    )
    webhook_id: str = Field(
        max_length=64,
        pattern=r"^msg_[0-9a-f]+$",
        description=f"The `{ID}` with which the recall was sent.",
    )


class Acknowledgement(Schema):
    """A recall that is acknowledged."""

    webhook_id: str
    acknowledged: bool
    acknowledged_at: AwareDatetime


def build_header(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """Return a header of the request for the OpenAPI document."""
    return {
        "in": "header",
        "name": name,
        "required": True,
        "schema": schema,
        "description": description,
    }


@router.post(
    "/acknowledgements/",
    response=Acknowledgement,
    summary="Acknowledge a recall",
    operation_id="webhooks_acknowledge",
    auth=None,
    openapi_extra={
        "security": [{SCHEME: []}],
        "parameters": [
            build_header(ID, {"type": "string"}, "An ID of this call."),
            build_header(
                TIMESTAMP,
                {"type": "string", "pattern": "^[0-9]{1,11}$"},
                "Seconds since 1970, at most five minutes off.",
            ),
        ],
    },
)
def acknowledge_recall(
    request: HttpRequest, data: AcknowledgementInput
) -> HttpResponse:
    """Say that the article of a recall is no longer shown. Saying it again changes nothing."""
    try:
        recall = acknowledge(
            data.endpoint, data.webhook_id, request.headers, request.body
        )
    except SignatureError as error:
        return problem_response(
            401,
            str(error),
            ProblemType.AUTHENTICATION_REQUIRED,
            headers={"WWW-Authenticate": f'{SCHEME} realm="API"'},
        )
    except UnknownRecallError as error:
        raise HttpError(
            404, "This endpoint was not sent a recall with this ID."
        ) from error
    return answer(
        {
            "webhook_id": recall.webhook_id,
            "acknowledged": True,
            "acknowledged_at": recall.acknowledged_at,
        }
    )


def register_routers(api: NinjaAPI) -> None:
    """Put the router on the API object. Call it once, before ``api.urls`` is read."""
    register_security_scheme(
        SCHEME,
        {
            "type": "apiKey",
            "in": "header",
            "name": SIGNATURE,
            "description": SCHEME_DESCRIPTION,
        },
    )
    mount(api, "/webhooks/", router)
