"""Pairs of records on which deduplication fails elsewhere: invented works, one failure class a block.

A work is written once; `with_` says what another record of it, or of its neighbour, has otherwise. SAME must be merged
by itself; APART must not; LINKED is one text published twice: related, never merged.
"""

from typing import NamedTuple

from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.names import parse_author_line

SAME, APART, LINKED = "same", "apart", "linked"

# fmt: off  a table: one line a case


class Pair(NamedTuple):
    kind: str
    expected: str
    one: Record
    other: Record


def record(
    title=None,
    authors=None,
    year=None,
    journal=None,
    volume=None,
    issue=None,
    pages=None,
    *,
    doi=None,
    pmid=None,
    issn=None,
    kind=None,
    abstract=None,
    titles=(),
):
    """A record from plain words; authors are one line, or a tuple of names."""
    names = (title, *titles) if title else titles
    people = authors if isinstance(authors, tuple) else parse_author_line(authors) if authors else ()
    ids = [(Scheme.DOI, doi), (Scheme.PMID, pmid)]
    return Record(
        source="file",
        source_key="1",
        retrieved_at="2026-11-21T03:00:00Z",
        identifiers=tuple(Identifier(scheme, value) for scheme, value in ids if value),
        titles=tuple(Text(value, "und", Origin.UNKNOWN) for value in names),
        abstracts=(Text(abstract, "und", Origin.UNKNOWN),) if abstract else (),
        contributors=tuple(Contributor(one) if isinstance(one, str) else one for one in people),
        container=Container(journal or "", issns=(issn,) if issn else ()) if journal or issn else None,
        locus=Locus(volume, issue, pages) if volume or issue or pages else None,
        issued=PartialDate(year) if year else None,
        work_type=kind,
    )


# Twelve invented works: title, authors, year, journal, its abbreviation, volume, issue, pages.
WORKS = (
    (
        "Drying rates of wheat paste in unheated reading rooms",
        "Marta Quint, Jonas Feld, Amelie Brandt",
        2014,
        "Journal of Paper Conservation Studies",
        "J Pap Conserv Stud",
        "21",
        "3",
        "145-158",
    ),
    (
        "A field survey of bookworm damage across coastal archives",
        "Ruth Olander, Piet van Dorsten",
        2009,
        "Annals of Archival Entomology",
        "Ann Arch Entomol",
        "8",
        "1",
        "33-47",
    ),
    (
        "Lamp smoke and the yellowing of nineteenth century maps",
        "Hector Ambrose, Lidia Serrano, Tom Whitfield",
        2017,
        "Cartographic Preservation Letters",
        "Cartogr Preserv Lett",
        "44",
        "12",
        "1011-1019",
    ),
    (
        "Borrowing habits of night shift readers: a diary study",
        "Clara Novak, Denis Fournier",
        2020,
        "Public Library Quarterly Review",
        "Public Libr Q Rev",
        "39",
        "2",
        "201-224",
    ),
    (
        "Humidity thresholds for parchment stored above ground level",
        "Oskar Lindqvist, Freya Holm, Nils Aker, Ida Berg",
        2011,
        "Scandinavian Journal of Conservation",
        "Scand J Conserv",
        "15",
        "4",
        "S88-S97",
    ),
    (
        "Counting silent visits with pressure sensitive floor mats",
        "Yara Mendes, Paulo Teixeira, Bruno Castilho",
        2018,
        "Measurement in Cultural Institutions",
        "Meas Cult Inst",
        "6",
        "2",
        "77-95",
    ),
    (
        "Ink corrosion kinetics measured by micro fade testing",
        "Gareth Pugh, Sian Morris",
        2013,
        "Heritage Chemistry Reports",
        "Herit Chem Rep",
        "102",
        "7",
        "5501-5512",
    ),
    (
        "Children who read aloud to dogs read longer sentences",
        "Naomi Feldstein, Karl Overbeck, Julia Tan",
        2016,
        "Reading Development Quarterly",
        "Read Dev Q",
        "28",
        "1",
        "9-21",
    ),
    (
        "Shelf order errors after a flood evacuation exercise",
        "Esteban Ruiz, Monica Salas",
        2022,
        "Disaster Planning for Libraries",
        "Disaster Plan Libr",
        "11",
        "3",
        "310-322",
    ),
    (
        "Spectral imaging of erased marginal notes in psalters",
        "Beatrix Holloway, Samir Haddad, Lena Vogt",
        2015,
        "Manuscript Imaging Bulletin",
        "Manuscr Imaging Bull",
        "19",
        "2",
        "64-80",
    ),
    (
        "Sound masking reduces whispering in open plan study halls",
        "Ingrid Solberg, Hans Petersen",
        2019,
        "Acoustics of Public Buildings",
        "Acoust Public Build",
        "33",
        "5",
        "488-499",
    ),
    (
        "Repair tissue adhesion under repeated flexing of spines",
        "Akira Tanabe, Emiko Mori, Kenji Ueda",
        2012,
        "Bookbinding Science International",
        "Bookbind Sci Int",
        "7",
        "1",
        "12-29",
    ),
)
NUMBERS = tuple(range(len(WORKS)))


