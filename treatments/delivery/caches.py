"""The shared caches before the API, as backends of Wagtail's frontend cache that forget by tag too.

Each belongs into the setting ``WAGTAILFRONTENDCACHE`` like Wagtail's own, whose purges of page addresses it
sends as well. ``purge_tags`` raises what has gone wrong, so that it can be tried again; purges of addresses
report their errors to the log, as Wagtail's backends do.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import requests
from django.core.exceptions import ImproperlyConfigured
from wagtail.contrib.frontend_cache import backends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

logger = logging.getLogger(__name__)

#: How long a cache may take to answer, in seconds.
TIMEOUT = 5
MAX_TIMEOUT = 60
MAX_ERROR = 300


class PurgeError(Exception):
    """A cache has not confirmed that it has forgotten."""


def cut(values: Sequence[str], size: int) -> Iterator[list[str]]:
    """Return parts of a list, each of at most ``size`` entries."""
    for start in range(0, len(values), size):
        yield list(values[start : start + size])


def is_address(value: Any) -> bool:
    """Tell whether a value is the address of a server: ``http`` or ``https`` and a host."""
    if not isinstance(value, str):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def request(method: str, url: str, **options: Any) -> requests.Response:
    """Send one request and return its answer.

    Raises:
        PurgeError: there was no answer, or one that is no success.
    """
    try:
        # A redirect would turn the request into another one.
        answer = requests.request(method, url, allow_redirects=False, **options)  # noqa: S113 - in the options
    except (requests.RequestException, ValueError) as error:
        raise PurgeError(f"{type(error).__name__}: {error}"[:MAX_ERROR]) from error
    if not 200 <= answer.status_code < 300:
        raise PurgeError(f"{answer.status_code} {answer.text}"[:MAX_ERROR])
    return answer


class TagPurgingBackend(backends.BaseBackend):
    """A cache that knows tags.

    Attributes:
        required: The settings that it needs, each a text.
        optional: The settings that it takes beside those.
        tags_per_request: How many tags one request may name.
        urls_per_request: How many addresses one request may name.
    """

    required: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[tuple[str, ...]] = ("HOSTNAMES", "TIMEOUT")
    tags_per_request: ClassVar[int] = 1
    urls_per_request: ClassVar[int] = 1

    def __init__(self, params: Mapping[str, Any]):
        """Take the settings.

        Raises:
            ImproperlyConfigured: one is missing, unknown or of the wrong kind.
        """
        errors = self.find_setting_errors(params)
        if errors:
            raise ImproperlyConfigured(" ".join(errors))
        # Wagtail's backends take out what they read.
        super().__init__(dict(params))
        self.timeout: float = params.get("TIMEOUT", TIMEOUT)

    @classmethod
    def find_setting_errors(cls, params: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with the settings, one sentence for each mistake."""
        errors = []
        for name in cls.required:
            if not params.get(name):
                errors.append(f"{name} is missing.")
        known = {*cls.required, *cls.optional}
        for name in sorted(set(params) - known):
            names = ", ".join(sorted(known))
            errors.append(f"{name} is unknown. The settings are: {names}.")
        timeout = params.get("TIMEOUT", TIMEOUT)
        is_number = isinstance(timeout, (int, float)) and not isinstance(timeout, bool)
        if not is_number or not 0 < timeout <= MAX_TIMEOUT:
            errors.append(f"TIMEOUT must be a number of seconds, up to {MAX_TIMEOUT}.")
        api = params.get("API", "https://")
        if "API" in params and not is_address(api):
            errors.append("API must be an address such as https://api.example.org.")
        return errors

    def purge_tags(self, tags: Sequence[str]) -> None:
        """Purge every response that has one of some tags.

        Raises:
            PurgeError: the cache has not confirmed it.
        """
        for part in cut(tags, self.tags_per_request):
            self.send_tags(part)

    def purge(self, url: str) -> None:
        """Purge an address; log an error."""
        self.purge_batch([url])

    def purge_batch(self, urls: Sequence[str]) -> None:
        """Purge addresses; log errors."""
        for part in cut(urls, self.urls_per_request):
            try:
                self.send_urls(part)
            except PurgeError as error:
                logger.error(
                    "%s has not forgotten %s: %s",
                    type(self).__name__,
                    " ".join(part),
                    error,
                )

    def send_tags(self, tags: list[str]) -> None:
        """Name some tags in one request, at most ``tags_per_request``.

        Raises:
            PurgeError: the cache has not confirmed it.
        """
        raise NotImplementedError

    def send_urls(self, urls: list[str]) -> None:
        """Name some addresses in one request, at most ``urls_per_request``.

        Raises:
            PurgeError: the cache has not confirmed it.
        """
        raise NotImplementedError


