"""Identifiers: found in any text, parsed, normalised.

A DOI is kept bare and in ASCII lower case; everything else about it stays as registered: double
slashes, brackets, commas and the "<", ">", ";" of SICI codes. Only forms that cannot be part of a
registered DOI are taken away (checked against 80,000 of them). Work is linear in the length of the text.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from harvester.errors import InvalidIdentifier
from harvester.messages import message
from harvester.model import Identifier, Scheme
from harvester.spellings import plain

_LONGEST: Final = (
    1000  # characters of a suffix; the longest seen has 80, percent-encoded Cyrillic is six times that
)
_HEAD: Final = 300  # characters in front of a DOI that may be the URL it stands in

_ASCII_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

# -- DOIs ----------------------------------------------------------------------------------------------------

_START = re.compile(r"10\.[1-9][0-9]{3,8}(?:\.[0-9]{1,9}){0,4}+(?:/|%(?:25)?2F)", re.IGNORECASE)
_STOP = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\"`|\\“”„«»‘’…—―\ufffd]"
    r"|[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe10-\ufe4f\uff00-\uffef]"
    r"|[\U00020000-\U0003ffff]"
    r"|<(?![\w.+-]*:[^<>\s]*>)|<[A-Za-z]{3,}:"  # "<" opens a SICI locator or it opens a tag
    r"|[,;](?![0-9])|'(?=[\s,;:)\]}]|$)"
    r"|[^\w/.:-]10\.[1-9][0-9]{3,8}(?:\.[0-9]{1,9}){0,4}+/"  # the next of a list; ".10.1234/" may be a volume or a month
    r"|[?&][A-Za-z_]\w*="
    r"|(?i:https?:|doi:|pmc?id:?\s*[0-9]|pmid:|\.epub(?=$|\s))"
)
_PLAIN = re.compile(r"10\.[1-9][0-9]{3,8}/(?:[A-Za-z0-9]|[._-]+(?=[A-Za-z0-9]))+")
# By itself, or behind the address of the resolver: too long for a quantity or a page of a site, and not endless.
_SIMPLE = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/)?(10\.[1-9][0-9]{3,8}/(?=.{10,200}\Z)(?:[A-Za-z0-9]|[._-]+(?=[A-Za-z0-9]))+)"
)
_STRONG = re.compile(r"[^/]+/(?=.*[A-Za-z])(?=.*[0-9]).{6,}")
_COMMA = re.compile(r"([0-9]*),([0-9]+)")
_COMMA_TAIL = re.compile(r",[A-Za-z][!-~]*")
_URL = re.compile(r"(?i)https?:|www\.|[a-z0-9-]\.[a-z]{2,6}(?::[0-9]+)?/")
_RESOLVER = re.compile(r"(?i)doi\.org|cnki\.net|chinadoi|handle\.net")
_URL_REST = re.compile(r"(?i)\?|#.|;jsessionid")
_REST = re.compile(
    r"(?i)(?:/(?:abstract|full|full-?text|e?pdf|meta|summary)|#[a-z]{1,12}-?[0-9]{0,5}|\[[^\[\]]{0,12}\])$"
)
_PAGE_OF_URL = re.compile(
    r"(?i)/(?:abstract|full|full-?(?:text|html|pdf)|e?pdf(?:plus|direct)?|epub|ampdf|meta|summary|html|xml|references|citations?|figures?"
    r"|tables?|suppl_file|supplemental|supinfo|suppinfo|mediaobjects|media|asset|download|export|metrics"
    r"|comments|transform|agency|article-info|related|issuetoc|v[0-9]+/review)(?:/.*|\.[a-z]{3,4})?$"
)
_FILE_OF_URL = re.compile(r"(?i)(?:\.(?:full|abstract|short|long|full-text|pdf|html?|xml|epub))+(?:\+html)?$")
_OUP_ARTICLE = re.compile(r"(?<=.)/[0-9]{5,9}$")
# bioRxiv, medRxiv and arXiv register no versions; peerj.preprints.2409v1 and others do.
_PREPRINT_VERSION = re.compile(
    r"(?i)^(10\.(?:1101/[0-9]{6,8}|[0-9]+/[0-9]{4}\.[0-9]{2}\.[0-9]{2}\.[0-9]{6,8}|48550/arxiv\.[0-9.]+))v[0-9]+$"
)
_QUANTITY = re.compile(
    r"(?i)10\.[0-9]+/(?:[cdkmnµ]?[glms][23²³]?|mol|min|hr?|day|week|month|year|ha|unit|person)"
)
_BRACKET = re.compile(r"[()\[\]{}<>]")
_CLOSES: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_OPENS: Final = {opener: closer for closer, opener in _CLOSES.items()}

_SHORT = re.compile(
    r"(?i)(?:doi\.org/(?:10/)?|doi\W{0,3}\s?10/)(?=[0-9]*[a-z])([a-z0-9]{2,12})(?![\w/%-]|:/|\.\w)",
    re.ASCII,
)
_SHORT_ALONE = re.compile(r"(?i)\W*10/(?=[0-9]*[a-z])([a-z0-9]{2,12})\W*", re.ASCII)
_SITE_WORDS: Final = {"ra", "api", "doi", "urn", "doira", "index", "about", "help", "search", "handbook"}


class _Found(NamedTuple):
    """A DOI and where in the prepared text it stands."""

    start: int
    end: int
    value: str


def parse_doi(raw: str) -> Identifier:
    """The one DOI that `raw` holds, in any of its spellings.

    Raises InvalidIdentifier where there is none or several, or where words follow it after a blank
    ("10.1038/221 1089b0" is a registered DOI; half of it is another one).
    """
    simple = _simple(raw)
    return _scanned(raw) if simple is None else Identifier(Scheme.DOI, simple)


def _simple(raw: str) -> str | None:
    """The DOI that `raw` is, as most are given: of letters, digits and single marks, with nothing around it. None for all others."""
    found = _SIMPLE.fullmatch(raw)
    if found is None:
        return None
    value = found[1].translate(_ASCII_LOWER)
    is_odd = "pmid" in value or "pmcid" in value or value.endswith(".epub") or _PREPRINT_VERSION.match(value)
    return None if is_odd else value


def _scanned(raw: str) -> Identifier:
    text = plain(raw)
    found = {doi.value: doi for doi in _scan(text)}
    if len(found) == 1:
        [doi] = found.values()
        rest = text[doi.end :]
        if _COMMA_TAIL.fullmatch(rest):  # given by itself, it is one DOI: in prose the words would be others
            return Identifier(Scheme.DOI, _strip_end(doi.value + rest.translate(_ASCII_LOWER), ""))
        if not re.match(r"\s+[A-Za-z0-9.]", rest):
            return Identifier(Scheme.DOI, doi.value)
    raise InvalidIdentifier(message("no-doi", raw=raw[:80]))


def find_dois(text: str) -> list[Identifier]:
    """The DOIs in `text`, in order, without repeats."""
    values = dict.fromkeys(doi.value for doi in _scan(plain(text)))
    return [Identifier(Scheme.DOI, value) for value in values]


def doi_url(doi: str) -> str:
    """The address of a DOI at its resolver."""
    return "https://doi.org/" + quote(doi, safe="/:()")


def _scan(text: str) -> list[_Found]:
    """The DOIs in prepared text, in order, repeats included."""
    return sorted([*_scan_short(text), *_scan_long(text)])


def _scan_short(text: str) -> Iterator[_Found]:
    if alone := _SHORT_ALONE.fullmatch(text):
        yield _Found(0, len(text), f"10/{alone[1].translate(_ASCII_LOWER)}")
        return
    for match in _SHORT.finditer(text):
        if match[1].lower() not in _SITE_WORDS:
            yield _Found(match.start(), match.end(), f"10/{match[1].translate(_ASCII_LOWER)}")


def _scan_long(text: str) -> Iterator[_Found]:
    end = 0
    for match in _START.finditer(text):
        start = match.start()
        if start < end:
            continue
        head = re.split(r"\s", text[max(end, start - _HEAD) : start])[-1]
        stop = _STOP.search(text, match.end(), match.end() + _LONGEST)
        end = stop.start() if stop else min(len(text), match.end() + _LONGEST)
        raw = text[start:end]
        if (stop or end == len(text)) and _may_start(head, raw):
            after = text[end : end + _HEAD]
            value = _normalise(raw, head, "".join(closer for closer in _CLOSES if closer in after))
            if value is not None:
                yield _Found(start, end, value)


def _may_start(head: str, raw: str) -> bool:
    """Whether a DOI may stand directly behind `head`: not inside a number or a word."""
    if not head or not re.search(r"[0-9A-Za-z.$¥€£]$", head):
        return True
    if re.search(r"(?i)(?:doi|doi\.org|dx\.doi|%(?:25)*[0-9a-f]{2}|=3d|\\[nrt])$", head):
        return True
    if head[-1] == ".":
        numbered = re.fullmatch(r"\W*[0-9]{1,3}\.", head)
        return not re.search(r"[0-9]\.$", head) or bool(numbered and _STRONG.match(raw))
    return bool(re.search(r"[A-Za-z]{3}$", head) and _STRONG.match(raw))


@lru_cache(4096)  # lists and reference lines repeat themselves
def _normalise(raw: str, head: str, closers: str) -> str | None:
    """`raw`, which begins like a DOI, cleaned of what surrounds it; None if no DOI is left.

    `head` is what touches it in front, `closers` the closing brackets that follow somewhere behind it.
    """
    if not re.search(r"[^\W_]", _START.sub("", raw, count=1)) or _QUANTITY.fullmatch(raw):
        return None
    if _PLAIN.fullmatch(raw) and not _URL.search(head) and not _PREPRINT_VERSION.match(raw):
        return raw.translate(_ASCII_LOWER)
    value = _trim(_address(raw, head), head, closers)
    return _settle(value) if re.fullmatch(r"10\.[0-9.]+/.*[^\W_].*", value) else None


def _settle(value: str) -> str | None:
    """`value` read again until it stays the same, so that normalising twice changes nothing."""
    for _ in range(4):
        again = _trim(_address(_restop(value), ""), "", "")
        if again == value:
            return value if _START.match(value) and not _QUANTITY.fullmatch(value) else None
        value = again
    return None


def _address(raw: str, head: str) -> str:
    """The DOI in an address: the query and the fragment cut off, percent-encoding undone once.

    A percent-encoded slash shows that even a bare DOI is encoded, and how many times.
    """
    is_url = bool(_URL.search(head))
    if is_url:
        raw = _URL_REST.split(raw, maxsplit=1)[0]
        if "?" in head or head.endswith("="):
            raw = re.split(r"&|\+(?=[A-Za-z])", raw, maxsplit=1)[0]
    slash = _START.match(raw)
    rounds = slash[0].count("%") + slash[0].count("%25") if slash else 0
    for _ in range(max(rounds, int(is_url))):
        raw = unquote(raw, errors="replace")
    raw = _restop(raw) if is_url or rounds else raw
    return _without_page(raw, head) if is_url and not _RESOLVER.search(head) else raw


def _restop(raw: str) -> str:
    raw = plain(raw)
    stop = _STOP.search(raw)
    return raw[: stop.start()] if stop else raw


def _without_page(raw: str, head: str) -> str:
    """The DOI in a publisher's address: without the page or file of the article that is asked for."""
    raw = _PAGE_OF_URL.sub("", raw.rstrip("/"))
    raw = _FILE_OF_URL.sub("", raw)
    return _OUP_ARTICLE.sub("", raw) if "oup.com" in head else raw


