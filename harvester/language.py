"""Which language and script a text is in: characters are counted first, words are looked at second.

Chinese never reaches langdetect, which calls a quarter of it Korean and changes its mind from run to run.
Its profiles are asked about Latin text only where neither English nor another language's function words decide.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from harvester.likely import likely_language
from harvester.patterns import pattern

HAN: Final = "㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003134f〇"
_KANA: Final = "ぁ-ゖァ-ヺㇰ-ㇿｦ-ﾝ"
_HANGUL: Final = "가-힣ᄀ-ᇿㄱ-ㆎ"
_LATIN: Final = "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿＡ-Ｚａ-ｚ"

_COUNTED: Final[dict[str, re.Pattern[str]]] = {
    "Han": pattern(f"[{HAN}]+"),
    "kana": pattern(f"[{_KANA}]+"),
    "Hang": pattern(f"[{_HANGUL}]+"),
    "Latn": pattern(f"[{_LATIN}]+"),
}
# Scripts that one language stands for well enough; what matters here is that it is neither English nor Chinese.
_OTHER_SCRIPTS: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = (
    ("uk", "Cyrl", pattern("[іїєґІЇЄҐ]")),
    ("ru", "Cyrl", pattern("[Ѐ-ԯ]")),
    ("el", "Grek", pattern("[Ͱ-Ͽἀ-῿]")),
    ("he", "Hebr", pattern("[֐-׿]")),
    ("fa", "Arab", pattern("[پچژگ]")),
    ("ar", "Arab", pattern("[؀-ۿ]")),
    ("hi", "Deva", pattern("[ऀ-ॿ]")),
    ("th", "Thai", pattern("[฀-๿]")),
    ("hy", "Armn", pattern("[԰-֏]")),
    ("ka", "Geor", pattern("[Ⴀ-ჿ]")),
)
_SCRIPT_OF: Final = {code: name for code, name, _ in _OTHER_SCRIPTS}

_NO_PROSE: Final = pattern(
    r"</?[A-Za-z][^<>]{0,200}>"  # tags
    r"|\b(?:https?|ftp)://\S+"
    r"|\b10\.\d{4,9}/[^\s一-鿿]+"  # DOIs
    r"|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}"
)
_CHINESE: Final = frozenset(["zh", "chi", "zho", "cmn", "yue", "nan", "wuu", "lzh"])
_EAST_ASIAN: Final = pattern(f"[{HAN}{_KANA}{_HANGUL}]")
WORD: Final = pattern(f"[{_LATIN}]+(?:['’][{_LATIN}]+)?")
_REAL_WORD: Final = pattern(f"[{_LATIN}](?:['’]?[{_LATIN}])")
_LATIN_RUN: Final = pattern(rf"[^{HAN}{_KANA}{_HANGUL}]+")
_NO_HAN: Final = pattern(f"[^{HAN}]*")
_GLOSS: Final = pattern(rf"[(（\[［][^()（）\[\]［］{HAN}]{{1,160}}[)）\]］]")

# Function words, each of one language only as far as that goes: "in", "a", "die", "was", "or" prove nothing.
_FUNCTION_WORDS: Final[dict[str, frozenset[str]]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and for with from by on to at as is are was were be been has have had this that these"
        " those which whose its their our we using based between among into through during after before"
        " towards toward against within without under over about how what when why who can may not but"
        " study analysis effect effects method methods results new research approach",
        "de": "der die das und des dem den ein eine einer eines einem im zur zum von für mit auf bei durch über"
        " nach aus oder als ist sind wird werden nicht sich wie unter vor zwischen auch sowie"
        " ziel hintergrund methode methoden methodik ergebnis ergebnisse fazit zitierweise kernaussagen",
        "fr": "le la les des du de et en un une au aux pour par sur dans avec est sont qui que ou à"
        " ses sa son leur cette ces selon entre vers chez objectif objectifs méthodes résultats",
        "es": "el la los las del de y en un una unos unas por para con sin sobre entre es son que su sus al"
        " como desde hacia según objetivo objetivos métodos resultados conclusiones",
        "pt": "o os as do da dos das de e em no na nos nas um uma por para com sem sobre entre é são que"
        " ao aos à pelo pela objetivo objetivos métodos resultados conclusões",
        "it": "il lo gli le dei del della delle degli dello di e nel nella un una uno per con su tra fra è sono"
        " che al alla dal dalla sul sulla obiettivo metodi risultati conclusioni",
        "nl": "de het een van en voor met op bij door over naar uit te der den is zijn wordt niet aan tot",
        "sv": "och att det som en ett av för med på till från är var i den om",
        "da": "og at det som en et af for med på til fra er var i den om til hos",
        "pl": "i w z na do o od dla przez oraz się jest są nie jak po przy pod",
        "la": "et ad cum sive seu ex ab pro quae qui",
    }.items()
}
_LANGUAGES_OF: Final = {
    word: tuple(code for code, words in _FUNCTION_WORDS.items() if word in words)
    for word in frozenset().union(*_FUNCTION_WORDS.values())
}
# "as" and "is" are of others too, and speak for neither.
_ENGLISH_WORDS: Final = frozenset(word for word, codes in _LANGUAGES_OF.items() if codes == ("en",))
_FOREIGN_WORDS: Final = _LANGUAGES_OF.keys() - _FUNCTION_WORDS["en"]
_ENGLISH_ENDING: Final = pattern(
    r"(?:ing|ness|ment|ship|ity|ally|ology|ized|ised|ically|ful|less|tions?|ology|ics|ysis|wards?)$"
)
_FOREIGN_ENDING: Final = pattern(
    r"(?:ung|ungen|keit|keiten|heit|heiten|schaft|schaften|lich|liche[nrs]?|ische[nrs]?|ção|ções|ción|ciones"
    r"|zione|zioni|dade|dades|mente|ité|ités)$"
)
_MARKED_LETTER: Final = pattern("[À-ÖØ-öø-ɏḀ-ỿ]")
_NOT_ENGLISH: Final = pattern("[À-ÖØ-öø-ɏЀ-ỿ]")  # Greek letters are in many a formula

# Below these a language is not believed (measured on titles and abstracts in seven languages).
_HANGUL_SHARE: Final = 0.2
_KANA_SHARE: Final = 0.08
_MIXED_RATIO: Final = 1.15  # Latin letters a Han character in a text that says things twice
_TERM_RATIO: Final = 12.0  # more Latin than this: a Latin text that quotes a term
_CERTAIN: Final = 0.9
ENOUGH: Final = 20_000  # characters that are looked at
_TELLING: Final = 1_000  # characters that tell one Latin-script language from another


class _Counts(NamedTuple):
    han: int
    kana: int
    hangul: int
    latin: int
    simplified: int  # Han characters that only simplified Chinese has, and so on
    traditional: int
    shinjitai: int


def detect(text: str, hint: str | None = None) -> str:
    """The BCP 47 tag of a text's language: en, zh-Hans, zh-Hant, ja, ko, de, ...; mul for English and Chinese
    side by side; und for a text without words (digits, a DOI, nothing).

    `hint` is what the source says (any case, "chi", "zh_TW"): it decides only where the text does not.
    """
    return _known(text, hint) if len(text) <= ENOUGH else _detected(text, hint)


def _detected(text: str, hint: str | None) -> str:
    if text.isascii() or _EAST_ASIAN.search(text, 0, ENOUGH) is None:
        is_plain = _is_plainly_english(text)
        return "en" if is_plain else _alphabetic(_prose(text[: 2 * _TELLING]), _hinted(hint))
    prose = _prose(text[:ENOUGH])
    counts = _counted(prose)
    east_asian = counts.han + counts.kana + counts.hangul
    if not east_asian:
        return _alphabetic(prose, _hinted(hint))
    if counts.hangul >= _HANGUL_SHARE * (east_asian + counts.latin / 2):
        return "ko"
    if counts.kana >= 2 and counts.kana >= _KANA_SHARE * (counts.han + counts.kana):
        return "ja"
    if counts.latin > _TERM_RATIO * east_asian and counts.latin >= 12:
        return _alphabetic(prose, _hinted(hint))
    if counts.han >= 4 and counts.latin >= _MIXED_RATIO * counts.han and _says_it_twice(prose, counts.han):
        return "mul"
    if counts.kana and counts.kana >= counts.han:
        return "ja"
    return _han(counts, _hinted(hint))


# A text is asked about as a part, as a whole, and beside another one.
_known: Final = lru_cache(maxsize=64)(_detected)


def count_script(script: str, text: str) -> int:
    """How many characters of a script there are."""
    return sum(map(len, _COUNTED[script].findall(text)))


def _prose(text: str) -> str:
    """The text without tags, addresses and DOIs, which are of no language."""
    has_some = any(mark in text for mark in ("<", "://", "10.", "@"))
    return _NO_PROSE.sub(" ", text) if has_some else text


@lru_cache(maxsize=256)
def is_chinese(tag: str) -> bool:
    """Whether a language tag is Chinese of any kind and script."""
    return tag.replace("_", "-").split("-")[0].casefold() in _CHINESE


@lru_cache(maxsize=256)
def script(tag: str) -> str | None:
    """The ISO 15924 script of a language tag, where the tag says or implies it: Hans, Hant, Latn, Jpan, ..."""
    parts = tag.replace("_", "-").split("-")
    for part in parts[1:]:
        if len(part) == 4 and part.isalpha():
            return part.capitalize()
        if part.upper() in {"TW", "HK", "MO"}:
            return "Hant"
        if part.upper() in {"CN", "SG"}:
            return "Hans"
    language = parts[0].casefold()
    if language in {"", "und", "mul", "zh", "chi", "zho"}:
        return None
    return {"ja": "Jpan", "ko": "Kore"}.get(language) or _SCRIPT_OF.get(language) or "Latn"


# -- Latin and other alphabets ---------------------------------------------------------------------------


def _is_plainly_english(text: str) -> bool:
    """Whether English function words between blanks outnumber all foreign ones, and no letter is marked.

    What the words of most texts say at a glance; where this is not so, they are read more closely.
    """
    head = text[:_TELLING]
    words = head.lower().split()
    english = sum(map(_ENGLISH_WORDS.__contains__, words))
    if english < 2 or english <= sum(map(_FOREIGN_WORDS.__contains__, words)):
        return False
    return head.isascii() or _NOT_ENGLISH.search(head) is None


def _alphabetic(prose: str, hint: str | None) -> str:
    if prose.isascii():
        return _latin(prose, hint) if _REAL_WORD.search(prose) else "und"
    latin = count_script("Latn", prose)
    for code, _, expression in _OTHER_SCRIPTS:
        if len(expression.findall(prose)) > max(1, latin // (60 if code in {"uk", "fa"} else 1)):
            return code
    if not latin or _REAL_WORD.search(prose) is None:
        return "und"
    return _latin(prose, hint)


def _latin(prose: str, hint: str | None) -> str:
    prose = prose[:_TELLING]
    # A capital by itself is an initial or a label (D-glucose, part A), never a function word.
    written = [word for word in WORD.findall(prose) if len(word) > 1 or word.islower()]
    words = [word.casefold() for word in written]
    votes = dict.fromkeys(_FUNCTION_WORDS, 0)
    for at, word in enumerate(words):
        for code in _LANGUAGES_OF.get(word, ()):
            votes[code] += code == "en" or word == written[at] or _is_first(written, at)
    english = votes.pop("en")
    foreign = max(votes.values())
    marked = 0 if prose.isascii() else len(_MARKED_LETTER.findall(prose)) / len(words)
    if english >= 2 and english > foreign + 12 * marked:
        return "en"
    if english and not foreign and marked < 0.1:
        return "en"
    most = [code for code, count in votes.items() if count == foreign]
    is_enough = foreign >= 3 or (foreign and len(words) == 1)  # "METHODIK"
    if is_enough and foreign > 2 * english and len(most) == 1:
        return most[0]
    return _undecided(prose, words, hint, english=english, foreign=foreign)


def _is_first(words: list[str], at: int) -> bool:
    """Whether a word with a capital may begin a sentence, or stands among capitals; neither "J Transl Med" nor "IL-6 Blockade"."""
    if words[at].isupper():
        return len(words) == 1 or any(
            map(str.isupper, (*words[max(0, at - 1) : at], *words[at + 1 : at + 2]))
        )
    return not at or "".join(words[at + 1 : at + 2]).islower()


def _undecided(prose: str, words: list[str], hint: str | None, *, english: int, foreign: int) -> str:
    """Neither side's function words decide: langdetect's profiles are asked where something speaks against English.

    Where foreign words, endings and letters do not outweigh English ones it is not asked: it takes a
    fifth of a millisecond, calls "Lichen planus" Dutch and "Perifollicular fibroma" Romanian, and most
    titles that say nothing are English.
    """
    looks_foreign = foreign + sum(bool(_FOREIGN_ENDING.search(word)) for word in words if len(word) > 5)
    marked = _MARKED_LETTER.search(prose) is not None
    if looks_foreign <= english and not marked:
        return hint or "en"
    is_foreign = looks_foreign > english or (marked and not english)
    looks_english = english > foreign or any(_ENGLISH_ENDING.search(word) for word in words if len(word) > 5)
    if not is_foreign and hint in {None, "en"} and (looks_english or not _is_prose(prose)):
        return "en"  # whatever the guess
    guess, certainty = likely_language(prose)
    if guess in {"en", "und"}:
        return "en" if guess == "en" else hint or "en"
    if is_foreign:
        return guess
    if looks_english or certainty < _CERTAIN or not _is_prose(prose):
        return hint or "en"
    return guess


def _is_prose(prose: str) -> bool:
    """Words to go by: some in lower case, or a very long one; not a bare list of names."""
    words = WORD.findall(prose)
    lower = sum(word.islower() and len(word) > 3 for word in words)
    return (len(words) >= 3 and lower >= 1) or any(len(word) >= 14 for word in words)


# -- Han -------------------------------------------------------------------------------------------------


def _han(counts: _Counts, hint: str | None) -> str:
    if counts.shinjitai and not counts.simplified and counts.shinjitai >= 0.03 * counts.han:
        return "ja"
    if counts.simplified != counts.traditional:
        return "zh-Hans" if counts.simplified > counts.traditional else "zh-Hant"
    return hint if hint in {"zh-Hant", "ja"} else "zh-Hans"


class _Kinds(dict[str, int]):
    """Of a character the number of its script; Han characters have one for each way of being of one standard only."""

    def __missing__(self, character: str) -> int:
        scripts = [name for name, expression in _COUNTED.items() if expression.match(character)]
        kind = 1 + list(_COUNTED).index(scripts[0]) if scripts else 0
        if scripts == ["Han"]:
            own = _is_simplified_only(character), _is_traditional_only(character), _is_shinjitai(character)
            kind = _HAN_KIND + sum(bit << at for at, bit in enumerate(own))
        self[character] = kind
        return kind


_HAN_KIND: Final = 8  # bits below it: simplified, traditional, shinjitai
_KINDS: Final = _Kinds()


def _counted(prose: str) -> _Counts:
    """How many characters there are of each kind."""
    tally = [0] * (2 * _HAN_KIND)
    for character, count in Counter(prose).items():
        tally[_KINDS[character]] += count
    han = tally[_HAN_KIND:]
    _, kana, hangul, latin = tally[1:5]
    return _Counts(sum(han), kana, hangul, latin, sum(han[1::2]), sum(han[2:4] + han[6:]), sum(han[4:]))


_BASIC_HAN: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


@cache
def _changed_by(config: str) -> frozenset[str]:
    """The characters of the basic plane that OpenCC changes; its dictionaries, 24 MB of phrases, are let go."""
    converter = _converter(config)
    characters = [chr(code) for first, end in _BASIC_HAN for code in range(first, end)]
    converted = converter.convert("\n".join(characters)).split("\n")
    return frozenset(old for old, new in zip(characters, converted, strict=True) if old != new)


def _converter(config: str) -> Any:
    import opencc  # noqa: PLC0415  a tenth of a second, and most commands need none of it

    return opencc.OpenCC(config)


def _is_changed_by(config: str, character: str) -> bool:
    if ord(character) <= _BASIC_HAN[-1][1]:
        return character in _changed_by(config)
    return bool(_converter(config).convert(character) != character)  # rare, and remembered with its kind


def _is_simplified_only(character: str) -> bool:
    # cp950 is Big5 as it is used (裏, 恒 and 粧 too).
    # 台, 里, 后, 干 are simplified forms and old characters too: OpenCC changes them, but Big5 can write them.
    return not _writes("cp950", character) and _is_changed_by("s2t", character)


def _is_traditional_only(character: str) -> bool:
    return not _writes("gb2312", character) and _is_changed_by("t2s", character)


def _is_shinjitai(character: str) -> bool:
    """Characters that only Japanese writes (応, 実, 図): neither mainland nor Taiwan's set has them."""
    return (
        _writes("shift_jis", character)
        and not _writes("gb2312", character)
        and not _writes("cp950", character)
    )


