"""What one line of a PubMed-like text is by itself: names, an affiliation, a title, a section, its label."""

from __future__ import annotations

import re
from typing import Final

from harvester import name_lists
from harvester.bilingual import split_bilingual
from harvester.name_order import is_initials, leaning
from harvester.names import parse_marked_authors
from harvester.patterns import pattern

_HAN: Final = pattern("[㐀-䶿一-鿿\uf900-\ufaff〇]")
_LATIN: Final = pattern("[A-Za-zÀ-ɏ]")

_LABELS_EN: Final = (
    "background and objectives?|background and aims?|background|introduction|objectives?|aims?|purpose|goals?|context|scope|rationale"
    "|materials? and methods?|patients and methods?|subjects and methods?|methods? and results?|methods? and findings|methodology|methods?"
    "|study design|design|setting|participants|patients|subjects|interventions?|main outcome measures?|measurements?|findings"
    "|results? and discussion|results?|discussion|limitations?|interpretation|implications|significance|summary"
    "|conclusions? and relevance|conclusions?|clinical relevance|trial registration|registration|funding|keypoints|key points"
)
_LABELS_ZH: Final = (
    "目的与方法|研究目的|研究背景|研究方法|研究结果|研究結果|背景与目的|背景與目的|背景|目的|目标|目標|材料与方法|材料與方法|资料与方法|對象與方法|对象与方法"
    "|设计|設計|方法与结果|方法與結果|方法|干预|措施|结果与讨论|結果與討論|结果|結果|发现|讨论|討論|结论与意义|结论|結論|结语|結語|意义|局限性?|引言|前言|创新"
)
_KNOWN_LABEL: Final = pattern(rf"(?:{_LABELS_EN}|{_LABELS_ZH})", re.IGNORECASE)
_BRACKETED: Final = pattern(
    r"^\s*(?:【(?P<a>[^】]{1,40})】|\[(?P<b>[^\W\d_][^\]]{1,40})\]|［(?P<c>[^］]{1,40})］|[〔〖](?P<d>[^〕〗]{1,40})[〕〗]"
    r"|[<＜〈](?P<e>[^\W\d_][^>＞〉]{1,40})[>＞〉])\s*[:：]?\s*"
)
_INLINE: Final = pattern(
    rf"^\s*(?P<label>{_LABELS_EN}|{_LABELS_ZH}|[A-Z][A-Z &/,'-]{{2,60}}[A-Z])\s*[:：]\s*", re.IGNORECASE
)
_OWN_LINE: Final = pattern(
    rf"^\s*(?:(?i:{_LABELS_EN})|{_LABELS_ZH}|[A-Z][A-Z &/,-]{{3,50}}[A-Z])\s*[:：]?\s*$"
)
_HEADINGS: Final = pattern(
    r"^\s*[【\[]?(?:abstract|摘\s*要|中文摘要|英文摘要|内容提要)[】\]]?\s*[:：.]?\s*$", re.IGNORECASE
)