def _trim(raw: str, head: str, closers: str) -> str:
    """Punctuation, unbalanced brackets and notes taken off the end, until nothing more comes off."""
    before = None
    while before != raw:
        before = raw
        raw = _balanced(_within_comma(raw), closers)
        raw = _strip_end(raw, head[-1:])
        raw = _PREPRINT_VERSION.sub(r"\1", _REST.sub("", raw))
    return raw.translate(_ASCII_LOWER)


def _strip_end(raw: str, opened: str) -> str:
    """Without trailing marks; "+", "=", "$", "*" end registered DOIs and go only where `opened` is the same."""
    end = len(raw)
    while end:
        last = raw[end - 1]
        is_mark = last in ".,;:!?'/&\\^~" or (last > "\x7f" and not last.isalnum())
        is_dash = last in "-#" and not re.search(r";2-#?$", raw[max(0, end - 4) : end])
        if not (is_mark or is_dash or (last == opened and last in "*_$")):
            break
        end -= 1
    return raw[:end]


def _within_comma(raw: str) -> str:
    """Cut at a comma that ends the DOI; page pairs stay ("10.1001/jama.251.19.2504,2509")."""
    for comma in _COMMA.finditer(raw):
        first, second = comma[1][-9:], comma[2][:9]
        is_pair = first != "" and first[0] != "0" and 0 < int(second) - int(first) < 100
        if not is_pair and re.fullmatch(r"(?:19|20)[0-9]{2}", comma[2]):
            return raw[: comma.start(2) - 1]
    return raw


