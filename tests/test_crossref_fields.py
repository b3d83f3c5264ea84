import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Scheme,
    Text,
)
from harvester.sources.crossref import is_work, parse_work
from harvester.wire import Skip

NIGHT = "2026-11-21T03:00:00Z"

ARTICLE = {
    "DOI": "10.5555/Paste.2008",
    "title": ["On the drying of library paste"],
    "subtitle": ["A field study"],
    "original-title": ["图书馆浆糊的干燥"],
    "author": [
        {"given": "Anna B.", "family": "Rossi", "suffix": "Jr.", "sequence": "additional", "affiliation": []},
        {
            "given": "Mei",
            "family": "Lin",
            "sequence": "first",
            "ORCID": "http://orcid.org/0000-0002-1825-0097",
            "affiliation": [{"name": "Institute of Paste"}, {"name": "Institute of Paste"}],
        },
        {"name": "The Glue Consortium", "sequence": "additional", "affiliation": []},
    ],
    "editor": [{"given": "伟明", "family": "刘", "sequence": "additional"}],
    "container-title": ["J. Paste", "Journal of Paste Studies"],
    "short-container-title": ["J. Paste Stud."],
    "ISSN": ["1548-7768", "1548-7769"],
    "volume": "5",
    "issue": "11",
    "page": "1 – 3",
    "issued": {"date-parts": [[2008, 8, 14]]},
    "published-print": {"date-parts": [[2008, 9]]},
    "published-online": {"date-parts": [[2008, 8, 14]]},
    "type": "journal-article",
    "publisher": "Test &amp; Sons",
    "abstract": "<jats:p>How paste dries in the stacks of a large library.</jats:p>",
    "URL": "http://dx.doi.org/10.5555/paste.2008",
    "resource": {"primary": {"URL": "https://paste.example.org/2008"}},
    "license": [
        {
            "URL": "https://creativecommons.org/licenses/by/4.0/",
            "start": {"date-parts": [[2008, 8, 14]]},
            "content-version": "vor",
        }
    ],
    "link": [
        {
            "URL": "https://paste.example.org/check.pdf",
            "content-type": "application/pdf",
            "content-version": "vor",
            "intended-application": "similarity-checking",
        },
        {
            "URL": "https://paste.example.org/2008.pdf",
            "content-type": "application/pdf",
            "content-version": "vor",
            "intended-application": "text-mining",
        },
    ],
    "is-referenced-by-count": 0,
    "language": "en",
    "subject": ["Adhesives"],
    "relation": {
        "is-preprint-of": [{"id-type": "doi", "id": "10.5555/2", "asserted-by": "subject"}],
        "cites": [],
    },
    "updated-by": [{"DOI": "10.5555/3", "type": "correction", "source": "publisher", "label": "Correction"}],
    "indexed": {"date-parts": [[2026, 1, 1]]},
    "member": "7",
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def work(**said):
    return parse_work({"DOI": "10.5555/1", **said}, NIGHT)


# -- one record ------------------------------------------------------------------------------------------


def test_an_article_is_read_whole():
    skips: list[Skip] = []

    record = parse_work(ARTICLE, NIGHT, remarks=skips)

    assert skips == []
    assert record == Record(
        source="crossref",
        source_key="10.5555/paste.2008",
        retrieved_at=NIGHT,
        identifiers=(doi("10.5555/paste.2008"),),
        titles=(
            Text("On the drying of library paste: A field study", "en", Origin.PUBLISHER),
            Text("图书馆浆糊的干燥", "zh-Hans", Origin.PUBLISHER),
        ),
        abstracts=(Text("How paste dries in the stacks of a large library.", "en", Origin.PUBLISHER),),
        contributors=(
            Contributor(
                "Mei Lin",
                family="Lin",
                given="Mei",
                orcid="0000-0002-1825-0097",
                affiliations=("Institute of Paste",),
            ),
            Contributor("Anna B. Rossi Jr.", family="Rossi", given="Anna B."),
            Contributor("The Glue Consortium"),
            Contributor("刘伟明", family="刘", given="伟明", role="editor"),
        ),
        container=Container("Journal of Paste Studies", abbreviation="J. Paste Stud.", issns=("1548-7768",)),
        locus=Locus(volume="5", issue="11", pages="1-3"),
        issued=PartialDate(2008, 8, 14),
        published_online=PartialDate(2008, 8, 14),
        language="en",
        work_type="journal-article",
        publisher="Test & Sons",
        url="https://paste.example.org/2008",
        is_open_access=True,
        open_access=OpenAccess(
            "https://paste.example.org/2008.pdf",
            licence="cc-by",
            host="publisher",
            version="publishedVersion",
        ),
        citation_count=0,
        subjects=("Adhesives",),
        relations=(
            Relation(
                RelationKind.IS_CORRECTED_BY, doi("10.5555/3"), label="Correction", asserted_by="publisher"
            ),
            Relation(RelationKind.IS_PREPRINT_OF, doi("10.5555/2")),
        ),
        extra='{"license":["https://creativecommons.org/licenses/by/4.0/"]}',
    )


def test_a_work_of_nothing_but_its_doi_is_a_record():
    assert work() == Record(
        source="crossref", source_key="10.5555/1", retrieved_at=NIGHT, identifiers=(doi("10.5555/1"),)
    )


@pytest.mark.parametrize(
    "said, titles",
    [
        ({"title": ["", "接着剤の乾燥"]}, [("接着剤の乾燥", "ja")]),  # 10.3902/jnns.14.205: empty first title
        ({"title": []}, []),  # 10.1023/A:1010933404324: no title at all
        ({"title": [""]}, []),
        ({"title": [None, 7]}, [("7", "und")]),
        ({"title": "Paste as a single string"}, [("Paste as a single string", "en")]),  # content negotiation
        (
            {"title": ["The drying of <i>paste</i>\n   in the &amp;amp; of vessels"]},  # 10.1086/366680
            [("The drying of paste in the & of vessels", "en")],
        ),
        (
            {"title": ["&lt;title&gt;High and dry paste in the library&lt;/title&gt;"]},  # 10.1117/12.349672
            [("High and dry paste in the library", "en")],
        ),
        (
            {"title": ["Drying of paste in the library"], "original-title": ["접착제의 건조에 관한 연구"]},
            [("Drying of paste in the library", "en"), ("접착제의 건조에 관한 연구", "ko")],
        ),  # 10.7317/pk.2012.36.4.455
        (
            {"title": ["图书馆浆糊干燥过程的研究 A study of the drying of paste in the library"]},
            [
                ("A study of the drying of paste in the library", "en"),
                ("图书馆浆糊干燥过程的研究", "zh-Hans"),
            ],
        ),
        (
            {"title": ["Drying of Paste"], "original-title": ["DRYING OF PASTE"], "short-title": ["Paste"]},
            [("Drying of Paste", "en")],
        ),
        (
            {"title": ["The drying of paste"], "short-title": ["浆糊干燥研究"]},
            [("The drying of paste", "en"), ("浆糊干燥研究", "zh-Hans")],
        ),
        (
            {"title": ["Paste"], "subtitle": ["A study of the glue"], "original-title": ["Paste"]},
            [("Paste: A study of the glue", "en")],
        ),
        (
            {"title": ["What is the paste?"], "subtitle": ["A study of the glue"]},
            [("What is the paste? A study of the glue", "en")],
        ),
        (
            {"title": ["The paste: a study of the glue"], "subtitle": ["A study of the glue"]},
            [("The paste: a study of the glue", "en")],
        ),
    ],
)
def test_titles_are_filed_by_what_they_are(said, titles):
    assert [(title.value, title.language) for title in work(**said).titles] == titles


def test_an_abstract_in_two_languages_becomes_two():
    raw = (
        "<jats:title>Abstract</jats:title><jats:p>How the paste dries in the stacks of a large library was studied"
        " over a winter and the summer after it.</jats:p>"
        "<jats:p>本文研究了一个冬天和随后的夏天中，大型图书馆书库里浆糊的干燥过程。</jats:p>"
    )

    assert [(each.language, each.value[:8]) for each in work(abstract=raw).abstracts] == [
        ("en", "How the "),
        ("zh-Hans", "本文研究了一个冬"),
    ]


@pytest.mark.parametrize(
    "raw, starts",
    [
        (
            "The paste of the library dries slowly in the winter, as a study of the stacks shows. 【摘要】研究表明，图书馆书库里的浆糊在冬天干燥缓慢，夏天干燥迅速。",
            [("en", "The paste of"), ("zh-Hans", "研究表明")],
        ),
        (
            "摘要：研究表明，图书馆书库里的浆糊在冬天干燥缓慢，夏天干燥迅速。Abstract: The paste of the library dries slowly in the winter and fast in the summer.",
            [("zh-Hans", "研究表明"), ("en", "The paste of")],
        ),
        (
            "研究表明，图书馆书库里的浆糊（library paste）在冬天干燥缓慢，夏天干燥迅速。",
            [("zh-Hans", "研究表明")],
        ),
    ],
)
def test_two_languages_in_one_paragraph_are_told_apart(raw, starts):
    abstracts = work(abstract=f"<jats:p>{raw}</jats:p>").abstracts

    assert [each.language for each in abstracts] == [tag for tag, _ in starts]
    assert all(each.value.startswith(start) for each, (_, start) in zip(abstracts, starts, strict=True))


@pytest.mark.parametrize(
    "person, expected",
    [
        ({"family": "Aristotle"}, Contributor("Aristotle", family="Aristotle")),
        ({"family": "Members of the Glue Trial"}, Contributor("Members of the Glue Trial")),
        ({"given": "刘伟明"}, Contributor("刘伟明", family="刘", given="伟明")),  # 10.11821/dlxb202001001
        ({"family": "김", "given": "철수"}, Contributor("김철수", family="김", given="철수")),
        ({"name": "上海浆糊研究所"}, Contributor("上海浆糊研究所")),
        ({"literal": "Glue Trial"}, Contributor("Glue Trial")),
        ({"family": "O&apos;Neil", "given": "M."}, Contributor("M. O'Neil", family="O'Neil", given="M.")),
        (
            {"family": "Lin", "given": "Mei", "ORCID": "0000-0002-1825-0098"},
            Contributor("Mei Lin", family="Lin", given="Mei"),
        ),
    ],
)
def test_names_are_shown_as_on_a_title_page(person, expected):
    assert work(author=[person]).contributors == (expected,)


@pytest.mark.parametrize(
    "said, issued",
    [
        ({"issued": {"date-parts": [[None]]}}, None),  # 10.1076/anec.5.1.63.634
        ({"issued": {"date-parts": [[0]]}}, None),  # 10.1039/b107124f
        ({"issued": {"date-parts": [[2018]]}}, "2018"),
        ({"issued": {"date-parts": [[2018, 13]]}}, "2018"),
        ({"issued": {"date-parts": [[2018, 2, 30]]}}, "2018-02"),
        ({"issued": {"date-parts": [["2018", "2", "28"]]}}, "2018-02-28"),
        ({"issued": {"date-parts": []}}, None),
        ({"issued": None}, None),
        ({}, None),
        (
            {"published-print": {"date-parts": [[2018]]}, "published-online": {"date-parts": [[2017, 8]]}},
            "2017-08",
        ),
        ({"issued": {"date-parts": [[2029]]}}, "2029"),  # 10.12960/tsh.2020.0006: as said; not to be believed
    ],
)
def test_dates_keep_their_precision(said, issued):
    found = work(**said).issued

    assert (None if found is None else str(found)) == issued


@pytest.mark.parametrize(
    "said, pages",
    [
        ({"page": "275–293"}, "275-293"),
        ({"page": " S12 - S19 "}, "S12-S19"),
        ({"page": "n/a-n/a"}, None),
        ({"page": "-"}, None),
        ({"page": "", "article-number": "e1003"}, "e1003"),
        ({"page": 17}, "17"),
    ],
)
def test_pages_have_ascii_hyphens_and_no_blanks(said, pages):
    locus = work(volume="1", **said).locus

    assert locus is not None
    assert locus.pages == pages


@pytest.mark.parametrize(
    "notices, retracted",
    [
        ([{"type": "retraction", "source": "retraction-watch"}, {"type": "correction"}], True),
        ([{"type": "correction"}, {"type": "erratum"}], None),  # 10.1016/s0140-6736(97)11096-0 has both kinds
        ([{"type": "withdrawal"}], True),
        ([{"type": "removal"}], True),
        ([{"type": "partial_retraction"}, {"type": "expression_of_concern"}], None),
        ([], None),
    ],
)
def test_only_a_retracting_notice_retracts(notices, retracted):
    assert work(**{"updated-by": notices}).retracted is retracted


def test_the_notice_of_a_retraction_is_not_retracted_itself():
    assert work(**{"update-to": [{"type": "retraction", "DOI": "10.5555/9"}]}).retracted is None


def test_a_licence_that_starts_tomorrow_does_not_open_a_work():
    licence = {
        "URL": "http://creativecommons.org/licenses/by/4.0/",
        "start": {"date-parts": [[2026, 11, 22]]},
    }

    assert work(license=[licence]).is_open_access is None


def test_another_licence_says_nothing_about_access():
    assert work(license=[{"URL": "http://www.elsevier.com/tdm/userlicense/1.0/"}]).is_open_access is None


@pytest.mark.parametrize(
    "said, title, language",
    [
        ("en", "The drying of paste in the library", "en"),
        ("en", "图书馆浆糊的干燥", None),
        ("zh-CN", "浆糊的干燥研究", "zh"),
    ],
)
def test_a_language_is_believed_only_if_a_text_is_in_it(said, title, language):
    assert work(language=said, title=[title]).language == language


def test_a_wrong_type_costs_its_field_and_leaves_a_remark():
    skips: list[Skip] = []

    record = parse_work(
        {"DOI": "10.5555/1", "publisher": {"name": "X"}, "volume": "3", "author": "nobody"},
        NIGHT,
        remarks=skips,
    )

    assert record.publisher is None
    assert record.locus == Locus(volume="3")
    assert {skip.why.values["field"] for skip in skips} == {"publisher", "author"}
    assert not any(skip.fatal for skip in skips)


def test_crossrefs_own_objects_are_told_from_other_json():
    assert is_work(ARTICLE)
    assert not is_work({"DOI": "10.5555/1", "title": "A", "author": [], "type": "article-journal"})
    assert not is_work({"DOI": "10.5555/1", "agency": {"id": "crossref"}})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


# -- laws ------------------------------------------------------------------------------------------------

KEYS = sorted(
    {*ARTICLE, "published", "posted", "journal-issue", "short-title", "issn-type", "ISBN", "subtype"}
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS[1:]), json_values, max_size=6))
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({**ARTICLE, **said, "DOI": "10.5555/1"}, NIGHT, remarks=[])

    assert record.source_key == "10.5555/1"
    assert record.fingerprint() == record.fingerprint()
