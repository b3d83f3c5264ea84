"""OpenCitations: open citation counts, and the bibliographic data of what it counts.

Its index answers "0" to a work that nobody cites and to one that it does not know. So Meta is asked first,
ten works at a time (it breaks down at fifteen), and the index only for the works that Meta knows: a 0 means 0
then. The two answers are two records of one work. Asked with the colon and slashes as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from harvester import identifiers, names
from harvester.access import open_access
from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import Container, Contributor, Identifier, Origin, Record, Scheme
from harvester.patterns import pattern
from harvester.sources.asking import askable, groups_of, require_askable
from harvester.sources.describing import (
    identifier_of,
    iso_date,
    japanese_hint,
    locus_of,
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

NAME: Final = "opencitations"
BATCH_SIZE: Final = 10
_BETWEEN: Final = "__"
_SCHEMES: Final = (Scheme.DOI, Scheme.PMID)
_COUNT_PATH: Final = "/index/v2/citation-count/"
_META_PATH: Final = "/meta/v1/metadata/"
_TYPES: Final = {"web-content": "posted-content", "data-file": "dataset"}
_NOTES: Final = pattern(r"\s*\[([^\[\]]*)\]\s*$")  # "[orcid:0000-0002-1825-0097 omid:ra/06]" behind a name


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Ten works at a time, by DOI or PubMed id; a DOI that holds the separator of the list singly.

    Identifiers of other schemes are not asked.
    """
    known = askable(identifiers, _SCHEMES)
    for each in known:
        if _BETWEEN in each.value:
            yield single(base_url, each, asker)
    for group in groups_of(BATCH_SIZE, [each for each in known if _BETWEEN not in each.value]):
        yield _question(base_url, _META_PATH, group)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:  # noqa: ARG001
    """What Meta knows of one work. Raises InvalidIdentifier for schemes that it is not asked by."""
    require_askable(identifier, NAME, _SCHEMES)
    return _question(base_url, _META_PATH, [identifier])


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001
    """180 requests a minute, with a token or without."""
    return {"all": Limit(2.8, 4)}


def parse(payload: Payload) -> Page:
    """The works of a metadata reply (Meta's, or that of the older index with its counts), or one count.

    With nothing asked every work is read. An empty list is the service's not-found. Raises ParseError for HTML,
    cut-off JSON, citations, the answers of its SPARQL service, a count that is none, any complaint in the
    service's own words; SourceUnavailable and SourceRefused as `require_service` says.
    """
    require_service(payload)
    answer = load_json(payload)
    if payload.status >= 400:
        words = as_text(answer.get("error") or answer.get("message")) if isinstance(answer, dict) else None
        raise ParseError(
            message("service-says", service=NAME, status=payload.status, words=words or excerpt(answer))
        )
    if not isinstance(answer, list):
        found = ", ".join(sorted(map(str, answer))) if isinstance(answer, dict) else answer
        raise ParseError(message("not-a-work-reply", found=excerpt(found)))
    if len(answer) == 1 and isinstance(answer[0], dict) and answer[0].keys() == {"count"}:
        return _counted(payload, answer[0])
    if not answer and len(payload.asked) == 1:
        return Page(absent=payload.asked)
    if answer and not any(isinstance(item, dict) and is_work(item) for item in answer):
        raise ParseError(message("not-a-work-reply", found=excerpt(answer[0])))
    return _described(payload, answer)


def is_work(data: Mapping[str, object]) -> bool:
    """Whether a JSON object is a work in Meta's form, or that of the older index."""
    return "title" in data and "author" in data and bool({"id", "doi"} & data.keys())


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.opencitations.net",
    key_variable=None,  # there is a token, but it raises no limit
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    schemes=_SCHEMES,
    licence="CC0 1.0",
)


# -- asking ----------------------------------------------------------------------------------------------


def _question(base_url: str, path: str, asked: Sequence[Identifier]) -> Request:
    spelled = _BETWEEN.join(_spelled(each) for each in asked)
    return Request(service=NAME, url=f"{base_url}{path}{spelled}", asked=tuple(asked), limit="all")


def _spelled(identifier: Identifier) -> str:
    return f"{identifier.scheme}:{quote(identifier.value, safe='/:')}"


def _counts(payload: Payload, found: Sequence[Identifier]) -> tuple[Request, ...]:
    """The questions for the counts of the works that Meta knows, at the address that Meta was asked at."""
    base_url, path, _ = payload.url.partition(_META_PATH)
    if not path:
        return ()
    return tuple(_question(base_url, _COUNT_PATH, [each]) for each in found)


# -- reading ---------------------------------------------------------------------------------------------


def _counted(payload: Payload, answer: Mapping[str, object]) -> Page:
    count = as_integer(answer.get("count"))
    if count is None or count < 0:
        raise ParseError(message("value-left-out", field="count", found=excerpt(answer.get("count"))))
    return Page(
        records=tuple(
            Record(
                source=NAME,
                source_key=f"citation-count:{asked.value}",
                retrieved_at=payload.retrieved_at,
                identifiers=(asked,),
                citation_count=count,
            )
            for asked in payload.asked
        )
    )


