"""The shapes at the edge: what is asked of a service, what comes back, what a document yields.

Sources and formats are data with functions: no classes to inherit from, no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TextIO

from msgspec import Struct

from harvester.messages import Message
from harvester.model import Identifier, Record, Scheme


class Skip(Struct, frozen=True):
    """Something that was read and not used: where ("seed.txt:3", "item 17") and why.

    `fatal` skips cost an item of input; others are remarks (a label cut off, a broken inner string).
    """

    where: str
    why: Message
    fatal: bool = True


class Request(Struct, frozen=True, kw_only=True):
    """One question to a service; `asked` are the identifiers it should answer.

    `secrets` are keys that travel in the body: they are shown and kept as little as those of headers.
    """

    service: str
    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: bytes | None = None
    asked: tuple[Identifier, ...] = ()
    limit: str = "single"  # which of the source's limits it counts against
    secrets: tuple[str, ...] = ()


class Payload(Struct, frozen=True, kw_only=True):
    """One answer, decompressed and under the size cap, redirects followed."""

    service: str
    url: str
    status: int
    content_type: str
    body: bytes
    retrieved_at: str
    asked: tuple[Identifier, ...] = ()


class Page(Struct, frozen=True, kw_only=True):
    """What an answer says.

    `absent` ids are so by the service's own documented not-found; `missing` ids were dropped by a batch
    without a word (ask singly before believing it). `follow` are requests that this answer leads to, for
    the same identifiers: they settle what is still open (PubMed: a search gives ids, a fetch the records).
    """

    records: tuple[Record, ...] = ()
    absent: tuple[Identifier, ...] = ()
    missing: tuple[Identifier, ...] = ()
    skips: tuple[Skip, ...] = ()
    follow: tuple[Request, ...] = ()


class Limit(Struct, frozen=True):
    """What a service allows: requests a second, how many at once, and how much a day, anew at 00:00 UTC.

    `price` is what a request takes of the day's budget, `a_day` the budget (None: there is none) and
    `cap_a_day` what a person allows of it; all three in the service's own units (requests, credits).
    """

    per_second: float
    concurrency: int
    price: float = 0.0
    a_day: float | None = None
    cap_a_day: float | None = None


class Asker(Struct, frozen=True):
    """Who asks: the polite identity and the key, if any. Never logged, never stored."""

    email: str | None = None
    key: str | None = None


def _of_one_kind(asked: Sequence[Identifier]) -> tuple[Sequence[Identifier], ...]:
    return (asked,)


class Source(Struct, frozen=True, kw_only=True):
    """One service: how to ask it, how to read it, what it allows. No I/O.

    `batch(base_url, identifiers, asker)` yields the fewest requests that cover them all;
    `single(base_url, identifier, asker)` asks for one; `parse(payload)` reads any of its answers and
    raises ParseError, SourceUnavailable or SourceRefused where the answer is none.
    `limits(asker)` names the limits in force for this identity by `Request.limit`. `kinds(identifiers)` are
    asked apart from each other where they made a batch that cannot be read.

    `agencies` are the registration agencies (doi.org's names) whose DOIs this service registers: it is
    asked first, and its not-found counts. `only_for` are the agencies whose DOIs it can know at all
    (empty: of any). `schemes` are the identifiers it can be asked by. `licence` is that of its data.
    `leads_to` are further addresses that its answers are redirected to. `explains` says that it tells in
    the body of a 402, 403 or 429 what it means by it; `needs_email` that it answers nobody without one.
    `join` makes one request of several that answers lead to, for at most `join_most` identifiers.
    """

    name: str
    base_url: str
    key_variable: str | None
    batch: Callable[[str, Sequence[Identifier], Asker], Iterator[Request]]
    single: Callable[[str, Identifier, Asker], Request]
    parse: Callable[[Payload], Page]
    limits: Callable[[Asker], dict[str, Limit]]
    kinds: Callable[[Sequence[Identifier]], tuple[Sequence[Identifier], ...]] = _of_one_kind
    agencies: tuple[str, ...] = ()
    only_for: tuple[str, ...] = ()
    schemes: tuple[Scheme, ...] = (Scheme.DOI,)
    licence: str = ""
    leads_to: tuple[str, ...] = ()
    explains: bool = False
    needs_email: bool = False
    join: Callable[[Sequence[Request]], Request] | None = None
    join_most: int = 0


class Fetches(Protocol):
    """Whoever turns a request into a payload."""

    def fetch(self, request: Request, limit: Limit) -> Payload:
        """The answer; raises SourceUnavailable or SourceRefused where there is none."""


class Context(Struct, frozen=True):
    """Of which document, and as of when: what a format's parser may know of the outside."""

    document: str
    retrieved_at: str


class Format(Struct, frozen=True, kw_only=True):
    """One way in.

    `sniff(head)` tells from the first 64 Ki characters whether a text is of this format;
    `parse(stream, context)` streams records, identifiers still to be resolved, and skips, in order.
    """

    name: str
    sniff: Callable[[str], bool]
    parse: Callable[[TextIO, Context], Iterator[Record | Identifier | Skip]]
