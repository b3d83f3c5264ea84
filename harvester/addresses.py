"""Which web addresses may be opened, and how one is shown: pure rules, no name is resolved here.

A URL passes twice. `refusal` judges it as written; `address_refusal` judges what its host resolved to.
Both answer with a reason, or None where there is nothing against it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, NamedTuple
from urllib.parse import unquote_plus, urljoin

from harvester.messages import Message, message
from harvester.patterns import pattern


class Origin(NamedTuple):
    """Scheme, host and port: what "the same server" means."""

    scheme: str
    host: str
    port: int


# One strict grammar for the authority: whatever two parsers could read differently (backslashes, user
# names, escapes, other digits, zone ids) does not match, so that the host judged is the host dialled.
_URL: Final = pattern(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<rest>[/?#].*)?", re.IGNORECASE | re.DOTALL
)
_AUTHORITY: Final = pattern(
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::(?P<port>[0-9]{1,5}))?",
    re.IGNORECASE | re.ASCII,
)
_UNPRINTABLE: Final = pattern(r"[\x00-\x20\x7f-\x9f\u2028\u2029]")
_NUMERIC: Final = pattern(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE | re.ASCII)
_LOCAL_NAMES: Final = ("localhost", "local", "internal", "lan", "home.arpa")
_PORTS: Final = {"https": 443, "http": 80}

# The tables of RFC 6890 and its registry, spelt out: `ipaddress.is_private` differs between releases.
_V4: Final = tuple(
    (IPv4Network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "private"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "private"),  # benchmarks on paper; in practice the made-up answers of local tunnels
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_V6: Final = tuple(
    (IPv6Network(network), kind)
    for network, kind in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "reserved"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "reserved"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("ff00::/8", "multicast"),
    )
)
_V6_GLOBAL: Final = IPv6Network("2000::/3")
_OWN_NETWORK: Final = frozenset({"loopback", "private"})


def origin(url: str) -> Origin | None:
    """Scheme, host and port in lower case; None if `url` is no plain http or https address."""
    parts = _URL.fullmatch(url)
    if parts is None or _UNPRINTABLE.search(url):
        return None
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None or int(authority["port"] or 1) not in range(1, 65536):
        return None
    scheme = parts["scheme"].lower()
    return Origin(scheme, authority["host"].lower().strip("[]"), int(authority["port"] or _PORTS[scheme]))


def refusal(url: str, bases: Collection[Origin] = (), *, allow_private: bool = False) -> Message | None:
    """Why `url` must not be opened, judged as it is written; None if it may be.

    Plain http, an odd port and (with `allow_private`) an address of the own network are for the
    configured `bases` alone.
    """
    target = origin(url)
    if target is None:
        return message("address-shape", url=shown(url))
    if target not in bases:
        if target.scheme != "https":
            return message("address-scheme", url=shown(url))
        if target.port != _PORTS["https"]:
            return message("address-port", url=shown(url))
    return _host_refusal(target.host, allow_private=allow_private and target in bases)


def _host_refusal(host: str, *, allow_private: bool) -> Message | None:
    if ":" in host:
        return address_refusal(host, allow_private=allow_private)
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        # As a browser reads it, a host that ends in a number is an IPv4 address in some notation:
        # 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1. Only the dotted decimal one is let through.
        return address_refusal(host, allow_private=allow_private)
    is_local = len(labels) == 1 or any(host == name or host.endswith("." + name) for name in _LOCAL_NAMES)
    if is_local and not allow_private:
        return message("address-local", host=host)
    return None


def address_refusal(address: str, *, allow_private: bool = False) -> Message | None:
    """Why no connection to this IP address is opened; None if it is public.

    With `allow_private` loopback and private networks pass; link-local ones (where clouds keep their
    credentials), multicast and the rest never do.
    """
    kind = _kind(address)
    if kind is None or (allow_private and kind in _OWN_NETWORK):
        return None
    return message("address-not-public", address=shown(address), kind=kind)


def _kind(address: str) -> str | None:
    try:
        v4 = IPv4Address(address)
    except AddressValueError:
        return _kind_v6(address)
    return next((kind for network, kind in _V4 if v4 in network), None)


def _kind_v6(address: str) -> str | None:
    try:
        v6 = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return "unreadable"
    special = next((kind for network, kind in _V6 if v6 in network), None)
    return special or (None if v6 in _V6_GLOBAL else "reserved")


def next_url(url: str, location: str) -> str:
    """The absolute address that a redirect from `url` to `location` means; still to be judged."""
    if re.match(r"[a-z][a-z0-9+.-]*:", location, re.IGNORECASE | re.ASCII):
        return location
    try:
        return urljoin(url, location)
    except ValueError:
        return location


# -- how an address is shown ---------------------------------------------------------------------------

_SECRET_PARAMETERS: Final = frozenset(
    {"api_key", "api-key", "apikey", "key", "token", "access_token", "auth", "secret", "password", "sig"}
    | {"x-api-key", "api_token", "client_secret", "signature", "subscription-key", "authorization"}
)
_SECRET_HEADER: Final = pattern(r"key|token|secret|auth|cookie|password", re.IGNORECASE)
_LONGEST_SHOWN: Final = 10_000  # a batch of 100 DOIs stays whole


def is_secret_parameter(name: str) -> bool:
    """Whether the value of this query parameter is a key that nobody but the service may see."""
    return name.lower() in _SECRET_PARAMETERS


def is_secret_header(name: str) -> bool:
    """Whether the value of this header is a key: never shown, and not sent on to another server."""
    return _SECRET_HEADER.search(name) is not None


def without_secrets(url: str) -> str:
    """The URL with "***" for every key in its query, and without user name, password and fragment."""
    address, mark, query = url.partition("#")[0].partition("?")
    address = re.sub(r"(?<=//)[^/]*@", "", address)
    pairs = [pair.partition("=") for pair in query.split("&")]
    kept = ["".join((name, eq, "***" if eq and _hides(name) else value)) for name, eq, value in pairs]
    return address + mark + "&".join(kept)


def _hides(name: str) -> bool:
    return is_secret_parameter(unquote_plus(name))


def shown(url: str) -> str:
    """The URL for a log line or a message: no key, one line, nothing that a terminal would obey."""
    safe = "".join(mark if mark.isprintable() and mark != " " else "?" for mark in without_secrets(url))
    return safe if len(safe) <= _LONGEST_SHOWN else safe[:_LONGEST_SHOWN] + "..."
