"""What generated works are about, by whom and where: so many words that two of them are as unlike as real works are."""

from __future__ import annotations

import hashlib
from typing import Final

SUBJECTS: Final = (
    ("shelf order", "排架顺序"), ("reading aids", "助读工具"), ("supported work", "支持性就业"), ("name authority files", "人名规范文档"),
    ("opening hours", "开放时间"), ("library paste", "图书馆浆糊"), ("interlibrary loans", "馆际互借"), ("old bindings", "旧装订"),
    ("paper maps", "纸质地图"), ("silent rooms", "静音阅览室"), ("school catalogues", "学校目录"), ("talking books", "有声读物"),
    ("nursing records", "护理记录"), ("sleep diaries", "睡眠日记"), ("ward rounds", "查房制度"), ("pain scales", "疼痛量表"),
    ("lending machines", "自助借书机"), ("reading groups", "读书小组"), ("microfilm", "缩微胶片"), ("local newspapers", "地方报纸"),
    ("subject headings", "主题词表"), ("citation errors", "引文错误"), ("lost volumes", "遗失卷册"), ("seed collections", "种子收藏"),
    ("rainfall tables", "降雨量表"), ("herbarium sheets", "植物标本"), ("coastal soils", "滨海土壤"), ("rice straw", "水稻秸秆"),
    ("bridge cables", "桥梁拉索"), ("clay bricks", "黏土砖"), ("steam valves", "蒸汽阀门"), ("copper wires", "铜导线"),
    ("family doctors", "家庭医生"), ("village clinics", "乡村诊所"), ("evening schools", "夜校"), ("bus timetables", "公交时刻表"),
    ("water meters", "水表"), ("public squares", "公共广场"), ("street trees", "行道树"), ("night shifts", "夜班制度"),
)  # fmt: skip
METHODS: Final = (
    ("A survey", "调查"), ("A history", "历史考察"), ("An inventory", "清点"), ("A comparison", "比较研究"), ("A model", "模型研究"),
    ("The costs", "成本分析"), ("The decline", "衰退研究"), ("Early uses", "早期应用"), ("A field study", "实地研究"),
    ("Three views", "三种观点"), ("The revision", "修订"), ("A trial", "试验"), ("Failures", "失效分析"), ("Standards", "标准研究"),
    ("The teaching", "教学研究"), ("Risks", "风险评估"), ("Ten years", "十年回顾"), ("The economics", "经济学分析"),
    ("A typology", "类型学"), ("The measurement", "测量方法"), ("Repairs", "修复研究"), ("The language", "用语研究"),
)  # fmt: skip
PLACES: Final = (
    ("small towns", "小城镇"), ("universities", "高校"), ("hospitals", "医院"), ("archives", "档案馆"), ("river valleys", "河谷地区"),
    ("mountain counties", "山区县"), ("port cities", "港口城市"), ("border districts", "边境地区"), ("primary schools", "小学"),
    ("nursing homes", "养老院"), ("museums", "博物馆"), ("courts", "法院"), ("prisons", "监狱"), ("factories", "工厂"),
    ("island communities", "海岛社区"), ("new suburbs", "新建郊区"), ("mining towns", "矿业城镇"), ("monasteries", "寺院"),
    ("parliaments", "议会"), ("ministries", "政府部门"), ("botanical gardens", "植物园"), ("railway stations", "火车站"),
    ("fishing villages", "渔村"), ("military academies", "军事院校"), ("dry regions", "干旱地区"), ("river deltas", "三角洲"),
)  # fmt: skip
_SYLLABLES: Final = (
    ("ka", "卡"), ("lo", "洛"), ("mi", "米"), ("ra", "拉"), ("to", "托"), ("ne", "内"), ("su", "苏"), ("vi", "维"), ("da", "达"), ("po", "波"),
    ("ge", "格"), ("fi", "菲"), ("no", "诺"), ("ba", "巴"), ("ti", "蒂"), ("ma", "马"), ("se", "塞"), ("lu", "卢"), ("ri", "里"), ("ho", "霍"),
    ("ja", "贾"), ("pe", "佩"), ("du", "杜"), ("sha", "沙"),
)  # fmt: skip
_FAMILIES: Final = (  # noqa: SIM905  names are read more easily so
    "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Zheng Liang Xie Song Tang Deng Feng Han Cao Zeng"
    " Peng Xiao Cai Pan Tian Dong Yuan Yu Ye Du Su Wei Cheng Ding Ren Lu Yao Shen Jiang Cui Zhong Tan Fan Jin Shi Liao Jia Xia Fu Fang"
    " Okafor Strand Ibarra Novak Tanaka Muster Specimen Halvorsen Petrov Almeida Rossi Dubois Keller Bergman Nowak Horvat Silva Costa"
    " Andersson Virtanen Kovacs Popescu Yilmaz Haddad Rahman Banerjee Iyer Perera Santos Reyes Nguyen Tran Kim Park Sato Suzuki Mori"
).split()
_GIVEN: Final = (  # noqa: SIM905  the same
    "Lan Wen Mei Jun Hui Ling Qiang Xiaoming Guohua Lihua Yifan Zihan Haoran Jianguo Shuang Ping Bo Tao Xin Rui"
    " Ada Bruno Clara David Elena Farid Greta Hugo Ines Jonas Karin Leo Maria Nils Olga Pedro Rosa Samir Tilda Viktor"
).split()
_JOURNALS: Final = tuple(
    f"{head} of {field}"
    for head in ("Journal", "Annals", "Archives", "Sample Review")
    for field in (
        "Generated Surveys", "Reading Rooms", "Applied Cataloguing", "Public Works", "Rural Health", "Evening Education",
        "Soil and Water", "Municipal Records", "Materials in Use", "Local History",
    )
)  # fmt: skip


class Chance:
    """Choices for the `number`-th work: as if at random, and always the same."""

    def __init__(self, number: int) -> None:
        digest = hashlib.blake2b(number.to_bytes(8), digest_size=32).digest()
        self._left = int.from_bytes(digest)

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1."""
        self._left, chosen = divmod(self._left, count)
        return chosen

    def of(self, *choices: tuple[str, str]) -> tuple[str, str]:
        """One of pairs."""
        return choices[self.below(len(choices))]

    def person(self) -> tuple[str, str]:
        """A given and a family name."""
        return _GIVEN[self.below(len(_GIVEN))], _FAMILIES[self.below(len(_FAMILIES))]

    def region(self) -> tuple[str, str]:
        """The name of a region that there is not."""
        syllables = [self.of(*_SYLLABLES) for _ in range(4)]
        return "".join(one for one, _ in syllables).capitalize(), "".join(one for _, one in syllables)

    def journal(self) -> tuple[str, str]:
        """A journal and its ISSN, which nobody has: its check digit is right."""
        number = self.below(len(_JOURNALS))
        digits = f"9999{number:03d}"
        check = -sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=True)) % 11
        return _JOURNALS[number], f"9999-{number:03d}{'X' if check == 10 else check}"
