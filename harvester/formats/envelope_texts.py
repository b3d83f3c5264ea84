"""The titles and abstracts of an aggregator's envelope, filed by what they are, and the lines beside it.

No text is believed to be in the language that its key says: each is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from harvester.bilingual import split_bilingual
from harvester.errors import InvalidIdentifier
from harvester.formats.envelope_fields import (
    LONGEST_ABSTRACT,
    LONGEST_TITLE,
    OddValue,
    Remarks,
    is_blank,
    read_date,
    read_text,
    shown,
)
from harvester.formats.json_stream import Plain
from harvester.formats.pubmed_lines import looks_like_names
from harvester.identifiers import find, find_dois, parse_doi
from harvester.language import detect, is_chinese
from harvester.model import Identifier, Origin, PartialDate, Text
from harvester.patterns import pattern
from harvester.text import clean_abstract, clean_title, compare_key, strip_label, visible

_BRACKETED: Final = pattern(r"\[((?:[^\[\]]|\[[^\[\]]*+\])++)\]\.?")  # PubMed's mark of a translated title
_HEADER: Final = pattern(
    r"(?i)\s*(?:IF\s*[:：]?\s*[0-9.]+\b.*?(?:Pub\s?Date|DOI)|Pub\s?Date\s*[:：])", re.DOTALL
)
_PUB_DATE: Final = pattern(r"(?i)Pub\s?Date\s*[:：]\s*([0-9]{4}(?:[-/.][0-9]{1,2}){0,2})")
_SENTENCE_END: Final = pattern(r"[.!?](?=\s)|[。！？]")
_OTHER_LABEL: Final = pattern(
    r"(?i)\s*(?:key\s?words?|authors?|affiliations?|doi|url|issn|copyright|关键词|關鍵詞|作者|单位|單位)\s*[:：]"
)
_ABSTRACT_CHARS: Final = 300  # of Latin text; a Han character counts as three
_WITNESS_KEY: Final = 12  # characters of a part that can vouch for the whole


def primary(tag: str) -> str | None:
    """The language of a tag without its script; None where it says nothing."""
    code = "zh" if is_chinese(tag) else tag.partition("-")[0]
    return None if code in {"und", "mul"} else code


class Texts:
    """The texts of one kind, in the order met; what says the same again is a witness and is not kept."""

    def __init__(self) -> None:
        self.kept: list[Text] = []
        self._keys: dict[str, str | None] = {}
        self.from_lines: set[str | None] = set()

    def add(self, value: str, language: str, origin: Origin) -> str | None:
        """File `value`; return the primary language under which it is (or was already) filed."""
        key = compare_key(value)
        if not key:
            return None
        if key not in self._keys:
            text = Text(value, language, origin)
            self._keys[key] = primary(text.language)
            self.kept.append(text)
        return self._keys[key]

    def says(self, key: str) -> bool:
        """Whether a text reads like `key`."""
        return key in self._keys

    def holds(self, key: str) -> bool:
        """Whether a part of a text reads like `key`."""
        return len(key) >= _WITNESS_KEY and any(key in known for known in self._keys)

    def has(self, language: str | None) -> bool:
        """Whether there is a text of this primary language."""
        return language in self._keys.values()

    def extend(self, language: str | None, section: str) -> bool:
        """Put one more section behind the text of this language, which came from lines, if it is not too long."""
        for number, text in enumerate(self.kept):
            if primary(text.language) == language and len(text.value) + len(section) < LONGEST_ABSTRACT:
                self.kept[number] = Text(f"{text.value}\n{section}", text.language, text.origin)
                self._keys[compare_key(section)] = language
                return True
        return False


class Draft:
    """What is read of an envelope besides its plain fields: layers first, then the lines beside it."""

    def __init__(self, remarks: Remarks) -> None:
        self.remarks = remarks
        self.titles = Texts()
        self.abstracts = Texts()
        self.is_translated_title = False
        self.dois: list[Identifier] = []
        self._raw_doi: str | None = None  # what the first one was read from: both layers have the same
        self.issued: PartialDate | None = None
        self._seen: dict[tuple[str, bool], str | None] = {}  # raw texts: most envelopes say all of them twice

    def add_title(self, layer: Mapping[str, Any], key: str) -> str | None:
        """File the title under `key`, both of them if it is one line in two languages."""
        return self._add(layer, key, is_abstract=False)

    def add_abstract(self, layer: Mapping[str, Any], key: str) -> str | None:
        """File the abstract under `key`; the language it is in, None if that is not one."""
        return self._add(layer, key, is_abstract=True)

    def _add(self, layer: Mapping[str, Any], key: str, *, is_abstract: bool) -> str | None:
        value = layer.get(key)
        if value is None:
            return None
        seen = (value, is_abstract) if isinstance(value, str) else ("", is_abstract)
        if seen in self._seen:
            return self._seen[seen]
        raw = self._raw(layer, key, LONGEST_ABSTRACT if is_abstract else LONGEST_TITLE)
        self.is_translated_title |= not is_abstract and _is_bracketed(raw)
        texts = self.abstracts if is_abstract else self.titles
        parts = (_abstract_parts(raw) if is_abstract else _title_parts(raw)) if raw else []
        languages = [texts.add(*part, _origin(layer, key)) for part in parts]
        found = languages[0] if len(languages) == 1 else None
        if isinstance(value, str):
            self._seen[seen] = found
        return found

    def add_doi(self, raw: str, key: str, where: str | None = None) -> None:
        """Keep the DOI that `raw` holds, if it is the first one; remark on what it is otherwise."""
        if raw == self._raw_doi:
            return
        try:
            doi = parse_doi(raw[:LONGEST_TITLE])
        except InvalidIdentifier:
            self.remarks.add("envelope-bad-doi", where, field=key, found=shown(raw))
            return
        if self.dois and doi not in self.dois:
            used = self.dois[0].value
            self.remarks.add("envelope-two-dois", where, field=key, found=doi.value, used=used)
        elif not self.dois:
            self.dois.append(doi)
            self._raw_doi = raw

    def add_lines(self, lines: Sequence[Plain], document: str, witnesses: Sequence[str]) -> None:
        """Use the lines that stand beside the object: as witnesses, for what is missing, or not, with a remark.

        `witnesses` are other texts of the record that a line may repeat (its authors, its journal).
        """
        known = {compare_key(text) for text in witnesses} - {""} if lines else set()
        for line in lines:
            where = f"{document}:{line.line}"
            if _HEADER.match(line.text[:LONGEST_TITLE]):
                self._add_header(line.text[:LONGEST_TITLE], where)
                continue
            if (line.text, True) in self._seen or (line.text, False) in self._seen:
                continue
            text = visible(line.text[: LONGEST_ABSTRACT + 1])
            if len(text) > LONGEST_ABSTRACT:
                self.remarks.add("envelope-line-unused", where, found=shown(text))
                continue
            for part in split_bilingual(text[:LONGEST_TITLE]) or (text,):
                if compare_key(part) not in known:
                    self._add_part(part, where)

    def _raw(self, layer: Mapping[str, Any], key: str, longest: int) -> str:
        value = layer.get(key)
        if is_blank(value):
            return ""
        try:
            return visible(read_text(value, longest))
        except OddValue as odd:
            self.remarks.add("envelope-odd-value", field=key, expected=odd.expected, found=shown(value))
            return ""

    def _add_header(self, line: str, where: str) -> None:
        for doi in find_dois(line):
            self.add_doi(doi.value, "DOI", where)
        if self.issued is None and (match := _PUB_DATE.search(line)):
            try:
                self.issued = read_date(match[1])
            except OddValue:
                self.remarks.add("envelope-line-unused", where, found=shown(line))

    def _add_part(self, part: str, where: str) -> None:
        """One line in one language: a witness of what is known, or new."""
        body = strip_label(part)
        keys = {compare_key(text) for text in (part, body, *(title for title, _ in _title_parts(part)))}
        is_abstract = body != part.strip() or _is_long(body)
        texts, what = (self.abstracts, "abstract") if is_abstract else (self.titles, "title")
        if keys == {""} or any(
            self.titles.says(key) or self.abstracts.says(key) or texts.holds(key) for key in keys - {""}
        ):
            return
        language = primary(detect(body))
        section = clean_abstract(body) or ""
        if is_abstract and language in texts.from_lines and texts.extend(language, section):
            return
        if language is None or not (is_abstract or _may_be_title(body)):
            self.remarks.add("envelope-line-unused", where, found=shown(part))
        elif texts.has(language):
            self.remarks.add("envelope-line-differs", where, what=what, found=shown(part))
        else:
            self.is_translated_title |= not is_abstract and _is_bracketed(part)
            parts = _abstract_parts(part) if is_abstract else _title_parts(part)
            for one in parts:
                texts.add(*one, Origin.AGGREGATOR)
            texts.from_lines.add(language)


def _origin(layer: Mapping[str, Any], key: str) -> Origin:
    """Who made the text under `key`: our own extension beside it says so, else the aggregator did."""
    name = layer.get(f"{key[0].upper()}{key[1:]}Origin")
    return Origin(name) if isinstance(name, str) and name in set(Origin) else Origin.AGGREGATOR


def _unbracketed(raw: str) -> tuple[str | None, bool]:
    """The title in plain text, and whether it stood in PubMed's brackets, which are taken off."""
    title = clean_title(raw)
    bracketed = _BRACKETED.fullmatch(title) if title else None
    if bracketed is None or is_chinese(detect(bracketed[1])):
        return title, False
    return bracketed[1].rstrip("."), True


