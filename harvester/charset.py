"""Which character encoding a document is in, told from its first bytes.

Order of evidence: a byte order mark; strict UTF-8; UTF-16; then whichever of GB 18030, Big5 and Windows-1252
gives the most common characters. Chinese in a wrong encoding decodes without an error, but to rare characters.
"""

from __future__ import annotations

import codecs
from typing import Final

from harvester.patterns import pattern

# Characters of everyday and of scholarly Chinese: what a right decoding is full of and a wrong one is not.
_SIMPLIFIED: Final = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比"
    "或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总"
    "次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
    "必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权"
    "收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信"
    "马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连"
    "断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存"
    "候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底"
    "液官德随病苏失尔死讲配女黄推显谈罪神艺呢席含企望密批营项防举球英氧势告李台落木帮轮破亚师围注远字材排"
    "供河态封另施减树溶怎止案言士均武固叶鱼波视仅费紧爱左章早朝害续轻服试食充兵源判护司足某练差致板田降黑"
    "犯负击范继兴似余坚曲输修故城夫够送笔船占右财吃富春职觉汉画功巴跟虽杂飞检吸助升阳互初创抗考投坏策古径"
    "换未跑留钢曾端责站简述钱副尽帝射草冲承独令限阿宣环双请超微让控州良轴找否纪益依优顶础载倒房突坐粉敌略"
    "客袁冷胜绝析块剂测丝协诉念陈仍罗盐友洋错苦夜刑移频逐靠混母短皮终聚汽村云哪既距卫停烈央察烧迅境若印洲"
    "刻括激孔搞甚室待核校散侵吧甲游久菜味旧模湖货损预阻毫普稳乙妈植息扩银语挥酒守拿序纸医缺雨吗针刘啊急唱"
    "误训愿审附获茶鲜粮斤孩脱硫肥善龙演父渐血欢械掌歌沙刚攻谓盾讨晚粒乱燃矛乎杀药宁鲁贵钟煤读班伯香介迫句"
    "丰培握兰担弦蛋沉假穿执答乐谁顺烟缩征脸喜松脚困异免背星福买染井概慢怕磁倍祖皇促静补评翻肉践尼衣宽扬棉"
    "希伤操垂秋宜氢套督振架亮末宪庆编牛触映雷销诗座居抓裂胞呼娘景威绿晶厚盟衡鸡孙延危胶屋乡临陆顾掉呀灯岁"
    "措束耐剧玉赵跳哥季课凯胡额款绍卷齐伟蒸殖永宗苗川炉岩弱零杨奏沿露杆探滑镇饭浓航怀赶库夺伊灵税途灭赛归"
    "召鼓播盘裁险康唯录菌纯借糖盖横符私努堂域枪润幅哈竟熟虫泽脑壤碳欧遍侧寨敢彻虑斜薄庭纳弹饲伸折麦湿暗荷"
    "瓦塞床筑恶户访塔奇透梁刀旋迹卡氯遇份毒泥退洗摆灰彩卖耗夏择忙铜献硬予繁圈雪函亦抽篇阵阴丁尺追堆雄迎泛"
    "爸楼避谋吨野猪旗累偏典馆索秦脂潮爷豆忽托惊塑遗愈朱替纤粗倾尚痛楚谢奋购磨君池旁碎骨监捕弟暴割贯殊释词"
    "亡壁顿宝午尘闻揭炮残冬桥妇警综招吴付浮遭徐您摇谷赞箱隔订男吹园纷唐败宋玻巨耕坦荣闭湾键凡驻锅救恩剥凝"
    "碱齿截炼麻纺禁废盛版缓净睛昌婚涉筒嘴插岸朗庄街藏姑贸腐奴啦惯乘恢暂俗患癌症肿瘤尿酶抑疗诊网络估像译膜"
    "陶瓷催趋框郁焦障碍童妊娠胎肝肾肺胃肠脾胰腺脊髓椎颈腰股镜扫描淋疫炎荟萃冠脉粥卒梗帕森茨默"
)
_TRADITIONAL: Final = (
    "這爲個國時來們於對會發動過說產種後學經進電裏現實兩體機當點從業應開還義間樣與關線內數麼質氣變條沒結問"
    "無軍並題黨員總設長頭資邊級圖統較將組見計別論運農幾區強決幹戰則據處隊給門規熱領東導壓爭濟階術極聯認權"
    "證採轉單風帶場車務萬達積議聲報鬥類離華確張馬節話況溫傳許羣廣記觀織裝衆書覆兒須際驗連斷難礦備辦習響約"
    "勞團歷構稱準號維劃選標寫親養層卻專狀廠識適屬圓調滿縣參紅細聽該鐵價嚴隨蘇爾講黃顯談藝營項舉勢臺幫輪亞"
    "師圍遠態減樹葉魚視僅費緊愛續輕試護練負擊範繼興餘堅輸夠筆佔財喫職覺漢畫雖雜飛檢昇陽創壞徑換鋼責簡錢盡"
    "衝獨環雙請讓軸紀優頂礎載敵勝絕塊劑測絲協訴陳羅鹽錯頻終雲衛燒覈遊舊貨損預穩媽擴銀語揮紙醫嗎針劉誤訓願"
    "審獲鮮糧脫龍漸歡剛謂討亂殺藥寧魯貴鍾讀豐蘭擔執樂誰順煙縮徵臉腳異買靜補評踐寬揚傷氫憲慶編觸銷詩綠雞孫"
    "膠鄉臨陸顧燈歲劇趙課凱額紹齊偉爐巖楊鎮飯濃懷趕庫奪靈稅滅賽歸盤險錄純蓋橫槍潤蟲澤腦歐側徹慮納彈飼麥溼"
    "牀築惡戶訪跡擺賣擇銅獻陣陰樓謀噸豬館爺驚遺纖傾謝奮購監貫釋詞頓寶塵聞殘橋婦綜吳搖贊訂園紛敗榮閉灣鍵駐"
    "鍋剝鹼齒煉紡廢緩淨莊貿慣暫腫療診網絡譯趨鬱礙腎腸頸鏡掃薈脈為著裡眾"
)
_COMMON: Final = frozenset(_SIMPLIFIED + _TRADITIONAL)
_PUNCTUATION: Final = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～％　")

