"""DOAJ, the Directory of Open Access Journals: articles, as their publishers gave them to the directory.

It is asked by a search whose query stands in the path. A search that tells all its hits has also told what it
does not hold: those DOIs are absent. Its DOIs keep the case that the publisher wrote, so both are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from harvester import identifiers, names
from harvester.access import open_access
from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import Container, Contributor, Identifier, Locus, Origin, PartialDate, Record
from harvester.sources.asking import askable, groups_within, require_askable
from harvester.sources.describing import (
    abstracts_of,
    is_han,
    japanese_hint,
    locus_of,
    partial_date,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.matching import read_all, remarks_on, told_apart, unanswered
from harvester.sources.reading import (
    Fields,
    as_integer,
    as_text,
    compact_json,
    excerpt,
    load_json,
    require_object,
    require_service,
)
from harvester.text import clean_title
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

NAME: Final = "doaj"
BATCH_SIZE: Final = 20
PATH_CAP: Final = 3_000  # characters on the wire
PAGE_SIZE: Final = 100  # the most that it tells at once
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:  # noqa: ARG001
    """Searches for at most 20 DOIs each. Identifiers that are no DOIs are not asked."""
    for group in groups_within(PATH_CAP, BATCH_SIZE, askable(identifiers), _cost):
        yield _search(base_url, group)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:  # noqa: ARG001
    """The search for one DOI. Raises InvalidIdentifier for other schemes."""
    require_askable(identifier, NAME)
    return _search(base_url, [identifier])


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001
    """Two requests a second."""
    return {"all": Limit(2.0, 2)}


def parse(payload: Payload) -> Page:
    """The articles of a search, of a single look-up by DOAJ's own id, or a bare list.

    With nothing asked every article is read. Raises ParseError for HTML, cut-off JSON, an answer about
    something else than articles, any complaint in the service's own words; SourceUnavailable and SourceRefused
    as `require_service` says.
    """
    require_service(payload)
    answer = load_json(payload)
    if payload.status >= 400:
        words = as_text(answer.get("error") or answer.get("status")) if isinstance(answer, dict) else None
        raise ParseError(
            message("service-says", service=NAME, status=payload.status, words=words or excerpt(answer))
        )
    items = _articles(answer)
    records, skips = read_all(items, parse_work, payload.retrieved_at)
    if not payload.asked:
        return Page(records=tuple(records), skips=tuple(skips))
    total = as_integer(answer.get("total")) if isinstance(answer, dict) else None
    return _matched(payload, records, skips, is_all=total is not None and total <= len(items))


SOURCE: Final = Source(
    name=NAME,
    base_url="https://doaj.org",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    licence="CC0 1.0",
)


# -- asking ----------------------------------------------------------------------------------------------


def _search(base_url: str, group: Sequence[Identifier]) -> Request:
    query = " OR ".join(map(_clause, group))
    return Request(
        service=NAME,
        url=f"{base_url}/api/search/articles/{quote(query, safe='')}",
        params=(("pageSize", str(PAGE_SIZE)),),
        asked=tuple(group),
        limit="all",
    )


def _clause(identifier: Identifier) -> str:
    spellings = dict.fromkeys((identifier.value, identifier.value.upper()))
    return " OR ".join(f'doi:"{_escaped(spelling)}"' for spelling in spellings)


def _cost(identifier: Identifier) -> int:
    return len(quote(_clause(identifier), safe="")) + 8  # " OR " between two


def _escaped(doi: str) -> str:
    """A DOI inside a quoted phrase: wildcards and slashes are refused or read as patterns even there."""
    return re.sub(r'([\\"/?*~])', r"\\\1", doi)


# -- reading ---------------------------------------------------------------------------------------------


def _articles(answer: object) -> list[object]:
    """The articles of an answer, still as JSON; raises ParseError where it is about something else."""
    if isinstance(answer, list):
        return answer
    answer = require_object(answer)
    results = answer.get("results")
    if isinstance(results, list):
        if results and not any(isinstance(item, dict) and is_work(item) for item in results):
            raise ParseError(message("not-a-work-reply", found=excerpt(results[0])))
        return results
    if is_work(answer):
        return [answer]
    raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(map(str, answer))))))


def is_work(data: Mapping[str, object]) -> bool:
    """Whether a JSON object is an article (not a journal) in the directory's own form."""
    inner = data.get("bibjson")
    return isinstance(inner, dict) and not {"pissn", "eissn", "oa_start"} & inner.keys()


