"""What several services say in the same way, brought into the shapes of the model.

Texts are filed by the language that they are in, never by the name of the field that they came in.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final

from msgspec.structs import replace

from harvester import identifiers, language, names, text
from harvester.bilingual import split_bilingual
from harvester.errors import InvalidIdentifier, ParseError
from harvester.messages import message
from harvester.model import Contributor, Identifier, Locus, Origin, PartialDate, Scheme, Text
from harvester.patterns import pattern
from harvester.sources.reading import as_integer

EARLIEST_YEAR: Final = 1400  # print begins; what is older here is a typing error
LATEST_YEAR: Final = 2100

_KANA = pattern("[\u3040-\u30ff\u31f0-\u31ff]")
_EAST_ASIAN = pattern(
    "[\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af]"
)
_HAN = pattern("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LATIN = pattern("[A-Za-z]+")
_DASHES = pattern(r"\s*[-\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d\uff5e]+\s*")
_NO_PAGES = pattern(r"(?i)n/?a(-n/?a)?")
_DOI_URL = pattern(r"(?i)^https?://(?:dx\.)?doi\.org/")
_BARE_DOI = pattern(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-\[\]-~]+")  # printable ASCII, no backslash
_ISO_DATE = pattern(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?(?![0-9])")

_EAST_ASIAN_TAGS: Final = frozenset({"zh", "ja", "ko"})
_OPENING = pattern(r"[\s\[(（【“‘《<]+$")
_PURE: Final = 0.9  # share of the letters on their own side of the cut between two languages

# A paragraph shorter than this does not tell its language: it goes with its neighbour.
_TELLING_LATIN: Final = 60
_TELLING_EAST_ASIAN: Final = 10
# A second language of an abstract has at least this much text; less is a quotation, or a mistake between
# two languages in Latin letters. Beside an East Asian one Latin is never mistaken.
_SECOND_LATIN: Final = 200
_SECOND_EAST_ASIAN: Final = 20


def titles_of(raws: Iterable[str], origin: Origin, hint: str | None = None) -> tuple[Text, ...]:
    """Every title once, in order, each in its language; a line that holds two languages gives two."""
    found: dict[str, Text] = {}
    for raw in raws:
        title = text.clean_title(raw)
        for part in () if title is None else split_bilingual(title) or (title,):
            found.setdefault(text.compare_key(part) or part, Text(part, language.detect(part, hint), origin))
    return tuple(found.values())


def abstracts_of(raw: str | None, origin: Origin, hint: str | None = None) -> tuple[Text, ...]:
    """One abstract a language: several in one field are told apart paragraph by paragraph."""
    clean = None if raw is None else text.clean_abstract(raw)
    if clean is None:
        return ()
    told: dict[str, list[str]] = {}
    paragraphs = [part for paragraph in clean.split("\n") for part in _by_script(paragraph)]
    for paragraph, tag in _told_apart(paragraphs, hint):
        told.setdefault(tag, []).append(paragraph)
    bodies = [text.strip_label("\n".join(body)).strip() for body in told.values()]
    return tuple(Text(body, language.detect(body, hint), origin) for body in bodies if body)


def japanese_hint(texts: Iterable[str]) -> str | None:
    """The hint "ja" where kana stand in any text of a record: its Han texts are Japanese then."""
    return "ja" if any(_KANA.search(each) for each in texts) else None


def is_han(line: str) -> bool:
    """Whether a name or title is in Han characters, without kana: told by script alone, which costs nothing."""
    return bool(_HAN.search(line)) and not _KANA.search(line)


def contributor_of(
    *, family: str | None, given: str | None, name: str | None = None, suffix: str | None = None
) -> Contributor | None:
    """A person from the parts that a source tells apart, or a body from its one `name`.

    East Asian names are shown family first and without a blank, others given first. One part that holds
    a whole East Asian name is taken apart; one Latin part with blanks in it may be a body and is left whole.
    """
    family, given = _tidy(family), _tidy(given)
    if family and given:
        joined = f"{family}{given}"
        shown = joined if _is_east_asian(joined) else " ".join(filter(None, (given, family, _tidy(suffix))))
        return Contributor(name=shown, family=family, given=given)
    alone = family or given or _tidy(name)
    if alone is None:
        return None
    if _is_east_asian(alone) and not name:
        return names.parse_name(alone)
    is_word = alone == family and " " not in alone
    return Contributor(name=alone, family=alone if is_word else None)


def locus_of(volume: str | None, issue: str | None, pages: str | None) -> Locus | None:
    """Volume, issue and pages of one source; None where it says none of them."""
    locus = Locus(volume=volume, issue=issue, pages=tidy_pages(pages))
    return None if locus == Locus() else locus


def tidy_pages(raw: str | None) -> str | None:
    """Pages with ASCII hyphens and without blanks; None for stubs such as "n/a-n/a" or "-"."""
    pages = re.sub(r"\s+", "", _DASHES.sub("-", raw or "")).strip("-,;")
    return None if not re.search(r"\w", pages) or _NO_PAGES.fullmatch(pages) else pages


def partial_date(parts: Sequence[object]) -> PartialDate | None:
    """A date from [year, month, day], as far as it is possible: a 13th month leaves the year."""
    year, month, day = ([as_integer(part) or 0 for part in parts] + [0, 0, 0])[:3]
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    if not 1 <= month <= 12:
        return PartialDate(year)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return PartialDate(year, month)
    return PartialDate(year, month, day)


def iso_date(raw: str) -> PartialDate | None:
    """A date from the start of "2016", "2016-10", "2016-10-01" or "2016-10-01T00:00:00Z"."""
    found = _ISO_DATE.match(raw)
    return partial_date(found.groups()) if found else None


def web_address(raw: str | None) -> str | None:
    """An address that a browser opens; other schemes and blanks inside are none."""
    return raw if raw and re.fullmatch(r"(?i)https?://\S+", raw) else None


def identifier_of(raw: str) -> Identifier | None:
    """The identifier that `raw` is ("PMID:123"), or None."""
    try:
        return identifiers.parse(raw)
    except InvalidIdentifier:
        return None


def registered_doi(raw: str) -> Identifier:
    """A DOI as a register writes it, bare or as a URL: a full stop or a slash at its end is part of it.

    Raises InvalidIdentifier where there is none.
    """
    bare = _DOI_URL.sub("", raw.strip())
    if _BARE_DOI.fullmatch(bare):  # DOIs fold the case of ASCII letters only, and these are all ASCII
        return Identifier(Scheme.DOI, bare.lower())
    return identifiers.parse_doi(raw)


def required_doi(raw: str | None, key: str) -> Identifier:
    """The DOI that a record stands under, as `registered_doi` reads it; `key` is where it should be.

    Raises ParseError where there is none, or none that is sound.
    """
    if raw is None:
        raise ParseError(message("no-key-in-record", key=key))
    try:
        return registered_doi(raw)
    except InvalidIdentifier as invalid:
        raise ParseError(invalid.message) from invalid


def unique(values: Iterable[str | None]) -> tuple[str, ...]:
    """The values that are something, each once, in order."""
    return tuple(dict.fromkeys(value for value in values if value))


def _by_script(paragraph: str) -> list[str]:
    """English and Chinese that stand one behind the other in one paragraph, as two; else the paragraph."""
    if not _HAN.search(paragraph) or language.detect(paragraph) != "mul":
        return [paragraph]
    sums = list(accumulate(_script_weight(letter) for letter in paragraph))
    first = max(range(len(sums)), key=lambda place: abs(sums[place] - sums[-1] / 2))
    purity = abs(2 * sums[first] - sums[-1]) / sum(abs(_script_weight(letter)) for letter in paragraph)
    following = re.search(r"[^\W_]", paragraph[first + 1 :])
    if purity < _PURE or following is None:
        return [paragraph]
    cut = first + 1 + following.start()
    opening = _OPENING.search(paragraph[:cut])
    cut = opening.start() if opening else cut
    return [paragraph[:cut].strip(), paragraph[cut:].strip()]


def _script_weight(letter: str) -> int:
    """What a letter adds for Latin and takes for Han, which says about four times as much."""
    return -4 if _HAN.match(letter) else int(letter.isalpha())


def _told_apart(paragraphs: Sequence[str], hint: str | None) -> list[tuple[str, str]]:
    """Each paragraph with the language of its run; "" throughout where one language is enough."""
    tags = [_telling_language(paragraph, hint) for paragraph in paragraphs]
    sizes: dict[str, int] = {}
    for paragraph, tag in zip(paragraphs, tags, strict=True):
        sizes[tag] = sizes.get(tag, 0) + len(paragraph)
    sizes.pop("", None)
    enough = {tag for tag, size in sizes.items() if size >= _least_size(tag, sizes)}
    if len(enough) < 2:
        return [(paragraph, "") for paragraph in paragraphs]
    current = next(tag for tag in tags if tag in enough)
    told = []
    for paragraph, tag in zip(paragraphs, tags, strict=True):
        current = tag if tag in enough else current
        told.append((paragraph, current))
    return told


def _telling_language(paragraph: str, hint: str | None) -> str:
    """Primary language of a paragraph that is long enough to tell one, else ""."""
    least = _TELLING_EAST_ASIAN if _EAST_ASIAN.search(paragraph) else _TELLING_LATIN
    if len(paragraph) < least:
        return ""
    primary = language.detect(paragraph, hint).split("-")[0]
    return "" if primary in {"und", "mul"} else primary


def _least_size(tag: str, tags: Iterable[str]) -> int:
    if tag in _EAST_ASIAN_TAGS:
        return _SECOND_EAST_ASIAN
    return _SECOND_LATIN if len(set(tags) - _EAST_ASIAN_TAGS) > 1 else _TELLING_LATIN


def _tidy(raw: str | None) -> str | None:
    return text.clean_title(raw) if raw else None


def _is_east_asian(name: str) -> bool:
    return all(_EAST_ASIAN.match(letter) for letter in name if letter.isalpha()) and bool(
        _EAST_ASIAN.search(name)
    )


# -- texts that come with a language tag -------------------------------------------------------------------


def tagged_titles(said: Iterable[tuple[str, str | None]], origin: Origin) -> tuple[Text, ...]:
    """Every title once, in order, from (title, tag): filed by what it is, and by the tag where that is open.

    A tagged title is one title, whatever foreign names it holds. Han characters are no proof of Chinese: beside
    a tag of Japanese or Korean they are kanji or hanja.
    """
    found: dict[str, Text] = {}
    for raw, tag in said:
        titles = titles_of([raw], origin) if tag is None else _one_title(raw, tag, origin)
        for title in titles:
            found.setdefault(text.compare_key(title.value) or title.value, title)
    return tuple(found.values())


def _one_title(raw: str, tag: str, origin: Origin) -> tuple[Text, ...]:
    title = text.clean_title(raw)
    if title is None:
        return ()
    told = language.detect(title, hint_for(title, tag))
    if told == "mul":
        told = language.detect(_LATIN.sub(" ", title), tag)
    return filed_as((Text(title, told, origin),), tag)


def hint_for(raw: str, tag: str | None) -> str | None:
    """The tag as a hint; none where an East Asian tag stands at a text in other letters."""
    is_foreign = tag is not None and _primary(tag) in _EAST_ASIAN_TAGS and not has_east_asian(raw)
    return None if is_foreign else tag


def has_east_asian(line: str) -> bool:
    """Whether Han characters, kana or hangul stand in a text."""
    return _EAST_ASIAN.search(line) is not None


def filed_as(texts: Iterable[Text], tag: str | None) -> tuple[Text, ...]:
    """The texts, those in unsimplified Han characters as Japanese or Korean where the tag says so."""
    primary = _primary(tag or "")
    is_other = primary in {"ja", "ko"}
    return tuple(
        replace(each, language=primary) if is_other and each.language == "zh-Hant" else each for each in texts
    )


def _primary(tag: str) -> str:
    return tag.replace("_", "-").split("-")[0].casefold()
