"""The conventions of MEDLINE, which PubMed follows and Europe PMC passes on: titles, dates, pages, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from harvester import text
from harvester.formats.pubmed_citation import complete_pages
from harvester.model import Identifier, Origin, PartialDate, Scheme, Text
from harvester.patterns import pattern
from harvester.sources.describing import partial_date, tidy_pages, titles_of

# ISO 639-2/B, as far as MEDLINE has more than a handful of works in it.
_LANGUAGES: Final = dict(
    pair.split(":")
    for pair in [
        "afr:af",
        "alb:sq",
        "ara:ar",
        "arm:hy",
        "aze:az",
        "bos:bs",
        "bul:bg",
        "cat:ca",
        "chi:zh",
        "cze:cs",
        "dan:da",
        "dut:nl",
        "eng:en",
        "epo:eo",
        "est:et",
        "fin:fi",
        "fre:fr",
        "geo:ka",
        "ger:de",
        "gle:ga",
        "gre:el",
        "heb:he",
        "hin:hi",
        "hrv:hr",
        "hun:hu",
        "ice:is",
        "ind:id",
        "ita:it",
        "jpn:ja",
        "kin:rw",
        "kor:ko",
        "lat:la",
        "lav:lv",
        "lit:lt",
        "mac:mk",
        "mal:ml",
        "may:ms",
        "nor:no",
        "per:fa",
        "pol:pl",
        "por:pt",
        "pus:ps",
        "rum:ro",
        "rus:ru",
        "san:sa",
        "scc:sr",
        "scr:hr",
        "slo:sk",
        "slv:sl",
        "spa:es",
        "srp:sr",
        "swe:sv",
        "tha:th",
        "tur:tr",
        "ukr:uk",
        "urd:ur",
        "vie:vi",
        "wel:cy",
        "zho:zh",
        "deu:de",
        "fra:fr",
        "nld:nl",
        "ces:cs",
        "ron:ro",
        "slk:sk",
        "ell:el",
        "fas:fa",
    ]
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATE = pattern(rf"(?i)(?P<year>[0-9]{{4}})(?:\s+{_MONTH}(?:\s+(?P<day>[0-9]{{1,2}})(?![0-9]|\s*-))?)?")
_CITED_DATE = pattern(r"[.\s]((?:1[89]|20)[0-9]{2}(?:\s[^;:.]{1,20})?)\s*[;:]")
_TRANSLATOR = pattern(r"(?i)\s*[\[(](?:author'?s'? )?transl(?:ation)?\.?[\])]\s*$")
_NO_TITLE = pattern(r"(?i)not available|in process citation|no title(?: available)?|untitled|")
_ABBREVIATED = pattern(r"(?:\.[^\W\d_]\.|\.\.|\b(?:al|etc|Inc|Jr|Sr|St|vs|no|sp|spp)\.)$")
_WORK_TYPES: Final = (("preprint", "posted-content"), ("dataset", "dataset"))
_PMID = pattern(r"0*([1-9][0-9]{0,8})")
_PMCID = pattern(r"(?i)\bPMC\s?0*([1-9][0-9]{0,9})\b")
_PUBLISHERS_ITEM = pattern(r"[SB]?[0-9]{4}-[0-9]{3}[0-9X]\([0-9]{2}\)[0-9]{5}-[0-9X]")
_PAGES = pattern(r"[\w.()/:+*-]+")


def language_code(raw: str | None) -> str | None:
    """The two-letter code of a MEDLINE language ("chi" is zh); None for "mul", "und" and the like."""
    code = (raw or "").strip().casefold()
    return code if re.fullmatch("[a-z]{2}", code) else _LANGUAGES.get(code)


def titles_in(raw: str | None, origin: Origin, hint: str | None) -> tuple[Text, ...]:
    """The titles in a title of MEDLINE: without its full stop, and without the brackets of a translation.

    "[Text]." is what the library made of a title in another language, or the authors ("(author's transl)").
    "[Not Available]." is none.
    """
    clean = text.clean_title(raw) if raw else None
    if clean is None:
        return ()
    inner = _without_brackets(clean)
    if inner is None:
        bare = _without_stop(clean)
        return () if _NO_TITLE.fullmatch(bare) else titles_of([bare], origin, hint)
    bare = _TRANSLATOR.sub("", inner)
    maker = Origin.HUMAN if bare == inner else Origin.AUTHOR
    bare = _without_stop(bare.strip())
    return () if _NO_TITLE.fullmatch(bare) else titles_of([bare], maker, "en")


def medline_date(raw: str | None) -> PartialDate | None:
    """The date that "2023 Jun 5", "2023 Jun-Jul", "1998 Dec-1999 Jan" or "Spring 2004" begins with."""
    said = _DATE.search(raw or "")
    if said is None:
        return None
    month = (said["month"] or "").casefold()
    return partial_date([said["year"], _MONTHS.index(month) + 1 if month else 0, said["day"] or 0])


def medline_pages(raw: str | None) -> str | None:
    """Pages with their short ends completed; what follows a ";" ("author reply 1475-6") is another work.

    None for a publisher's item number ("S0140-6736(24)02600-X"), which stands there until there are pages.
    """
    first = (raw or "").partition(";")[0]
    pages = tidy_pages(first)
    if pages is None or "[" in pages or pages.casefold() == "notavailable" or _PUBLISHERS_ITEM.match(pages):
        return None
    ranges = (complete_pages(each) for each in pages.split(",") if _PAGES.fullmatch(each))
    return ",".join(filter(None, ranges)) or None


def work_type(types: Iterable[str]) -> str:
    """Crossref's word for publication types; whatever appears in a journal is an article of it."""
    said = {each.casefold() for each in types}
    return next((kind for term, kind in _WORK_TYPES if term in said), "journal-article")


def cited_date(reference: str) -> PartialDate | None:
    """The date in a citation line such as "J Bone Miner Res. 2005 Aug;20(8):1327-33"."""
    said = _CITED_DATE.search(reference)
    return medline_date(said[1]) if said else None


def is_retracted(types: Iterable[str]) -> bool | None:
    """True of a retracted work; not of the notice that retracts it, nor of a corrected one."""
    return True if any(each.casefold() == "retracted publication" for each in types) else None


def pmid(raw: str | None) -> Identifier | None:
    """A PubMed id from its digits, one digit included."""
    digits = _PMID.fullmatch(raw or "")
    return Identifier(Scheme.PMID, digits[1]) if digits else None


def pmcid(raw: str | None) -> Identifier | None:
    """A PubMed Central id from "PMC123", "PMC123.1" or "pmc-id: PMC123;manuscript-id: ..."."""
    digits = _PMCID.search(raw or "")
    return Identifier(Scheme.PMCID, f"PMC{digits[1]}") if digits else None


def _without_brackets(title: str) -> str | None:
    """What stands between brackets that enclose the whole title, or None where they do not."""
    whole = title.removesuffix(".").strip()
    if not whole.startswith("[") or not whole.endswith("]"):
        return None
    depth = 0
    for place, letter in enumerate(whole, start=1):
        depth += (letter == "[") - (letter == "]")
        if depth == 0 and place < len(whole):
            return None
    return whole[1:-1].strip() if depth == 0 else None


def _without_stop(title: str) -> str:
    return title[:-1].rstrip() if title.endswith(".") and not _ABBREVIATED.search(title) else title