def _balanced(raw: str, closers: str) -> str:
    """Cut at a bracket that closes nothing, or that opens what one of `closers` ends behind the DOI."""
    opened: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(raw):
        bracket = match[0]
        if bracket in _OPENS:
            opened.append((bracket, match.start()))
        elif opened and opened[-1][0] == _CLOSES[bracket]:
            opened.pop()
        else:
            return raw[: match.start()]
    if opened:
        bracket, position = opened[0]
        if position == len(raw) - 1 or _OPENS[bracket] in closers:
            return raw[:position]
    return raw


# -- other schemes -------------------------------------------------------------------------------------------

_ARXIV_OLD = (
    r"([a-z]{2,8}(?:-[a-z]{2,4})?)(?:\.[a-z]{2})?/([0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3})(?:v[0-9]+)?(?![0-9])"
)
_ARXIV_NEW = r"([0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5})(?:v[0-9]+)?(?![0-9])"
_OTHERS: Final[tuple[tuple[Scheme, re.Pattern[str], str], ...]] = tuple(
    (scheme, re.compile(rf"(?i)(?<![0-9A-Za-z]){pattern}", re.ASCII), shape)
    for scheme, pattern, shape in (
        (Scheme.PMID, r"PMID\s{0,3}[:#：/]?\s{0,3}0*([1-9][0-9]{0,7})(?![0-9])", "{0}"),
        (Scheme.PMID, r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?[/:]\s?0*([1-9][0-9]{0,7})(?![0-9])", "{0}"),
        (Scheme.PMCID, r"(?:PMCID\s{0,3}[:：]\s{0,3}|PMC\s?){1,2}0*([1-9][0-9]{1,8})(?![0-9])", "PMC{0}"),
        (Scheme.ARXIV, rf"arxiv(?:\.org/[a-z]{{3,8}}/|\s?[:.：]?\s?){_ARXIV_NEW}", "{0}"),
        (Scheme.ARXIV, rf"arxiv(?:\.org/[a-z]{{3,8}}/|\s?[:.：]\s?){_ARXIV_OLD}", "{0}/{1}"),
    )
)
_ALONE: Final[tuple[tuple[Scheme, re.Pattern[str], str], ...]] = (
    (Scheme.ARXIV, re.compile(_ARXIV_NEW), "{0}"),
    (Scheme.ARXIV, re.compile(_ARXIV_OLD, re.IGNORECASE), "{0}/{1}"),
    (Scheme.PPR, re.compile(r"(?i)ppr([1-9][0-9]{0,8})"), "PPR{0}"),
    (Scheme.S2, re.compile(r"(?i)(?:s2:)?([0-9a-f]{40})"), "{0}"),
    (Scheme.CORPUS, re.compile(r"(?i)corpusid:\s?([0-9]{1,12})"), "{0}"),
    (Scheme.PMID, re.compile(r"([1-9][0-9]{3,7})"), "{0}"),
)


def find(text: str) -> list[Identifier]:
    """DOIs and labelled PubMed, PubMed Central and arXiv ids in `text`, in order, without repeats."""
    text = plain(text)
    found = [(doi.start, doi.end, Identifier(Scheme.DOI, doi.value)) for doi in _scan(text)]
    rest = list(text)
    for start, end, _ in found:
        rest[start:end] = " " * (end - start)
    without_dois = "".join(rest)
    for scheme, pattern, shape in _OTHERS:
        for match in pattern.finditer(without_dois):
            value = shape.format(*(group.lower() for group in match.groups()))
            found.append((match.start(), match.end(), Identifier(scheme, value)))
    found.sort(key=lambda item: item[0])
    return list(dict.fromkeys(identifier for _, _, identifier in found))


def parse(raw: str) -> Identifier:
    """One identifier of any scheme; a bare number of four to eight digits is a PubMed id.

    Raises InvalidIdentifier where `raw` holds none or several.
    """
    found = find(raw)
    if len(found) == 1:
        return found[0]
    alone = plain(raw).strip()
    for scheme, pattern, shape in _ALONE if not found else ():
        if match := pattern.fullmatch(alone):
            return Identifier(scheme, shape.format(*(group.lower() for group in match.groups() or (alone,))))
    raise InvalidIdentifier(message("no-identifier", raw=raw[:80]))


@lru_cache(maxsize=4096)  # of the same journals
def parse_issn(raw: str) -> str | None:
    """An ISSN as "1548-7768"; None if it has none of the forms, or the check digit is wrong."""
    match = re.fullmatch(
        r"(?i)(?:[ep]?-?issn(?:-l)?\W{0,3})?([0-9]{4})\s?-?\s?([0-9]{3})([0-9x])", _bare(raw)
    )
    if match is None:
        return None
    digits = match[1] + match[2]
    check = -sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=True)) % 11
    if "0123456789X"[check] != match[3].upper():
        return None
    return f"{match[1]}-{match[2]}{match[3].upper()}"


def parse_orcid(raw: str) -> str | None:
    """An ORCID as "0000-0002-1825-0097" from it or its address; None if the check digit is wrong."""
    if not raw:
        return None
    match = re.fullmatch(
        r"(?i)(?:.{0,40}orcid\S{0,10}[/:]\s?)?((?:[0-9]{4}-?){3}[0-9]{3}[0-9x])/?", _bare(raw)
    )
    if match is None:
        return None
    digits = match[1].replace("-", "").upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != digits[-1]:
        return None
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


def _bare(raw: str) -> str:
    return plain(raw[:200]).strip().rstrip(".,;")
