"""Records without end for measuring: bilingual, of our own words, the n-th always the same.

Words are drawn so that few are common and many are rare, as in real text. One record in ten describes a
work that an earlier one described, under the same DOI (in every second case spelt in upper case), with
another citation count.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, product
from pathlib import Path
from typing import Any, Final

Sample = dict[str, Any]


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


_REPEATED: Final = 0.1
_ENGLISH: Final = _words(
    "library catalogue reader record survey archive search index author title journal citation repository"
    " metadata collection service community hospital student teacher school village city river forest soil"
    " water climate policy market price labour employment health care therapy recovery nurse patient family"
    " child language translation dialect grammar corpus dictionary script character network model method"
    " sample measure analysis theory practice history culture museum temple manuscript paper print image"
    " sound video data cluster graph memory storage energy battery material surface protein enzyme cell gene"
    " virus vaccine tumour bone muscle nerve sleep stress exercise diet rice wheat tea silk cotton steel"
    " bridge road railway harbour ship engine signal sensor robot learning vision logic proof algebra"
    " geometry probability estimate error trust conflict law court contract trade tax bank credit risk"
)
_ABOUT: Final = _words(
    "regional comparative longitudinal randomised qualitative seasonal digital historical bilingual open"
    " sustainable local clinical shared early rural urban practical automatic reliable efficient novel"
)
_LINKS: Final = (
    "of", "in", "and", "for", "with", "on", "under", "between", "from", "within", "among", "across",
)  # fmt: skip
_CHINESE: Final = _words(
    "图书 目录 读者 记录 调查 档案 检索 索引 作者 题名 期刊 引文 知识 数据 馆藏 服务 社区 医院 学生 教师 学校 乡村 城市 河流"
    " 森林 土壤 水质 气候 政策 市场 价格 劳动 就业 健康 护理 治疗 康复 患者 家庭 儿童 语言 翻译 方言 语法 语料 词典 文字 网络"
    " 模型 方法 样本 测量 分析 理论 实践 历史 文化 博物 寺庙 手稿 纸张 印刷 图像 声音 视频 聚类 图谱 存储 能源 电池 材料 表面"
    " 蛋白 细胞 基因 病毒 疫苗 肿瘤 骨骼 肌肉 神经 睡眠 压力 运动 饮食 水稻 小麦 茶叶 丝绸 棉花 钢铁 桥梁 公路 铁路 港口 船舶"
    " 发动 信号 传感 机器 学习 视觉 逻辑 证明 代数 几何 概率 估计 误差 信任 冲突 法律 法院 合同 贸易 税收 银行 信用 风险 区域"
)
_RARE_HAN: Final = "岚筠霁霖澜璞瑾瑜琛珩璟瑶沅湘汀沚洲渚溪涧岑峦岫崖壑嶂林森杉柏桐槐榆柘枫桂兰蕙芷蘅荇菱荷萱薇蔓藤葵苏芸茜莲芙蓉"
_CHINESE_LINKS: Final = ("的", "与", "及其", "对", "中的", "和", "下的", "基于", "关于")
_HEADS: Final = _words("trans inter micro photo hydro sub over under re con ex per pro post")
_STEMS: Final = _words("form port struct cept duct tract press vert ject scribe script graph serv tend")
_ENDS: Final = _words("ing ion ed er al ive able ation")
_VERBS: Final = (
    "was compared with", "is described as", "has been found in", "were measured by", "depends on",
    "did not change the", "can be explained by", "is often used for",
)  # fmt: skip
_FAMILIES: Final = (
    "Sample", "Specimen", "Muster", "Lin", "Zhao", "Chen", "Okafor", "Strand", "Ibarra", "Novak", "Tanaka",
    "Adeyemi", "Carberry", "Mensah", "Haugen", "Petrov", "Rossi", "Silva", "Nguyen", "Kowalska",
    *(
        first + last
        for first, last in product(
            _words("Al Bar Cor Dan El Far Gor Hal Ing Jor Kal Lor Mar Nor Ost Par Quin Ros Sel Tor Ul Var Wes Yor"),
            _words("ander berg cova dahl elli ford gaard heim ini kova land man nik owitz quist ros sen topol uchi ville"),
        )
    ),
)  # fmt: skip
_GIVENS: Final = (
    "Mei", "Wen", "Lan", "Anna", "Jonas", "Amina", "Pedro", "Yuki", "Nadia", "Tomas", "Ingrid", "Kofi", "Li",
)  # fmt: skip
_JOURNALS: Final = tuple(
    f"{kind} of {topic.capitalize()} Samples"
    for kind, topic in product(("Journal", "Annals", "Archives", "Review"), _ENGLISH[:25])
)

_TAIL_EN: Final = tuple("".join(parts) for parts in product(_HEADS, _STEMS, _ENDS))
_TAIL_ZH: Final = tuple(a + b for a, b in product(_RARE_HAN, repeat=2) if a != b)


def _common_first(words: Sequence[str]) -> list[float]:
    """Cumulative weights by which the n-th word is drawn n times as seldom as the first."""
    return list(accumulate(1 / (rank + 3) for rank in range(len(words))))


_WORDS_EN: Final = (*_ENGLISH, *_TAIL_EN)
_WORDS_ZH: Final = (*_CHINESE, *_TAIL_ZH)
_WEIGHTS_EN: Final = _common_first(_WORDS_EN)
_WEIGHTS_ZH: Final = _common_first(_WORDS_ZH)
_WEIGHTS_FAMILIES: Final = _common_first(_FAMILIES)


def _family(chance: random.Random) -> str:
    return chance.choices(_FAMILIES, cum_weights=_WEIGHTS_FAMILIES)[0]


def english(chance: random.Random, sentences: int) -> str:
    """So many English sentences."""
    return " ".join(_sentence(chance) for _ in range(sentences))


def _sentence(chance: random.Random) -> str:
    nouns = chance.choices(_WORDS_EN, cum_weights=_WEIGHTS_EN, k=chance.randint(5, 9))
    words = [chance.choice(("A", "The", "This", "One")), chance.choice(_ABOUT)]
    for place, noun in enumerate(nouns):
        words += [noun, chance.choice(_VERBS if place == 2 else _LINKS)]
    return " ".join(words[:-1]) + "."


def title_en(chance: random.Random) -> str:
    """An English title, in one of several shapes."""
    one, two, three, four, five = chance.choices(_WORDS_EN, cum_weights=_WEIGHTS_EN, k=5)
    about, link = chance.choice(_ABOUT), chance.choice(_LINKS)
    shapes = (
        f"{about} {one} {two} {link} {three} and {four}: a study of {five}",
        f"{one} {link} the {about} {two} of {three}: {four} and {five}",
        f"{about} {one} and {two} {link} {three} {four} {five}",
        f"{one} {two}: {about} {three} {link} {four} of {five}",
        f"the {one} of {two} {three} {link} {about} {four}",
    )
    title = chance.choice(shapes)
    return title[0].upper() + title[1:]


def chinese(chance: random.Random, sentences: int) -> str:
    """So many Chinese sentences."""
    return "".join(f"{_clause(chance, 6)}，{_clause(chance, 5)}。" for _ in range(sentences))


def _clause(chance: random.Random, size: int) -> str:
    words = chance.choices(_WORDS_ZH, cum_weights=_WEIGHTS_ZH, k=size)
    return "".join(
        word + (chance.choice(_CHINESE_LINKS) if place % 2 else "") for place, word in enumerate(words)
    )


def title_zh(chance: random.Random) -> str:
    """A Chinese title, in one of several shapes."""
    return f"{_clause(chance, 5)}{chance.choice(('研究', '分析', '：以' + _clause(chance, 1) + '为例', '述评', ''))}"


# -- one record --------------------------------------------------------------------------------------------


def _chance(number: int, purpose: str) -> random.Random:
    seed = hashlib.blake2b(f"{purpose} {number}".encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(seed, "big"))


def work_of(number: int, *, repeats: bool = True) -> int:
    """The number of the record that first described this record's work."""
    while repeats and number:
        chance = _chance(number, "repeat")
        if chance.random() >= _REPEATED:
            break
        number = chance.randrange(number)
    return number


