"""What goes over the wire for a Request, and for each redirect of it, and what comes back. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from msgspec import Struct

import harvester
from harvester.addresses import (
    Origin,
    is_secret_header,
    is_secret_parameter,
    next_url,
    origin,
    refusal,
    shown,
    without_secrets,
)
from harvester.errors import ConfigError, SourceRefused, SourceUnavailable
from harvester.messages import Message, message
from harvester.patterns import pattern
from harvester.wire import Limit, Request

_SHORTEST_SECRET: Final = 6  # taking shorter ones out of texts would take out half the alphabet
_HEADER_NAME: Final = pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = pattern(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")
_EMAIL: Final = pattern(r"[!#-'*-;=?-~]+")  # printable, without blanks, quotes, round or angle brackets

EXPLAINABLE: Final = frozenset({402, 403, 429})
REFUSED: Final = frozenset({401, 403})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BODILESS: Final = frozenset({204, 205, 304})


class Hop(Struct, frozen=True):
    """One request as it is sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = None


class Answer(Struct, frozen=True):
    """What came back; header names in lower case, no body where none is wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as it is written there; None if this is none."""
        return self.headers.get("location") if self.status in _REDIRECTS else None


def may_pass(status: int) -> bool:
    """Whether the same question may get an answer later."""
    return status in {408, 425, 429} or status >= 500


def has_wanted_body(status: int) -> bool:
    """Whether the answer has a body that somebody will read."""
    return not (status in _REDIRECTS | REFUSED | _BODILESS or may_pass(status))


def user_agent(email: str | None) -> str:
    """The polite identity: who we are, and whom to write to. Raises ConfigError for no e-mail address."""
    name = f"harvester/{harvester.__version__}"
    if email is None:
        return name
    if "@" not in email or not _EMAIL.fullmatch(email):
        raise ConfigError(message("fetch-email", email=shown(email)))
    return f"{name} (+mailto:{email})"


def base_origin(url: str) -> Origin:
    """The server of a configured base URL. Raises ConfigError if it is no plain web address."""
    found = origin(url)
    if found is None:
        raise ConfigError(message("fetch-base", url=shown(url)))
    return found


def first_hop(request: Request, own_headers: tuple[tuple[str, str], ...]) -> Hop:
    """The request as asked; `own_headers` win over those of the same name.

    Raises SourceRefused for a header that cannot be sent: a key with a line break from its file would
    end up, in full, in the error of the library that meets it.
    """
    ours = {name.lower() for name, _ in own_headers}
    headers = tuple(it for it in request.headers if it[0].lower() not in ours) + own_headers
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise SourceRefused(message("fetch-header", service=request.service, header=shown(name)))
    return Hop(request.method, _with_params(request), headers, request.body)


def _with_params(request: Request) -> str:
    if not request.params:
        return request.url
    query = urlencode(request.params, quote_via=quote, safe=":,/*")
    return f"{request.url}{'&' if '?' in request.url else '?'}{query}"


def next_hop(hop: Hop, status: int, location: str) -> Hop:
    """Where a redirect leads; still to be judged. Keys stay behind when the server changes."""
    url = next_url(hop.url, location)
    headers = hop.headers
    if origin(url) != origin(hop.url):
        headers = tuple(it for it in headers if not is_secret_header(it[0]))
    if status == 303:
        return Hop("GET", url, headers)
    return Hop(hop.method, url, headers, hop.body)


def check_url(url: str, allowed: Collection[Origin], *, allow_private: bool) -> None:
    """Raises SourceUnavailable unless `url` may be opened and leads to one of the `allowed` servers."""
    why = refusal(url, allowed, allow_private=allow_private)
    if why is None and origin(url) not in allowed:
        why = message("fetch-host", url=shown(url))
    if why is not None:
        raise SourceUnavailable(why)


class Secrets:
    """The keys of one request, and texts without them."""

    def __init__(self, request: Request) -> None:
        values = [*request.secrets, *(value for name, value in request.params if is_secret_parameter(name))]
        for name, value in request.headers:
            if is_secret_header(name):
                values += [value, *value.split()]
        self._values = tuple(sorted(_spellings(values), key=len, reverse=True))
        self._bytes = tuple(value.encode() for value in self._values)

    def hide(self, text: str) -> str:
        """The text with "***" for every key in it."""
        for value in self._values:
            text = text.replace(value, "***")
        return text

    def hide_bytes(self, body: bytes) -> bytes:
        """The body, with asterisks for a key that the service echoed."""
        for value in self._bytes:
            if value in body:
                body = body.replace(value, b"*" * len(value))
        return body

    def hide_in(self, why: Message) -> Message:
        """The message, with no key in any of its values."""
        return Message(
            why.key,
            {name: self.hide(it) if isinstance(it, str) else it for name, it in why.values.items()},
        )

    def shown(self, url: str) -> str:
        """The URL for a log line."""
        return self.hide(shown(url))

    def stored(self, url: str) -> str:
        """The URL for a payload: whole, but for the keys."""
        return self.hide(without_secrets(url))


def _spellings(values: Iterable[str]) -> set[str]:
    """Each key as it is and as a URL spells it; what is too short, or a mere scheme, is none."""
    keys = {value for value in values if len(value) >= _SHORTEST_SECRET and value.lower() != "bearer"}
    return keys | {quote(key, safe="") for key in keys}


@dataclass(slots=True)
class Errand:
    """One question on its way: how often it may still be asked, until when, and what of it is secret."""

    request: Request
    limit: Limit
    secrets: Secrets
    attempts: int
    give_up_at: float

    @property
    def service(self) -> str:
        return self.request.service

    def __str__(self) -> str:
        asked = ",".join(f"{it.scheme}:{it.value}" for it in self.request.asked)
        return f"{self.request.method} {self.secrets.shown(self.request.url)} {asked}".rstrip()


class Transient(Exception):  # noqa: N818  it is none yet
    """An attempt that came to nothing; the next may do better."""

    def __init__(self, why: Message, wait_s: float | None = None, *, is_hopeless: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after_s = wait_s
        self.is_hopeless = is_hopeless  # one more try, and no more
