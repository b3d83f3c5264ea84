"""One work in CSL-JSON, as registration agencies negotiate it and as reference managers save it, into a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from harvester import identifiers, names, text
from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.patterns import pattern
from harvester.sources import crossref_fields
from harvester.sources.describing import (
    abstracts_of,
    contributor_of,
    filed_as,
    has_east_asian,
    hint_for,
    is_han,
    iso_date,
    japanese_hint,
    locus_of,
    partial_date,
    registered_doi,
    required_doi,
    tagged_titles,
    unique,
    web_address,
)
from harvester.sources.reading import Fields, as_text, compact_json, excerpt, require_object
from harvester.wire import Skip

DOCUMENT: Final = "document"  # the source of CSL-JSON that nobody asked a service for

_HOME_LANGUAGES: Final = {"istic": "zh", "jalc": "ja", "kisti": "ko"}  # of titles in Han characters, untagged
_TYPES: Final[dict[str, str | None]] = {  # CSL's words in Crossref's
    "article-journal": "journal-article",
    "paper-conference": "proceedings-article",
    "chapter": "book-chapter",
    "thesis": "dissertation",
    "entry-encyclopedia": "reference-entry",
    "entry-dictionary": "reference-entry",
    "review": "peer-review",
    "article": None,  # of anything, at DataCite; a preprint by the letter of CSL
}
_ROLES: Final = ("author", "editor", "translator")
_TITLE_KEYS: Final = ("title", "original-title")
_WHOLE_HAN_NAME: Final = pattern("[\u3400-\u9fff·\U00020000-\U000323af]{2,4}")
_SEPARATORS: Final = pattern(r"\s*[,;，；、]\s*")
_RESOLVER: Final = pattern(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s?)?10\.[0-9]{4}")


def is_csl(data: Mapping[str, object]) -> bool:
    """Whether a JSON object is a work in CSL-JSON, and not in Crossref's own dialect of it."""
    if "title" not in data or not data.keys() & {"type", "DOI", "id"} or crossref_fields.is_work(data):
        return False
    authors = data.get("author")
    first = authors[0] if isinstance(authors, list) and authors else None
    has_names = isinstance(first, dict) and bool(first.keys() & {"family", "given", "literal"})
    issued = data.get("issued")
    is_dated = isinstance(issued, dict) and bool(issued.keys() & {"date-parts", "raw", "literal"})
    return has_names or is_dated or "container-title" in data


def parse_work(
    data: object,
    retrieved_at: str,
    *,
    source: str = DOCUMENT,
    document: str | None = None,
    remarks: list[Skip] | None = None,
) -> Record:
    """The record of one work. `source` is the agency's name; without one nobody vouches for the texts.

    What is left out of it for its type is added to `remarks`. Raises ParseError for what is no object,
    no CSL-JSON, or bears neither DOI nor id nor address.
    """
    data = require_object(data)
    doi = _doi(data)
    key = doi.value if doi else _own_key(data)
    work = Fields(data, key, [])
    record = _record(work, source, retrieved_at)
    if remarks is not None:
        remarks.extend(work.remarks)
    return replace(record, identifiers=_identifiers(work, doi), document=document)


def _record(work: Fields, source: str, retrieved_at: str) -> Record:
    origin = Origin.UNKNOWN if source == DOCUMENT else Origin.PUBLISHER
    said_language = work.text("language")
    hint = _hint(work) or _HOME_LANGUAGES.get(source)
    titles = tagged_titles(_titles(work, hint), origin)
    abstracts = _abstracts(work, origin, hint)
    return Record(
        source=source,
        source_key=work.where,
        retrieved_at=retrieved_at,
        titles=titles,
        abstracts=abstracts,
        contributors=_contributors(work, hint),
        container=_container(work),
        locus=_locus(work),
        issued=_date(work, "issued"),
        published_online=_date(work, "published-online"),
        language=_agreed_language(said_language, titles + abstracts),
        work_type=_work_type(work),
        publisher=_publisher(work),
        url=web_address(work.text("URL")),
        subjects=_subjects(work),
        extra=_extra(work),
    )


# -- identifiers -----------------------------------------------------------------------------------------


def _doi(data: Mapping[str, object]) -> Identifier | None:
    """`DOI`, else an id or address that is a DOI; raises ParseError where `DOI` holds something else."""
    raw = as_text(data.get("DOI"))
    if raw is not None:
        return required_doi(raw, "DOI")
    for key in ("id", "URL"):
        spare = as_text(data.get(key))
        if spare and _RESOLVER.match(spare):
            try:
                return registered_doi(spare)
            except InvalidIdentifier:
                continue
    return None


