"""The ``TREATMENTS`` setting as a frozen dataclass.

Read at call time, so that ``override_settings`` works in a host project's tests.
"""

from __future__ import annotations

import base64
import binascii
import copy
import re
from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DEFAULT_RENDITIONS = {
    "small": "max-480x480|format-webp",
    "medium": "max-960x960|format-webp",
    "large": "max-1600x1600|format-webp",
}


RATE_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
#: The largest value of each setting that is a whole number.
COUNT_LIMITS = {
    "TRUSTED_PROXY_COUNT": 10,
    "BUILD_ON_COMMIT": 1_000,
    "COMMENT_MAX_LENGTH": 100_000,
    "CACHE_MAX_AGE": 31_536_000,
    "CACHE_STALE_WHILE_REVALIDATE": 31_536_000,
    "WSGI_STREAMS": 1_000,
    "ASGI_STREAMS": 100_000,
}
#: Settings that are on or off.
SWITCHES = ("ALLOW_FLUSH", "REQUIRE_IF_MATCH")
RATE_PATTERN = re.compile(r"([1-9][0-9]{0,5})/(s|min|h|d)")
#: A name, an IPv4 address, or an IPv6 address without its brackets.
HOST_PATTERN = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
#: setting name → the lowest and the highest value
NUMBER_RANGES = {
    "WEBHOOK_TIMEOUT": (1, 120),
    "WEBHOOK_SECRET_OVERLAP": (0, 24 * 30),
    "WEBHOOK_RETENTION_DAYS": (1, 3650),
    "DRAFT_LINK_DAYS": (1, 90),
    "PREVIEW_MINUTES": (1, 1440),
}
#: Name of a rule about reviews → the values that it takes: a range, a set of words, or of lists of words.
REVIEW_RULES: dict[str, Any] = {
    "interval_months": range(1, 121),
    "due_soon_days": range(366),
    "approvals": range(1, 11),
    "roles": ["clinical_reviewer", "patient_reviewer", "editor", "translator"],
    "guests": {"count", "advise"},
    "publishing": {"free", "warn", "refuse"},
    "overdue": {"nothing", "notice", "on_hold"},
    "editing": {"reopen", "lock"},
    "remind_days": range(366),
}
REVIEW_KINDS = ("default", "treatment", "procedure", "what_to_expect", "candidate")
#: Those of them that are whole numbers.
WHOLE_NUMBERS = ("WEBHOOK_RETENTION_DAYS", "DRAFT_LINK_DAYS", "PREVIEW_MINUTES")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests are allowed in how many seconds."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class TreatmentsConf:
    """The settings of the plugin set.

    Attributes:
        frontend_url: Root of the public frontend without a trailing slash, or None when this project
            serves the reader itself. ``serve()`` redirects there and ``html_url`` starts with it.
        reader_template: The template that ``serve()`` renders when there is no ``frontend_url``.
        preview_view: Dotted path of ``view(page, request, mode_name) -> HttpResponse`` for previews.
        image_renditions: Rendition name → Wagtail filter specification, for every image in the API.
        search_backend: Dotted path of a ``treatments.search.backends.base.SearchBackend``, or None for the full-text
            search of the database in use.
        search_backend_alias: The name in ``WAGTAILSEARCH_BACKENDS`` that ``treatments.search.backends.wagtail_search`` uses;
            ``<name>_<language>``, such as ``articles_es``, comes first for a language where it exists.
        anonymous_write_rate: How often an address without a valid token may write to the API; None for no
            limit. In the setting: ``"30/min"``, with ``s``, ``min``, ``h`` or ``d``.
        build_on_commit: How many documents are built right after the transaction that has changed them, where no
            task queue does it; the rest is built by their first readers.
        cache_max_age: For how many seconds a cache may answer by itself with what it has.
        cache_stale_while_revalidate: For how many seconds more it may answer with it while it asks again.
        wsgi_streams: How many streams of changes may each keep a thread of a process at a time. Where a process has one
            thread, none does. Further ones give what there is and end; browsers come back.
        asgi_streams: How many streams of changes may be open at a time in a process under ASGI.
        media_internal_url: Where the web server in front has the folder of uploads for answers with ``X-Accel-Redirect``
            only, with slashes; None where this project sends uploads itself.
        trusted_proxy_count: How many proxies of ours stand before the server. That many of the last entries of
            ``X-Forwarded-For`` are believed; with 0 the header is not read.
        webhook_allowed_hosts: Hosts to which webhooks may be sent although they are internal, also over
            http. Names or IP addresses, without a port.
        webhook_timeout: How long one delivery of a webhook may take, in seconds.
        webhook_secret_overlap: For how many hours the former secret of an endpoint signs too after a change.
        webhook_retention_days: After how many days delivered webhooks are deleted from the log.
        review_policy: Kind of article, or ``default`` → rules about its reviews; see ``treatments.review.policies``.
        comment_max_length: How many characters a guest's comment or statement may have.
        comment_rate: How often the holder of one draft link may write.
        draft_link_days: For how many days a draft link is good where whoever shares it says nothing else.
        preview_url: Address in another frontend that shows what is being typed, with ``{locale}`` for the language;
            None for the reader of this project. It gets the token of the preview behind ``#``.
        preview_minutes: How long what was typed can be seen in that frontend after it was last shown.
        require_if_match: Whether a write of what exists already needs ``If-Match`` with its entity tag.
        audit_key: What exports of ``export_audit`` are signed with: 32 bytes in base64.
        allow_flush: Whether ``flush``, and with it the end of a ``TransactionTestCase``, may delete what is kept for ever.
    """

    frontend_url: str | None = None
    reader_template: str = "treatments/reader.html"
    preview_view: str = "treatments.api.drafts.preview.preview_page"
    image_renditions: dict[str, str] = field(
        default_factory=lambda: dict(DEFAULT_RENDITIONS)
    )
    search_backend: str | None = None
    search_backend_alias: str = "default"
    anonymous_write_rate: Rate | None = Rate(30, 60)
    build_on_commit: int = 20
    cache_max_age: int = 60
    cache_stale_while_revalidate: int = 60
    wsgi_streams: int = 1
    asgi_streams: int = 100
    media_internal_url: str | None = None
    trusted_proxy_count: int = 0
    webhook_allowed_hosts: tuple[str, ...] = ()
    webhook_timeout: float = 15
    webhook_secret_overlap: float = 24
    webhook_retention_days: int = 90
    review_policy: dict[str, dict[str, Any]] = field(default_factory=dict)
    comment_max_length: int = 2000
    comment_rate: Rate = Rate(30, 3600)
    draft_link_days: int = 14
    preview_url: str | None = None
    preview_minutes: int = 30
    require_if_match: bool = False
    audit_key: str | None = field(default=None, repr=False)
    allow_flush: bool = False