def work(number, **other):
    """The n-th work in full, with what is said `other`wise; None takes a field away."""
    title, authors, year, journal, _, volume, issue, pages = WORKS[number]
    said = {
        "title": title,
        "authors": authors,
        "year": year,
        "journal": journal,
        "volume": volume,
        "issue": issue,
        "pages": pages,
    }
    return record(**{**said, **other})


def initials(number):
    """The authors as indexes write them: "Quint M, Feld J"."""
    names = [name.split() for name in WORKS[number][1].split(", ")]
    return tuple(
        Contributor(f"{' '.join(name[1:])} {name[0][0]}", family=" ".join(name[1:]), given=name[0][0])
        for name in names
    )


def first_author(number):
    return (WORKS[number][1].split(", ")[0],)


def shortened(pages):
    """The range as indexes write it: "145-158" as "145-58"."""
    first, last = pages.split("-")
    kept = next(at for at in range(len(last)) if last[at] != first[at]) if len(first) == len(last) else 0
    return f"{first}-{last[kept:]}"


def apart_by(pages, distance):
    """The page range, so many pages further on."""
    first, last = (int(one.strip("S")) for one in pages.split("-"))
    return f"{first + distance}-{last + distance}"


def of_every_work():
    """The failure classes that every work can fall into."""
    for n in NUMBERS:
        title, _, year, _, short, volume, _, pages = WORKS[n]
        doi = f"10.5555/work.{n}"
        yield (
            "index style",
            SAME,
            work(n),
            work(n, authors=initials(n), journal=short, pages=shortened(pages)),
        )
        yield (
            "capitals",
            SAME,
            work(n),
            work(n, title=title.upper() + ".", authors=initials(n), journal=short.upper()),
        )
        yield "doi on one side", SAME, work(n, doi=doi), work(n, authors=initials(n), journal=short)
        yield "no place", SAME, work(n, doi=doi), work(n, volume=None, issue=None, pages=None)
        yield "slip of the pen", SAME, work(n), work(n, title=title[:12] + title[13:], journal=short)
        yield (
            "online first",
            SAME,
            work(n),
            work(n, year=year - 1, volume=None, issue=None, pages=None, doi=doi, journal=short),
        )
        yield "same doi, no title", SAME, work(n, doi=doi), record(doi=doi, year=year)
        yield (
            "parts",
            APART,
            work(n, title=f"{title}. Part I", pages=None),
            work(n, title=f"{title}. Part II", pages=None),
        )
        yield "part and whole", APART, work(n, pages=None), work(n, title=f"{title}, part 2", pages=None)
        yield (
            "years in titles",
            APART,
            work(n, title=f"{title} 2013", pages=None),
            work(n, title=f"{title} 2014", pages=None),
        )
        yield "two dois", APART, work(n, doi=doi), work(n, doi=f"{doi}x")
        yield "a copy elsewhere", LINKED, work(n, doi=doi), work(n, doi=f"{doi}x", authors=initials(n))
        yield "a version by its doi", LINKED, work(n, doi=doi), work(n, doi=f"{doi}.v2", year=year + 2)
        yield "two pmids", APART, work(n, pmid="111"), work(n, pmid="222")
        yield "erratum", APART, work(n, pages=None), work(n, title=f"Erratum: {title}", pages=None)
        yield "reply", APART, work(n, pages=None), work(n, title=f"Reply to: {title}", pages=None)
        yield "retraction", APART, work(n, pages=None), work(n, title=f"Retraction note: {title}", pages=None)
        yield "other pages", APART, work(n), work(n, pages=apart_by(pages, 300))
        yield (
            "preprint",
            LINKED,
            work(n, kind="journal-article"),
            work(n, kind="posted-content", journal=None, volume=None, issue=None, pages=None),
        )
        yield (
            "conference paper",
            APART,
            work(n),
            work(
                n,
                journal="Proceedings of the Workshop on Old Paper",
                volume=None,
                issue=None,
                pages="5-9",
                year=year - 1,
            ),
        )
        yield (
            "supplement doi",
            APART,
            work(n, doi=doi),
            work((n + 1) % 12, doi=doi, journal=WORKS[n][3], volume=volume),
        )
        yield "title alone", APART, record(title), record(title)
        yield "same people, other work", APART, work(n), work(n, title=WORKS[(n + 5) % 12][0], pages=None)


