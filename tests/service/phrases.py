"""English texts that we can translate ourselves: made of phrases that have a partner each."""

from __future__ import annotations

import re
from typing import Final

_TOPICS: Final = (
    ("the drying of library paste", "图书馆浆糊的干燥"),
    ("shelf order and reading habits", "排架顺序与阅读习惯"),
    ("name authority files", "人名规范文档"),
    ("opening hours of small libraries", "小型图书馆的开放时间"),
    ("the binding of old journals", "旧期刊的装订"),
    ("interlibrary loan requests", "馆际互借请求"),
    ("the conservation of paper maps", "纸质地图的保存"),
)
_PLACES: Final = (
    ("in university libraries", "高校图书馆"),
    ("in small towns", "小城镇"),
    ("in public hospitals", "公立医院"),
    ("in national archives", "国家档案馆"),
)
_TITLE: Final = "A survey of {topic} {place}: report {number}"
_TITLE_ZH: Final = "{place}{topic}调查：第{number}号报告"
_AIM: Final = "OBJECTIVE: To describe {topic} {place}."
_AIM_ZH: Final = "目的：描述{place}{topic}的情况。"
_METHODS: Final = "METHODS: We asked {many} readers with the LPQ questionnaire over {few} months."
_METHODS_ZH: Final = "方法：在{few}个月内使用LPQ问卷询问了{many}名读者。"
_RESULTS: Final = "RESULTS: Of these readers {share}% were content and {rest}% were not."
_RESULTS_ZH: Final = "结果：这些读者中{share}%表示满意，{rest}%表示不满意。"
_PAIRS: Final = ((_TITLE, _TITLE_ZH), (_AIM, _AIM_ZH), (_METHODS, _METHODS_ZH), (_RESULTS, _RESULTS_ZH))


def sample(number: int) -> tuple[str, str]:
    """The English title and abstract (three sections) of the `number`-th work."""
    topic, place = _TOPICS[number % len(_TOPICS)][0], _PLACES[number % len(_PLACES)][0]
    share = 10 + number % 80
    values = {
        "topic": topic, "place": place, "number": number, "many": 100 + number, "few": 2 + number % 9,
        "share": share, "rest": 100 - share,
    }  # fmt: skip
    return _TITLE.format(**values), "\n".join(part.format(**values) for part in (_AIM, _METHODS, _RESULTS))


def translated(segment: str) -> str:
    """The Chinese of one segment of a sample. Raises ValueError for any other text."""
    for english, chinese in _PAIRS:
        found = _pattern(english).fullmatch(segment.strip())
        if found:
            values = found.groupdict()
            for name, words in (("topic", _TOPICS), ("place", _PLACES)):
                if name in values:
                    values[name] = dict(words)[values[name]]
            return chinese.format(**values)
    raise ValueError(f"{segment!r} is no segment of a sample")


def _pattern(template: str) -> re.Pattern[str]:
    choices = {
        "topic": "|".join(re.escape(one) for one, _ in _TOPICS),
        "place": "|".join(re.escape(one) for one, _ in _PLACES),
    }
    pieces = re.split(r"\{(\w+)\}", template)
    held = [
        f"(?P<{piece}>{choices.get(piece, r'[0-9]+')})" if at % 2 else re.escape(piece)
        for at, piece in enumerate(pieces)
    ]
    return re.compile("".join(held))