def _described(payload: Payload, items: Sequence[object]) -> Page:
    records, skips = read_all(items, parse_work, payload.retrieved_at)
    if not payload.asked:
        return Page(records=tuple(records), skips=tuple(skips))
    kept = [one for record in records for one in _narrowed(record, payload.asked)]
    unknown = unanswered(payload.asked, kept)
    _, foreign = told_apart(records, payload.asked)
    return Page(
        records=tuple(kept),
        missing=unknown if len(payload.asked) > 1 else (),
        skips=(*skips, *remarks_on(foreign, NAME)),
        follow=_counts(payload, [each for each in payload.asked if each not in unknown]),
    )


def _narrowed(record: Record, asked: Sequence[Identifier]) -> list[Record]:
    """The record, if it was asked for; where it has several DOIs (a preprint's and an article's) one for each asked.

    Taken whole it would bring two works together.
    """
    wanted = [each for each in asked if each in record.identifiers]
    if sum(each.scheme is Scheme.DOI for each in record.identifiers) < 2:
        return [record] if wanted else []
    return [replace(record, source_key=each.value, identifiers=(each,)) for each in wanted]


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work of a metadata reply; the older index's words for the same are read too.

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no work to keep:
    no object, no identifier.
    """
    data = require_object(data)
    work = Fields(data, excerpt(data.get("id") or data.get("doi")), [])
    own, others = _identifiers(work)
    if not own:
        raise ParseError(message("no-key-in-record", key="id"))
    record = _record(work, own, others, retrieved_at)
    if remarks is not None:
        remarks.extend(work.remarks)
    return replace(record, document=document)


def _record(work: Fields, own: Sequence[Identifier], others: list[str], retrieved_at: str) -> Record:
    title = work.text("title")
    link = web_address(work.text("oa_link"))
    said_type = (work.text("type") or "").split(";")[0].strip().replace(" ", "-")
    return Record(
        source=NAME,
        source_key=next((each for each in own if each.scheme is Scheme.DOI), own[0]).value,
        retrieved_at=retrieved_at,
        identifiers=tuple(own),
        titles=titles_of([title], Origin.AGGREGATOR, japanese_hint([title])) if title else (),
        contributors=(*_people(work, "author"), *_people(work, "editor")),
        container=_container(work),
        locus=locus_of(work.text("volume"), work.text("issue"), work.text("page")),
        issued=iso_date(work.text("pub_date") or work.text("year") or ""),
        work_type=_TYPES.get(said_type, said_type) or None,
        publisher=_bare(work.text("publisher")),
        is_open_access=True if link else None,
        open_access=open_access(link),
        citation_count=work.count("citation_count"),
        extra=compact_json({"id": others}),
    )


def _identifiers(work: Fields) -> tuple[list[Identifier], list[str]]:
    """DOI, PubMed ids and the like of "doi:10.x pmid:1 omid:br/06", sorted, and the words that are none of them."""
    words = (work.text("id") or "").split()
    if not words and work.text("doi"):
        words = [f"doi:{work.text('doi')}"]
    own: set[Identifier] = set()
    others = []
    for word in words:
        scheme = word.partition(":")[0].casefold()
        found = identifier_of(word) if scheme in {"doi", "pmid", "pmcid", "arxiv"} else None
        if found is None:
            others.append(word)
        else:
            own.add(found)
    return sorted(own), others


def _people(work: Fields, role: str) -> tuple[Contributor, ...]:
    """The names of "Family, Given [orcid:… omid:…]; Name"; one without a comma may be a body, left whole."""
    found = []
    for part in (work.text(role) or "").split(";"):
        name = _bare(part)
        if name is None:
            continue
        person = names.parse_name(name) if "," in name else Contributor(name)
        orcids = (identifiers.parse_orcid(note) for note in _notes(part, "orcid"))
        found.append(replace(person, orcid=next(filter(None, orcids), None), role=role))
    return tuple(found)


def _container(work: Fields) -> Container | None:
    venue = work.text("venue")
    title = _bare(venue or work.text("source_title"))
    if title is None:
        return None
    raws = _notes(venue or "", "issn") or re.findall(r"(?i)issn:(\S{8,9})", work.text("source_id") or "")
    return Container(title=title, issns=unique(map(identifiers.parse_issn, raws)))


def _bare(raw: str | None) -> str | None:
    """A name without the identifiers in square brackets behind it."""
    bare = clean_title(_NOTES.sub("", raw)) if raw else None
    return bare if bare and re.search(r"\w", bare) else None


def _notes(raw: str, scheme: str) -> list[str]:
    """The values of a scheme in the square brackets behind a name."""
    notes = _NOTES.search(raw)
    words = notes[1].split() if notes else []
    return [word.partition(":")[2] for word in words if word.casefold().startswith(f"{scheme}:")]
