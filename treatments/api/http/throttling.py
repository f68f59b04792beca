"""Limits how often an anonymous caller may write, by address, in Django's cache.

The cache holds a keyed hash of the address for as long as it counts, and nothing else about the caller.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from treatments.api.http.errors import problem_response
from treatments.api.http.own_views import API_PREFIX
from treatments.api.http.tokens import has_valid_token
from treatments.conf import get_conf

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from treatments.conf import Rate

logger = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Neighbors in a network of this size count as one caller: a household has at least as many addresses.
IPV6_PREFIX = 64


class AnonymousWriteThrottleMiddleware:
    """Answers 429 where an address without a valid token has written too often.

    A wrong token counts as none, so tokens cannot be guessed any faster.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count a write before anything is done for it."""
        if request.path_info.startswith(API_PREFIX) and not is_free(request):
            rate = get_conf().anonymous_write_rate
            if rate is not None and not has_valid_token(request):
                wait = count_write(get_client_address(request), rate)
                if wait:
                    return problem_response(
                        429,
                        f"Too many requests. Wait {wait} seconds, or send a token.",
                        headers={"Retry-After": str(wait)},
                    )
        return self.get_response(request)


def is_free(request: HttpRequest) -> bool:
    """Tell whether a request changes nothing and proves nothing."""
    return request.method in SAFE_METHODS


def get_client_address(request: HttpRequest) -> str:
    """Return the address that counts: that of the connection, or what the trusted proxies say.

    Each proxy adds the address that it was called from at the end of ``X-Forwarded-For``. With
    ``TRUSTED_PROXY_COUNT`` proxies, the last so many entries are theirs; whatever stands before
    them can be made up by the caller and is never read.
    """
    address = request.META.get("REMOTE_ADDR", "")
    count = get_conf().trusted_proxy_count
    if count:
        forwarded = [
            part.strip()
            for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if part.strip()
        ]
        if len(forwarded) >= count:
            address = forwarded[-count]
    return normalize_address(address)


def normalize_address(address: str) -> str:
    """Return an IPv4 address, or the network of an IPv6 address; other texts as they are."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)


def build_key(address: str, window: int) -> str:
    """Return the key of an address's counter. The address cannot be read from it."""
    digest = salted_hmac("treatments.api.http.throttling", address, algorithm="sha256")
    return f"treatments:writes:{window}:{digest.hexdigest()}"


def count_write(address: str, rate: Rate) -> int:
    """Count one write, and return for how many seconds the caller has to wait: 0 where it may go on.

    Windows start at another time for each address, so that they do not all end at once. Where
    the cache fails, everybody may go on: a broken cache must not close the API.
    """
    now = int(time.time())
    offset = int(hashlib.sha256(address.encode()).hexdigest()[:8], 16) % rate.seconds
    window, elapsed = divmod(now + offset, rate.seconds)
    key = build_key(address, window)
    try:
        # add() and incr() are one step each in the cache, so that no count gets lost between processes.
        count = 1 if cache.add(key, 1, timeout=rate.seconds + 1) else cache.incr(key)
    except ValueError:
        # The counter ended between the two.
        return 0
    except Exception:
        logger.exception("The cache failed: writes to the API are not limited.")
        return 0
    return rate.seconds - elapsed if count > rate.requests else 0
