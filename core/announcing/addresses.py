"""Where a webhook may be sent: nowhere inside. A guard against requests forged through the core (SSRF).

https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

# The well-known prefix of NAT64 (RFC 6052): what stands behind it is an IPv4 address.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z"
)
# Names that lead inside, whatever they resolve to (RFC 6761, RFC 6762, RFC 8375, and what clouds use).
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "corp", "test", "invalid")
_LONGEST = 2000


class BadAddress(ValueError):
    """The text names field, value and what there is."""


@dataclass(frozen=True, slots=True)
class Reach:
    """schemes: usually only https; hosts: those that may be told and whatever is below them, none for all
    that are outside; inside: whether what leads inside may be told, for a laboratory."""

    schemes: tuple[str, ...] = ("https",)
    hosts: tuple[str, ...] = ()
    inside: bool = False

    def check(self, url: str) -> None:
        """BadAddress where a webhook may not go. What a name resolves to is looked at when it is sent."""
        if (
            len(url) > _LONGEST
            or any(ord(letter) <= 32 or ord(letter) > 126 for letter in url)
            or "\\" in url
        ):
            raise BadAddress(f"url: {url[:100]!r}: visible ASCII, at most {_LONGEST}")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise BadAddress(f"url: {url[:100]!r}: {error}") from None
        if parts.scheme not in self.schemes:
            raise BadAddress(
                f"url: {url[:100]!r}: scheme {parts.scheme!r}; there are {', '.join(self.schemes)}"
            )
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise BadAddress("url: no user, no password, no fragment; the signature says who we are")
        if not host or port == 0:
            raise BadAddress(f"url: {url[:100]!r}: no host, or port 0")
        self._check_host(host)

    def _check_host(self, host: str) -> None:
        known = any(host == each or host.endswith(f".{each}") for each in self.hosts)
        if self.hosts and not known:
            raise BadAddress(f"url: host {host!r}; webhooks may go to {', '.join(self.hosts)}")
        if self.inside or known:
            return
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            last = host.rpartition(".")[2]
            # "2130706433" and "0x7f.1" are addresses to those who resolve them.
            numeric = last.isdigit() or last.startswith("0x")
            within = any(host == each or host.endswith(f".{each}") for each in _INSIDE)
            if not _NAME.match(host) or "." not in host or numeric or within:
                raise BadAddress(f"url: host {host!r} leads inside, or is no name") from None
            return
        if not outside((str(address),)):
            raise BadAddress(f"url: host {host!r} is an address inside")


def outside(addresses: Iterable[str]) -> bool:
    """Whether all of these are addresses of the public internet; the one that an IPv6 address carries
    counts."""
    for each in addresses:
        address = ipaddress.ip_address(each.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address):
            carried = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
            if address in _NAT64:
                carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            if carried is not None and not carried.is_global:
                return False
        if not address.is_global or address.is_multicast:
            return False
    return True