def doi_of(number: int) -> str:
    """The DOI of the work that record `number` describes first; neighbours lie far apart in an index."""
    scattered = hashlib.blake2b(f"doi {number}".encode(), digest_size=5).hexdigest()
    return f"10.5555/bench.{scattered}.{number}"


def _spelt(doi: str, number: int, work: int) -> str:
    return doi.upper() if work != number and number % 2 else doi


def envelope(number: int, *, repeats: bool = True) -> Sample:
    """An aggregator's envelope: the outer object in Chinese, the inner one in English."""
    work = work_of(number, repeats=repeats)
    chance = _chance(work, "work")
    english_title, chinese_title = title_en(chance), title_zh(chance)
    journal, volume, page = chance.choice(_JOURNALS), chance.randint(1, 40), chance.randint(1, 1900)
    last = page + chance.randint(2, 24)
    outer: Sample = {
        "title": english_title,
        "authors": ", ".join(f"{chance.choice(_GIVENS)} {_family(chance)}" for _ in range(chance.randint(1, 5))),
        "doi": _spelt(doi_of(work), number, work),
        "DOIUrl": None,
        "url": None,
        "abstract": "ABSTRACT " + english(chance, chance.randint(3, 7)),
        "PeriodicalId": chance.randint(1, 99_999),
        "journal": {"name": journal, "volume": f"{volume} {chance.randint(1, 12)}", "pages": f"{page} - {last}"},
        "PeriodicalIF": chance.choice((0.0, 1.25, 3.4)),
        "publicationDate": f"{chance.randint(1990, 2025)}-{chance.randint(1, 12):02d}-01",
        "publicationTypes": "Journal Article",
        "fieldsOfStudy": None,
        "isOpenAccess": chance.random() < 0.3,
        "openAccessPdf": "",
        "citationCount": str(chance.randint(0, 90) + (number - work) % 7),
        "resultStr": None,
        "platform": "Semanticscholar",
        "paperid": None,
        "PeriodicalName": journal,
        "FirstCategoryId": "1085",
        "ListUrlMain": f"https://doi.org/{doi_of(work)}",
        "RegionNum": 0,
        "RegionCategory": None,
        "ArticlePicture": [],
        "TitleCN": chinese_title,
        "AbstractTextCN": chinese(chance, chance.randint(3, 6)) if chance.random() < 0.4 else None,
        "PMCID": None,
        "EPubDate": "",
        "PubModel": "",
        "JCR": "",
        "JCRName": "",
        "Score": None,
        "Total": 0,
    }  # fmt: skip
    inner = json.dumps(outer, ensure_ascii=False, separators=(",", ":"))
    return {**outer, "title": chinese_title, "resultStr": inner}


