"""An aggregator's envelope: one JSON object of 33 keys a paper, the original-language record inside it as a string.

Titles and abstracts are filed by their language, whatever key they stand under; values of a wrong type cost a
remark, not the record; the whole object is kept in `Record.extra`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeGuard

import msgspec

from harvester.access import open_access
from harvester.errors import ParseError
from harvester.extras import ENVELOPE_KEYS
from harvester.formats.envelope_fields import (
    TYPE_NAMES,
    Journal,
    OddValue,
    Remarks,
    container_of,
    is_blank,
    read_authors,
    read_count,
    read_date,
    read_flag,
    read_journal,
    read_line,
    read_text,
    read_url,
    read_words,
    read_work_type,
    shown,
)
from harvester.formats.envelope_texts import Draft, primary
from harvester.formats.json_stream import Plain
from harvester.formats.json_values import decode, harmless
from harvester.identifiers import doi_url
from harvester.language import is_chinese
from harvester.merge import identifier_of
from harvester.messages import message
from harvester.model import Container, Contributor, Identifier, Origin, Record, Scheme, Text, Work
from harvester.names import parse_author_line
from harvester.patterns import pattern
from harvester.text import compare_key
from harvester.wire import Context, Skip

KEYS: Final = ENVELOPE_KEYS
# Our own additions, written only where the 33 keys cannot say it: the English of a work that is not English,
# and who made a text, where the aggregator did not.
_EXTENSIONS: Final = ("TitleEN", "AbstractTextEN")
_TEXT_KEYS: Final = ("title", "abstract", "TitleCN", "AbstractTextCN", *_EXTENSIONS)
_OF_ENVELOPES_ALONE: Final = frozenset((
    "DOIUrl", "PeriodicalId", "PeriodicalIF", "resultStr", "paperid", "PeriodicalName", "FirstCategoryId",
    "ListUrlMain", "RegionNum", "RegionCategory", "ArticlePicture", "TitleCN", "AbstractTextCN", "EPubDate",
    "PubModel", "JCRName",
))  # fmt: skip
MAX_LAYERS: Final = 8
_OURS: Final = frozenset((*_EXTENSIONS, *(f"{key[0].upper()}{key[1:]}Origin" for key in _TEXT_KEYS)))
_UNKNOWN: Final = pattern(r"(?i)0+(?:\.0*)?|null|none|n/a")


def is_envelope(data: Mapping[str, Any]) -> bool:
    """Whether an object has a key that only envelopes have, or has the 33 keys' names and no others."""
    if not _OF_ENVELOPES_ALONE.isdisjoint(data):
        return True
    return bool(data) and set(data) <= set(KEYS) and not {"title", "doi", "abstract"}.isdisjoint(data)


def parse_envelope(
    data: Mapping[str, Any], where: str, context: Context, lines: Sequence[Plain]
) -> tuple[Record | None, list[Skip]]:
    """The record of one envelope, None if it says nothing; and what was odd about it.

    `lines` are the plain lines that stand beside the object in its document.
    """
    remarks = Remarks(where)
    try:
        data, extra = _storable(data)
    except ParseError as error:
        return None, [Skip(where, error.message)]
    layers = _layers(data, remarks)
    draft = Draft(remarks)
    spoken = _add_texts(draft, layers)
    _add_dois(draft, layers)
    authors = remarks.take(layers, "authors", read_authors) or ()
    journal = remarks.take(layers, "journal", read_journal) or Journal()
    container = container_of([journal.title, remarks.take(layers, "PeriodicalName", read_line)])
    draft.add_lines(lines, context.document, _witnesses(data, authors, journal))
    paper = _paper(layers, remarks)
    identifiers = _identifiers(draft, layers, paper)
    if not (identifiers or draft.titles.kept or draft.abstracts.kept):
        return None, [Skip(where, message("envelope-empty")), *remarks.skips]
    language = _own_language(draft, layers, *spoken)
    record = Record(
        source="aggregator",
        source_key=_source_key(draft, paper, authors, container),
        retrieved_at=context.retrieved_at,
        identifiers=identifiers,
        titles=_own_first(draft.titles.kept, language),
        abstracts=_own_first(draft.abstracts.kept, language),
        contributors=authors,
        container=container,
        locus=journal.locus,
        issued=remarks.take(layers, "publicationDate", read_date) or draft.issued,
        published_online=remarks.take(layers, "EPubDate", read_date),
        language=language,
        work_type=remarks.take(layers, "publicationTypes", read_work_type),
        url=remarks.take(layers, "url", read_url),
        is_open_access=remarks.take(layers, "isOpenAccess", read_flag),
        open_access=open_access(remarks.take(layers, "openAccessPdf", read_url)),
        citation_count=remarks.take(layers, "citationCount", read_count),
        subjects=remarks.take(layers, "fieldsOfStudy", read_words) or (),
        extra=extra,
        document=where,
    )
    return record, remarks.skips