_AFFILIATION: Final = pattern(
    r"\b(?:univ\w*|dep(?:ar)?t\w*|school|institut\w*|hospital\w*|cent(?:er|re)s?|laborator\w*|labs?|college|facult\w*|clinic\w*|academy"
    r"|ltd|inc|gmbh|corp\w*|company|division|section of|unit of|ministry|agency|research|foundation|programme?|e-?mail|electronic address)\b"
    r"|\w@\w|\b[A-Z]{0,2}-?\d{4,6}\b"
    r"|(?:大学|大學|学院|學院|医院|醫院|研究所|研究院|实验室|實驗室|中心|公司|[系科室])",
    re.IGNORECASE,
)
_COUNTRY: Final = pattern(
    r"\b(?:usa|u\.s\.a|uk|united (?:states(?: of america)?|kingdom)|(?:p\.?r\.? )?china|taiwan|hong kong|japan|(?:south )?korea|india|iran|israel"
    r"|turkey|germany|france|italy|spain|portugal|netherlands|belgium|switzerland|austria|poland|czech republic|sweden|norway|denmark|finland"
    r"|canada|brazil|mexico|argentina|chile|colombia|australia|new zealand|egypt|nigeria|south africa|russia|singapore|malaysia|thailand"
    r"|vietnam|pakistan|nepal|greece|ireland|hungary|romania)\s*[.;]?\s*$",
    re.IGNORECASE,
)
_NOT_IN_NAMES: Final = name_lists.words(
    "the of for in on with to from by at as is are was based using through toward towards into under over its their study analysis method methods"
    " system systems research approach application model models chinese english text recognition language speech information knowledge"
)
_SENTENCE_START: Final = pattern(
    r"(?:we|there|this|it|in this|to|here|our|these|although|objectives?|aims?|background|methods|results|conclusions?)\s",
    re.IGNORECASE,
)
_VERB: Final = pattern(
    r"(?<![\w.@-])(?:is|are|was|were|has|have|had|been|be|we|can|could|may|might|will|would|should|did|does|showed?|shown|found"
    r"|suggests?|demonstrate[sd]?|indicate[sd]?|remains?|provide[sd]?|plays?|induces?|reveale?d?|there|it|this|these|they|our"
    r"|[Oo]bjective to|[Tt]o (?:explore|study|investigate|evaluate|compare|assess|determine|observe|analyze|examine))(?![\w-])"
)


def language_of(line: str) -> str:
    """Which side of the abstract a line is on: "zh" or "en"."""
    han = len(_HAN.findall(line))
    return "zh" if han and 4 * han >= len(_LATIN.findall(line)) else "en"


def looks_like_names(line: str) -> bool:
    """Whether a line reads as a list of names: short capitalised parts, no function words, no address."""
    if re.search("[;；]", line) and all(
        1 <= part.count(",") <= 2 and len(part) < 50 for part in re.split("[;；]", line.rstrip(" .;"))
    ):
        return not _AFFILIATION.search(line)
    if len(line) > 6000 or _COUNTRY.search(line) or "@" in line:
        return False
    authors = [marked.author for marked in parse_marked_authors(line)]
    if not authors:
        return False
    likely = sum(_looks_like_name(author.name) for author in authors)
    places = sum(bool(_AFFILIATION.search(author.name)) for author in authors)
    single = sum(" " not in author.name and not _HAN.search(author.name) for author in authors)
    return likely >= max(1, 0.75 * len(authors)) and places * 6 < len(authors) and single * 3 <= len(authors)


def _looks_like_name(name: str) -> bool:
    if _HAN.search(name):
        return len(_HAN.findall(name)) == len(name.replace("·", "")) and 2 <= len(name) <= (
            15 if "·" in name else 4
        )
    words = name.split()
    if not 1 <= len(words) <= 6 or re.search(r"[\d:?!\"“”()]", name):
        return False
    if any(word.casefold() in _NOT_IN_NAMES for word in words):
        return False
    return all(re.search(r"[^\W\d_a-z]", word) or len(word) <= 4 for word in words) and (
        len(words) > 1 or not is_initials(name)
    )


def name_evidence(line: str) -> float:
    """How sure it is that a line of names is one, 0 to 1: the share of names with initials or a known word."""
    names = [author.author.name.split() for author in parse_marked_authors(line)]
    sure = [
        any(is_initials(word) or abs(leaning(word)) >= 1 for word in words) or bool(_HAN.search(words[0]))
        for words in names
    ]
    return sum(sure) / max(1, len(sure)) - 0.02 * sum(map(len, names)) / max(1, len(names))


def looks_like_affiliation(line: str) -> bool:
    """Whether a line names a place of work."""
    if language_of(line) == "zh":
        return (
            len(line) < 120
            and bool(_AFFILIATION.search(line))
            and not re.search("[。；！？]", line.rstrip("。"))
        )
    return bool(
        len(line) < 800 and (_AFFILIATION.search(line) or _COUNTRY.search(line)) and not _VERB.search(line)
    )