class FastlyBackend(TagPurgingBackend):
    """Fastly, by its API. What is purged is gone at once and not served while it is fetched again."""

    required = ("SERVICE_ID", "API_TOKEN")
    optional = (*TagPurgingBackend.optional, "API")
    tags_per_request = 256

    def __init__(self, params: Mapping[str, Any]):
        super().__init__(params)
        self.api = params.get("API", "https://api.fastly.com").rstrip("/")
        self.service_id: str = params["SERVICE_ID"]
        self.headers = {
            "Fastly-Key": params["API_TOKEN"],
            "Accept": "application/json",
        }

    def send_tags(self, tags: list[str]) -> None:
        """Purge by surrogate keys.

        Raises:
            PurgeError: Fastly has not confirmed it.
        """
        request(
            "POST",
            f"{self.api}/service/{self.service_id}/purge",
            headers={**self.headers, "Surrogate-Key": " ".join(tags)},
            timeout=self.timeout,
        )

    def send_urls(self, urls: list[str]) -> None:
        """Purge an address.

        Raises:
            PurgeError: Fastly has not confirmed it.
        """
        for url in urls:
            request(
                "POST",
                f"{self.api}/purge/{url.partition('://')[2]}",
                headers=self.headers,
                timeout=self.timeout,
            )


class CloudflareBackend(TagPurgingBackend, backends.CloudflareBackend):
    """Wagtail's backend for Cloudflare, which purges by tags too.

    Wagtail's purge of addresses would wait 30 seconds for an answer, raise when the connection is lost, and
    so break a publication: addresses are sent like tags.
    """

    required = ("ZONEID", "BEARER_TOKEN")
    optional = (*TagPurgingBackend.optional, "API")
    tags_per_request = urls_per_request = backends.CloudflareBackend.CHUNK_SIZE

    def __init__(self, params: Mapping[str, Any]):
        super().__init__(params)
        if "API" in params:
            zone = f"{params['API'].rstrip('/')}/zones/{params['ZONEID']}"
            self.cloudflare_purge_endpoint_url = f"{zone}/purge_cache"

    def send_tags(self, tags: list[str]) -> None:
        """Purge by cache tags.

        Raises:
            PurgeError: Cloudflare has not confirmed it.
        """
        self.send({"tags": tags})

    def send_urls(self, urls: list[str]) -> None:
        """Purge addresses.

        Raises:
            PurgeError: Cloudflare has not confirmed it.
        """
        self.send({"files": urls})

    def send(self, what: dict[str, list[str]]) -> None:
        """Send one request; a refusal can come with status 200.

        Raises:
            PurgeError: Cloudflare has not confirmed it.
        """
        answer = request(
            "POST",
            self.cloudflare_purge_endpoint_url,
            json=what,
            headers={"Authorization": f"Bearer {self.cloudflare_token}"},
            timeout=self.timeout,
        )
        try:
            content = answer.json()
        except ValueError as error:
            raise PurgeError(f"No JSON: {answer.text}"[:MAX_ERROR]) from error
        if not isinstance(content, dict) or content.get("success") is not True:
            raise PurgeError(answer.text[:MAX_ERROR])


class VarnishBackend(TagPurgingBackend):
    """One or more Varnish servers, with the VCL of docs/operators.md; each has to confirm."""

    required = ("LOCATIONS",)
    # A header of Varnish's may have 8,192 bytes.
    tags_per_request = 100

    def __init__(self, params: Mapping[str, Any]):
        super().__init__(params)
        self.locations = [each.rstrip("/") for each in params["LOCATIONS"]]

    @classmethod
    def find_setting_errors(cls, params: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with the settings, one sentence for each mistake."""
        errors = super().find_setting_errors(params)
        locations = params.get("LOCATIONS")
        if locations and not (
            isinstance(locations, (list, tuple)) and all(map(is_address, locations))
        ):
            errors.append(
                "LOCATIONS must be a list of addresses such as http://10.0.0.5:6081."
            )
        return errors

    def send_tags(self, tags: list[str]) -> None:
        """Ban by tags.

        Raises:
            PurgeError: a server has not confirmed it.
        """
        self.send("BAN", "/", {"Surrogate-Key": " ".join(tags)})

    def send_urls(self, urls: list[str]) -> None:
        """Purge an address.

        Raises:
            PurgeError: a server has not confirmed it.
        """
        for url in urls:
            parts = urlsplit(url)
            target = parts._replace(scheme="", netloc="", fragment="").geturl()
            self.send("PURGE", target or "/", {"Host": parts.netloc})

    def send(self, method: str, target: str, headers: dict[str, str]) -> None:
        """Send one request to every server, also when one of them fails.

        Raises:
            PurgeError: a server has not confirmed it.
        """
        errors = []
        for location in self.locations:
            try:
                request(
                    method, location + target, headers=headers, timeout=self.timeout
                )
            except PurgeError as error:
                errors.append(f"{location}: {error}")
        if errors:
            raise PurgeError("; ".join(errors))


class MemoryBackend(TagPurgingBackend):
    """Remembers what it was asked to forget, for tests.

    Attributes:
        tag_purges: The tags of each purge, in order.
        urls: The addresses, in order.
    """

    tag_purges: ClassVar[list[list[str]]] = []
    urls: ClassVar[list[str]] = []
    tags_per_request = 1_000_000
    urls_per_request = 1_000_000

    @classmethod
    def clear(cls) -> None:
        """Start anew."""
        cls.tag_purges.clear()
        cls.urls.clear()

    def send_tags(self, tags: list[str]) -> None:
        """Remember some tags."""
        self.tag_purges.append(tags)

    def send_urls(self, urls: list[str]) -> None:
        """Remember some addresses."""
        self.urls.extend(urls)