_MARKS: Final = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES: Final = 65_536
_CONTROL: Final = bytes(set(range(32)) - set(b"\t\n\f\r\x1a\x1b")) + b"\x7f"
_CONTROL_SHARE: Final = 0.02  # above it, bytes are no text
_STRAY_CONTROLS: Final = 2  # a short text may hold as many
_WIDE_SENSE: Final = 0.6
_WIDE_MARGIN: Final = 0.1  # by which UTF-16 must be better where nothing but its sense speaks for it
_UTF8_SHARE: Final = 0.9  # of the bytes of a damaged UTF-8 text that belong to whole characters
_HAN_SCORE: Final = 0.75  # below it, Big5 is not believed where high bytes stand alone
_LONE_SHARE: Final = 0.75
_EVIDENT_SCORE: Final = 0.9
_NOT_ASCII: Final = pattern("[^\x00-\x7f]+")
_LETTER_OF_SMALL_SCRIPT: Final = pattern("[\u00c0-\u024f\u0370-\u052f\u3041-\u30ff]")
_UTF8_SEQUENCE: Final = pattern(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_BYTE: Final = pattern(rb"[\x80-\xff]")
_LONE_HIGH_BYTE: Final = pattern(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def detect_encoding(head: bytes, is_whole: bool) -> str | None:
    """The Python codec of the text that begins with `head`; None if it is binary.

    A character cut in two at the end of `head` is no fault unless `is_whole`. A text that is UTF-8 but for some
    damaged characters is "utf-8": decode with errors="replace". A codec that takes the byte order mark off is
    named where there is one ("utf-8-sig", "utf-16").
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    sample = head[:_SAMPLE_BYTES]
    is_cut = not is_whole or len(head) > len(sample)
    if b"\0" in sample or not _is_text(sample):
        return _wide(sample, is_cut=is_cut)
    if _decodes(sample, "utf-8", is_cut=is_cut):
        return "gb18030" if _is_gb_after_all(sample) else "utf-8"
    return _multibyte(sample, is_cut=is_cut)


def _is_text(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    return controls <= max(_STRAY_CONTROLS, _CONTROL_SHARE * len(sample))


def _decodes(sample: bytes, codec: str, *, is_cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(sample, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True


def _is_gb_after_all(sample: bytes) -> bool:
    """Whether this is one of the short Chinese words whose GB bytes are valid UTF-8, but of no sense in it."""
    runs = _NOT_ASCII.findall(sample.decode("utf-8", "ignore"))
    if not runs or max(map(max, runs)) > "\u07ff" or min(map(len, runs)) < 2:
        return False
    return _score(sample, "gb18030") >= _EVIDENT_SCORE


def _wide(sample: bytes, *, is_cut: bool) -> str | None:
    """UTF-16 or UTF-32 without a mark, if the text makes sense in it."""
    for codec in ("utf-32-le", "utf-32-be"):
        if _decodes(sample, codec, is_cut=is_cut) and _sense(sample, codec) >= _WIDE_SENSE:
            return codec
    best = _wider(sample)
    return best if _sense(sample, best) >= _WIDE_SENSE else None


def _wider(sample: bytes) -> str:
    return max(("utf-16-le", "utf-16-be"), key=lambda codec: _sense(sample, codec))


def _sense(sample: bytes, codec: str) -> float:
    """How much of a reading can be text: 1 for ASCII and common Chinese alone, below 0 for rubbish."""
    text = sample.decode(codec, "replace")
    return sum(map(_worth_in_wide, text)) / len(text) if text else 0.0


def _worth_in_wide(character: str) -> float:
    if " " <= character <= "~" or character in "\t\n\r" or character in _COMMON or character in _PUNCTUATION:
        return 1.0
    if _LETTER_OF_SMALL_SCRIPT.match(character):
        return 0.9
    return 0.6 if "\u4e00" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3" else -1.0


def _multibyte(sample: bytes, *, is_cut: bool) -> str | None:
    """The best reading of bytes that are text and no valid UTF-8."""
    if is_cut and sample[-1] > 0x7F:  # the last character may be half there
        sample = sample[:-1]
    high = len(_HIGH_BYTE.findall(sample))
    if sum(map(len, _UTF8_SEQUENCE.findall(sample))) >= _UTF8_SHARE * high:
        return "utf-8"
    score, best = max((_score(sample, codec), codec) for codec in ("gb18030", "big5hkscs"))
    if _sense(sample, wide := _wider(sample)) > max(_WIDE_SENSE, score) + _WIDE_MARGIN:
        return wide
    is_lone = len(_LONE_HIGH_BYTE.findall(sample)) > _LONE_SHARE * high
    if is_lone and (best == "gb18030" or score < _HAN_SCORE):  # GB's common characters are two high bytes
        return "cp1252"
    if best == "big5hkscs" and _decodes(sample, "big5", is_cut=is_cut):
        return "big5"
    return best


def _score(sample: bytes, codec: str) -> float:
    """How common the non-ASCII characters of a reading are: 1 for all, below 0 for rubbish."""
    characters = [character for character in sample.decode(codec, "replace") if character > "\x7f"]
    worth = 0.0
    for character in characters:
        if character in _COMMON:
            worth += 1
        elif character in _PUNCTUATION:
            worth += 0.8
        elif character == "\ufffd":
            worth -= 2
        elif not ("\u4e00" <= character <= "\u9fff"):
            worth -= 0.5
    return worth / len(characters) if characters else 0.0
