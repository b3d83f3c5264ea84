"""Semantic Scholar: an aggregator with citation counts, open-access links and most abstracts; no Chinese.

Its batch answers in the order of the question, null for what it does not know, so answers are matched by
position. One paper of it may stand for a preprint and the article: where the DOI (PMID, arXiv id) that it
names is not the one asked for, the answer is left out with a fatal skip at the asked identifier. As
an alias it would bring two works together; as a record of its own it would bring in a work nobody asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.patterns import pattern
from harvester.sources.asking import askable, groups_of, require_askable
from harvester.sources.matching import answered_with_another, with_alias
from harvester.sources.reading import as_text, excerpt, load_json, require_service
from harvester.sources.semantic_scholar_fields import NAME, is_paper, parse_work
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "is_paper", "parse_work"]

BATCH_SIZE: Final = (
    500  # a paper takes 3 to 4 kB as a rule; where they are over 10 MB, smaller batches are asked
)
_FIELDS: Final = (
    "paperId,corpusId,externalIds,url,title,abstract,venue,publicationVenue,year,publicationDate,journal,authors,"
    "citationCount,isOpenAccess,openAccessPdf,fieldsOfStudy,s2FieldsOfStudy,publicationTypes"
)
_FORMS: Final[dict[Scheme, str]] = {
    Scheme.DOI: "DOI:{}",
    Scheme.PMID: "PMID:{}",
    Scheme.PMCID: "PMCID:{}",
    Scheme.ARXIV: "ARXIV:{}",
    Scheme.S2: "{}",
    Scheme.CORPUS: "CorpusId:{}",
}
# A paper's own ids are forwarded when papers are merged; an id of another register names one work for good.
_FORWARDED: Final = frozenset({Scheme.S2, Scheme.CORPUS})
_NONE_KNOWN: Final = "No valid paper ids given"
_NOT_FOUND: Final = pattern(r"(?:Paper with id .+|Title match) not found", re.DOTALL)
_ORDINARY: Final = pattern(r"[\w./:;()<>#+-]+", re.ASCII)
_TOO_LARGE: Final = "exceed maximum size"
_LISTS: Final = ("data", "recommendedPapers", "papers")
_WRAPPINGS: Final = ("citingPaper", "citedPaper")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Batches of at most 500 papers. Identifiers of schemes that the service does not know are not asked."""
    for group in groups_of(BATCH_SIZE, askable(identifiers, _FORMS)):
        yield Request(
            service=NAME,
            url=f"{base_url}/paper/batch",
            params=(("fields", _FIELDS),),
            headers=(*_key(asker), ("Content-Type", "application/json")),
            method="POST",
            body=json.dumps({"ids": [_spelled(each) for each in group]}).encode(),
            asked=tuple(group),
            limit="all",
        )


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The look-up of one paper. Raises InvalidIdentifier for schemes that the service does not know."""
    require_askable(identifier, NAME, _FORMS)
    return Request(
        service=NAME,
        url=f"{base_url}/paper/{quote(_spelled(identifier), safe=':')}",
        params=(("fields", _FIELDS),),
        headers=_key(asker),
        asked=(identifier,),
        limit="all",
    )


def kinds(asked: Sequence[Identifier]) -> tuple[Sequence[Identifier], ...]:
    """The ordinary ids of a batch that failed, and the odd ones, which may have spoilt it.

    Ordinary ids that fail again can only be unknown: two questions more, however many there were.
    """
    ordinary = [each for each in asked if _ORDINARY.fullmatch(each.value)]
    odd = [each for each in asked if not _ORDINARY.fullmatch(each.value)]
    return tuple(each for each in (ordinary, odd) if each)


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """One request a second over all endpoints, with a key; without one the world shares a pool."""
    return {"all": Limit(1.0, 1)}


def parse(payload: Payload) -> Page:
    """The papers of a batch, a single look-up, a search, recommendations, citations, or a bare list.

    null in a batch is absent, as are all of a batch that the service calls "No valid paper ids given", unless
    an odd id may have spoilt it: then ParseError, to ask again in halves. With nothing asked every paper is read.
    Raises ParseError for HTML, cut-off JSON, a 200 with an `error`, a batch of another length
    than asked, an answer about something else than papers, any complaint in the service's own words; with the
    key "batch-too-large" where the answer would be too large: ask again in halves. Raises SourceUnavailable and
    SourceRefused as `require_service` says.
    """
    require_service(payload)
    answer = load_json(payload)
    complaint = _complaint(answer)
    if complaint is not None or payload.status >= 400:
        return _complained(payload, complaint or excerpt(answer))
    items = _papers(answer)
    if payload.asked and len(items) == len(payload.asked) and not _is_wrapped(answer):
        return _by_position(payload, items)
    if payload.asked:
        raise ParseError(message("batch-length", service=NAME, found=len(items), expected=len(payload.asked)))
    records: list[Record] = []
    skips: list[Skip] = []
    for number, item in enumerate(items, start=1):
        read = None if item is None else _read(item, payload, f"item {number}", skips)
        records.extend([read] if read is not None else [])
    return Page(records=tuple(records), skips=tuple(skips))


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.semanticscholar.org/graph/v1",
    key_variable="SEMANTIC_SCHOLAR_API_KEY",
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    kinds=kinds,
    schemes=tuple(_FORMS),
    licence="storing for own use is free with attribution; publishing the texts needs a check",
)


def _spelled(identifier: Identifier) -> str:
    value = identifier.value
    if identifier.scheme is Scheme.PMCID:
        value = value.removeprefix("PMC")
    return _FORMS[identifier.scheme].format(value)


def _key(asker: Asker) -> tuple[tuple[str, str], ...]:
    return (("x-api-key", asker.key),) if asker.key else ()


# -- reading ---------------------------------------------------------------------------------------------


def _complaint(answer: object) -> str | None:
    """`error`, or the gateway's `message`, of an answer that is no paper."""
    if not isinstance(answer, dict) or "paperId" in answer:
        return None
    return as_text(answer.get("error")) or as_text(answer.get("message"))