def _writes(charset: str, character: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _hinted(hint: str | None) -> str | None:
    if not hint:
        return None
    if is_chinese(hint):
        return "zh-Hant" if script(hint) == "Hant" else "zh-Hans"
    language = hint.replace("_", "-").split("-")[0].casefold()
    return language if re.fullmatch("[a-z]{2}", language) else None


# -- both in one text ------------------------------------------------------------------------------------


def _says_it_twice(prose: str, han: int) -> bool:
    """Whether Latin prose stands beside the Chinese: not glosses in brackets, names and acronyms inside it."""
    longest = max(_LATIN_RUN.findall(without_glosses(prose)), key=_prose_letters, default="")
    return _prose_letters(longest) >= _MIXED_RATIO * han


def without_glosses(text: str) -> str:
    """A text without the Latin words in brackets that more Chinese follows."""
    behind = _NO_HAN.match(text[::-1])
    last = max(0, len(text) - (behind.end() if behind else 0) - 1)
    return _GLOSS.sub("", text[:last]) + text[last:]


def _prose_letters(run: str) -> int:
    """Letters of a Latin run that reads as words: three or more, mostly in lower case; else 0."""
    words = [word for word in WORD.findall(run) if len(word) > 1]
    if sum(any(letter.islower() for letter in word[1:]) for word in words) < 3:
        return 0
    return sum(map(len, words))
