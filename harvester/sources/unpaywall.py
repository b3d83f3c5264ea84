"""Unpaywall: where a work can be read free of charge, and under which licence.

It takes one DOI a call, wants an e-mail address with each, and knows Crossref's DOIs only. Since 2025 it
runs on the code of OpenAlex and says the same as its `best_oa_location`, a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from harvester import identifiers as ids
from harvester import text
from harvester.access import open_access
from harvester.errors import ParseError, SourceRefused
from harvester.messages import message
from harvester.model import Container, Contributor, Identifier, Origin, Record
from harvester.sources.asking import askable, require_askable
from harvester.sources.describing import (
    contributor_of,
    japanese_hint,
    required_doi,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.matching import answered_with_another, read_all
from harvester.sources.openalex_fields import WORK_TYPES, given_first, issued
from harvester.sources.reading import (
    Fields,
    as_text,
    compact_json,
    excerpt,
    load_json,
    require_object,
    require_service,
)
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

NAME: Final = "unpaywall"
_NOT_FOUND_PAGE: Final = b"The requested URL was not found on the server."
_NOT_FOUND: Final = "isn't in Unpaywall"


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """A request for every DOI; none at all without an e-mail address. Other schemes are not asked."""
    if not asker.email:
        return
    for identifier in askable(identifiers):
        yield single(base_url, identifier, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The look-up of one DOI.

    Raises InvalidIdentifier for other schemes, SourceRefused without an e-mail address.
    """
    require_askable(identifier, NAME)
    if not asker.email:
        raise SourceRefused(message("email-needed", service=NAME))
    return Request(
        service=NAME,
        url=f"{base_url}/{quote(identifier.value, safe='')}",
        params=(("email", asker.email),),
        asked=(identifier,),
        limit="single",
    )


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """100,000 calls a day are allowed; a pace is not stated."""
    return {"single": Limit(10.0, 4, price=1.0, a_day=100_000.0)}


def parse(payload: Payload) -> Page:
    """The work of a look-up, or the works of a search.

    Raises SourceRefused where an e-mail address is missing or no real one (422), ParseError for what is no
    answer, SourceUnavailable and SourceRefused as `require_service` says.
    """
    if payload.status == 404 and len(payload.asked) <= 1 and _NOT_FOUND_PAGE in payload.body:
        return Page(absent=payload.asked)
    require_service(payload)
    answer = require_object(load_json(payload))
    if answer.get("error") or payload.status >= 400:
        return _complained(payload, as_text(answer.get("message")) or excerpt(answer))
    records, skips = read_all(_works(answer), parse_work, payload.retrieved_at)
    return _matched(payload, records, skips)


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work, alone or in the wrapping of a search result.

    What is left out of it for its type is added to `remarks`. Raises ParseError without a usable DOI.
    """
    if isinstance(data, dict) and isinstance(data.get("response"), dict):
        data = data["response"]
    data = require_object(data)
    doi = required_doi(as_text(data.get("doi")), "doi")
    work = Fields(data, doi.value, [])
    record = _record(work, doi, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.unpaywall.org/v2",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    needs_email=True,
    only_for=("Crossref",),
    licence="CC0 1.0",
)


# -- answers ---------------------------------------------------------------------------------------------


def _complained(payload: Payload, words: str) -> Page:
    if payload.status == 404 and len(payload.asked) <= 1 and _NOT_FOUND in words:
        return Page(absent=payload.asked)
    if payload.status == 422 and "email" in words.casefold():
        raise SourceRefused(message("email-needed", service=NAME))
    raise ParseError(message("service-says", service=NAME, status=payload.status, words=excerpt(words)))


def _works(answer: dict[str, object]) -> list[object]:
    results = answer.get("results")
    if isinstance(results, list):
        return list(results)
    if "doi" not in answer and "response" not in answer:
        raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
    return [answer]


def _matched(payload: Payload, records: list[Record], skips: list[Skip]) -> Page:
    """What was asked for; another work in its place is left out, with a fatal skip at the asked DOI."""
    asked = {identifier.value: identifier for identifier in payload.asked}
    kept = [record for record in records if not asked or record.source_key in asked]
    strangers = [record.source_key for record in records if record not in kept]
    why = [
        answered_with_another(asked[each], strangers, NAME)
        for each in sorted(asked)
        if strangers and not kept
    ]
    return Page(records=tuple(kept), skips=(*skips, *why))


# -- one record ------------------------------------------------------------------------------------------


def _record(work: Fields, doi: Identifier, retrieved_at: str, document: str | None) -> Record:
    raw_titles = work.texts("title")
    genre = work.text("genre")
    best = work.inner("best_oa_location")
    urls = (best.text("url_for_pdf"), best.text("url"), best.text("url_for_landing_page"))
    return Record(
        source=NAME,
        source_key=doi.value,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=(doi,),
        titles=titles_of(raw_titles, Origin.AGGREGATOR, japanese_hint(raw_titles)),
        contributors=_contributors(work),
        container=_container(work),
        issued=issued(work, "published_date", "year"),
        work_type=WORK_TYPES.get(genre, genre) if genre else None,
        publisher=_clean(work.text("publisher")),
        url=web_address(work.text("doi_url")),
        is_open_access=work.flag("is_oa"),
        open_access=open_access(
            next((url for url in map(web_address, urls) if url), None),
            licence_said=best.text("license"),
            status=work.text("oa_status"),
            host=best.text("host_type"),
            version=best.text("version"),
        ),
        extra=compact_json(
            {
                "oaDate": best.text("oa_date"),
                "oaEvidence": best.text("evidence"),
                "isParatext": work.flag("is_paratext") or None,
            }
        ),
    )


def _contributors(work: Fields) -> tuple[Contributor, ...]:
    """The authors by parts, as Crossref tells them; since 2025 by the name on the title page."""
    authors = list(work.objects("z_authors"))
    shown = [_clean(author.text("raw_author_name")) for author in authors]
    voted = iter(given_first([name for name in shown if name]))
    found = []
    for author, name in zip(authors, shown, strict=True):
        person = next(voted) if name else _by_parts(author)
        if person is not None:
            found.append(_with_details(person, author))
    return tuple(found)


def _by_parts(author: Fields) -> Contributor | None:
    return contributor_of(
        family=author.text("family"),
        given=author.text("given"),
        name=author.text("name"),
        suffix=author.text("suffix"),
    )


def _with_details(person: Contributor, author: Fields) -> Contributor:
    places = [place.text("name") for place in author.objects("affiliation")]
    return replace(
        person,
        orcid=ids.parse_orcid(author.text("ORCID") or ""),
        affiliations=unique(map(_clean, [*places, *author.texts("raw_affiliation_strings")])),
    )


def _container(work: Fields) -> Container | None:
    title = _clean(work.text("journal_name"))
    if title is None:
        return None
    issns = [*(work.text("journal_issns") or "").split(","), work.text("journal_issn_l") or ""]
    return Container(title=title, issns=unique(ids.parse_issn(raw.strip()) for raw in issns if raw.strip()))


def _clean(raw: str | None) -> str | None:
    return text.clean_title(raw) if raw else None
