"""The kinds of errors that the API answers with: one stable URI, title and meaning each."""

from __future__ import annotations

from enum import Enum

URI_PREFIX = "urn:wagtail-treatments:problem:"


class ProblemType(Enum):
    """A kind of error: the last part of its URI, its usual status, its title and what to do about it."""

    MALFORMED_REQUEST = (
        "malformed-request",
        400,
        "Malformed request",
        "The address or the headers hold something that no endpoint takes, such as a null character.",
    )
    MALFORMED_BODY = (
        "malformed-body",
        400,
        "Malformed body",
        "The body is not JSON (RFC 8259) in UTF-8, is nested too deeply, or holds a null character.",
    )
    UNKNOWN_PARAMETER = (
        "unknown-parameter",
        400,
        "Unknown parameter",
        "A query parameter that this endpoint does not take. The detail names the nearest known one.",
    )
    REPEATED_PARAMETER = (
        "repeated-parameter",
        400,
        "Repeated parameter",
        "A query parameter that takes one value was given more than once.",
    )
    INVALID_PARAMETER = (
        "invalid-parameter",
        400,
        "Invalid parameter",
        "A query parameter has a value that it does not take.",
    )
    AUTHENTICATION_REQUIRED = (
        "authentication-required",
        401,
        "Authentication required",
        "The endpoint needs a valid API token: `Authorization: Bearer <token>`.",
    )
    PERMISSION_DENIED = (
        "permission-denied",
        403,
        "Permission denied",
        "The token's user may not do this.",
    )
    WITHDRAWN = (
        "withdrawn",
        410,
        "Withdrawn",
        "There was an article here, and it may no longer be read. `reason` says why, `withdrawn_at` since when, "
        "`replacement_path` what to read instead.",
    )
    NOT_FOUND = (
        "not-found",
        404,
        "Not found",
        "There is nothing at this address that the caller may see.",
    )
    METHOD_NOT_ALLOWED = (
        "method-not-allowed",
        405,
        "Method not allowed",
        "The header `Allow` lists the methods that this address takes.",
    )
    NOT_ACCEPTABLE = (
        "not-acceptable",
        406,
        "Not acceptable",
        "The API answers with JSON only.",
    )
    CONFLICT = (
        "conflict",
        409,
        "Conflict",
        "The request does not fit the present state of what it concerns.",
    )
    CHOICES_HIDDEN = (
        "choices-hidden",
        409,
        "Choices hidden from readers",
        "The article needs something that readers would not get. `places` names each with its pointer and the "
        "reason: `draft`, `unpublished`, `expired`, `private` or `deleted`.",
    )
    IN_USE = (
        "in-use",
        409,
        "In use",
        "Public articles use it. `places` names each, with the article's id and title and a pointer. "
        "`replace_by=<id>` puts another entry there first; `reason=<words>` removes it at once, for whoever may "
        "publish all these articles.",
    )
    GONE = (
        "gone",
        410,
        "Gone",
        "What was here is withdrawn; it does not come back at this address.",
    )
    PRECONDITION_FAILED = (
        "precondition-failed",
        412,
        "Precondition failed",
        "What would be written has changed since the entity tag in `If-Match` was given. `state` has the present "
        "`etag`; read it again before you repeat the change.",
    )
    PRECONDITION_REQUIRED = (
        "precondition-required",
        428,
        "Precondition required",
        "Writes need `If-Match` here, with the `ETag` of what was read.",
    )
    BODY_TOO_LARGE = (
        "body-too-large",
        413,
        "Body too large",
        "The body is larger than the server takes.",
    )
    UNSUPPORTED_MEDIA_TYPE = (
        "unsupported-media-type",
        415,
        "Unsupported media type",
        "The body has another content type than the endpoint documents.",
    )
    VALIDATION_FAILED = (
        "validation-failed",
        422,
        "Validation failed",
        "Parts of the request are not valid; `errors` names each with a pointer and a message.",
    )
    RATE_LIMITED = (
        "rate-limited",
        429,
        "Too many requests",
        "Wait for as many seconds as the header `Retry-After` says.",
    )
    SERVER_ERROR = (
        "server-error",
        500,
        "Server error",
        "Something failed that is not the caller's fault. It is in the server's log.",
    )
    UNAVAILABLE = (
        "unavailable",
        503,
        "Unavailable",
        "The server cannot answer at the moment.",
    )

    def __init__(self, slug: str, status: int, title: str, description: str):
        self.slug = slug
        self.status = status
        self.title = title
        self.description = description

    @property
    def uri(self) -> str:
        """The value of ``type`` in an answer."""
        return URI_PREFIX + self.slug


#: The kind that an error has where nothing more is known than its status.
TYPE_BY_STATUS = {
    **{kind.status: kind for kind in reversed(ProblemType)},
    400: ProblemType.INVALID_PARAMETER,
}
#: The kind by the last part of its URI.
TYPE_BY_SLUG = {kind.slug: kind for kind in ProblemType}
