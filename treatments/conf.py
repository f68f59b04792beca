"""The ``TREATMENTS`` setting as a frozen model: the name, type, default and bounds of each setting.

docs/host-developers.md says what each setting is for. The ``description`` of a field says what its value
must be, and ends the sentence about a wrong one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

RATE_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
RATE_PATTERN = re.compile(r"([1-9][0-9]{0,5})/(s|min|h|d)")
REVIEW_KINDS = ("default", "treatment", "procedure", "what_to_expect", "candidate")
YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests are allowed in how many seconds."""

    requests: int
    seconds: int


def parse_rate(text: Any) -> Rate:
    """Return a rate such as ``30/min``; raise a ValueError for anything else."""
    match = RATE_PATTERN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"No rate: {text!r}")
    return Rate(int(match[1]), RATE_UNITS[match[2]])


def freeze(value: Any) -> Any:
    """Return a list as a tuple, and anything else as it is."""
    return tuple(value) if isinstance(value, list) else value


def between(low: int, high: int, default: int, kind: str = "whole number") -> Any:
    """Return a field for a number from ``low`` to ``high``."""
    expected = f"a {kind} from {low} to {high}"
    return Field(default, ge=low, le=high, description=expected)


ParsedRate = Annotated[Rate, BeforeValidator(parse_rate)]
Text = Annotated[str, Field(min_length=1, description="a non-empty string")]
Switch = Annotated[bool, Field(description="True or False")]
WEB = "None or start with http:// or https://"
Url = Annotated[str | None, Field(pattern="^https?://", description=WEB)]
#: A name, an IPv4 address, or an IPv6 address without its brackets.
HOST = r"^([A-Za-z0-9_.-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$"
Host = Annotated[str, Field(pattern=HOST)]
ReviewKind = Annotated[str, Field(pattern=f"^({'|'.join(REVIEW_KINDS)})$")]
Role = Literal["clinical_reviewer", "patient_reviewer", "editor", "translator"]


class StrictModel(BaseModel, frozen=True, strict=True, extra="forbid"):
    pass


class ReviewPolicy(StrictModel):
    """The rules about the reviews of one kind of article."""

    interval_months: int = between(1, 120, default=12)
    due_soon_days: int = between(0, 365, default=60)
    remind_days: int = between(0, 365, default=30)
    approvals: int = between(1, 10, default=1)
    roles: Annotated[tuple[Role, ...], BeforeValidator(freeze)] = Field(
        ("clinical_reviewer",),
        min_length=1,
        description=f"a list of some of {', '.join(get_args(Role))}",
    )
    guests: Literal["count", "advise"] = "count"
    publishing: Literal["free", "warn", "refuse"] = "warn"
    overdue: Literal["nothing", "notice", "on_hold"] = "nothing"
    editing: Literal["reopen", "lock"] = "reopen"


class ApiConf(StrictModel):
    anonymous_write_rate: ParsedRate | None = Field(
        Rate(30, 60), description="None or a rate such as '30/min' (s, min, h or d)"
    )
    trusted_proxy_count: int = between(0, 10, default=0)
    require_if_match: Switch = False
    cache_max_age: int = between(0, YEAR, default=60)
    cache_stale_while_revalidate: int = between(0, YEAR, default=60)
    media_internal_url: str | None = Field(
        None, pattern="^/.*[^/].*/$", description="None or a path such as '/internal-media/'"
    )  # fmt: skip


class DeliveryConf(StrictModel):
    build_on_commit: int = between(0, 1_000, default=20)
    wsgi_streams: int = between(0, 1_000, default=1)
    asgi_streams: int = between(0, 100_000, default=100)


class PreviewConf(StrictModel):
    preview_url: Url = None
    preview_minutes: int = between(1, 1440, default=30)
    draft_link_days: int = between(1, 90, default=14)


