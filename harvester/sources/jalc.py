"""JaLC, the Japanese registration agency: one DOI a question, texts and names with their languages.

Japanese titles are often in Han characters alone; here they are Japanese unless a tag says Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from msgspec.structs import replace

from harvester import identifiers, text
from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import Container, Contributor, Identifier, Locus, Origin, PartialDate, Record
from harvester.patterns import pattern
from harvester.sources import csl_fields
from harvester.sources.asking import askable, require_askable
from harvester.sources.describing import (
    contributor_of,
    is_han,
    iso_date,
    locus_of,
    partial_date,
    required_doi,
    tagged_titles,
    unique,
    web_address,
)
from harvester.sources.matching import answered_with_another
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

NAME: Final = "jalc"
_TYPES: Final = {"JA": "journal-article", "BK": "book", "RD": "dataset"}
_PACKED: Final = pattern(r"(?:&#0*10;|\r?\n)\s*(?:([a-z]{2,3}):)?\s*")
_DASHES: Final = pattern(r"^[-–—―‐~〜～\s]+|[-–—―‐~〜～\s]+$")


def batch(base_url: str, identifiers: Sequence[Identifier], asker: Asker) -> Iterator[Request]:
    """One question a DOI; identifiers that are no DOIs are not asked."""
    for identifier in askable(identifiers):
        yield single(base_url, identifier, asker)


def single(base_url: str, identifier: Identifier, asker: Asker) -> Request:  # noqa: ARG001
    """The look-up of one DOI. Raises InvalidIdentifier for other schemes."""
    require_askable(identifier, NAME)
    return Request(
        service=NAME, url=f"{base_url}/dois/{quote(identifier.value, safe='/')}", asked=(identifier,)
    )


def limits(asker: Asker) -> dict[str, Limit]:  # noqa: ARG001  the shape of every source
    """None is stated; one a second is polite."""
    return {"single": Limit(1.0, 1)}


def parse(payload: Payload) -> Page:
    """The work of a look-up; CSL-JSON of the agency is read too.

    Absent is what gets a 404 with the status "NG". Raises ParseError for HTML, RDF and cut-off JSON, for
    complaints, and for answers about something else (prefixes, lists of DOIs); SourceUnavailable and
    SourceRefused as `require_service` says.
    """
    require_service(payload)
    answer = require_object(load_json(payload))
    if payload.status == 404 and answer.get("status") == "NG":
        return Page(absent=payload.asked)
    if payload.status >= 400 or answer.get("status") not in {"OK", None}:
        words = excerpt(answer.get("message"))
        raise ParseError(message("service-says", service=NAME, status=payload.status, words=words))
    skips: list[Skip] = []
    record = _read(answer, payload.retrieved_at, skips)
    if payload.asked and payload.asked[0] not in record.identifiers:
        return Page(skips=(*skips, answered_with_another(payload.asked[0], [record.source_key], NAME)))
    return Page(records=(record,), skips=tuple(skips))


def _read(answer: dict[str, object], retrieved_at: str, skips: list[Skip]) -> Record:
    if csl_fields.is_csl(answer):
        return csl_fields.parse_work(answer, retrieved_at, source=NAME, remarks=skips)
    data = answer.get("data")
    if not isinstance(data, dict) or "doi" not in data:
        raise ParseError(message("not-a-work-reply", found=as_text(answer.get("apiType")) or "none"))
    return parse_work(data, retrieved_at, remarks=skips)


SOURCE: Final = Source(
    name=NAME,
    base_url="https://api.japanlinkcenter.org",
    key_variable=None,
    batch=batch,
    single=single,
    parse=parse,
    limits=limits,
    agencies=("JaLC",),
    only_for=("JaLC",),
    licence="no licence stated by the agency",
)


# -- one record ------------------------------------------------------------------------------------------


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work (the `data` of an answer).

    What is left out of it for its type is added to `remarks`. Raises ParseError for no object and no DOI.
    """
    data = require_object(data)
    doi = required_doi(as_text(data.get("doi")), "doi")
    work = Fields(data, doi.value, [])
    record = _record(work, doi, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


def _record(work: Fields, doi: Identifier, retrieved_at: str, document: str | None) -> Record:
    own_language = _primary(work.text("content_language"))
    said_type = work.text("content_type")
    return Record(
        source=NAME,
        source_key=doi.value,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=(doi,),
        titles=tagged_titles(_titles(work, own_language), Origin.PUBLISHER),
        contributors=tuple(filter(None, (_contributor(one) for one in work.objects("creator_list")))),
        container=_container(work),
        locus=_locus(work),
        issued=_issued(work),
        published_online=iso_date(work.text("advance_date") or ""),
        language=own_language,
        work_type=_TYPES.get(said_type or ""),
        publisher=_best(_said(work, "publisher_list", "publisher_name")),
        url=web_address(work.text("url")),
        subjects=unique(map(_clean, (word for word, _ in _said(work, "keyword_list", "keyword")))),
        extra=_extra(work),
    )


def _titles(work: Fields, own_language: str | None) -> list[tuple[str, str | None]]:
    """(title, tag): what is in Han characters is tagged Japanese unless it is said to be Chinese."""
    found = []
    for entry in work.objects("title_list"):
        tag = entry.text("lang")
        titles = _unpacked(entry.text("title") or "", tag)
        subtitle = _DASHES.sub("", _clean(entry.text("subtitle")) or "")
        if titles and subtitle:
            titles[0] = (f"{titles[0][0]}: {subtitle}", titles[0][1])
        found += [(title, _hint(title, said or own_language)) for title, said in titles]
    return found


def _unpacked(title: str, tag: str | None) -> list[tuple[str, str | None]]:
    """The titles that stand in one ("金大考古&#10;en: The Archaeology"), a mere line break put right."""
    first, *rest = _PACKED.split(title)
    found: list[tuple[str, str | None]] = [(first, tag)]
    for said, line in zip(rest[::2], rest[1::2], strict=True):
        if said:
            found.append((line, said))
        else:
            found[-1] = (f"{found[-1][0]} {line}", found[-1][1])
    return [(each.strip(), said) for each, said in found if each.strip()]


def _hint(title: str, tag: str | None) -> str | None:
    """The tag to file a title by: Han characters alone say Japanese here, also under the tag "en"."""
    return "ja" if is_han(title) and _primary(tag) not in {"zh", "ko"} else tag


def _primary(tag: str | None) -> str | None:
    primary = (tag or "").replace("_", "-").split("-")[0].casefold()
    return {"chi": "zh", "eng": "en", "jpn": "ja", "kor": "ko"}.get(primary, primary) or None


def _clean(raw: str | None) -> str | None:
    return text.clean_title(raw) if raw else None


# -- people and containers -------------------------------------------------------------------------------


def _contributor(creator: Fields) -> Contributor | None:
    """A creator: the Latin name with the Han one beside it, or the only one there is."""
    people = [
        (person, _primary(name.text("lang")))
        for name in creator.objects("names")
        if (person := contributor_of(family=name.text("last_name"), given=name.text("first_name")))
    ]
    if not people:
        return None
    person, tag = next((each for each in people if each[0].name.isascii()), None) or next(
        (each for each in people if each[1] == "en"), people[0]
    )
    han = [other.name for other, _ in people if is_han(other.name)]
    return replace(
        person,
        name_zh=han[0] if han and not is_han(person.name) else None,
        orcid=_orcid(creator),
        affiliations=_affiliations(creator, tag),
    )


def _orcid(creator: Fields) -> str | None:
    entries = creator.objects("researcher_id_list")
    raws = [raw for entry in entries for raw in map(as_text, entry.data.values()) if raw]
    return next((found for raw in raws if (found := identifiers.parse_orcid(raw))), None)


def _affiliations(creator: Fields, tag: str | None) -> tuple[str, ...]:
    """The places in the language of the name; all of them where none is in it."""
    said = _said(creator, "affiliation_list", "affiliation_name")
    same = [place for place, lang in said if lang == tag]
    return unique(map(_clean, same or [place for place, _ in said]))


def _said(work: Fields, listed: str, key: str) -> list[tuple[str, str | None]]:
    """(text, primary language) of the entries of a list."""
    return [
        (value, _primary(entry.text("lang"))) for entry in work.objects(listed) if (value := entry.text(key))
    ]


def _best(said: list[tuple[str, str | None]]) -> str | None:
    """The English one, else the first."""
    english = [value for value, lang in said if lang == "en"]
    return _clean(next(iter(english or [value for value, _ in said]), None))


def _container(work: Fields) -> Container | None:
    """The journal under its English name if it has one; other names stay in `extra`."""
    named = list(_journal_names(work))
    full = [(name, lang) for name, kind, lang in named if kind == "full"] or [
        (name, lang) for name, kind, lang in named if kind != "abbreviation"
    ]
    short = [(name, lang) for name, kind, lang in named if kind == "abbreviation"]
    title = _best(full) or _best(short)
    if title is None:
        return None
    abbreviation = _best([one for one in short if not is_han(one[0])])
    chinese = [_clean(name) for name, lang in full if lang == "zh" and _clean(name) != title]
    return Container(
        title=title,
        abbreviation=abbreviation if abbreviation != title else None,
        title_zh=chinese[0] if chinese else None,
        issns=_issns(work),
    )


def _journal_names(work: Fields) -> Iterator[tuple[str, str, str | None]]:
    for entry in work.objects("journal_title_name_list"):
        name = entry.text("journal_title_name")
        if name:
            lang = _primary(entry.text("lang")) or (None if not name.isascii() else "en")
            yield name, entry.text("type") or "full", lang


def _issns(work: Fields) -> tuple[str, ...]:
    entries = [entry for entry in work.objects("journal_id_list") if entry.text("type") == "ISSN"]
    return unique(identifiers.parse_issn(entry.text("journal_id") or "") for entry in entries)


def _locus(work: Fields) -> Locus | None:
    first, last = work.text("first_page"), work.text("last_page")
    pages = f"{first}-{last}" if first and last and first != last else first
    return locus_of(work.text("volume"), work.text("issue"), pages or work.text("article_number"))


def _issued(work: Fields) -> PartialDate | None:
    """The date of publication; `date` is the day on which the platform put it up."""
    date = work.inner("publication_date")
    parts = [date.text(f"publication_{part}") for part in ("year", "month", "day")]
    found = partial_date(parts)
    if found is None and any(parts):
        work.note("publication_date", date.data)
    return found


def _extra(work: Fields) -> str | None:
    """What has no field: the journal's other names, files, and the platform."""
    container = _container(work)
    taken = {container.title, container.abbreviation, container.title_zh} if container else set()
    names = unique(_clean(name) for name, _, _ in _journal_names(work))
    return compact_json(
        {
            "article-number": work.text("article_number"),
            "content-type": work.text("content_type"),
            "journal": [name for name in names if name not in taken],
            "link": list(unique(each.text("content") for each in work.objects("relation_list"))),
            "site": work.text("site_name"),
        }
    )