def _storable(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The object and its JSON text, without what neither JSON nor a database can hold."""
    try:
        text = _compact(data)
    except (ValueError, RecursionError):
        data = harmless(data)
        text = _compact(data)
    return data, text


def _compact(data: Mapping[str, Any]) -> str:
    return msgspec.json.encode(data).decode()


def _layers(data: Mapping[str, Any], remarks: Remarks) -> list[Mapping[str, Any]]:
    """The envelope, the record in its `resultStr`, and so on inwards."""
    layers = [data]
    while not is_blank(raw := layers[-1].get("resultStr")):
        if len(layers) > MAX_LAYERS:
            remarks.add("envelope-inner-deep", limit=MAX_LAYERS)
            break
        inner = _inner(raw)
        if inner is None:
            remarks.add("envelope-inner-broken", found=shown(raw))
            break
        layers.append(inner)
    return layers


def _inner(raw: Any) -> Mapping[str, Any] | None:
    """The object that a `resultStr` is: itself, or JSON in a string, or that in a string again."""
    for _ in range(MAX_LAYERS):
        if not isinstance(raw, str):
            break
        try:
            raw = decode(raw)
        except ParseError:
            return None
    return raw if isinstance(raw, dict) else None


# -- texts -----------------------------------------------------------------------------------------------

_Languages = list[str | None]


def _add_texts(draft: Draft, layers: Sequence[Mapping[str, Any]]) -> tuple[_Languages, _Languages]:
    """File all titles and abstracts; the languages of each layer's `title` and `abstract`, outer first."""
    titles = [draft.add_title(layer, "title") for layer in layers]
    abstracts = [draft.add_abstract(layer, "abstract") for layer in layers]
    for layer in layers:
        for key in ("TitleCN", "TitleEN"):
            if key in layer:
                draft.add_title(layer, key)
        for key in ("AbstractTextCN", "AbstractTextEN"):
            if key in layer:
                draft.add_abstract(layer, key)
    return titles, abstracts


def _own_language(
    draft: Draft, layers: Sequence[Mapping[str, Any]], titles: _Languages, abstracts: _Languages
) -> str | None:
    """The language of the work itself: that of the innermost abstract, else what the titles tell.

    A title in square brackets is a translation into English, so the work is in another language.
    """
    found = {primary(title.language) for title in draft.titles.kept} - {None}
    if draft.is_translated_title:
        has_chinese = any(is_chinese(text.language) for text in (*draft.titles.kept, *draft.abstracts.kept))
        return "zh" if has_chinese else None
    if spoken := [language for language in reversed(abstracts) if language]:
        return spoken[0]
    if len(draft.abstracts.from_lines) == 1:
        return next(iter(draft.abstracts.from_lines))
    if not is_blank(layers[0].get("TitleEN")):
        return titles[0]
    if {"en", "zh"} <= found:
        return "en"
    return next(iter(found)) if len(found) == 1 else None


def _own_first(texts: Sequence[Text], language: str | None) -> tuple[Text, ...]:
    return tuple(sorted(texts, key=lambda text: language is not None and primary(text.language) != language))


def _witnesses(data: Mapping[str, Any], authors: Sequence[Contributor], journal: Journal) -> list[str]:
    """What a line beside the object may repeat, besides its titles and abstracts."""
    raw = (data.get(key) for key in ("authors", "doi", "PeriodicalName"))
    said = [value for value in raw if isinstance(value, str)]
    return [*said, ", ".join(author.name for author in authors), journal.title or ""]


# -- identifiers -----------------------------------------------------------------------------------------


class _Paper(NamedTuple):
    """The aggregator's own key of a paper: platform and paperid."""

    key: str
    identifier: Identifier


def _add_dois(draft: Draft, layers: Sequence[Mapping[str, Any]]) -> None:
    for key in ("doi", "DOIUrl", "ListUrlMain"):
        for layer in layers:
            raw = draft.remarks.take([layer], key, read_text)
            if raw and not _UNKNOWN.fullmatch(raw) and (key != "ListUrlMain" or "10." in raw):
                draft.add_doi(raw, key)


def _paper(layers: Sequence[Mapping[str, Any]], remarks: Remarks) -> _Paper | None:
    platform = remarks.take(layers, "platform", read_text)
    paper = remarks.take(layers, "paperid", read_text)
    if platform is None or paper is None or _UNKNOWN.fullmatch(paper):
        return None
    platform = re.sub(r"[\W_]", "", platform[:80].casefold())
    if not platform or not re.fullmatch(r"[\w.:/-]{1,200}", paper):
        remarks.add("envelope-odd-value", field="paperid", expected="a key", found=shown(paper))
        return None
    key = f"{platform}:{paper}"
    if platform == "pubmed" and re.fullmatch(r"[1-9][0-9]{0,8}", paper):
        return _Paper(key, Identifier(Scheme.PMID, paper))
    if platform == "semanticscholar" and re.fullmatch(r"[0-9a-fA-F]{40}", paper):
        return _Paper(key, Identifier(Scheme.S2, paper.lower()))
    return _Paper(key, Identifier(Scheme.PLATFORM, key))


def _read_pmcid(value: Any) -> Identifier | None:
    text = read_text(value)
    if _UNKNOWN.fullmatch(text):
        return None
    match = re.fullmatch(r"(?i)(?:PMC)?\s?0*([1-9][0-9]{1,8})(?:\.[0-9]+)?", text)
    if match is None:
        raise OddValue("a PMCID")
    return Identifier(Scheme.PMCID, f"PMC{match[1]}")


def _identifiers(
    draft: Draft, layers: Sequence[Mapping[str, Any]], paper: _Paper | None
) -> tuple[Identifier, ...]:
    pmcid = draft.remarks.take(layers, "PMCID", _read_pmcid)
    others = (pmcid, paper.identifier if paper else None)
    return tuple(sorted((*draft.dois, *(one for one in others if one is not None))))


def _source_key(
    draft: Draft, paper: _Paper | None, authors: Sequence[Contributor], container: Container | None
) -> str:
    """The DOI, else the aggregator's own key, else a hash of what describes the paper."""
    if draft.dois:
        return draft.dois[0].value
    if paper is not None:
        return paper.key
    texts = sorted(compare_key(text.value) for text in (*draft.titles.kept, *draft.abstracts.kept))
    said = [*texts, *(author.name for author in authors), container.title if container else ""]
    return "content:" + hashlib.blake2b("\n".join(said).encode(), digest_size=16).hexdigest()


# -- out -------------------------------------------------------------------------------------------------


def dump_envelope(work: Work, raw: str | None, ranks: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The 33 keys for one work, then what `raw`, the stored envelope, had besides.

    What the work knows is the work's; what only an aggregator knows (ranks, its own ids) is passed through from
    `raw`, and null where there is none; `ranks` stand in for its ranks of the journal. `resultStr` is the record in the work's own language.
    """
    known = _stored(raw) | dict(ranks or {})
    title, abstract = (_by_role(texts, work.language) for texts in (work.titles, work.abstracts))
    texts = {
        "title": title.own,
        "abstract": abstract.own,
        "TitleCN": title.chinese,
        "AbstractTextCN": abstract.chinese,
        "TitleEN": title.english_beside,
        "AbstractTextEN": abstract.english_beside,
    }
    values = {key: text.value if text else None for key, text in texts.items()}
    believed = _believed(work, known) | {key: values[key] for key in _TEXT_KEYS[:4]}
    envelope = {key: believed.get(key, known.get(key)) for key in KEYS}
    original = envelope | {"TitleCN": None, "AbstractTextCN": None, "resultStr": None}
    envelope["resultStr"] = _compact(original)
    ours: dict[str, Any] = {
        f"{key[0].upper()}{key[1:]}Origin": text.origin.value
        for key, text in texts.items()
        if _is_marked(text)
    }
    ours |= {key: values[key] for key in _EXTENSIONS if values[key] is not None}
    unknown = {key: value for key, value in known.items() if key not in KEYS and key not in _OURS}
    return envelope | unknown | ours


def _is_marked(text: Text | None) -> TypeGuard[Text]:
    return text is not None and text.origin is not Origin.AGGREGATOR


def _stored(raw: str | None) -> dict[str, Any]:
    try:
        data = decode(raw) if raw else {}
    except ParseError:
        return {}
    return data if isinstance(data, dict) else {}


class _Roles(NamedTuple):
    """The texts of one kind by their place in an envelope."""

    own: Text | None
    chinese: Text | None
    english_beside: Text | None


def _by_role(texts: Sequence[Text], language: str | None) -> _Roles:
    by_language: dict[str | None, Text] = {}
    for text in texts:
        by_language.setdefault(primary(text.language), text)
    english, chinese = by_language.get("en"), by_language.get("zh")
    own = by_language.get(language) if language else None
    own = own or english or next(iter(texts), None)
    return _Roles(own, chinese, english if english is not own else None)


def _believed(work: Work, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the work says, under the envelope's keys; absent keys are the aggregator's alone."""
    doi = identifier_of(work, Scheme.DOI)
    container, locus = work.container, work.locus
    journal = {
        "name": container.title if container else None,
        "volume": locus.volume if locus else None,
        "pages": locus.pages if locus else None,
    }
    values = {
        "authors": _dump_authors(work, known),
        "doi": doi,
        "DOIUrl": doi_url(doi) if doi else None,
        "url": work.url,
        "journal": journal if any(journal.values()) else None,
        "PeriodicalName": (container.title_zh or container.title) if container else None,
        "publicationDate": str(work.issued) if work.issued else None,
        "EPubDate": str(work.published_online) if work.published_online else None,
        "publicationTypes": _dump_types(work, known),
        "isOpenAccess": work.is_open_access,
        "openAccessPdf": work.oa_url,
        "citationCount": None if work.citation_count is None else str(work.citation_count),
        "PMCID": identifier_of(work, Scheme.PMCID),
    }
    return values | ({"fieldsOfStudy": list(work.subjects)} if work.subjects else {})


def _dump_types(work: Work, known: Mapping[str, Any]) -> Any:
    """The aggregator's own words where they mean the work's type, else the usual ones."""
    raw = known.get("publicationTypes")
    try:
        is_same = not is_blank(raw) and read_work_type(raw) == work.work_type
    except OddValue:
        is_same = False
    return raw if is_same else TYPE_NAMES.get(work.work_type or "", work.work_type)


def _dump_authors(work: Work, known: Mapping[str, Any]) -> str | list[dict[str, Any]] | None:
    """One line of names; {"authorId", "name"} each where the envelope had that, or a line would be misread."""
    is_chinese = work.language == "zh"
    authors = (person for person in work.contributors if person.role == "author")
    names = [(is_chinese and person.name_zh) or person.name for person in authors]
    if not names:
        return None
    raw, line = known.get("authors"), ", ".join(names)
    if not isinstance(raw, list) and [person.name for person in parse_author_line(line)] == names:
        return line
    people = [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    ids = {str(one.get("name")): one.get("authorId") for one in people}
    return [{"authorId": ids.get(name), "name": name} for name in names]