def _own_key(data: Mapping[str, object]) -> str:
    if not data.keys() & {"title", "container-title", "author", "issued"}:
        raise ParseError(message("not-csl", found=excerpt(", ".join(sorted(map(str, data))))))
    key = as_text(data.get("id")) or as_text(data.get("URL"))
    if key is None:
        raise ParseError(message("csl-no-id"))
    return key


def _identifiers(work: Fields, doi: Identifier | None) -> tuple[Identifier, ...]:
    found = {doi} if doi else set()
    for scheme, raw in ((Scheme.PMID, work.text("PMID")), (Scheme.PMCID, work.text("PMCID"))):
        digits = re.fullmatch(r"(?i)(?:PMC)?([1-9][0-9]{0,8})", raw or "")
        if digits:
            found.add(Identifier(scheme, f"PMC{digits[1]}" if scheme is Scheme.PMCID else digits[1]))
    return tuple(sorted(found))


# -- texts -----------------------------------------------------------------------------------------------


def _hint(work: Fields) -> str | None:
    """The language of the record's East Asian texts: Japanese where anything shows that, else as tagged."""
    tags = {tag.split("-")[0] for tag, _ in _variants(work, "title")}
    said = (work.text("language") or "").split("-")[0].casefold()
    if "ja" in tags | {said} or japanese_hint([*work.texts("title"), *work.texts("container-title")]):
        return "ja"
    return next((tag for tag in ("zh", "ko") if tag in tags or tag == said), None)


def _titles(work: Fields, hint: str | None) -> list[tuple[str, str | None]]:
    """All titles with their tags, the main one first: with its subtitle, and with its variant's tag."""
    variants = list(_variants(work, "title"))
    tags = {text.compare_key(title): tag for tag, title in variants}
    main = [title for key in _TITLE_KEYS for title in work.texts(key)]
    subtitle = next(iter(work.texts("subtitle")), None)
    if main and subtitle and text.compare_key(subtitle) not in text.compare_key(main[0]):
        main[0] = f"{main[0]}: {subtitle}"
    said = [(title, tags.get(text.compare_key(title)) or _tag_for(work, title, hint)) for title in main]
    return [*said, *((title, tag) for tag, title in variants)]


def _tag_for(work: Fields, raw: str, hint: str | None) -> str | None:
    """The tag of a text that has none: what is in Han may be Japanese or Korean, other letters are as `language` says."""
    if has_east_asian(raw):
        return hint if hint in {"ja", "ko"} else None
    return work.text("language")


def _variants(work: Fields, key: str) -> Iterator[tuple[str, str]]:
    """(tag, text) of a field's other languages: {"multi": {"_key": {"title": {"zh": ..., "en": ...}}}}."""
    other = work.inner("multi").inner("_key").inner(key)
    for tag in other.data:
        value = other.text(tag)
        if value is not None:
            yield tag, value


def _abstracts(work: Fields, origin: Origin, hint: str | None) -> tuple[Text, ...]:
    """One abstract a language, the first that there is."""
    found: dict[str, Text] = {}
    main = work.text("abstract")
    said = [(main, _tag_for(work, main, hint))] if main else []
    for raw, tag in [*said, *((raw, tag) for tag, raw in _variants(work, "abstract"))]:
        for abstract in filed_as(abstracts_of(raw, origin, hint_for(raw, tag)), tag):
            found.setdefault(abstract.language, abstract)
    return tuple(found.values())


def _agreed_language(said: str | None, texts: tuple[Text, ...]) -> str | None:
    """The primary subtag that the record says, if one of its texts is in it: "en" is a common default."""
    primary = (said or "").replace("_", "-").split("-")[0].casefold()
    return primary if primary in {each.language.split("-")[0] for each in texts} else None


def _clean(raw: str | None) -> str | None:
    return text.clean_title(raw) if raw else None


# -- people and containers -------------------------------------------------------------------------------


def _contributors(work: Fields, hint: str | None) -> tuple[Contributor, ...]:
    found: list[Contributor] = []
    for role in _ROLES:
        for person in work.objects(role):
            contributor = _contributor(person, hint)
            if contributor is not None:
                found.append(replace(contributor, role=role))
    return tuple(found)