def written():  # noqa: PLR0915  a table: one statement a case
    """Cases with a form of their own."""
    paste = {"year": 2014, "journal": "Journal of Paste", "volume": "3"}
    # Headings name no work.
    for heading in (
        "Editorial",
        "Preface",
        "Book reviews",
        "Obituary",
        "Conferences and courses",
        "Publisher's note",
        "编者按",
        "卷首语",
    ):
        yield "headings", APART, record(heading, year=2014), record(heading, year=2014)
        yield (
            "headings",
            APART,
            record(heading, "Marta Quint", **paste),
            record(heading, "Marta Quint", **paste, issue="2"),
        )
        yield (
            "headings with pages",
            SAME,
            record(heading, "Marta Quint", **paste, pages="7-9"),
            record(heading, "Marta Quint", **paste, pages="7-9"),
        )
    # Homonyms in Pinyin.
    wang = (Contributor("Wang Wei", family="Wang", given="Wei"),)
    yield (
        "homonyms",
        APART,
        record("Glue in cold rooms", wang, 2014),
        record("Paper in warm rooms", wang, 2014),
    )
    yield (
        "homonyms",
        APART,
        record("Advances in library glue research", wang),
        record("Advances in library glue research", wang),
    )
    yield (
        "homonyms",
        APART,
        record("Notes on glue", wang, 2014, "Journal of Glue", "1"),
        record("Notes on paste", wang, 2014, "Journal of Glue", "1"),
    )
    yield (
        "homonyms",
        APART,
        record("旧书装订用胶的研究", ("王伟",), 2014, "图书学刊"),
        record("旧书装订用纸的研究", ("王伟",), 2014, "图书学刊"),
    )
    # Chinese records.
    yield (
        "traditional",
        SAME,
        record("圖書館閱覽室漿糊乾燥速率研究", ("林文龍", "陳慧"), 2014, "圖書館學刊", "3", "2", "15-22"),
        record("图书馆阅览室浆糊干燥速率研究", ("林文龙", "陈慧"), 2014, "图书馆学刊", "3", "2", "15-22"),
    )
    yield (
        "traditional",
        SAME,
        record("地方檔案館紙張酸化調查", ("張國榮", "劉芳"), 2011, "檔案研究", "8"),
        record("地方档案馆纸张酸化调查", ("张国荣", "刘芳"), 2011, "档案研究", "8"),
    )
    yield (
        "full width",
        SAME,
        record("基于ＲＦＩＤ的图书定位系统２．０", ("赵敏", "钱进"), 2018, "图书情报"),
        record("基于RFID的图书定位系统2.0", ("赵敏", "钱进"), 2018, "图书情报"),
    )
    yield (
        "chinese parts",
        APART,
        record("古籍修复用纸考（一）", ("孙立",), 2014, "古籍研究"),
        record("古籍修复用纸考（二）", ("孙立",), 2014, "古籍研究"),
    )
    yield (
        "chinese parts",
        APART,
        record("古籍修复用纸考（上）", ("孙立",), 2014, "古籍研究"),
        record("古籍修复用纸考（下）", ("孙立",), 2014, "古籍研究"),
    )
    yield (
        "chinese editions",
        APART,
        record("图书馆学概论 第2版", ("孙立",), None, None),
        record("图书馆学概论 第3版", ("孙立",), None, None),
    )
    yield (
        "chinese numbers",
        APART,
        record("水浸图书的冷冻干燥处理", ("李强", "周平"), 2014, "档案研究", "3", "1", "5-9"),
        record("水浸图书的冷冻干燥处理", ("吴刚",), 2016, "图书情报", "9", "4", "88-91"),
    )
    yield (
        "numbers only",
        APART,
        record("水浸图书的冷冻干燥处理", ("李强",), 2014, "档案研究", "40", "5", "10-15"),
        record("阅览室照明与读者疲劳", ("吴刚",), 2014, "照明学报", "40", "5", "10-15"),
    )
    yield (
        "numbers only",
        APART,
        record("水浸图书的冷冻干燥处理", ("李强",), 2014, "档案研究", "40", "5", "10-15"),
        record(
            "Lighting and fatigue in reading rooms",
            ("Karl Overbeck",),
            2014,
            "Lighting Letters",
            "40",
            "5",
            "10-15",
        ),
    )
    # Chinese beside English: language-free evidence only.
    zh = record(
        "旧报纸脱酸处理后的强度变化",
        ("陈园园", "徐月", "李强"),
        2021,
        "纸张保护",
        "12",
        "4",
        "46-52",
        issn="1234-5679",
    )
    yield (
        "two languages",
        SAME,
        zh,
        record(
            "Strength of old newspapers after deacidification",
            ("Chen Yuanyuan", "Xu Yue", "Li Qiang"),
            2021,
            None,
            "12",
            "4",
            "46-52",
        ),
    )
    yield (
        "two languages",
        SAME,
        zh,
        record(
            "Strength of old newspapers after deacidification",
            ("Yuanyuan Chen", "Yue Xu", "Qiang Li"),
            2021,
            None,
            "12",
            "4",
            "46",
            issn="1234-5679",
        ),
    )
    yield (
        "two languages",
        SAME,
        zh,
        record(
            "Strength of old newspapers",
            (
                Contributor("Chen YY", family="Chen", given="YY"),
                Contributor("Xu Y", family="Xu", given="Y"),
                Contributor("Li Q", family="Li", given="Q"),
            ),
            2021,
            None,
            "12",
            "4",
            "46-52",
        ),
    )
    yield (
        "two languages",
        APART,
        zh,
        record("Strength of old newspapers after deacidification", None, 2021, None, "12", "4", "46"),
    )
    yield (
        "two languages",
        APART,
        zh,
        record(
            "Strength of old newspapers after deacidification",
            ("Chen Yuanyuan", "Xu Yue", "Li Qiang"),
            2021,
            None,
        ),
    )
    yield (
        "two languages",
        APART,
        zh,
        record(
            "Strength of old newspapers after deacidification",
            ("John Smith", "Ann Lee"),
            2021,
            None,
            "12",
            "4",
            "46-52",
        ),
    )
    yield (
        "wade-giles",
        SAME,
        record("青年讀者的閱讀習慣", ("李宗諭", "邱皓政"), 2021, "教育學報", "5", "3", "59-63"),
        record(
            "Reading habits of young readers",
            ("Li Tsung-Yu", "Chiou Haw-Jeng"),
            2021,
            "Bulletin of Reading",
            "5",
            "3",
            "59-63",
        ),
    )
    yield (
        "bilingual title",
        SAME,
        record(
            "旧报纸脱酸处理",
            ("陈园园", "徐月"),
            2021,
            titles=("Deacidification of old newspapers in county archives",),
        ),
        record("Deacidification of old newspapers in county archives", ("Chen Yuanyuan", "Xu Yue"), 2021),
    )
    yield (
        "translated edition",
        APART,
        zh,
        record(
            "Strength of old newspapers after deacidification",
            ("Chen Yuanyuan", "Xu Yue", "Li Qiang"),
            2022,
            "Chinese Journal of Paper",
            "1",
            "1",
            "3-9",
            issn="9876-5434",
        ),
    )
    # Two languages, nobody named: the words of the titles say the same, and so does the place.
    meaning = "宗教教育的意义与实践：来自新加坡青少年的证据"
    say = "Meanings and practices of religious education: evidence from adolescents in Singapore"
    yield (
        "one meaning",
        SAME,
        record(meaning, ("王小明",), 2016, "哲学与文化", "43", "6", "137-152"),
        record(say, None, 2016, "Monthly Review of Thought", "43", "6", "137-152"),
    )
    yield (
        "one meaning",
        APART,
        record(meaning, ("王小明",), 2016, "哲学与文化", "43", "6", "137-152"),
        record(say, None, 2016, "Monthly Review of Thought", "44", "1", "9-20"),
    )
    yield (
        "another meaning",
        APART,
        record(meaning, ("王小明",), 2016, "哲学与文化", "43", "6", "137-152"),
        record("Corrosion of steel bridges in coastal cities", None, 2016, "Steel", "43", "6", "137-152"),
    )
    yield "one meaning, nothing else", APART, record(meaning, ("王小明",), 2016), record(say, None, 2016)
    # Translated titles of one article.
    dry = {"year": 1984, "journal": "Dtsch Papier Wochenschr", "volume": "109", "pages": "935-940"}
    yield (
        "translated title",
        SAME,
        record("[Slow drying of paste on linen covers]", "Quint M, Feld J", **dry),
        record("Verzoegerte Trocknung von Kleister auf Leinen", "Quint M, Feld J", **dry),
    )
    yield (
        "translated title",
        SAME,
        record("[Fungus stains on vellum]", "Quint M, Feld J, Brandt A", **dry),
        record("Spots caused by moulds in parchment", "Quint M, Feld J, Brandt A", **dry),
    )
    yield (
        "note of an index",
        SAME,
        record("Drying of paste on linen covers. [German]", "Quint M, Feld J", **dry),
        record("Drying of paste on linen covers", "Quint M, Feld J", **dry),
    )
    yield (
        "note of an index",
        SAME,
        record("Drying of paste on linen covers.[Erratum appears in J Paste. 1985]", "Quint M", **dry),
        record("Drying of paste on linen covers", "Quint M", **dry),
    )
    yield (
        "note of an index",
        SAME,
        record("Drying of paste on linen covers. [Review] [53 refs]", "Quint M", **dry),
        record("Drying of paste on linen covers", "Quint M", **dry),
    )
    # Pages and numbers.
    e = {"year": 2012, "journal": "Open Paper", "volume": "7"}
    yield (
        "article number",
        SAME,
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="e43268"),
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e),
    )
    yield (
        "article number",
        SAME,
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="e43268"),
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="1-6"),
    )
    yield (
        "article number",
        SAME,
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="c1804"),
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="1014"),
    )
    yield (
        "spreadsheet dates",
        SAME,
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="1-6"),
        record("Paste viscosity and cold storage", "Quint M, Feld J", **e, pages="01-Jun"),
    )
    yield (
        "volume and issue glued",
        SAME,
        record(
            "Paste viscosity and cold storage",
            "Quint M, Feld J",
            2012,
            "Open Paper",
            "55 (10 SUPPL 1)",
            None,
            "A175",
        ),
        record("Paste viscosity and cold storage", "Quint M, Feld J", 2012, "Open Paper", "55", "10", "A175"),
    )
    yield (
        "roman volume",
        SAME,
        record("Paste viscosity and cold storage", "Quint M, Feld J", 2012, "Open Paper", "XII", "2", "5-9"),
        record("Paste viscosity and cold storage", "Quint M, Feld J", 2012, "Open Paper", "12", "2", "5-9"),
    )
    yield (
        "roman part",
        SAME,
        record("Paste studies II. Starch grains and glue", "Quint M, Feld J", 2012, "Open Paper"),
        record("Paste studies 2: starch grains and glue", "Quint M, Feld J", 2012, "Open Paper"),
    )
    # Abstracts.
    same = {"year": 2011, "journal": "Paper and Ink", "volume": "47"}
    yield (
        "abstracts on one page",
        APART,
        record(
            "Iron gall ink antibodies are associated with halo stains",
            "Quint M, Feld J, Pugh G",
            **same,
            pages="2291",
        ),
        record(
            "Iron salts and mould in atypical halo stains of seals",
            "Pugh G, Quint M, Ruiz E",
            **same,
            pages="2291",
        ),
    )
    yield (
        "abstract and paper",
        APART,
        record(
            "Halo stains under raking light", "Quint M, Feld J", 2011, "Paper and Ink", "42", "11", "e618"
        ),
        record(
            "Halo stains under raking light", "Quint M, Feld J", 2012, "Topics in Imaging", "19", "2", "158"
        ),
    )
    yield (
        "two journals",
        APART,
        record(
            "Halo stains under raking light",
            "Quint M, Feld J, Pugh G",
            2009,
            "British Journal of Paper",
            "145",
            None,
            "23",
        ),
        record(
            "Halo stains under raking light",
            "Quint M, Feld J, Pugh G",
            2009,
            "Conservation Abstracts",
            "94",
            None,
            "239-240",
        ),
    )
    yield (
        "commentaries",
        APART,
        record("Commentary on: ink can fade at night", "Kleb H", 2006, "Ink", "187", "3", "291-292"),
        record("Commentary on: ink can fade at night", "Nichol D", 2006, "Ink", "187", "3", "284-286"),
    )
    # One word that makes it another work.
    for ours, theirs in (
        ("adult", "adolescent"),
        ("hypertension", "hypotension"),
        ("male", "female"),
        ("dependent", "independent"),
        ("rats", "mice"),
        ("Berlin", "Lisbon"),
    ):
        yield (
            "one word",
            APART,
            record(
                f"Controlled exposure to paste dust in {ours} readers of archives",
                "Quint M, Feld J, Pugh G",
                2011,
                "Paper and Ink",
            ),
            record(
                f"Controlled exposure to paste dust in {theirs} readers of archives",
                "Quint M, Feld J, Pugh G",
                2011,
                "Paper and Ink",
            ),
        )
    # Values that say nothing never agree.
    for odd in (
        {"pages": "1-"},
        {"pages": "n/a"},
        {"pages": "e1-e9"},
        {"year": 9999},
        {"authors": ("et al.",)},
        {"authors": ("佚名",)},
        {"authors": ("n/a",)},
    ):
        yield (
            "a value that says nothing",
            APART,
            record("Reading rooms of the north", **odd),
            record("Reading rooms of the north", **odd),
        )
        yield (
            "a value that says nothing",
            APART,
            record("Glue in cold rooms", **odd),
            record("Paper in warm rooms", **odd),
        )
    sheets = "Answer sheet of the eastern questionnaire on gluing, interviewee 51207"
    yield (
        "two entries without authors",
        APART,
        record(sheets, year=2017, doi="10.5555/a"),
        record(sheets, year=2017, doi="10.5555/b"),
    )
    yield (
        "deposited twice",
        LINKED,
        record("Eastern paste mosses of the tidal glue marsh", "Gene Silber", 1970, doi="10.5555/a"),
        record("Eastern paste mosses of the tidal glue marsh", "Gene Silber", 1970, doi="10.5555/b"),
    )
    # Citations: title and authors, a venue at best.
    cited = (
        "Similarity search in crowded reading rooms",
        "Natsev A, Rastog R, Shimo K",
        1999,
        "Proceedings of the Paste Conference",
    )
    yield (
        "an author in the title",
        SAME,
        record(*cited),
        record(
            "Shimo. Similarity search in crowded reading rooms",
            ("a natsev", "r rastog"),
            None,
            "proc. paste conf",
        ),
    )
    yield (
        "a venue in the title",
        SAME,
        record(*cited),
        record(
            "Similarity search in crowded reading rooms. proceedings of the paste conference",
            ("a natsev", "r rastog"),
            None,
        ),
    )
    yield (
        "blanks lost in the title",
        SAME,
        record(*cited),
        record(
            "Natsev a. Similaritysearch incrowded readingrooms", ("r rastog", "k shimo"), None, "paste conf."
        ),
    )
    yield (
        "given names for families",
        SAME,
        record(*cited),
        record(cited[0], ("n apostol", "r rajeev", "s kyuseok"), None, "paste conf."),
    )
    yield (
        "initials at the wrong name",
        SAME,
        record(*cited),
        record(cited[0], ("anr rastog", "k shimo"), None, "paste conf."),
    )
    yield (
        "another volume, cited",
        APART,
        record("Proceedings of the Paste Conference, volume 1", "Natsev A", 1999),
        record("Proceedings of the Paste Conference, volume 4", ("a natsev",), None),
    )
    yield "another author, cited", APART, record(*cited), record(cited[0], ("t quill", "w penn"), None)
    yield (
        "a letter lost in a name",
        SAME,
        record("Object dynamics of paste", "Papazog M, Krämer B", 1997, "Glue Journal"),
        record("Object Dynamics of Paste", ("Mike Papazog", "Bernd Kr?mer"), 1997, "Glue J."),
    )
    yield (
        "a letter of another alphabet",
        SAME,
        record("Object dynamics of paste", "Papazog M, Baekgaard L", 1997, "Glue Journal"),
        record("Object Dynamics of Paste", ("m papazog", "l bцkgaard"), 1997, "Glue J."),
    )
    # Recurring columns, years that are pages, journal versions.
    column = {"title": "Reminiscences on influential glues", "year": 2001, "journal": "Glue Record"}
    yield (
        "a column",
        APART,
        record(**column, authors="Ross K"),
        record(**column, authors="Suci D, Kouda N, Ross K"),
    )
    long = "The paste plus end tracking gel is localised to the tip and basal bodies of binding cords"
    yield (
        "a page for a year",
        SAME,
        record(long, "Peder L, Geim S, Slob R, Rosenb J", 2003, "Paste Biology", None, None, "1969-1974"),
        record(long, "Peder L, Geim S, Slob R, Rosenb J", 1969, "Paste Biology"),
    )
    yield (
        "a wrong year",
        SAME,
        record(long, "Peder L, Geim S, Slob R, Rosenb J", 1998),
        record(long, "Peder L, Geim S, Slob R, Rosenb J", 1989),
    )
    yield (
        "conference and journal of one name",
        APART,
        record("A case for fractured mirrors", "Rama R, Dewit D, Suq Q", 2002, "VLGB"),
        record("A case for fractured mirrors", "Rama R, Dewit D, Suq Q", 2003, "VLGB Journal"),
    )
    # Versions, copies, entries.
    review = {"title": "Paste for weak spines of atlases", "journal": "Register of Paste Reviews"}
    yield (
        "a review brought up to date",
        LINKED,
        record(**review, authors="Quint M, Feld J", year=2008, issue="1", pages="CD004711"),
        record(**review, authors="Brandt A, Pugh G", year=2015, issue="6", pages="CD004711"),
    )
    yield (
        "a review brought up to date",
        LINKED,
        record(**review, authors="Quint M", year=2008, issue="1", pages="004711"),
        record(**review, authors="Quint M", year=2015, issue="6", pages="CD004711"),
    )
    yield (
        "a review brought up to date",
        SAME,
        record(**review, authors="Quint M, Feld J", year=2008, issue="1", pages="004711"),
        record(**review, authors="Quint M, Feld J", year=2008, issue="1", pages="CD004711"),
    )
    yield (
        "two reviews",
        APART,
        record(**review, authors="Quint M, Feld J", year=2008, issue="1", pages="CD004711"),
        record(**review, authors="Quint M, Feld J", year=2008, issue="1", pages="CD008812"),
    )
    said = (
        "Exemplar sheet for wheat paste of the old school",
        "Quint M, Feld J, Pugh G",
        2003,
        "The Paste Sheets",
    )
    yield (
        "two entries of one register",
        APART,
        record(*said, doi="10.5555/ex.18", kind="dataset"),
        record(*said, doi="10.5555/ex.19", kind="dataset"),
    )
    yield (
        "two entries of one register",
        APART,
        record(*said, doi="10.5555/ex.18"),
        record(*said, doi="10.5555/ex.19"),
    )
    yield (
        "a review of a book and its author's paper",
        APART,
        record(
            "Languages of paste from print to screen",
            "Chart R",
            2004,
            "Glue",
            "31",
            None,
            "133-152",
            doi="10.5555/a",
        ),
        record(
            "Languages of paste from print to screen",
            "Chart R, Fagan T",
            2004,
            "Glue",
            "31",
            None,
            "133",
            doi="10.5555/b",
        ),
    )
    slow = ("Slow waves in drying paste under glass", "Olsen J, Mill R", 1977, "Paper and Ink", "40", "4")
    text = "In frog shaped moulds filled with paste two types of slow waves were studied under glass for six weeks each."
    yield (
        "misprinted pages",
        SAME,
        record(*slow, "752-767", abstract=text),
        record(*slow, "452-467", abstract=text),
    )
    yield "misprinted pages", APART, record(*slow, "752-767"), record(*slow, "452-467")
    yield "a day for a page", SAME, record(*slow, "6123-6132"), record(*slow, "23")
    # Names.
    yield (
        "transliteration",
        SAME,
        record("Starch ageing in closed stacks", "Vishnevskii A, Akylbekov R", 1999, "Paper and Ink", "4"),
        record("Starch ageing in closed stacks", "Vishnevski A, Akylbekov R", 1999, "Paper and Ink", "4"),
    )
    yield (
        "particles",
        SAME,
        record("Starch ageing in closed stacks", "Le Quintec M, Zuber J", 1999, "Paper and Ink", "4"),
        record(
            "Starch ageing in closed stacks",
            (
                Contributor("M Le Quintec", family="Quintec", given="M Le"),
                Contributor("J Zuber", family="Zuber", given="J"),
            ),
            1999,
            "Paper and Ink",
            "4",
        ),
    )
    yield (
        "a group for its members",
        SAME,
        record("Starch ageing in closed stacks", ("Diane Solomon",), 1999, "Paper and Ink", "4", None, "3-9"),
        record(
            "Starch ageing in closed stacks",
            ("Closed Stacks Study Group",),
            1999,
            "Paper and Ink",
            "4",
            None,
            "3-9",
        ),
    )
    yield (
        "anonymous",
        SAME,
        record("Starch ageing in closed stacks", ("Anonymous",), 1999, "Paper and Ink", "4", None, "3-9"),
        record("Starch ageing in closed stacks", "Zuber J", 1999, "Paper and Ink", "4", None, "3-9"),
    )
    yield (
        "anonymous",
        APART,
        record("Reading rooms of the north", ("Anonymous",), 1999),
        record("Reading rooms of the north", ("佚名",), 1999),
    )
    yield (
        "other people",
        APART,
        record("Starch ageing in closed stacks", "Zuber J, Feld J"),
        record("Starch ageing in closed stacks", "Holm F, Aker N"),
    )
    # Titles.
    yield (
        "subtitle dropped",
        SAME,
        record(
            "Success and scale in a paste producing organisation: lessons of a decade",
            "Quint M, Feld J, Pugh G",
            2015,
        ),
        record("Success and scale in a paste producing organisation", "Quint M, Feld J, Pugh G", 2015),
    )
    yield (
        "spelling",
        SAME,
        record("Hemolytic behavior of colored glue tumors", "Quint M, Feld J, Pugh G", 2015, "Paper and Ink"),
        record(
            "Haemolytic behaviour of coloured glue tumours", "Quint M, Feld J, Pugh G", 2015, "Paper and Ink"
        ),
    )
    yield (
        "markup",
        SAME,
        record(
            "Effect of Ca<sup>2+</sup> on starch paste in vellum repair",
            "Quint M, Feld J, Pugh G",
            2015,
            "Paper and Ink",
        ),
        record(
            "Effect of Ca2+ on starch paste in vellum repair",
            "Quint M, Feld J, Pugh G",
            2015,
            "Paper and Ink",
        ),
    )
    yield (
        "greek",
        SAME,
        record(
            "β-glucan in starch paste and vellum repair", "Quint M, Feld J, Pugh G", 2015, "Paper and Ink"
        ),
        record(
            "Beta-glucan in starch paste and vellum repair", "Quint M, Feld J, Pugh G", 2015, "Paper and Ink"
        ),
    )
    yield (
        "doi as title",
        SAME,
        record("10.5555/glue.7", doi=None),
        record("Starch ageing in closed stacks", "Zuber J", doi="10.5555/glue.7"),
    )
    yield (
        "volumes of proceedings",
        APART,
        record("Proceedings of the Glue Congress 2013, Volume 1", None, 2013),
        record("Proceedings of the Glue Congress 2013, Volume 4", None, 2013),
    )
    yield (
        "editions",
        APART,
        record("Handbook of starch paste, 2nd edition", "Zuber J", kind="book"),
        record("Handbook of starch paste, 3rd edition", "Zuber J", kind="book"),
    )
    yield (
        "chapter and book",
        APART,
        record("Handbook of starch paste and glue", "Zuber J, Feld J", 2010, kind="book"),
        record("Handbook of starch paste and glue", "Zuber J, Feld J", 2010, kind="book-chapter"),
    )
    yield (
        "journal and workshop",
        APART,
        record("Learning to fold paper with patience", "Zuber J", 2020, "Journal of Folding Studies"),
        record("Learning to fold paper with patience", "Zuber J", 2020, "Workshop of Folding Studies"),
    )
    yield (
        "journals of like names",
        APART,
        record("Paste intake of readers", "Zuber J", 2020, "Paste", "12", None, "3-9"),
        record("Paste intake of readers", "Zuber J", 2020, "Paste Care", "14", None, "30-39"),
    )
    for n in (0, 4, 7):
        yield "printed again on other pages", LINKED, work(n), work(n, pages=apart_by(WORKS[n][7], 40), authors=initials(n))  # fmt: skip
        yield "no title on one side", APART, work(n), work(n, title=None, authors=initials(n))
    yield (
        "a name of every issue",
        APART,
        record("Notes from the reading room bench", "Zuber J", 2012, "Paper and Ink", "9", "1", "44"),
        record("Notes from the reading room bench", "Zuber J", 2012, "Paper and Ink", "9", "2", "101"),
    )
    aged = "Paste joints of 212 volumes were opened after a year in store, and their strength was compared with that of new joints. Humidity explains most of the loss."
    for years in ((2008, 2011), (2009, 2015)):
        yield (
            "a review of every few years",
            LINKED,
            *(record("Paste joints", "Zuber J", year, "Glue Evidence", str(year), abstract=aged) for year in years),
        )  # fmt: skip
    yield (
        "a name of every year",
        APART,
        record("Notes on influential glues", "Zuber J", 2012, "Paper and Ink"),
        record("Notes on influential glues", "Zuber J, Feld M", 2013, "Paper and Ink"),
    )
    yield (
        "a name of every year",
        APART,
        record("Industry notes on glue", "Zuber J", 2012, "Paper and Ink"),
        record("Industry notes on glue", "Zuber J", 2015, "Paper and Ink"),
    )
    yield (
        "a thesis and its digest",
        APART,
        work(3, authors="Mohr W", volume=None, issue=None, pages=None, journal="Digest of Theses, Section B"),
        work(3, authors="Mohr W", year=WORKS[3][2] - 2, volume=None, issue=None, pages=None, journal=None),
    )
    for n in (1, 5):
        later = {"volume": None, "issue": None, "pages": None, "authors": initials(n)[:-1]}
        yield "told at two meetings", APART, work(n, pages=None), work(n, title=WORKS[n][0] + " of paper", **later, journal="Annals of Quite Another Trade")  # fmt: skip
        yield "an abstract and its article", APART, work(n), work(n, year=WORKS[n][2] + 1, volume="99", issue="9", pages=None)  # fmt: skip
    for told in (("men", "women"), ("closed stacks", "open stacks")):
        yield "two papers of one study", APART, *(record(f"Allergy to wheat paste among binders, a survey of workshops: {who}", "Zuber J, Feld M, Pugh G", 2014, "Paper and Ink") for who in told)  # fmt: skip
    yield (
        "one of several authors",
        APART,
        record("Glue in and out of Africa", "Pugh G", 1999),
        record("Glue in and out of Africa", "Zuber J, Feld M, Quint M, Pugh G", 1999, "Paper and Ink"),
    )
    yield (
        "two names of one journal",
        LINKED,
        work(2, doi="10.5555/old.2"),
        work(2, doi="10.5555/new.2", journal="Annals of Quite Another Trade", abstract=aged),
    )
    yield (
        "two reviews of one name",
        APART,
        record("Paste joints", "Zuber J", 2008, "Glue Evidence", "2008", abstract=aged),
        record("Paste joints", "Feld M", 2011, "Glue Evidence", "2011", abstract="We asked forty binders which glue they buy, how they keep it, and whether they would buy it again in the next year."),
    )  # fmt: skip
    yield "a year alone", APART, record(year=2014), record(year=2014)
    yield "nothing", APART, record(), record()
    yield (
        "impossible years",
        APART,
        record("Reading rooms of the north", year=9999),
        record("Reading rooms of the north", year=9999),
    )


PAIRS = tuple(Pair(*each) for each in (*of_every_work(), *written()))