#: setting name → attribute name
SETTING_NAMES = {item.name.upper(): item.name for item in fields(TreatmentsConf)}

#: The setting that was read last, and what it means.
_last: tuple[dict[str, Any], TreatmentsConf] | None = None


def get_conf() -> TreatmentsConf:
    """Return the settings in force.

    Read for each answer: what was found right is not checked again while it is the same.

    Raises:
        ImproperlyConfigured: a setting is unknown or has a value of the wrong kind.
    """
    global _last
    given: dict[str, Any] = getattr(settings, "TREATMENTS", {})
    if _last is not None and given == _last[0]:
        return _last[1]
    errors = find_setting_errors(given)
    if errors:
        raise ImproperlyConfigured(" ".join(errors))
    values = {SETTING_NAMES[name]: value for name, value in given.items()}
    if values.get("frontend_url"):
        values["frontend_url"] = values["frontend_url"].rstrip("/")
    if values.get("anonymous_write_rate") is not None:
        values["anonymous_write_rate"] = parse_rate(values["anonymous_write_rate"])
    if "comment_rate" in values:
        values["comment_rate"] = parse_rate(values["comment_rate"])
    if "webhook_allowed_hosts" in values:
        values["webhook_allowed_hosts"] = tuple(values["webhook_allowed_hosts"])
    conf = TreatmentsConf(**values)
    _last = (copy.deepcopy(given), conf)
    return conf


def parse_rate(text: str) -> Rate:
    """Return a rate such as ``30/min``.

    Raises:
        ValueError: the text is no rate.
    """
    match = RATE_PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"No rate: {text!r}")
    return Rate(int(match[1]), RATE_UNITS[match[2]])


def find_setting_errors(given: Any) -> list[str]:
    """Return what is wrong with a ``TREATMENTS`` value, one sentence for each mistake."""
    if not isinstance(given, dict):
        return ["TREATMENTS must be a dictionary."]
    errors = []
    for name in sorted(set(given) - set(SETTING_NAMES)):
        known = ", ".join(sorted(SETTING_NAMES))
        errors.append(
            f"TREATMENTS has an unknown setting {name!r}. The settings are: {known}."
        )
    for name in ("READER_TEMPLATE", "PREVIEW_VIEW", "SEARCH_BACKEND_ALIAS"):
        if name in given and not (isinstance(given[name], str) and given[name]):
            errors.append(f"TREATMENTS[{name!r}] must be a non-empty string.")
    search_backend = given.get("SEARCH_BACKEND")
    if search_backend is not None and not (
        isinstance(search_backend, str) and "." in search_backend.strip(".")
    ):
        errors.append(
            "TREATMENTS['SEARCH_BACKEND'] must be None or the dotted path of a class."
        )
    renditions = given.get("IMAGE_RENDITIONS", {})
    if not isinstance(renditions, dict) or not all(
        isinstance(key, str) and isinstance(value, str)
        for key, value in renditions.items()
    ):
        errors.append(
            "TREATMENTS['IMAGE_RENDITIONS'] must map names to Wagtail filter specifications."
        )
    rate = given.get("ANONYMOUS_WRITE_RATE")
    if rate is not None and not (
        isinstance(rate, str) and RATE_PATTERN.fullmatch(rate)
    ):
        errors.append(
            "TREATMENTS['ANONYMOUS_WRITE_RATE'] must be None or a rate such as '30/min' "
            "(s, min, h or d)."
        )
    return [
        *errors,
        *find_url_errors(given),
        *find_count_errors(given),
        *find_webhook_errors(given),
        *find_review_errors(given),
        *find_range_errors(given),
        *find_switch_errors(given),
    ]