def _contributor(person: Fields, hint: str | None) -> Contributor | None:
    """A person; a whole Han name in `given` or `literal` is taken apart, unless it may be a Japanese one."""
    family, given = _with_particles(person)
    literal = person.text("literal") or person.text("name")
    whole = literal if not (family or given) else family if not given else given if not family else None
    bare = re.sub(r"\s+", "", whole or "")
    if bare and _WHOLE_HAN_NAME.fullmatch(bare):
        found: Contributor | None = Contributor(name=bare) if hint == "ja" else names.parse_name(whole or "")
    else:
        found = contributor_of(family=family, given=given, name=literal, suffix=person.text("suffix"))
    return found and replace(
        found,
        orcid=identifiers.parse_orcid(person.text("ORCID") or ""),
        affiliations=unique(_clean(place) for place in _places(person)),
    )


def _with_particles(person: Fields) -> tuple[str | None, str | None]:
    """Family and given name with their particles: "van" and "Beethoven", "Guy" and "de"."""
    family, given = person.text("family"), person.text("given")
    leading, dropping = person.text("non-dropping-particle"), person.text("dropping-particle")
    family = " ".join(filter(None, (leading, family))) if family else family
    return family, " ".join(filter(None, (given, dropping))) if given else given


def _places(person: Fields) -> list[str | None]:
    value = person.data.get("affiliation")
    entries = value if isinstance(value, list) else [value]
    if any(isinstance(entry, str) for entry in entries):
        return list(person.texts("affiliation"))
    return [place.text("name") for place in person.objects("affiliation")]


def _container(work: Fields) -> Container | None:
    variants = [title for _, title in _variants(work, "container-title")]
    titles = unique(map(_clean, [*work.texts("container-title"), *variants]))
    if not titles:
        return None
    chinese = [title for title in titles if is_han(title)]
    latin = [title for title in titles if title not in chinese]
    short = unique(map(_clean, work.texts("container-title-short") + work.texts("journalAbbreviation")))
    title = (latin or chinese)[0]
    return Container(
        title=title,
        abbreviation=next((each for each in short if each != title), None),
        title_zh=chinese[0] if latin and chinese else None,
        issns=_issns(work),
    )


def _issns(work: Fields) -> tuple[str, ...]:
    raws = [raw for listed in work.texts("ISSN") for raw in _SEPARATORS.split(listed)]
    return unique(map(identifiers.parse_issn, raws))


def _locus(work: Fields) -> Locus | None:
    first, last = work.text("page-first"), work.text("page-last")
    pages = f"{first}-{last}" if first and last else first
    issue = work.text("issue") or (work.text("number") if work.text("volume") else None)  # JaLC's spelling
    return locus_of(work.text("volume"), issue, work.text("page") or pages or work.text("article-number"))


# -- dates, type, the rest -------------------------------------------------------------------------------


def _date(work: Fields, key: str) -> PartialDate | None:
    """The date of `{"date-parts": [[2016, 10, 1]]}`, or of its `raw` or `literal`, or of a bare string."""
    value = work.data.get(key)
    if isinstance(value, str | int):
        return iso_date(as_text(value) or "")
    said = work.inner(key)
    outer = said.data.get("date-parts")
    parts = outer[0] if isinstance(outer, list) and outer else outer
    spelled = as_text(said.data.get("raw")) or as_text(said.data.get("literal")) or ""
    found = partial_date(parts) if isinstance(parts, list) else iso_date(as_text(parts) or "")
    found = found or iso_date(spelled)
    if found is None and parts not in (None, [], [None]):
        work.note(key, parts)
    return found


def _work_type(work: Fields) -> str | None:
    said = work.text("type")
    return _TYPES.get(said, said) if said else None


def _publisher(work: Fields) -> str | None:
    """The publisher's name, which some write as {"name": ...}."""
    if isinstance(work.data.get("publisher"), dict):
        return _clean(work.inner("publisher").text("name"))
    return _clean(work.text("publisher"))


def _subjects(work: Fields) -> tuple[str, ...]:
    keywords = [word for listed in work.texts("keyword") for word in _SEPARATORS.split(listed)]
    return unique(map(_clean, [*work.texts("categories"), *keywords]))


def _extra(work: Fields) -> str | None:
    """What has no field: handle, ISBNs, rights, files, and the type where its word was replaced."""
    said_type = work.text("type")
    return compact_json(
        {
            "copyright": work.text("copyright"),
            "edition": work.text("edition"),
            "handle": work.text("HANDLE"),
            "isbn": list(unique(work.texts("ISBN"))),
            "link": list(unique(link.text("URL") for link in work.objects("link"))),
            "type": said_type if said_type in _TYPES else None,
            "version": work.text("version"),
        }
    )