class ReviewConf(StrictModel):
    review_policy: dict[ReviewKind, ReviewPolicy] = Field(
        {}, description=f"a dictionary of rules for some of {', '.join(REVIEW_KINDS)}"
    )
    comment_max_length: int = between(0, 100_000, default=2000)
    comment_rate: ParsedRate = Field(
        Rate(30, 3600), description="a rate such as '30/h' (s, min, h or d)"
    )


class WebhookConf(StrictModel):
    webhook_allowed_hosts: Annotated[tuple[Host, ...], BeforeValidator(freeze)] = Field(
        (), description="a list of host names or IP addresses, without a scheme or a port"
    )  # fmt: skip
    webhook_timeout: int | float = between(1, 120, default=15, kind="number")
    webhook_secret_overlap: int | float = between(0, 720, default=24, kind="number")
    webhook_retention_days: int = between(1, 3650, default=90)


class TreatmentsConf(
    ApiConf,
    DeliveryConf,
    PreviewConf,
    ReviewConf,
    WebhookConf,
    alias_generator=str.upper,
):
    """All settings. Their keys in ``TREATMENTS`` are the names of the fields in capitals."""

    frontend_url: Annotated[Url, AfterValidator(lambda url: url and url.rstrip("/"))] = None  # fmt: skip
    reader_template: Text = "treatments/reader.html"
    preview_view: Text = "treatments.api.drafts.preview.preview_page"
    image_renditions: dict[str, str] = Field(
        {
            "small": "max-480x480|format-webp",
            "medium": "max-960x960|format-webp",
            "large": "max-1600x1600|format-webp",
        },
        description="a dictionary of names and Wagtail filter specifications",
    )
    search_backend: str | None = Field(
        None, pattern=r"[^.]\.+[^.]", description="None or the dotted path of a class"
    )
    search_backend_alias: Text = "default"
    audit_key: str | None = Field(
        None, repr=False, pattern="^[A-Za-z0-9+/]{43}=$", description="None or 32 bytes in base64"
    )  # fmt: skip
    allow_flush: Switch = False


#: The fields by what a project calls them.
SETTINGS = {name.upper(): field for name, field in TreatmentsConf.model_fields.items()}
RULES = ReviewPolicy.model_fields


@cache
def get_conf() -> TreatmentsConf:
    """Return the settings in force; raise ImproperlyConfigured where one is unknown or wrong."""
    given = getattr(settings, "TREATMENTS", {})
    if errors := find_setting_errors(given):
        raise ImproperlyConfigured(" ".join(errors))
    return TreatmentsConf.model_validate(given)


@receiver(setting_changed)
def forget_conf(*, setting: str, **_kwargs: object) -> None:
    """Read the settings again where a test has changed them."""
    if setting == "TREATMENTS":
        get_conf.cache_clear()


def find_setting_errors(given: Any) -> list[str]:
    """Return what is wrong with a ``TREATMENTS`` value, one sentence for each mistake."""
    try:
        TreatmentsConf.model_validate(given)
    except ValidationError as error:
        return list(dict.fromkeys(map(explain, error.errors())))
    return []


def explain(error: ErrorDetails) -> str:
    """Return a mistake as a sentence, without the value, which may be a secret."""
    if not error["loc"]:
        return "TREATMENTS must be a dictionary."
    name, *inner = error["loc"]
    place, word, fields = "TREATMENTS", "setting", SETTINGS
    if name == "REVIEW_POLICY" and inner[1:] not in ([], ["[key]"]):
        place, word, fields = f"TREATMENTS[{name!r}][{inner[0]!r}]", "rule", RULES
        name = inner[1]
    if name not in fields:
        known = ", ".join(sorted(fields))
        return f"{place} has an unknown {word} {name!r}. The {word}s are: {known}."
    field = fields[str(name)]
    expected = field.description or error["msg"].removeprefix("Input should be ")
    return f"{place}[{name!r}] must be {expected}."
