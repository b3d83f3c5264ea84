"""Europe PMC: what PubMed has, and preprints, agricultural works, citation counts and free full texts.

It holds one work several times where several registers do (MEDLINE, PubMed Central, preprint servers): of the
results for one identifier the best register's is used. Its search drops what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlencode

from harvester.errors import ParseError, SourceUnavailable
from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.sources.asking import askable, groups_of, require_askable
from harvester.sources.europepmc_fields import NAME, parse_work
from harvester.sources.matching import answered_with_another, read_all
from harvester.sources.reading import as_integer, as_text, excerpt, load_json, require_object, require_service
from harvester.sources.xml_reading import as_values, load_xml
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

BATCH_SIZE: Final = 50  # longer questions have met time-outs
_FORMS: Final = {
    Scheme.DOI: 'DOI:"{}"',
    Scheme.PMID: "(EXT_ID:{} AND SRC:MED)",
    Scheme.PMCID: "PMCID:{}",
    Scheme.PPR: "(EXT_ID:{} AND SRC:PPR)",
}
_REGISTERS: Final = ("MED", "PMC", "PPR")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Searches for at most 50 works. Identifiers of schemes that the service does not know are not asked."""
    for group in groups_of(BATCH_SIZE, askable(identifiers, _FORMS)):
        yield _search(base_url, group, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The search for one work. Raises InvalidIdentifier for schemes that the service does not know."""
    require_askable(identifier, NAME, _FORMS)
    return _search(base_url, [identifier], asker)


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """No limit is stated; five requests a second have been found to be welcome."""
    return {"all": Limit(5.0, 3)}


def parse(payload: Payload) -> Page:
    """The works of a search, in JSON or XML, or a bare result or list of results.

    With nothing asked every work is read. A search for one work that finds none says absent; what a batch drops
    is missing. Raises ParseError for HTML, cut-off answers, answers about something else than works, and
    complaints about the question; SourceUnavailable for a failure that is reported inside a 200; and both, and
    SourceRefused, as `require_service` says.
    """
    require_service(payload)
    is_markup = payload.body.lstrip().startswith(b"<")
    answer = _from_xml(payload) if is_markup else load_json(payload)
    _refuse_complaint(answer, payload.status)
    results = _results(answer)
    if payload.asked and not results:
        _require_no_hit(answer)
    records, skips = read_all(results, parse_work, payload.retrieved_at)
    if payload.asked:
        return _matched(payload, records, skips)
    return Page(records=tuple(records), skips=tuple(skips))


SOURCE: Final = Source(
    name=NAME,
    base_url="https://www.ebi.ac.uk/europepmc/webservices/rest",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    schemes=(Scheme.DOI, Scheme.PMID, Scheme.PMCID, Scheme.PPR),
    licence="facts are free to use; abstracts may be under copyright of their publishers (EMBL-EBI terms)",
)


# -- asking ----------------------------------------------------------------------------------------------


def _search(base_url: str, group: Sequence[Identifier], asker: Asker) -> Request:
    """A search by POST: a question of 50 DOIs is too long for an address."""
    form = [
        ("query", " OR ".join(map(_term, group))),
        ("resultType", "core"),
        ("format", "json"),
        ("pageSize", "1000"),
        ("cursorMark", "*"),
        ("synonym", "FALSE"),
    ]
    form += [("email", asker.email)] if asker.email else []
    return Request(
        service=NAME,
        url=f"{base_url}/searchPOST",
        headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        method="POST",
        body=urlencode(form).encode(),
        asked=tuple(group),
        limit="all",
    )


def _term(identifier: Identifier) -> str:
    value = identifier.value.replace("\\", "\\\\").replace('"', '\\"')
    return _FORMS[identifier.scheme].format(value)


# -- reading ---------------------------------------------------------------------------------------------


def _from_xml(payload: Payload) -> object:
    root = load_xml(payload)
    if root.tag not in {"responseWrapper", "errorBean"}:
        raise ParseError(message("not-a-work-reply", found=excerpt(str(root.tag))))
    return as_values(root)


def _refuse_complaint(answer: object, status: int) -> None:
    if not isinstance(answer, dict):
        return
    code = as_integer(answer.get("errCode"))
    if code is None and "errMsg" not in answer and status < 400:
        return
    words = as_text(answer.get("errMsg")) or excerpt(answer)
    if status < 400 and (code is None or code >= 429):
        raise SourceUnavailable(message("service-fails", service=NAME, words=words))
    raise ParseError(message("service-says", service=NAME, status=code or status, words=words))


def _results(answer: object) -> list[object]:
    """The results of an answer, still as JSON; raises ParseError where it is about something else."""
    if isinstance(answer, list):
        return answer
    answer = require_object(answer)
    if "resultList" not in answer:
        if "id" in answer and "source" in answer:
            return [answer]
        raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
    inner = answer["resultList"]
    results = inner.get("result") if isinstance(inner, dict) else None
    if isinstance(results, list):
        return results
    if isinstance(results, dict):
        return [results]
    if results is None and as_integer(answer.get("hitCount")) == 0:
        return []
    raise ParseError(message("not-a-work-reply", found="resultList"))


def _require_no_hit(answer: object) -> None:
    """Pass an empty answer that says it found none: anything else is a failure, not an absence."""
    hits = as_integer(answer.get("hitCount")) if isinstance(answer, dict) else None
    if hits != 0:
        raise SourceUnavailable(message("service-fails", service=NAME, words=f"hitCount {hits}, no result"))


def _matched(payload: Payload, records: Sequence[Record], skips: Sequence[Skip]) -> Page:
    """For every asked identifier the record of the best register; other copies and foreign works as remarks."""
    kept: dict[Identifier, Record] = {}
    ranked = sorted(records, key=_rank)
    for record in ranked:
        for each in record.identifiers:
            if each in payload.asked:
                kept.setdefault(each, record)
    chosen = list({id(record): record for record in kept.values()}.values())
    left = tuple(each for each in payload.asked if each not in kept)
    remarks = [_remark(record, payload.asked) for record in ranked if record not in chosen]
    is_certain = len(payload.asked) == 1 and not records and not skips
    return Page(
        records=tuple(chosen),
        absent=left if is_certain else (),
        missing=left if len(payload.asked) > 1 else (),
        skips=(*skips, *remarks, *_strangers(payload, records, left)),
    )


def _rank(record: Record) -> int:
    register = record.source_key.partition(":")[0]
    return _REGISTERS.index(register) if register in _REGISTERS else len(_REGISTERS)


def _remark(record: Record, asked: Sequence[Identifier]) -> Skip:
    register = record.source_key.partition(":")[0]
    is_copy = any(each in asked for each in record.identifiers)
    why = message("another-copy", service=NAME, found=register) if is_copy else None
    return Skip(record.source_key, why or message("answer-not-asked-for", service=NAME), fatal=False)


def _strangers(payload: Payload, records: Sequence[Record], left: Sequence[Identifier]) -> list[Skip]:
    """The fatal skip of a work asked alone that was answered with others."""
    if len(payload.asked) > 1 or not left or not records:
        return []
    return [answered_with_another(left[0], [record.source_key for record in records[:3]], NAME)]