def _is_bracketed(raw: str) -> bool:
    return raw.startswith("[") and _unbracketed(raw)[1]


def _title_parts(raw: str) -> list[tuple[str, str]]:
    """The title with its language; two of them where the line holds both."""
    title, _ = _unbracketed(raw)
    if title is None:
        return []
    pair = split_bilingual(title)
    parts = [pair[0].removesuffix("."), pair[1]] if pair else [title]
    return [(part, detect(part)) for part in parts]


def _abstract_parts(raw: str) -> list[tuple[str, str]]:
    """The abstract without its label, with its language; two where it holds the same in English and in Chinese."""
    text = clean_abstract(strip_label(raw))
    if text is None:
        return []
    text = strip_label(text)
    language = detect(text)
    if language != "mul":
        return [(text, language)]
    sections = text.split("\n")
    if len(sections) == 1:
        parts = [strip_label(part) for part in split_bilingual(text) or (text,)]
    else:
        chinese = [section for section in sections if is_chinese(detect(section))]
        others = [section for section in sections if section not in chinese]
        parts = ["\n".join(part) for part in (others, chinese) if part]
    return [(part, detect(part)) for part in parts]


def _is_long(text: str) -> bool:
    weight = len(text) + 2 * len(re.findall("[\u4e00-\u9fff]", text))
    return weight > _ABSTRACT_CHARS or (
        weight > _ABSTRACT_CHARS // 2 and len(_SENTENCE_END.findall(text)) > 1
    )


def _may_be_title(text: str) -> bool:
    if _OTHER_LABEL.match(text) or "://" in text or "@" in text or find(text) or len(text) > LONGEST_TITLE:
        return False
    letters = sum(3 if "\u4e00" <= one <= "\u9fff" else one.isalpha() for one in text)
    return letters >= 12 and not looks_like_names(text)