def _complained(payload: Payload, words: str) -> Page:
    if payload.status == 400 and words.startswith(_NONE_KNOWN) and _cannot_be_malformed(payload.asked):
        return Page(absent=payload.asked)
    if payload.status == 404 and len(payload.asked) <= 1 and _NOT_FOUND.fullmatch(words):
        return Page(absent=payload.asked)
    if payload.status == 400 and _TOO_LARGE in words:
        raise ParseError(message("batch-too-large", service=NAME))
    raise ParseError(message("service-says", service=NAME, status=payload.status, words=words))


def _cannot_be_malformed(asked: Sequence[Identifier]) -> bool:
    """Whether "no valid ids" can only mean unknown ones.

    One id that the service finds malformed fails a whole batch, and it may find odd characters so. Asked
    alone, such an id is unknown either way.
    """
    return len(asked) <= 1 or all(_ORDINARY.fullmatch(each.value) for each in asked)


def _is_wrapped(answer: object) -> bool:
    """Searches and recommendations wrap their list; a batch and a single look-up do not."""
    return isinstance(answer, dict) and not is_paper(answer)


def _papers(answer: object) -> list[object]:
    """The papers of an answer, still as JSON; raises ParseError where it is about something else."""
    if isinstance(answer, list):
        items = answer
    elif not isinstance(answer, dict):
        raise ParseError(message("not-an-object", found=excerpt(answer)))
    elif is_paper(answer):
        return [answer]
    else:
        lists = [answer[key] for key in _LISTS if isinstance(answer.get(key), list)]
        is_empty = "total" in answer and "offset" in answer  # a search without a hit leaves `data` out
        if not lists and not is_empty:
            raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
        items = lists[0] if lists else []
    papers = [_unwrapped(item) for item in items]
    known = [paper for paper in papers if isinstance(paper, dict)]
    if known and all("authorId" in paper and not is_paper(paper) for paper in known):
        raise ParseError(message("not-a-work-reply", found="author"))
    return papers


def _unwrapped(item: object) -> object:
    """The paper of a citation or reference."""
    if isinstance(item, dict):
        for key in _WRAPPINGS:
            if isinstance(item.get(key), dict):
                return item[key]
    return item


def _by_position(payload: Payload, items: Sequence[object]) -> Page:
    records: list[Record] = []
    absent: list[Identifier] = []
    skips: list[Skip] = []
    for asked, item in zip(payload.asked, items, strict=True):
        if item is None:
            absent.append(asked)
            continue
        record = _read(item, payload, asked.value, skips)
        if record is None:
            continue
        stranger = _stranger(record, asked)
        if stranger is None:
            records.append(with_alias(record, [asked]))
        else:
            skips.append(stranger)
    return Page(records=tuple(records), absent=tuple(absent), skips=tuple(skips))


def _read(item: object, payload: Payload, where: str, skips: list[Skip]) -> Record | None:
    try:
        return parse_work(item, payload.retrieved_at, remarks=skips)
    except ParseError as unusable:
        skips.append(Skip(where, unusable.message))
        return None


def _stranger(record: Record, asked: Identifier) -> Skip | None:
    """The fatal skip of a record about another work than asked, or None."""
    if asked.scheme in _FORWARDED:
        return None
    of_scheme = [each.value for each in record.identifiers if each.scheme is asked.scheme]
    if not of_scheme or asked.value in of_scheme:
        return None
    return answered_with_another(asked, of_scheme, NAME)