def looks_like_title(line: str, language: str) -> bool:
    """Whether a line in front of an abstract is a title: it closes no sentence, opens no section, is not too long."""
    text = line.strip()
    if is_bracketed_title(text):
        return True
    label = label_of(text)
    if (label and is_known_label(label[0])) or _unbalanced(text) or re.search(r"[。;；,，:：!！]\s*$", text):
        return False
    if language == "zh":
        return (
            4 <= len(_HAN.findall(text)) <= 70 and not re.search("[。！；]", text) and text.count("，") <= 1
        )
    if not 8 <= len(text) <= 300 or len(text.split()) < 2:
        return False
    if text.endswith(".") or re.search(r"[a-z)]\.\s+[A-Z]", text):
        return False
    return not _VERB.search(text) or not _SENTENCE_START.match(text) or _is_capitalised(text)


def may_be_title(text: str, language: str) -> bool:
    """Whether an unlabelled line over labelled sections is a title: one short sentence, a full stop allowed."""
    if language == "zh":
        return len(text) <= 60 and not re.search("[。；]", text)
    return len(text) <= 250 and not _VERB.search(text) and not re.search(r"[a-z)]\.\s+[A-Z]", text)


def is_bracketed_title(text: str) -> bool:
    """PubMed writes a title that it translated as "[Title in English]."."""
    shape = re.fullmatch(r"\[[^\[\]]{12,}\][.]?(?:\s*\[Article in \w+\])?\.?", text)
    return shape is not None and label_of(text) is None


def _is_capitalised(text: str) -> bool:
    words = re.findall(r"[A-Za-z]{4,}", text)
    return bool(sum(word[0].isupper() for word in words) >= 0.75 * len(words))


def _unbalanced(text: str) -> bool:
    return len(re.findall(r"[(（\[【]", text)) != len(re.findall(r"[)）\]】]", text))


def label_of(line: str) -> tuple[str, str] | None:
    """A section's label and what follows it ("METHODS: ...", "[Methods] ...", "【方法】..."), None without one.

    Words in capitals that are no label we know ("PRINCIPAL FINDINGS: ...") count too: see `is_known_label`.
    """
    match = _BRACKETED.match(line)
    if match:
        label = match[match.lastgroup or "a"]
        return (label.strip(), line[match.end() :].strip()) if _KNOWN_LABEL.fullmatch(label.strip()) else None
    match = _INLINE.match(line)
    if match is None or not (_KNOWN_LABEL.fullmatch(match["label"]) or match["label"].isupper()):
        return None
    return match["label"].strip(), line[match.end() :].strip()


def is_label_line(line: str) -> bool:
    """Whether a line is a section's label and nothing else: "METHODS", "目的："."""
    return bool(_OWN_LINE.match(line)) or bool(
        (match := _BRACKETED.match(line)) and match.end() >= len(line.rstrip()) and label_of(line)
    )


def is_heading(line: str) -> bool:
    """Whether a line is a heading that says nothing of the work: "Abstract", "摘要"."""
    return bool(_HEADINGS.match(line))


def is_certain_label(label: str) -> bool:
    """Whether a label is typographer's work (capitals) whatever the other sections do."""
    return label.isupper() and bool(_LATIN.search(label)) and is_known_label(label)


def is_known_label(label: str) -> bool:
    """Whether a label is one of the usual ones, in any case; "FAST: ..." may as well be a title's first word."""
    return bool(_KNOWN_LABEL.fullmatch(label))


def opens_abstract(label: str) -> bool:
    """Whether a label may stand over a whole abstract: its aim or background, not its conclusion."""
    return bool(
        re.fullmatch(
            "objectives?|aims?|purpose|background|summary|.*(?:目的|背景|目标|目標)", label, re.IGNORECASE
        )
    )


def holds_label(text: str) -> bool:
    """Whether further labels stand inside a paragraph ("...。方法：..."): then its first one is text too."""
    return bool(re.search(rf"(?:[。.；;!?]\s*|\s)(?:{_LABELS_ZH}|{_LABELS_EN})\s*[:：]", text, re.IGNORECASE))


def split_paragraph(line: str) -> tuple[str, str] | None:
    """The English and the Chinese half of a line that holds a whole paragraph of each, None otherwise."""
    if not 120 <= len(line) <= 20_000 or len(_HAN.findall(line)) < 15:
        return None
    return split_bilingual(line)
