"""Who registers a DOI: asked of doi.org once a prefix, kept for months, guessed from a small table till then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from harvester.agencies import has_metadata, is_settled, prefix_of, shipped_agency
from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.messages import Message
from harvester.model import Identifier, Outcome, Scheme
from harvester.sources import doi_org
from harvester.store import Library
from harvester.wire import Asker, Fetches, Request

_KEPT_DAYS: Final = 180


class Resolver(Struct, frozen=True):
    """doi.org as it is asked here: at which address, by whom."""

    base_url: str
    asker: Asker


class Registry(Struct, frozen=True):
    """The agency of every prefix that matters now, as doi.org says; None where it knows none.

    `guesses` are of the shipped table, for prefixes that it was not asked of, or could not be.
    """

    agencies: dict[str, str | None]
    guesses: dict[str, str | None] = {}

    def agency(self, identifier: Identifier) -> str | None:
        """The agency that is known to register a DOI; None for other schemes and unknown prefixes."""
        return self._look_up(self.agencies, identifier)

    def silent_agency(self, identifier: Identifier) -> str | None:
        """The agency of a DOI, known or probable, if it answers no machine."""
        agency = self.agency(identifier) or self._look_up(self.guesses, identifier)
        return None if agency is None or has_metadata(agency) else agency

    @staticmethod
    def _look_up(table: dict[str, str | None], identifier: Identifier) -> str | None:
        is_doi = identifier.scheme is Scheme.DOI
        return table.get(prefix_of(identifier.value)) if is_doi else None


class Told(Struct, frozen=True):
    """What doi.org says of prefixes, why it says no more, and how often it was asked."""

    agencies: dict[str, str | None]
    trouble: Message | None = None
    requests: int = 0


def registry_of(library: Library, identifiers: Iterable[Identifier], *, at: str) -> Registry:
    """The agencies of all DOIs among `identifiers`, as far as is known here; nobody is asked.

    Of prefixes that nobody knows yet (`guesses`) the shipped table's guess is told: only of agencies that
    answer no machine anything follows from it.
    """
    prefixes = sorted({prefix_of(one.value) for one in identifiers if one.scheme is Scheme.DOI})
    known: dict[str, str | None] = {one: shipped_agency(one) for one in prefixes if is_settled(one)}
    known |= _kept(library, [one for one in prefixes if one not in known], at)
    return Registry(known, {one: shipped_agency(one) for one in prefixes if one not in known})


def keep_agencies(library: Library, told: Told, *, at: str) -> None:
    """Keep what doi.org has told for the next time."""
    with library.writing() as connection:
        connection.executemany(
            "INSERT INTO agencies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " agency = excluded.agency, asked_at = excluded.asked_at",
            [(prefix, agency, at) for prefix, agency in told.agencies.items()],
        )


def completed(registry: Registry, told: Told) -> Registry:
    """The registry with what doi.org has told."""
    guesses = {one: guess for one, guess in registry.guesses.items() if one not in told.agencies}
    return Registry(registry.agencies | told.agencies, guesses)


def _kept(library: Library, prefixes: Sequence[str], at: str) -> dict[str, str | None]:
    since = (datetime.fromisoformat(at) - timedelta(days=_KEPT_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    kept = {}
    for prefix in prefixes:
        query = "SELECT agency FROM agencies WHERE prefix = ? AND asked_at >= ?"
        for row in library.rows(query, (prefix, since)):
            kept[prefix] = row[0]
    return kept


def ask_agencies(prefixes: Iterable[str], resolver: Resolver, fetcher: Fetches) -> Told:
    """What doi.org says of `prefixes`: in lists, and of those that a list leaves out singly."""
    limit = doi_org.limits(resolver.asker)["single"]
    waiting = list(doi_org.ra_requests(resolver.base_url, prefixes, resolver.asker))
    told: dict[str, str | None] = {}
    count = 0
    while waiting:
        request = waiting.pop(0)
        count += 1
        try:
            told |= doi_org.parse_agencies(fetcher.fetch(request, limit))
        except SourceUnavailable as error:
            return Told(told, error.message, count)
        except ParseError as error:
            if len(request.asked) == 1:
                return Told(told, error.message, count)
        waiting += _singly(request, told, resolver)
    return Told(told, None, count)


def _singly(request: Request, told: dict[str, str | None], resolver: Resolver) -> list[Request]:
    if len(request.asked) == 1:
        return []
    left = [one.value for one in request.asked if one.value not in told]
    return [
        one for prefix in left for one in doi_org.ra_requests(resolver.base_url, [prefix], resolver.asker)
    ]


def resolve_short(
    identifiers: Iterable[Identifier], resolver: Resolver | None, fetcher: Fetches
) -> dict[Identifier, Identifier | Outcome]:
    """What each short DOI ("10/abc") among `identifiers` stands for; where that is not told, how it ended.

    No metadata service knows short DOIs: their not-found would say nothing, so nobody else is asked.
    """
    shorts = [one for one in dict.fromkeys(identifiers) if doi_org.is_short(one)]
    return {one: _resolved(one, resolver, fetcher) for one in shorts}


def _resolved(short: Identifier, resolver: Resolver | None, fetcher: Fetches) -> Identifier | Outcome:
    if resolver is None:
        return Outcome.DEFERRED
    request = doi_org.handle_request(resolver.base_url, short, resolver.asker)
    try:
        handle = doi_org.parse_handle(fetcher.fetch(request, doi_org.limits(resolver.asker)["single"]))
    except SourceRefused:
        return Outcome.REFUSED
    except SourceUnavailable:
        return Outcome.DEFERRED
    except ParseError:
        return Outcome.MALFORMED
    return handle.alias_of or (Outcome.MALFORMED if handle.exists else Outcome.ABSENT)
