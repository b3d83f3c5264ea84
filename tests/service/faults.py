"""Answers that go wrong, each by a word:

ok                            no fault
429, 500, 502, 503, 504, 401, 403        that status, with the body that the service has for it
429 budget, 429 plan          OpenAlex: the day's money is spent; asked for what only payers get
complaint                     PubMed, Europe PMC: a failure told inside a 200
503 retry-after=2             the same with a Retry-After header: seconds, an HTTP date, or date+2 for
                              the HTTP date two seconds from now
captcha                       a human check in HTML with status 200
truncated                     JSON that stops halfway, the HTTP around it being in order
cut                           the connection is closed halfway through the body
reset                         the connection is reset with no answer at all
gzip, badgzip                 a packed body whether asked for or not; one that cannot be unpacked
empty, null                   status 200 and nothing, or the JSON value null
slow 2                        a right answer, so many seconds late
charset                       a right answer that says it is in ISO 8859-1
gb18030                       the answer in GB18030 that says it is in UTF-8
broken                        NaN and Infinity for every value of JSON; XML with an end tag too few
another                       the answer about other works than asked: prefix 10.5556 in place of 10.5555
loop, private                 a redirect to itself; to an address of the own network
bomb                          a small gzip body that unpacks to 30 million bytes
echo, echo 401                the caller's keys in a header and in the title; in a header and the body of that status
silent, trickle               the connection stays open and says nothing; a byte a second
long, short                   a Content-Length of more, of less than the body that follows
"""

from __future__ import annotations

import random
import re
import socket
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from tests.service.errors import ERRORS, complaint
from tests.service.raw_wire import WORDS
from tests.service.replies import Reply, http_date
from tests.service.scenario import ServiceName

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

BY_CHANCE = ("429", "500", "503 retry-after=1", "504", "captcha", "truncated", "cut", "reset", "empty")
_PLAIN = ("ok", "captcha", "complaint", "truncated", "cut", "reset", "gzip", "badgzip", "empty", "null")
_MORE = ("charset", "gb18030", "broken", "another", "loop", "private", "bomb", "echo", *WORDS)
OWN_FAULTS = {"complaint": ("pubmed", "europepmc"), "budget": ("openalex",), "plan": ("openalex",)}
CAPTCHA = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head>"
    b"<body><h1>Checking that you are human</h1></body></html>"
)


@cache
def _packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(megabytes)]
    return b"".join(pieces) + packer.flush()


class Plan:
    """The faults of one service: first the listed ones in turn, then by chance."""

    def __init__(self, service: ServiceName, faults: Sequence[str], rate: float, seed: int) -> None:
        for word in faults:
            check(word, service)
        self._listed = iter(faults)
        self._rate = rate
        self._chance = random.Random(seed)

    def next(self) -> str:
        """The word for the next answer."""
        if (listed := next(self._listed, None)) is not None:
            return listed
        if self._rate and self._chance.random() < self._rate:
            return self._chance.choice(BY_CHANCE)
        return "ok"


def check(word: str, service: ServiceName) -> None:
    """Raises ValueError for a word that is no fault, or none of this service."""
    head, _, why = word.partition(" ")
    plain = (*_PLAIN, "slow", *_MORE)
    if head not in plain and not (head.isdigit() and 400 <= int(head) <= 599):
        raise ValueError(
            f"{word!r} is no fault: expected a status of 400 to 599 or one of {', '.join(plain)}"
        )
    owners = OWN_FAULTS.get(head) or OWN_FAULTS.get(why)
    if owners and service not in owners:
        raise ValueError(f"{word!r} is no fault of {service}: only of {', '.join(owners)}")


def delay_s(word: str) -> float:
    """How late the answer comes."""
    return float(word.removeprefix("slow ")) if word.startswith("slow") else 0.0


def on_redirect(word: str) -> str:
    """What is left of a fault where the answer is a redirect, which has no body to be spoilt."""
    head = word.partition(" ")[0]
    return word if head.isdigit() or head in ("reset", "silent", "loop", "private") else "ok"