def crossref(number: int, *, repeats: bool = True) -> Sample:
    """A work in Crossref's form: two titles, JATS abstracts, references."""
    work = work_of(number, repeats=repeats)
    chance = _chance(work, "work")
    date = {"date-parts": [[chance.randint(1990, 2025), chance.randint(1, 12)]]}
    stamp = {"date-parts": [[2026, 3, 1]], "date-time": "2026-03-01T07:00:00Z", "timestamp": 1772348400000}
    references = [_reference(chance, place) for place in range(chance.randint(7, 19))]
    page, journal = chance.randint(1, 1900), chance.choice(_JOURNALS)
    last = page + chance.randint(2, 24)
    return {
        "indexed": stamp,
        "deposited": stamp,
        "created": stamp,
        "DOI": _spelt(doi_of(work), number, work),
        "type": "journal-article",
        "source": "Crossref",
        "prefix": "10.5555",
        "member": "7777",
        "score": 1,
        "URL": f"https://doi.org/{doi_of(work)}",
        "title": [title_en(chance), title_zh(chance)],
        "abstract": _jats(chance),
        "author": [_author(chance, place) for place in range(chance.randint(1, 6))],
        "container-title": [journal],
        "short-container-title": [journal[:12]],
        "publisher": "Sample Press",
        "volume": str(chance.randint(1, 40)),
        "issue": str(chance.randint(1, 12)),
        "page": f"{page}-{last}",
        "ISSN": ["9999-9994"],
        "issn-type": [{"value": "9999-9994", "type": "print"}],
        "issued": date,
        "published": date,
        "license": [{"start": stamp, "content-version": "vor", "URL": "https://sample.example/terms", "delay-in-days": 0}],
        "link": [{"URL": f"https://sample.example/{doi_of(work)}.pdf", "content-type": "application/pdf", "content-version": "vor", "intended-application": "text-mining"}],
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "relation": {},
        "is-referenced-by-count": chance.randint(0, 90) + (number - work) % 7,
        "references-count": len(references),
        "reference-count": len(references),
        "reference": references,
    }  # fmt: skip


def _jats(chance: random.Random) -> str:
    body = f"<jats:title>Abstract</jats:title><jats:p>{english(chance, chance.randint(4, 9))}</jats:p>"
    if chance.random() < 0.4:
        body += f"<jats:title>摘要</jats:title><jats:p>{chinese(chance, chance.randint(3, 6))}</jats:p>"
    return body


def _author(chance: random.Random, place: int) -> Sample:
    return {
        "given": chance.choice(_GIVENS),
        "family": _family(chance),
        "sequence": "additional" if place else "first",
        "affiliation": [{"name": f"Department of {chance.choice(_ENGLISH)} Samples, Testville University"}],
    }


def _reference(chance: random.Random, place: int) -> Sample:
    return {
        "key": f"ref{place}",
        "doi-asserted-by": "publisher",
        "DOI": doi_of(chance.randrange(10**6)),
        "first-page": str(chance.randint(1, 900)),
        "article-title": title_en(chance),
        "volume": str(chance.randint(1, 40)),
        "author": _family(chance),
        "year": str(chance.randint(1950, 2025)),
        "journal-title": chance.choice(_JOURNALS),
    }


KINDS: Final[dict[str, Callable[..., Sample]]] = {"envelope": envelope, "crossref": crossref}


def lines(kind: str, count: int, *, repeats: bool = True) -> Iterator[str]:
    """`count` records, a line of JSON each."""
    for number in range(count):
        yield json.dumps(KINDS[kind](number, repeats=repeats), ensure_ascii=False, separators=(",", ":"))


def write(path: Path, kind: str, count: int, *, repeats: bool = True) -> int:
    """A JSON Lines file of `count` records at `path`; its size in bytes."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines(kind, count, repeats=repeats))
    return path.stat().st_size
