"""One work as Crossref describes it, brought into a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from harvester import access, identifiers, language, text
from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Relation,
    Scheme,
    Text,
)
from harvester.patterns import pattern
from harvester.relations import is_retracted, kind_of, notice_kind, pointing, tidy
from harvester.sources.describing import (
    abstracts_of,
    contributor_of,
    is_han,
    iso_date,
    japanese_hint,
    locus_of,
    partial_date,
    titles_of,
    unique,
    web_address,
)
from harvester.sources.reading import Fields, as_text, compact_json, require_object
from harvester.wire import Skip

NAME: Final = "crossref"

# Crossref alone writes these; CSL-JSON of other agencies has DOI, title and author too.
_OWN_KEYS: Final = frozenset(
    (
        "indexed",
        "deposited",
        "member",
        "prefix",
        "source",
        "score",
        "content-domain",
        "reference-count",
        "references-count",
        "is-referenced-by-count",
        "short-container-title",
    )
)
_BARE_DOI: Final = pattern(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-\[\]-~]+")  # printable ASCII, no backslash
_TOMBSTONE: Final = "crossref listing of deleted dois"
_OPEN_LICENCE: Final = pattern(r"(?i)^https?://(www\.)?creativecommons\.org/(licenses|publicdomain)/")
_ROLES: Final = (("author", "author"), ("editor", "editor"), ("translator", "translator"))
_CSL_TYPES: Final = {  # content negotiation answers in CSL's words
    "article-journal": "journal-article",
    "paper-conference": "proceedings-article",
    "chapter": "book-chapter",
    "thesis": "dissertation",
}
_NO_WORK_RELATIONS: Final = frozenset(
    {"cites", "references", "is-referenced-by", "is-cited-by", "has-review"}
)


def is_work(data: Mapping[str, object]) -> bool:
    """Whether a JSON object is a work in Crossref's own form (its own keys beside a DOI)."""
    return "DOI" in data and "agency" not in data and len(_OWN_KEYS & data.keys()) >= 2


def parse_work(
    data: object, retrieved_at: str, *, document: str | None = None, remarks: list[Skip] | None = None
) -> Record:
    """The record of one work (the `message` of a reply, or an item of a list).

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no
    work to keep: no object, no DOI, the tombstone of a deleted DOI.
    """
    data = require_object(data)
    doi = _doi(data)
    work = Fields(data, doi.value, [])
    _refuse_tombstone(work)
    record = _record(work, doi, retrieved_at, document)
    if remarks is not None:
        remarks.extend(work.remarks)
    return record


def _record(work: Fields, doi: Identifier, retrieved_at: str, document: str | None) -> Record:
    own_language = work.text("language")
    hint = japanese_hint(
        [*work.texts("title"), *work.texts("original-title"), *work.texts("container-title")]
    )
    titles = _titles(work, hint or own_language)
    abstracts = abstracts_of(work.text("abstract"), Origin.PUBLISHER, hint or own_language)
    open_licence = _open_licence(work, retrieved_at)
    relations = _relations(work)
    return Record(
        source=NAME,
        source_key=doi.value,
        retrieved_at=retrieved_at,
        document=document,
        identifiers=(doi,),
        titles=titles,
        abstracts=abstracts,
        contributors=_contributors(work),
        container=_container(work),
        locus=_locus(work),
        issued=_issued(work),
        published_online=_date(work, "published-online"),
        language=_agreed_language(own_language, titles + abstracts),
        work_type=_work_type(work),
        publisher=_clean(work.text("publisher")),
        url=_landing_page(work),
        is_open_access=True if open_licence else None,  # Crossref never says that a work is closed
        open_access=_open_access(work, open_licence),
        citation_count=work.count("is-referenced-by-count"),
        retracted=is_retracted(relations),
        subjects=unique(map(_clean, work.texts("subject"))),
        relations=relations,
        extra=_extra(work),
    )


def _doi(data: Mapping[str, object]) -> Identifier:
    raw = as_text(data.get("DOI"))
    if raw is None:
        raise ParseError(message("no-key-in-record", key="DOI"))
    if _BARE_DOI.fullmatch(raw):  # the register itself: a full stop or a slash at the end is part of it
        return Identifier(Scheme.DOI, _ascii_lower(raw))
    try:
        return identifiers.parse_doi(raw)
    except InvalidIdentifier as invalid:
        raise ParseError(invalid.message) from invalid


def _ascii_lower(raw: str) -> str:
    """DOIs fold the case of ASCII letters only."""
    return re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), raw)