def find_url_errors(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the settings that are addresses."""
    errors = []
    for name in ("FRONTEND_URL", "PREVIEW_URL"):
        url = given.get(name)
        if url is not None and not (
            isinstance(url, str) and url.startswith(("http://", "https://"))
        ):
            errors.append(
                f"TREATMENTS[{name!r}] must be None or start with http:// or https://."
            )
    internal = given.get("MEDIA_INTERNAL_URL")
    if internal is not None and not (
        isinstance(internal, str)
        and internal.startswith("/")
        and internal.endswith("/")
        and internal.strip("/")
    ):
        errors.append(
            "TREATMENTS['MEDIA_INTERNAL_URL'] must be None or a path such as '/internal-media/'."
        )
    return errors


def find_count_errors(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the settings that are whole numbers."""
    errors = []
    for name, maximum in COUNT_LIMITS.items():
        count = given.get(name, 0)
        is_count = isinstance(count, int) and not isinstance(count, bool)
        if not is_count or not 0 <= count <= maximum:
            errors.append(
                f"TREATMENTS[{name!r}] must be a whole number from 0 to {maximum}."
            )
    return errors


def find_webhook_errors(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the settings of the webhooks."""
    errors = []
    hosts = given.get("WEBHOOK_ALLOWED_HOSTS", ())
    if not isinstance(hosts, (list, tuple)) or not all(
        isinstance(host, str) and HOST_PATTERN.fullmatch(host) for host in hosts
    ):
        errors.append(
            "TREATMENTS['WEBHOOK_ALLOWED_HOSTS'] must be a list of host names or IP addresses, "
            "without a scheme or a port."
        )
    return errors


def find_switch_errors(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the switches, and with the key of exports, which is not repeated."""
    errors = []
    key = given.get("AUDIT_KEY")
    if key is not None and not (isinstance(key, str) and is_key(key)):
        errors.append("TREATMENTS['AUDIT_KEY'] must be None or 32 bytes in base64.")
    errors += [
        f"TREATMENTS[{name!r}] must be True or False."
        for name in SWITCHES
        if not isinstance(given.get(name, False), bool)
    ]
    return errors


def is_key(text: str) -> bool:
    """Tell whether a text is 32 bytes in base64."""
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except (binascii.Error, ValueError):
        return False


def find_range_errors(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the settings that are numbers of a range."""
    errors = []
    for name, (low, high) in NUMBER_RANGES.items():
        value = given.get(name, high)
        kinds = int if name in WHOLE_NUMBERS else (int, float)
        if (
            not isinstance(value, kinds)
            or isinstance(value, bool)
            or not low <= value <= high
        ):
            kind = "whole number" if kinds is int else "number"
            errors.append(
                f"TREATMENTS[{name!r}] must be a {kind} from {low} to {high}."
            )
    return errors


def find_review_errors(given: dict[str, Any]) -> list[str]:
    """Return what is wrong with the settings of the reviews."""
    errors = []
    rate = given.get("COMMENT_RATE", "1/s")
    if not (isinstance(rate, str) and RATE_PATTERN.fullmatch(rate)):
        errors.append(
            "TREATMENTS['COMMENT_RATE'] must be a rate such as '30/h' (s, min, h or d)."
        )
    policy = given.get("REVIEW_POLICY", {})
    if not isinstance(policy, dict) or not all(
        kind in REVIEW_KINDS and isinstance(rules, dict)
        for kind, rules in policy.items()
    ):
        kinds = ", ".join(REVIEW_KINDS)
        errors.append(
            f"TREATMENTS['REVIEW_POLICY'] must map some of {kinds} to dictionaries of rules."
        )
        return errors
    for kind, rules in policy.items():
        for name, value in rules.items():
            known = REVIEW_RULES.get(name)
            if known is None:
                errors.append(
                    f"TREATMENTS['REVIEW_POLICY'][{kind!r}] has an unknown rule {name!r}. "
                    f"The rules are: {', '.join(sorted(REVIEW_RULES))}."
                )
            elif not takes(known, value):
                errors.append(
                    f"TREATMENTS['REVIEW_POLICY'][{kind!r}][{name!r}] must be {describe_rule(known)}."
                )
    return errors


def takes(known: Any, value: Any) -> bool:
    """Tell whether a rule takes a value."""
    if isinstance(known, range):
        is_count = isinstance(value, int) and not isinstance(value, bool)
        return is_count and value in known
    if isinstance(known, set):
        return isinstance(value, str) and value in known
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and all(isinstance(word, str) and word in known for word in value)
    )


def describe_rule(known: Any) -> str:
    """Return which values a rule takes, as the end of a sentence."""
    if isinstance(known, range):
        return f"a whole number from {known.start} to {known.stop - 1}"
    if isinstance(known, set):
        return f"one of {', '.join(sorted(known))}"
    return f"a list of some of {', '.join(known)}"
