"""PubMed: biomedicine, with curated abstracts, subjects, retractions and, at times, the Chinese abstract.

A search (`esearch`) turns DOIs and PMCIDs into PubMed ids, a fetch (`efetch`) turns those into records, so a
search leads to a fetch for the same identifiers. A search may match loosely, which is why every record is
matched by the identifiers that it bears itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.messages import message
from harvester.model import Identifier, Record, Scheme
from harvester.patterns import pattern
from harvester.sources.asking import askable, groups_of, require_askable
from harvester.sources.matching import answered_with_another, remarks_on, unanswered
from harvester.sources.medline import pmid
from harvester.sources.pubmed_fields import ARTICLE, BOOK, NAME, parse_work
from harvester.sources.reading import (
    Fields,
    as_integer,
    as_text,
    excerpt,
    load_json,
    require_object,
    require_service,
)
from harvester.sources.xml_reading import Element, load_xml, words
from harvester.wire import Asker, Limit, Page, Payload, Request, Skip, Source

__all__ = ["SOURCE", "parse_work"]

SEARCH_SIZE: Final = 100
FETCH_SIZE: Final = 200
# What several searches found is fetched together: 10,000 numbers can be posted, these are some 5 MB of XML.
JOINED_SIZE: Final = 500
_BASE: Final = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
_TOOL: Final = "harvester"
_FORM: Final = (("Content-Type", "application/x-www-form-urlencoded"),)
_SEARCHED: Final = (Scheme.DOI, Scheme.PMCID)
# With other characters a DOI is at times not matched as one phrase: only a question of its own is believed.
_ORDINARY = pattern(r"[\w./:-]+", re.ASCII)
_TAG = pattern(r"\[[\w ]*\]$")
_NO_SUCH_IDS: Final = pattern(r"(?i)id list is empty|empty id ?list|no correct ids")
_OUR_FAULT: Final = pattern(r"(?i)\bis empty\b|\bempty term\b|\binvalid (?:db|uid|id)\b")
_BAD_KEY: Final = pattern(r"(?i)api.?key.*(?:invalid|wrong)|invalid.*api.?key")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """Searches for at most 100 DOIs and PMCIDs, fetches of at most 200 PMIDs; other schemes are not asked."""
    for group in groups_of(SEARCH_SIZE, askable(identifiers, _SEARCHED)):
        yield _search(base_url, group, asker)
    for group in groups_of(FETCH_SIZE, askable(identifiers, {Scheme.PMID})):
        yield _fetch(base_url, [each.value for each in group], group, _identity(asker), _limit(asker))


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:
    """The search for one DOI or PMCID, or the fetch of one PMID. Raises InvalidIdentifier for other schemes."""
    if identifier.scheme is Scheme.PMID:
        return _fetch(base_url, [identifier.value], [identifier], _identity(asker), _limit(asker))
    require_askable(identifier, NAME, _SEARCHED)
    return _search(base_url, [identifier], asker)


def join(fetches: Sequence[Request]) -> Request:
    """One fetch for all that several are for."""
    forms = [dict(parse_qsl((one.body or b"").decode())) for one in fetches]
    numbers = [number for form in forms for number in form["id"].split(",")]
    form = {**forms[0], "id": ",".join(dict.fromkeys(numbers))}
    asked = tuple(each for one in fetches for each in one.asked)
    return replace(fetches[0], body=urlencode(form, safe=",").encode(), asked=asked)


def limits(asker: Asker) -> dict[str, Limit]:
    """Three requests a second, and ten more with a key; a fetch that follows a search goes without the key."""
    anonymous = {"anonymous": Limit(3.0, 3)}
    return {**anonymous, "keyed": Limit(10.0, 5)} if asker.key else anonymous


def parse(payload: Payload) -> Page:
    """The records of a fetch, or the fetch that a search leads to.

    With nothing asked every record is read. Absent is what a search alone finds no PubMed id for, or names
    among its phrases that were not found, and what a fetch alone does not hold; what a batch drops is missing.
    Raises ParseError for what is no answer of the two, for a search that matches more than was asked (ask in
    halves), and for complaints about the question; SourceUnavailable for failures that are reported inside a
    200, SourceRefused for a wrong key, and both as `require_service` says.
    """
    require_service(payload)
    if payload.body.lstrip().startswith(b"<"):
        return _read_xml(payload)
    return _read_search(payload)


SOURCE: Final = Source(
    name=NAME,
    base_url=_BASE,
    key_variable="NCBI_API_KEY",
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    schemes=(Scheme.DOI, Scheme.PMID, Scheme.PMCID),
    join=join,
    join_most=JOINED_SIZE,
    licence="facts are free to use; abstracts may be under copyright of their publishers (NLM)",
)


# -- asking ----------------------------------------------------------------------------------------------


def _search(base_url: str, group: Sequence[Identifier], asker: Asker) -> Request:
    form = (
        ("db", "pubmed"),
        ("retmode", "json"),
        ("retmax", str(FETCH_SIZE)),
        ("term", " OR ".join(map(_term, group))),
    )
    return Request(
        service=NAME,
        url=f"{base_url}/esearch.fcgi",
        params=_identity(asker),
        headers=_FORM,
        method="POST",
        body=urlencode(form).encode(),
        asked=tuple(group),
        limit=_limit(asker),
    )


def _term(identifier: Identifier) -> str:
    if identifier.scheme is Scheme.PMCID:
        return f"{identifier.value}[PMCID]"
    return '"{}"[DOI]'.format(identifier.value.replace('"', " "))


def _fetch(
    base_url: str,
    numbers: Sequence[str],
    asked: Sequence[Identifier],
    identity: tuple[tuple[str, str], ...],
    limit: str,
) -> Request:
    form = (("db", "pubmed"), ("retmode", "xml"), ("id", ",".join(numbers)))
    return Request(
        service=NAME,
        url=f"{base_url}/efetch.fcgi",
        params=identity,
        headers=_FORM,
        method="POST",
        body=urlencode(form, safe=",").encode(),
        asked=tuple(asked),
        limit=limit,
    )


def _identity(asker: Asker) -> tuple[tuple[str, str], ...]:
    said = (("tool", _TOOL), ("email", asker.email), ("api_key", asker.key))
    return tuple((name, value) for name, value in said if value)


def _limit(asker: Asker) -> str:
    return "keyed" if asker.key else "anonymous"


# -- reading a search ------------------------------------------------------------------------------------


def _read_search(payload: Payload) -> Page:
    answer = require_object(load_json(payload))
    result = Fields(answer, NAME, []).inner("esearchresult")
    complaint = answer.get("error") or answer.get("ERROR") or result.data.get("ERROR")
    if complaint is not None or payload.status >= 400:
        raise _failure(payload, as_text(complaint) or excerpt(answer))
    if not payload.asked or not isinstance(result.data.get("idlist"), list):
        raise ParseError(message("not-a-work-reply", found=excerpt(", ".join(sorted(answer)))))
    odd = result.inner("errorlist").texts("fieldsnotfound")
    if odd:  # the words were looked for in other fields then
        raise SourceUnavailable(message("service-fails", service=NAME, words=f"no field {', '.join(odd)}"))
    return _page_of_search(payload, result)


def _page_of_search(payload: Payload, result: Fields) -> Page:
    numbers = [number.value for number in map(pmid, result.texts("idlist")) if number]
    absent = _not_found(result, payload.asked)
    left = tuple(each for each in payload.asked if each not in absent)
    if not left:
        return Page(absent=absent)
    count = as_integer(result.data.get("count"))
    if count is None or count > len(numbers):
        found = count if count is not None else "?"
        raise ParseError(message("search-too-loose", service=NAME, found=found, expected=len(left)))
    if numbers:
        return Page(absent=absent, follow=(_following(payload, numbers, left),))
    return Page(absent=left) if len(payload.asked) == 1 else Page(absent=absent, missing=left)


def _following(payload: Payload, numbers: Sequence[str], left: Sequence[Identifier]) -> Request:
    """The fetch from the server that was searched, under the same name; the key is no part of an answer."""
    address, _, query = payload.url.partition("?")
    base, found_it, _ = address.rpartition("/esearch.fcgi")
    said = tuple((name, value) for name, value in parse_qsl(query) if name in {"tool", "email"})
    return _fetch(base if found_it else _BASE, numbers, left, said or _identity(Asker()), "anonymous")


def _not_found(result: Fields, asked: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """What the search says it did not find, where it can be believed of a batch."""
    phrases = result.inner("errorlist").texts("phrasesnotfound")
    phrases += result.inner("warninglist").texts("quotedphrasesnotfound")
    named = {_TAG.sub("", phrase).strip(' "').casefold() for phrase in phrases}
    is_alone = len(asked) == 1
    return tuple(
        each
        for each in asked
        if each.value.casefold() in named and (is_alone or _ORDINARY.fullmatch(each.value))
    )


def _failure(payload: Payload, complaint: str) -> Exception:
    """What an error means, whatever its status: a wrong key, our fault, or a failure that passes."""
    if _BAD_KEY.search(complaint):
        return SourceRefused(message("service-refuses", service=NAME, status=payload.status))
    if payload.status >= 400 or _OUR_FAULT.search(complaint):
        return ParseError(
            message("service-says", service=NAME, status=payload.status, words=excerpt(complaint))
        )
    return SourceUnavailable(message("service-fails", service=NAME, words=excerpt(complaint)))


# -- reading a fetch -------------------------------------------------------------------------------------


def _read_xml(payload: Payload) -> Page:
    root = load_xml(payload)
    errors = [words(each) or "" for each in root.iter("ERROR")]
    if errors and root.tag == "eFetchResult" and payload.asked and _NO_SUCH_IDS.search(errors[0]):
        return _matched(payload, [], [])
    if errors:
        raise _failure(payload, "; ".join(errors))
    if root.tag not in {ARTICLE, BOOK, "PubmedArticleSet", "PubmedBookArticleSet"}:
        raise ParseError(message("not-a-work-reply", found=excerpt(str(root.tag))))
    if payload.status >= 400:
        raise _failure(payload, str(root.tag))
    records: list[Record] = []
    skips: list[Skip] = []
    for number, item in enumerate([root] if root.tag in {ARTICLE, BOOK} else root, start=1):
        records.extend(_read(item, payload, number, skips))
    if payload.asked:
        return _matched(payload, records, skips)
    return Page(records=tuple(records), skips=tuple(skips))


def _read(item: Element, payload: Payload, number: int, skips: list[Skip]) -> list[Record]:
    if not isinstance(item.tag, str):  # a comment
        return []
    if item.tag == "DeleteCitation":
        numbers = ", ".join(filter(None, map(words, item)))
        skips.append(Skip("DeleteCitation", message("deleted-from-pubmed", ids=numbers), fatal=False))
        return []
    try:
        return [parse_work(item, payload.retrieved_at, remarks=skips)]
    except ParseError as unusable:
        skips.append(Skip(f"item {number}", unusable.message))
        return []


def _matched(payload: Payload, records: Sequence[Record], skips: list[Skip]) -> Page:
    """The records that bear an asked identifier, of several versions of one the last.

    Asked alone, what an empty answer does not hold is absent; what it answers with another work is settled by
    a fatal skip. In a batch both are missing.
    """
    asked = set(payload.asked)
    kept = {record.source_key: record for record in records if asked & {*record.identifiers}}
    strangers = [record for record in records if record.source_key not in kept]
    left = unanswered(payload.asked, kept.values())
    if len(payload.asked) == 1 and left and strangers:
        found = [record.source_key for record in strangers[:3]]
        return Page(skips=(*skips, answered_with_another(left[0], found, NAME)))
    is_certain = len(payload.asked) == 1 and not any(skip.fatal for skip in skips)
    return Page(
        records=tuple(kept.values()),
        absent=left if is_certain else (),
        missing=() if is_certain or len(payload.asked) == 1 else left,
        skips=(*skips, *remarks_on(strangers, NAME)),
    )