def _refuse_tombstone(work: Fields) -> None:
    for shown in [*work.texts("title"), *work.texts("container-title")]:
        if _TOMBSTONE in shown.casefold():
            raise ParseError(message("deleted-doi", doi=work.where))


# -- texts -----------------------------------------------------------------------------------------------


def _titles(work: Fields, hint: str | None) -> tuple[Text, ...]:
    """All titles in all languages: there are no language tags, and the native title stands in any of three keys.

    A short title counts only where its script has no title yet.
    """
    bare = {_key(title) for title in work.texts("title")}  # without the subtitle: says nothing new
    original = [title for title in work.texts("original-title") if _key(title) not in bare]
    titles = titles_of([*_full_titles(work), *original], Origin.PUBLISHER, hint)
    short = titles_of(work.texts("short-title"), Origin.PUBLISHER, hint)
    scripts = {_is_latin(title) for title in titles}
    return titles + tuple(title for title in short if _is_latin(title) not in scripts)


def _full_titles(work: Fields) -> list[str]:
    """The titles, the main one with its subtitle: "title: subtitle"."""
    titles = [title for title in work.texts("title") if text.clean_title(title)]
    subtitles = [title for title in map(_clean, work.texts("subtitle")) if title]
    if not titles or not subtitles:
        return titles
    main, subtitle = _clean(titles[0]) or "", subtitles[0]
    if text.compare_key(subtitle) in text.compare_key(main):
        return titles
    joint = " " if main.endswith((":", "?", "!", "：", "？", "！", "–", "—")) else ": "
    return [f"{main}{joint}{subtitle}", *titles[1:]]


def _is_latin(title: Text) -> bool:
    return language.script(title.language) == "Latn"


def _agreed_language(said: str | None, texts: tuple[Text, ...]) -> str | None:
    """The primary subtag that the record says, if one of its texts is in it: "en" is a common default."""
    primary = (said or "").split("-")[0].split("_")[0].casefold()
    return primary if primary in {each.language.split("-")[0] for each in texts} else None


def _key(title: str) -> str:
    return text.compare_key(_clean(title) or "")


def _clean(raw: str | None) -> str | None:
    return text.clean_title(raw) if raw else None


# -- people and containers -------------------------------------------------------------------------------


def _contributors(work: Fields) -> tuple[Contributor, ...]:
    found: list[Contributor] = []
    for key, role in _ROLES:
        people = sorted(work.objects(key), key=lambda person: person.data.get("sequence") != "first")
        found.extend(filter(None, (_contributor(person, role) for person in people)))
    return tuple(found)


def _contributor(person: Fields, role: str) -> Contributor | None:
    found = contributor_of(
        family=person.text("family"),
        given=person.text("given"),
        name=person.text("name") or person.text("literal"),
        suffix=person.text("suffix"),
    )
    if found is None:
        return None
    return Contributor(
        name=found.name,
        family=found.family,
        given=found.given,
        name_zh=found.name_zh or person.text("name-zh"),  # crossref_xml alone says it
        orcid=identifiers.parse_orcid(person.text("ORCID") or ""),
        affiliations=unique(_clean(place.text("name")) for place in person.objects("affiliation")),
        role=role,
    )


def _container(work: Fields) -> Container | None:
    titles = unique(map(_clean, work.texts("container-title")))
    if not titles:
        return None
    chinese = [title for title in titles if is_han(title)]
    latin = [title for title in titles if title not in chinese]
    longest = max(latin or chinese, key=len)
    short = unique(map(_clean, work.texts("short-container-title") + work.texts("container-title-short")))
    abbreviations = [*short, *(title for title in latin if title.endswith("."))]
    return Container(
        title=longest,
        abbreviation=next((title for title in abbreviations if title != longest), None),
        title_zh=max(chinese, key=len) if latin and chinese else None,
        issns=_issns(work),
    )


def _issns(work: Fields) -> tuple[str, ...]:
    typed = [each.text("value") for each in work.objects("issn-type")]
    return unique(identifiers.parse_issn(raw) for raw in [*work.texts("ISSN"), *typed] if raw)


def _locus(work: Fields) -> Locus | None:
    return locus_of(
        work.text("volume"),
        work.text("issue") or work.inner("journal-issue").text("issue"),
        work.text("page") or work.text("article-number"),
    )


# -- dates, type, access ---------------------------------------------------------------------------------


