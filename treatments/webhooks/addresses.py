"""Decides which addresses may be called: the URL, the name, and every address that the name stands for.

Server-side request forgery is the danger: whoever may register an endpoint must not reach what only this
server can reach. The connection goes to an address that was checked here, never to the name again.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from treatments.conf import get_conf
from treatments.webhooks.models import Failure

PORTS = {"https": 443, "http": 80}
#: Below this, only the ports of the web: the others belong to mail, shells and files.
FIRST_FREE_PORT = 1024
#: What a host may be: letters, digits, hyphens and dots, or an IPv6 address.
HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)*")  # fmt: skip
#: The last label of a name never looks like a number (RFC 1123, WHATWG URL); in ``0x7f.1`` it does.
NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: Addresses of this network lead to the IPv4 address in their last four bytes (RFC 6052).
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
#: Tunnels and local translation, in which any other address may be hidden.
TUNNELS = tuple(
    ipaddress.IPv6Network(network)
    for network in ("64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class AddressError(ValueError):
    """An address must not or cannot be called. The text tells a person what to do."""

    def __init__(self, message: str, failure: Failure = Failure.ADDRESS):
        super().__init__(message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery goes.

    Attributes:
        is_secure: Whether it goes over TLS.
        host: The name, for the header ``Host`` and the certificate.
        port: The port.
        path: Path and query.
        addresses: The checked IP addresses of the host, one of which is to be called.
    """

    is_secure: bool
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def find_target(url: str) -> Target:
    """Check a URL, resolve its host and check every address.

    Raises:
        AddressError: it must not be called, or its name cannot be resolved.
    """
    parts = split_url(url)
    host = read_host(parts)
    is_allowed = host in {each.lower() for each in get_conf().webhook_allowed_hosts}
    if parts.scheme != "https" and not is_allowed:
        raise AddressError(_("The address must start with https://."))
    port = read_port(parts)
    addresses = resolve(host, port)
    if not is_allowed and not all(is_public(each) for each in addresses):
        raise AddressError(
            _(
                "%(host)s is an internal address. If it may be called, an operator can add it to "
                "WEBHOOK_ALLOWED_HOSTS."
            )
            % {"host": host}
        )
    path = parts.path or "/"
    return Target(
        is_secure=parts.scheme == "https",
        host=host,
        port=port,
        path=f"{path}?{parts.query}" if parts.query else path,
        addresses=tuple(addresses),
    )


def split_url(url: str) -> SplitResult:
    """Return the parts of a URL that is plain enough to be read in one way only.

    Raises:
        AddressError: it is not.
    """
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise AddressError(_("The address must not contain spaces, control characters or backslashes."))  # fmt: skip
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressError(_("This is not a valid address.")) from None
    if parts.scheme not in PORTS or not parts.netloc:
        raise AddressError(_("The address must start with https://."))
    if "@" in parts.netloc:
        raise AddressError(_("The address must not contain a user name or a password."))
    if "#" in url:
        raise AddressError(_("The address must not contain a “#”."))
    if not (parts.path + parts.query).isascii():
        raise AddressError(_("Write other characters than ASCII behind the host percent-encoded."))  # fmt: skip
    return parts


def read_host(parts: SplitResult) -> str:
    """Return the host in ASCII and lower case, an IP address in its usual notation.

    Raises:
        AddressError: it is no host, or a number that is not written like an IP address.
    """
    invalid = AddressError(_("The host in the address is not valid."))
    host = (parts.hostname or "").rstrip(".")
    if ":" not in host:
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise invalid from None
    if ":" in host or NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        try:
            return str(ipaddress.ip_address(host))
        except ValueError:
            raise invalid from None
    if len(host) > 253 or not HOST.fullmatch(host):
        raise invalid
    return host


def read_port(parts: SplitResult) -> int:
    """Return the port.

    Raises:
        AddressError: it is none that webhooks may use.
    """
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port is None:
        return PORTS[parts.scheme]
    if port not in PORTS.values() and port < FIRST_FREE_PORT:
        raise AddressError(_("The port must be 443, 80, or 1024 and above."))
    return port


def resolve(host: str, port: int) -> list[str]:
    """Return all IP addresses of a host, in the order in which they should be tried.

    Raises:
        AddressError: there are none.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise AddressError(
            _("No server was found for the name %(host)s.") % {"host": host},
            Failure.NAME,
        )
    return addresses


def is_public(address: str) -> bool:
    """Tell whether an address belongs to the public internet, and so does an IPv4 address inside it."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return is_public(str(parsed.ipv4_mapped))
        if parsed in TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(parsed.packed[-4:])))
        if any(parsed in network for network in TUNNELS):
            return False
        if parsed.is_site_local:
            # Python takes these addresses for global: the organization's own, before fc00::/7 took their place.
            return False
    return parsed.is_global and not (
        parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified
    )
