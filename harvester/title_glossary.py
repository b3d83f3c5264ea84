"""Words that titles of scholarly works are made of, in Chinese and English: whether two titles may say the same."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

# Simplified Han words with the beginnings of their English ones; common vocabulary of all fields, no names, no terms of art.
_TABLE: Final = """
研究 stud research investigat inquir explor|分析 analy|影响 effect influenc impact|作用 effect role action function|关系 relation correlat|相关 correlat relat associat
比较 compar|评价 evaluat assess apprais|评估 evaluat assess|应用 appl use|发展 develop|变化 chang vari dynamic|机制 mechanism|机理 mechanism|模型 model|方法 method approach|技术 tech
系统 system|设计 design|实验 experiment|试验 trial test experiment|测试 test|测量 measur|检测 detect test|调查 survey investigat|追踪 panel longitud follow track|证据 eviden
理论 theor|实践 practic|意义 meaning signific implicat|问题 problem issue question|对策 countermeasure strateg|策略 strateg|政策 polic|制度 institution system|改革 reform|创新 innovat
管理 manag administrat|服务 serv|教育 educat|教学 teach instruct|学习 learn|学校 school|大学 universit college|高校 universit college higher|学生 student|教师 teacher|课程 curricul course
转型 transform transit|时代 era times|新时代 new|历史 histor|文化 cultur|社会 soci|经济 econom|政治 politic|法律 law legal|诉讼 litigat lawsuit|商业 commerc busines|争端 dispute|纠纷 dispute
解决 solv resol settl|企业 enterpris firm compan corporat|市场 market|金融 financ|银行 bank|贸易 trade|投资 invest|消费 consum|价格 pric|农业 agricultur|农村 rural|农民 farm peasant|城市 urban city cities
城镇 urban town|区域 region|地区 region area district|国家 nation countr state|中国 china chinese|我国 china chinese|台湾 taiwan|香港 hong|日本 japan|美国 american unit|英国 brit english|德国 german|法国 french
欧洲 europ|亚洲 asia|马来西亚 malaysia|新加坡 singapor|国际 internation|全球 global|世界 world|华人 chinese|民族 ethnic nation|宗教 relig|佛教 buddh|道教 tao dao|哲学 philosoph|伦理 ethic|思想 thought idea
文学 litera|语言 languag linguist|翻译 translat|汉语 chinese|英语 english|文本 text|叙事 narrat|艺术 arts artist artwork|音乐 music|电影 film movi cinema|媒体 media|新闻 news journal|传播 communicat spread disseminat
图书馆 librar|图书 book librar|档案 archiv|信息 informat|知识 knowledg|数据 data|网络 network web internet|数字 digit|智能 intelligen smart|人工智能 artificial|计算 comput calculat|算法 algorithm
心理 psycholog mental|认知 cognit|情绪 emotion mood|行为 behavi|态度 attitud|压力 stress pressur|动机 motiv|能力 abilit skill capabilit compet|人格 personal|自我 self|关怀 care|幸福 happi well
儿童 child|青少年 adolesc teen youth|青年 youth young|老年 old elder aged geriatr|老年人 old elder|女性 wom female|男性 male|妇女 wom|家庭 famil|父母 parent|婚姻 marri|恋爱 lov romantic dating|夫妻 coupl
患者 patient|病人 patient|临床 clinic|治疗 treat therap|疗效 effic effect curativ|疗法 therap|诊断 diagnos|护理 nurs care|手术 surg operat|药物 drug medic|疫苗 vaccin|感染 infect|病毒 virus viral
肿瘤 tumor tumour cancer neoplas|癌症 cancer carcinom|肺 lung pulmon|肝 liver hepat|心脏 heart cardi|脑 brain cerebr|肾 kidney renal nephr|胃 gastr stomach|血管 vascul vessel|血压 blood hypertens|糖尿病 diabet
高血压 hypertens|卒中 stroke|骨折 fractur|结肠炎 colitis|溃疡 ulcer|中医 chinese traditional|中药 chinese herb traditional|针灸 acupunct|健康 health|疾病 diseas|预防 prevent|风险 risk|因素 factor
死亡 mortal death|生存 surviv|质量 quality|安全 safe secur|细胞 cell|基因 gene genom genetic|蛋白 protein|表达 express|大鼠 rats|小鼠 mice mouse|植物 plant|动物 animal|水稻 rice|小麦 wheat|玉米 maize corn
土壤 soil|水资源 water|环境 environ|污染 pollut contamin|生态 ecolog ecosystem|气候 climat|能源 energ|材料 material|结构 structur|性能 perform propert|性质 propert|合成 synthes|制备 prepar fabricat
电池 batter|催化 cataly|纳米 nano|金属 metal|钢 steel|合金 alloy|混凝土 concret|桥梁 bridg|铁路 railway|交通 traffic transport|汽车 vehicl auto|机器 machin|机器人 robot|控制 control|优化 optim
预测 predict forecast|模拟 simulat|识别 recogni identif|图像 image|信号 signal|通信 communicat|传感 sens|激光 laser|光学 optic light|量子 quantum|数学 mathemat|统计 statist|概率 probab|方程 equat
历程 course process|过程 process|现状 current status|趋势 trend|进展 progress advanc|综述 review|展望 prospect perspectiv|挑战 challeng|机遇 opportun|启示 implicat enlighten inspir|建议 suggest recommend
意识 conscious aware|价值 valu|认同 identit|权利 right|责任 responsib|公共 public|政府 govern|社区 communit|人口 populat|就业 employ|劳动 labor labour|收入 incom|贫困 povert poor|公平 equit fair|资源 resourc
效率 efficien|效果 effect|满意 satisf|需求 demand need|供给 suppl|合作 cooperat collaborat|竞争 compet|组织 organi|领导 lead|决策 decision|绩效 perform|战略 strateg|品牌 brand|旅游 touris|体育 sport physical
""".strip()
_WORDS: Final = {
    row.split()[0]: tuple(row.split()[1:])
    for row in _TABLE.replace("\n", "|").split("|")
    if " " in row.strip()
}
_LONGEST: Final = max(map(len, _WORDS))
_LEAST: Final = 3  # words that must be found on both sides


@lru_cache(maxsize=2048)
def _meanings(han: str) -> tuple[tuple[str, ...], ...]:
    """The English beginnings of the words in a Han title, the longest word at each place."""
    found, at = dict[str, tuple[str, ...]](), 0
    while at < len(han):
        word = next(
            (han[at : at + size] for size in range(_LONGEST, 0, -1) if han[at : at + size] in _WORDS), None
        )
        if word is None:
            at += 1
        else:
            found[word] = _WORDS[word]
            at += len(word)
    return tuple(found.values())


def may_say_the_same(han: str, words: tuple[str, ...]) -> bool:
    """Whether three and more known words of a Han title, and two thirds of them, stand in an English one.

    `han` is simplified, without blanks; `words` are lower case.
    """
    meanings = _meanings(han)
    if len(meanings) < _LEAST:
        return False
    met = sum(any(word.startswith(beginnings) for word in words) for beginnings in meanings)
    return met >= _LEAST and 3 * met >= 2 * len(meanings)