def spoil(word: str, reply: Reply, *, service: ServiceName) -> Reply:
    """What the caller gets in place of `reply` ("cut" and "reset" are the connection's affair)."""
    match word.partition(" ")[0]:
        case "captcha":
            return Reply(200, CAPTCHA, "text/html; charset=UTF-8")
        case "complaint":
            return complaint(service, reply)
        case "truncated":
            return reply.with_body(reply.body[: len(reply.body) // 2])
        case "gzip":
            return reply.packed()
        case "badgzip":
            return reply.with_body(b"\x1f\x8b\x08\x00" + reply.body[:40], content_encoding="gzip")
        case "empty" | "null" as head:
            return reply.with_body(b"null" if head == "null" else b"")
        case head if head.isdigit():
            return _status(word, service)
        case head:
            return _SPOILERS[head](reply) if head in _SPOILERS else reply


def echoed(word: str, reply: Reply, keys: Sequence[str]) -> Reply:
    """The reply with the caller's keys told back, as careless gateways do."""
    said = " ".join(keys)
    status = word.removeprefix("echo").strip()
    if status:
        return Reply(int(status), f"no access with {said}".encode(), "text/plain", {"x-echo": said})
    body = re.sub(rb'("title":\s*\[?"|<ArticleTitle>)', rb"\g<1>" + said.encode() + b" ", reply.body)
    return reply.with_body(body, x_echo=said)


def _renamed(reply: Reply) -> Reply:
    return reply.with_body(reply.body.replace(b"10.5555", b"10.5556"))


def _broken(reply: Reply) -> Reply:
    if reply.body.lstrip().startswith(b"<"):
        return reply.with_body(reply.body.replace(b"</", b"<", 1))
    value = msgspec.json.decode(reply.body)
    if isinstance(value, list):
        return reply.with_body(b"[" + b",".join([b"NaN"] * len(value)) + b"]")
    members = (msgspec.json.encode(name) + b":-Infinity" for name in value)
    return reply.with_body(b"{" + b",".join(members) + b"}")


_SPOILERS: dict[str, Callable[[Reply], Reply]] = {
    "charset": lambda reply: Reply(
        reply.status, reply.body, f"{reply.content_type.partition(';')[0]}; charset=ISO-8859-1", reply.headers
    ),
    "gb18030": lambda reply: reply.with_body(reply.body.decode().encode("gb18030")),
    "broken": _broken,
    "another": _renamed,
    "loop": lambda reply: Reply(302, b"", "text/html", {"location": "?"}),
    "private": lambda reply: Reply(302, b"", "text/html", {"location": "http://10.0.0.1/latest/"}),
    "bomb": lambda reply: reply.with_body(_packed_zeros(30), content_encoding="gzip"),
}


def _status(word: str, service: ServiceName) -> Reply:
    head, _, after = word.partition(" retry-after=")
    status, _, why = head.partition(" ")
    reply = ERRORS[service](int(status), why)
    if not after:
        return reply
    if after.startswith("date+"):
        after = http_date(time.time() + float(after.removeprefix("date+")))
    return reply.with_headers({"retry-after": after})


class Broken(Response):
    """A connection that ends before its answer does: at once, or `after` so many bytes of the body.

    Needs scope["transport"]; where there is none (no real connection), ConnectionResetError is raised.
    """

    def __init__(self, reply: Reply, *, after: int | None) -> None:
        super().__init__(reply.body, reply.status, media_type=reply.content_type)
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope.get("transport")
        if transport is None:
            raise ConnectionResetError("the sample service breaks the connection")
        if self._after is None:
            # Closing with linger 0 sends a reset, not the orderly end of a connection.
            raw = transport.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            body = bytes(self.body)[: self._after]
            await send({"type": "http.response.body", "body": body, "more_body": True})
            transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