def _issued(work: Fields) -> PartialDate | None:
    """`issued`, which Crossref fills with the earliest; else the earliest of the dates that it is made of."""
    issued = _date(work, "issued")
    if issued is not None:
        return issued
    keys = ("published", "published-print", "published-online", "posted", "approved")
    dates = [date for date in (_date(work, key) for key in keys) if date is not None]
    return min(dates, key=lambda date: (date.year, date.month or 13, date.day or 32), default=None)


def _date(work: Fields, key: str) -> PartialDate | None:
    """The date of `{"date-parts": [[2016, 10, 1]]}`; [[null]], [[0]] and the like are none."""
    outer = work.inner(key).data.get("date-parts")
    parts = outer[0] if isinstance(outer, list) and outer else outer
    if parts is None or parts in ([], [None]):
        return None
    found = partial_date(parts) if isinstance(parts, list) else iso_date(as_text(parts) or "")
    if found is None:
        work.note(key, parts)
    return found


def _work_type(work: Fields) -> str | None:
    said = work.text("type")
    return _CSL_TYPES.get(said, said) if said else None


def _landing_page(work: Fields) -> str | None:
    primary = work.inner("resource").inner("primary").text("URL")
    return web_address(primary) or web_address(work.text("URL"))


def _open_licence(work: Fields, retrieved_at: str) -> str | None:
    """The address of a Creative Commons licence that is in force."""
    today = iso_date(retrieved_at)
    for licence in work.objects("license"):
        start = _date(licence, "start")
        in_force = start is None or today is None or start <= today
        address = licence.text("URL")
        if in_force and _OPEN_LICENCE.match(address or ""):
            return address
    return None


def _open_access(work: Fields, open_licence: str | None) -> OpenAccess | None:
    url = _open_pdf(work) if open_licence else None
    told = {"host": "publisher", "version": "vor"} if url else {}
    return access.open_access(url, licence_said=open_licence, **told)


def _open_pdf(work: Fields) -> str | None:
    for link in work.objects("link"):
        is_pdf = link.text("content-type") == "application/pdf"
        is_for_reading = link.text("intended-application") != "similarity-checking"
        if is_pdf and is_for_reading and link.text("content-version") == "vor":
            return web_address(link.text("URL"))
    return None


# -- other works -----------------------------------------------------------------------------------------


def _relations(work: Fields) -> tuple[Relation, ...]:
    """Other works and notices, without citations and reviews: there are thousands.

    Of one notice the publisher and Retraction Watch may both tell.
    """
    related = (
        pointing(kind, each.text("id-type") or "id", value)
        for word, each in _related(work)
        if (kind := kind_of(word)) and (value := each.text("id"))
    )
    told_by = (_notice(each, is_notice=False) for each in work.objects("updated-by"))
    tells_of = (_notice(each, is_notice=True) for each in work.objects("update-to"))
    return tidy([*related, *told_by, *tells_of])


def _related(work: Fields) -> list[tuple[str, Fields]]:
    relation = work.inner("relation")
    words = sorted(relation.data.keys() - _NO_WORK_RELATIONS)
    return [(word, each) for word in words for each in relation.objects(word)]


def _notice(update: Fields, *, is_notice: bool) -> Relation:
    kind = notice_kind(update.text("type") or "", is_notice=is_notice)
    doi = update.text("DOI")
    return replace(
        pointing(kind, "doi", doi) if doi else Relation(kind),
        date=_date(update, "updated"),
        label=_clean(update.text("label")),
        asserted_by=update.text("source"),
    )


# -- what has no field -----------------------------------------------------------------------------------


def _extra(work: Fields) -> str | None:
    """Licences, relations of other kinds than ours, ISBNs, and types that the record's own words replaced."""
    said_type = work.text("type")
    return compact_json(
        {
            "isbn": list(unique(work.texts("ISBN"))),
            "issn": [] if work.texts("container-title") else list(_issns(work)),
            "license": list(unique(licence.text("URL") for licence in work.objects("license"))),
            "relation": _other_relations(work),
            "subtype": work.text("subtype"),
            "type": said_type if said_type in _CSL_TYPES else None,
        }
    )


def _other_relations(work: Fields) -> dict[str, list[str]]:
    """Related works under words that are no kind of ours ("is-financed-by": ["doi:10.5555/1"])."""
    found: dict[str, list[str]] = {}
    for word, each in _related(work):
        if kind_of(word) is None and (value := each.text("id")):
            found.setdefault(word, []).append(f"{each.text('id-type') or 'id'}:{value}")
    return {word: list(unique(related)) for word, related in found.items()}