def _matched(payload: Payload, records: Sequence[Record], skips: list[Skip], *, is_all: bool) -> Page:
    kept, foreign = told_apart(records, payload.asked)
    rest = unanswered(payload.asked, kept)
    unread = any(skip.fatal for skip in skips)  # one of the rest may be what could not be read
    is_ours = bool(kept) or not foreign  # the answer to another question leaves out anything
    is_told = is_all and not unread and is_ours
    return Page(
        records=tuple(kept),
        absent=rest if is_told else (),
        missing=rest if not is_told and len(payload.asked) > 1 else (),
        skips=(*skips, *remarks_on(foreign, NAME)),
    )


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one article: an item of `results`.

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no work to keep:
    no object, no `bibjson`, neither a DOI nor the directory's own id.
    """
    data = require_object(data)
    own = as_text(data.get("id"))
    work = Fields(data, own or "article", [])
    inner = work.inner("bibjson")
    doi = _doi(inner)
    if not is_work(data) or (own is None and doi is None):
        raise ParseError(message("no-key-in-record", key="id" if is_work(data) else "bibjson"))
    record = _record(inner, doi, own, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


def _record(
    work: Fields, doi: Identifier | None, own: str | None, retrieved_at: str, document: str | None
) -> Record:
    title = work.text("title")
    abstract = work.text("abstract")
    kana = japanese_hint(filter(None, (title, abstract)))
    journal = work.inner("journal")
    languages = journal.texts("language")
    hint = kana or (languages[0] if len(languages) == 1 else None)
    return Record(
        source=NAME,
        source_key=own or (doi.value if doi else ""),
        retrieved_at=retrieved_at,
        document=document,
        identifiers=(doi,) if doi else (),
        titles=titles_of([title] if title else [], Origin.AGGREGATOR, hint),
        abstracts=abstracts_of(abstract, Origin.AGGREGATOR, hint),
        contributors=tuple(filter(None, map(_author, work.objects("author")))),
        container=_container(work, journal),
        locus=_locus(work, journal),
        issued=_issued(work),
        work_type="journal-article",
        publisher=_clean(journal.text("publisher")),
        is_open_access=True,
        open_access=open_access(_full_text(work)),
        subjects=unique(map(_clean, work.texts("keywords"))),
        extra=compact_json(
            {
                "journal-language": languages,
                "subject": list(unique(each.text("term") for each in work.objects("subject"))),
            }
        ),
    )


def _doi(work: Fields) -> Identifier | None:
    for each in work.objects("identifier"):
        raw = each.text("id")
        if (each.text("type") or "").casefold() == "doi" and raw:
            try:
                return identifiers.parse_doi(raw)
            except InvalidIdentifier:
                work.note("identifier", raw)
    return None


def _author(person: Fields) -> Contributor | None:
    """One author: "Given Family" as a rule, taken apart only where a comma or Han script shows how."""
    name = _clean(person.text("name"))
    if name is None:
        return None
    read = names.parse_name(name) if "," in name or is_han(name) else Contributor(name)
    return Contributor(
        name=read.name,
        family=read.family,
        given=read.given,
        name_zh=read.name_zh,
        orcid=identifiers.parse_orcid(person.text("orcid_id") or ""),
        affiliations=unique([_clean(person.text("affiliation"))]),
    )


def _container(work: Fields, journal: Fields) -> Container | None:
    title = _clean(journal.text("title"))
    if title is None:
        return None
    typed = [
        each.text("id")
        for each in work.objects("identifier")
        if (each.text("type") or "").casefold() in {"pissn", "eissn"}
    ]
    raws = [*typed, *journal.texts("issns")]
    return Container(title=title, issns=unique(identifiers.parse_issn(raw) for raw in raws if raw))


def _locus(work: Fields, journal: Fields) -> Locus | None:
    pages = "-".join(filter(None, (work.text("start_page"), work.text("end_page"))))
    return locus_of(journal.text("volume"), journal.text("number"), pages or None)


def _issued(work: Fields) -> PartialDate | None:
    """Year and month; the month is a number, or a name."""
    month = work.text("month") or ""
    name = month[:3].casefold()
    number = as_integer(month) or (_MONTHS.index(name) + 1 if name in _MONTHS else 0)
    return partial_date([work.text("year"), number])


def _full_text(work: Fields) -> str | None:
    links = (each for each in work.objects("link") if (each.text("type") or "").casefold() == "fulltext")
    return next(filter(None, (web_address(link.text("url")) for link in links)), None)


def _clean(raw: str | None) -> str | None:
    return clean_title(raw) if raw else None
