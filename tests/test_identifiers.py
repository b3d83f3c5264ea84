"""DOIs and other identifiers, in the forms that people and machines write them in."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier
from harvester.identifiers import doi_url, find, find_dois, parse, parse_doi, parse_issn, parse_orcid
from harvester.model import Identifier, Scheme

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

# What is written, and the DOIs in it, separated by blanks.
SEEN = [
    ("https://doi.org/10.1038/NATURE14539", "10.1038/nature14539"),
    ("http://dx.doi.org/10.1038/nature14539.", "10.1038/nature14539"),
    ("www.doi.org/10.1038/nature14539", "10.1038/nature14539"),
    ("https://doi.org/doi:10.1038/nature14539", "10.1038/nature14539"),
    ("https:/doi.org/10.1038/nature14539", "10.1038/nature14539"),
    ("doi:10.1038/nature14539", "10.1038/nature14539"),
    ("DOI：10.1038/nature14539。", "10.1038/nature14539"),
    ("doi号：10.3969/j.issn.1001-0505.2024.04.002", "10.3969/j.issn.1001-0505.2024.04.002"),
    ("DOI号10.3969/j.issn.1001-0505.2024.04.002文献标志码：A", "10.3969/j.issn.1001-0505.2024.04.002"),
    ("doi10.1038/nature14539", "10.1038/nature14539"),
    ("info:doi/10.1038/nature14539", "10.1038/nature14539"),
    ("urn:doi:10.1038/nature14539", "10.1038/nature14539"),
    ("<URL:https://doi.org/10.1038/nature14539>", "10.1038/nature14539"),
    ("https://link.cnki.net/doi/10.16511/j.cnki.qhdxxb.2020.22.001", "10.16511/j.cnki.qhdxxb.2020.22.001"),
    (
        "https://www.chndoi.org/Resolution/Handler?doi=10.13336/j.1003-6520.hve.20160308018",
        "10.13336/j.1003-6520.hve.20160308018",
    ),
    ("http://www.chinadoi.cn/portal/mr.action?doi=10.7666/d.y351065&lang=zh", "10.7666/d.y351065"),
    ("１０．１０３８／ｎａｔｕｒｅ１４５３９", "10.1038/nature14539"),
    ("１０．１００１／ｊａｍａ．２５１．１９．２５０４，２５０９", "10.1001/jama.251.19.2504,2509"),
    ("10。3969/j。issn。1001-0505。2024。04。002", "10.3969/j.issn.1001-0505.2024.04.002"),
    ("10.30466/vrf.2019.98547.2350\u200e", "10.30466/vrf.2019.98547.2350"),
    ("10.17167/mksz.2017.2.129–155", "10.17167/mksz.2017.2.129-155"),
    ("10.12016/j.issn.2096⁃1456.2017.06.014", "10.12016/j.issn.2096-1456.2017.06.014"),
    ("10.19027/jai.10.106‒115", "10.19027/jai.10.106-115"),
    (
        "10.1002/(SICI)1521-3978(199806)46:4/5&lt;493::AID-PROP493&gt;3.0.CO;2-P",
        "10.1002/(sici)1521-3978(199806)46:4/5<493::aid-prop493>3.0.co;2-p",
    ),
    (
        "10.1002/(SICI)1521-3978(199806)46:4/5&amp;lt;493::AID-PROP493&amp;gt;3.0.CO;2-P",
        "10.1002/(sici)1521-3978(199806)46:4/5<493::aid-prop493>3.0.co;2-p",
    ),
    (
        "https://doi.org/10.1002/(SICI)1521-3978(199806)46:4/5%3C493::AID-PROP493%3E3.0.CO;2-P",
        "10.1002/(sici)1521-3978(199806)46:4/5<493::aid-prop493>3.0.co;2-p",
    ),
    (
        "https://doi.org/10.1002%2F%28SICI%291521-3978%28199806%2946%3A4%2F5%3C493%3A%3AAID-PROP493%3E3.0.CO%3B2-P",
        "10.1002/(sici)1521-3978(199806)46:4/5<493::aid-prop493>3.0.co;2-p",
    ),
    ("(10.1016/s0140-6736(97)11096-0).", "10.1016/s0140-6736(97)11096-0"),
    ("10.6220/joq.2012.19(1).01", "10.6220/joq.2012.19(1).01"),
    ("10.1026//1616-1041.3.2.86", "10.1026//1616-1041.3.2.86"),
    ("10.1001/jama.251.19.2504,2509", "10.1001/jama.251.19.2504,2509"),
    ("10.1001/jama.251.7.878,883, see also", "10.1001/jama.251.7.878,883"),
    ("10.1207/s15327809jls0703&4_2", "10.1207/s15327809jls0703&4_2"),
    ("10.1207/s15327809jls0703&amp;4_2", "10.1207/s15327809jls0703&4_2"),
    ("https://doi.org/10.1207/s15327809jls0703%264_2", "10.1207/s15327809jls0703&4_2"),
    ("https://x.org/?doi=10.1207%2Fs15327809jls0703%264_2&lang=zh", "10.1207/s15327809jls0703&4_2"),
    ("10/gf7hjz", "10/gf7hjz"),
    ("https://doi.org/10/gf7hjz", "10/gf7hjz"),
    ("https://doi.org/gf7hjz", "10/gf7hjz"),
    ("10.15673/атбп2312-3125.17/2014.26332", "10.15673/атбп2312-3125.17/2014.26332"),
    ("10.4149/gpb¬_2017042", "10.4149/gpb¬_2017042"),
    ("10.6002/ect.2020.häyry", "10.6002/ect.2020.häyry"),
    ("10.5555/A,10.5555/B", "10.5555/a 10.5555/b"),
    (
        "10.5555/a;10.5555/b；10.5555/c、10.5555/d 10.5555/e",
        "10.5555/a 10.5555/b 10.5555/c 10.5555/d 10.5555/e",
    ),
    ("https://onlinelibrary.wiley.com/doi/10.1002/adma.201102306/abstract", "10.1002/adma.201102306"),
    (
        "https://www.tandfonline.com/doi/full/10.1080/15487768.2016.1255276?scroll=top&needAccess=true",
        "10.1080/15487768.2016.1255276",
    ),
    ("https://link.springer.com/content/pdf/10.1007/s10926-024-10206-x.pdf", "10.1007/s10926-024-10206-x"),
    (
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001&type=printable",
        "10.1371/journal.pone.0000001",
    ),
    (
        "https://www.biorxiv.org/content/10.1101/2022.07.19.500649v1.full.pdf+html",
        "10.1101/2022.07.19.500649",
    ),
    ("10.1101/2022.07.19.500649v1", "10.1101/2022.07.19.500649"),
    ("https://academic.oup.com/bib/article/doi/10.1093/bib/bbaa123/5890512", "10.1093/bib/bbaa123"),
    ("https://www.frontiersin.org/articles/10.3389/fpsyg.2013.00479/full", "10.3389/fpsyg.2013.00479"),
    ('{"DOI":"10.1038\\/nature14539","title":["x"]}', "10.1038/nature14539"),
    ("{'doi': '10.1038/nature14539', 'a': 1}", "10.1038/nature14539"),
    (
        "doi = {10.1002/(SICI)1521-3978(199806)46:4/5$<$493::AID-PROP493$>$3.0.CO;2-P},",
        "10.1002/(sici)1521-3978(199806)46:4/5<493::aid-prop493>3.0.co;2-p",
    ),
    ("\\doi{10.1007/978-3-642-00000-0\\_12}", "10.1007/978-3-642-00000-0_12"),
    ("<doi>10.1038/nature14539</doi>", "10.1038/nature14539"),
    ('<a href="https://doi.org/10.1038/nature14539">10.1038/nature14539</a>', "10.1038/nature14539"),
    ("[10.1038/nature14539](https://doi.org/10.1038/nature14539)", "10.1038/nature14539"),
    ("**10.1038/nature14539**", "10.1038/nature14539"),
    ("10.1038/nature14539（深度学习）", "10.1038/nature14539"),
    ("（10.1016/S0140-6736（97）11096-0）", "10.1016/s0140-6736(97)11096-0"),
    ("10.1038/nature14539（Nature）", "10.1038/nature14539"),
    ("10.1038/nature14539(in Chinese)", "10.1038/nature14539"),
    ("10.1038/nature14539，see also", "10.1038/nature14539"),
    ("“10.1038/nature14539”", "10.1038/nature14539"),
    ("【10.1038/nature14539】", "10.1038/nature14539"),
    ("《x》10.1038/nature14539》", "10.1038/nature14539"),
    ("DOI: 10. 3969 / j. issn. 1001 - 0505. 2024. 04. 002", "10.3969/j.issn.1001-0505.2024.04.002"),
    ("DOI: 10.1038/ nature14539", "10.1038/nature14539"),
    ("DOI 10.1038/nature14539 PMID: 26017442", "10.1038/nature14539"),
    ("10.1038/nature14539PMID:26017442", "10.1038/nature14539"),
    ("10.1038/nature14539. PMID: 26017442; PMCID: PMC123456.", "10.1038/nature14539"),
    (
        "J Occup Rehabil. 2025 Jun;35(2):356-365. doi: 10.1007/s10926-024-10206-x. Epub 2024 May 23.",
        "10.1007/s10926-024-10206-x",
    ),
    ("10.1056/NEJMc1113675#sa3", "10.1056/nejmc1113675"),
    ('1,10.1038/nature14539,"Deep learning",2015', "10.1038/nature14539"),
    ("10.1038/nature14539,2015,Nature", "10.1038/nature14539"),
    ("10.1038/nature14539,Deep learning", "10.1038/nature14539"),
    ("10.1038/nature14539?lang=zh", "10.1038/nature14539"),
    ("10.1038/nature14539&lang=zh", "10.1038/nature14539"),
    ("https://api.crossref.org/works/10.1038%2Fnature14539/agency", "10.1038/nature14539"),
    ("https://x.cn/go?url=https%3A%2F%2Fdoi.org%2F10.1038%2Fnature14539", "10.1038/nature14539"),
    ("10.1038%2Fnature14539", "10.1038/nature14539"),
    ("https://api.japanlinkcenter.org/dois/10.11467%252Fisss2003.7.1_11", "10.11467/isss2003.7.1_11"),
    (
        "10.1002/(SICI)1097-4687(199606)228:3<287::AID-JMOR2>3.0.CO;2-#",
        "10.1002/(sici)1097-4687(199606)228:3<287::aid-jmor2>3.0.co;2-#",
    ),
    ("10.1021/bi982604+", "10.1021/bi982604+"),
    ("10.1038/nature14539——深度学习", "10.1038/nature14539"),
    ("10.1038/nature14539…", "10.1038/nature14539"),
    ("10.1038/nature14539[J].", "10.1038/nature14539"),
    ("10.1038/nature14539 [doi]", "10.1038/nature14539"),
    ("10.1016/j.x.2020.01.001[PII]", "10.1016/j.x.2020.01.001"),
    ("DOIs: 10.5555/a and 10.5555/b.", "10.5555/a 10.5555/b"),
    ("10.5555/a/10.5555/b", "10.5555/a/10.5555/b"),
    ("10.1130/0091-7613(1999)027<0001:ABC>2.3.CO;2", "10.1130/0091-7613(1999)027<0001:abc>2.3.co;2"),
    ("10.1890/0012-9623(2006)87[2:V]2.0.CO;2", "10.1890/0012-9623(2006)87[2:v]2.0.co;2"),
    ("[1]10.1038/nature14539", "10.1038/nature14539"),
    ("1. 10.1038/nature14539", "10.1038/nature14539"),
    ("1.10.1038/nature14539", "10.1038/nature14539"),
    ("https://doi.org/10.1038/nature14539?utm_source=a#b", "10.1038/nature14539"),
    ("https://doi.org/10.1038/nature14539/", "10.1038/nature14539"),
    ("https://sci-hub.se/10.1038/nature14539", "10.1038/nature14539"),
    (
        "https://www.science.org/doi/suppl/10.1126/science.abc1234/suppl_file/abc1234_sm.pdf",
        "10.1126/science.abc1234",
    ),
    (
        "https://static-content.springer.com/esm/art%3A10.1007%2Fs10926-024-10206-x/MediaObjects/10926_2024_10206_MOESM1_ESM.pdf",
        "10.1007/s10926-024-10206-x",
    ),
    ("10.48550/arXiv.1706.03762v5", "10.48550/arxiv.1706.03762"),
    ("10.7287/peerj.preprints.2409v1", "10.7287/peerj.preprints.2409v1"),
    ("https://doi.org/10.12074/202310.03455V1", "10.12074/202310.03455v1"),
    ("https://doi.org/10.1007/978-3-319-24277-4_9#page-1", "10.1007/978-3-319-24277-4_9"),
    ("https://www.degruyter.com/document/doi/10.5555/a.1/xml", "10.5555/a.1"),
    ("http://onlinelibrary.wiley.com/wol1/doi/10.5555/are.13595/fullpdf", "10.5555/are.13595"),
    ("{{doi|10.5555/a.1}}", "10.5555/a.1"),
    ("HTTPS://DOI.ORG/10.5555/ABC", "10.5555/abc"),
    ("10.1000.10/123456", "10.1000.10/123456"),
    ("10.6220/joq.2012.19（1）.01", "10.6220/joq.2012.19(1).01"),
    ("10.15658/10.15658/rev.09030508", "10.15658/10.15658/rev.09030508"),
    ("10.1001/archderm.111.10.1298/", "10.1001/archderm.111.10.1298"),
    ("10.18730/117k*", "10.18730/117k*"),
    ("10.1016/j.x.2020.01.001.Epub 2020", "10.1016/j.x.2020.01.001"),
    ("10.5555/a.1https://doi.org/10.5555/b.1", "10.5555/a.1 10.5555/b.1"),
    ("中文DOI：10.5555/a.1；英文DOI：10.5555/b.1", "10.5555/a.1 10.5555/b.1"),
]

NO_DOI = [
    "10.1038 / nature14539",
    "version 10.2.3/4",
    "section 10.2/3",
    "192.168.10.1000/24",
    "10.0.0.0/8",
    "2010.1016/j.x",
    "v10.1234/5",
    "价格 ¥10.5000/kg",
    "10.1234/",
    "10.1234/...",
    "https://doi.org/",
    "https://www.doi.org/index.html",
    "https://doi.org/ra/10.1038",
    "10/10",
    "10/12/2024",
    "24/7 and 10/mL",
    "3.10.2024/5",
    "见 10.2 节/3 页",
    "10.xxxx/yyyy",
    "doi: not available",
    "10.1038",
    "ISSN 1548-7768",
    "10.1234/—",
    "十分之 10.1000／",
    "10.5000/kg",
    "约 10.2500/mL",
    "v2.10.1234/5",
]


@pytest.mark.parametrize("line, expected", SEEN)
def test_dois_are_found_however_they_are_written(line, expected):
    assert [doi.value for doi in find_dois(line)] == expected.split()


@pytest.mark.parametrize("line", NO_DOI)
def test_nothing_is_taken_for_a_doi_that_is_none(line):
    assert find_dois(line) == []


@pytest.mark.parametrize("value", sorted({value for _, values in SEEN for value in values.split()}))
def test_a_normalised_doi_stays_as_it_is(value):
    assert parse_doi(value).value == value
    assert find_dois(doi_url(value)) == [Identifier(Scheme.DOI, value)]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "no identifier",
        "10.5555/a,10.5555/b",
        "10.5555/a 10.5555/b",
        "10.1038/221 1089b0",  # registered with a blank: half of it is another work
        "10.1234/" + "a" * 5000,
    ],
)
def test_what_is_not_one_doi_is_refused_with_the_input_in_the_message(raw):
    with pytest.raises(InvalidIdentifier) as refused:
        parse_doi(raw)
    assert repr(raw[:80]) in refused.value.text("en")
    assert repr(raw[:80]) in refused.value.text("zh")


SUFFIXES = st.text(
    st.sampled_from("aZ09._-;()/<>:[]{}%#&?+,=$*'\"|~中é，。（）／ＡｂⅨ–—\u200b\\ lgtamp2F"), max_size=30
)


@given(
    SUFFIXES,
    st.sampled_from(["", "doi:", "https://doi.org/", "http://x.org/?a=1&doi=", "（", "https://x.org/"]),
)
def test_normalising_twice_changes_nothing(suffix, head):
    for doi in find_dois(f"{head}10.5555/{suffix}"):
        assert parse_doi(doi.value) == doi


@given(st.text(max_size=200))
def test_any_text_is_read_and_every_find_is_lower_case(text):
    for identifier in find(text):
        if identifier.scheme is Scheme.DOI:
            assert identifier.value.startswith("10")
            assert not any("A" <= character <= "Z" for character in identifier.value)


@given(
    st.text(st.sampled_from("abcxyz0123456789._-/"), min_size=1, max_size=20).filter(
        lambda s: s.strip("._-/")
    )
)
def test_dois_of_a_list_are_found_whatever_separates_them(middle):
    values = [f"10.5555/a{middle}z9", "10.5555/b.7"]
    for separator in (", ", "; ", ",", ";", "，", "；", "、", " ", "\t", "\n", "|", " and ", "和"):
        assert [doi.value for doi in find_dois(separator.join(values))] == values


@pytest.mark.parametrize(
    "unit",
    [
        "10.1234/(((((",
        "10.1234/a<",
        "10.1234/a( ",
        "10.1234/",
        "10.1111.1111",
        "http:/10.1234/a?",
        "&amp;",
        "10.1234/a'",
        "doi: 10. ",
        "doi.org/ab ",
        "PMID:",
        "arxiv",
        "（",
        "{\\text",
    ],
)
def test_hostile_text_is_read_to_its_end(unit):
    # Quadratic work on this much would not come back for minutes.
    assert find(unit * (500_000 // len(unit)) + " doi:10.5555/last")[-1].value == "10.5555/last"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("PMID: 026017442", "pmid 26017442"),
        ("PMID：31978945", "pmid 31978945"),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", "pmid 12345678"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/12345678", "pmid 12345678"),
        ("PMCID: PMC7654321", "pmcid PMC7654321"),
        ("PMCID: 7654321", "pmcid PMC7654321"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/pmc0099999/", "pmcid PMC99999"),
        ("arXiv:1706.03762v5", "arxiv 1706.03762"),
        ("https://arxiv.org/pdf/1706.03762v2.pdf", "arxiv 1706.03762"),
        ("https://arxiv.org/abs/math.GT/0309136", "arxiv math/0309136"),
        ("arXiv:hep-th/9901001v3", "arxiv hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.1706.03762", "doi 10.48550/arxiv.1706.03762"),
        ("doi:10.5555/a PMID: 123; PMC456", "doi 10.5555/a|pmid 123|pmcid PMC456"),
        ("10.5555/aPMID:123", "doi 10.5555/a|pmid 123"),
        ("PMID: 123456789", ""),
        ("arXiv:1713.03762", ""),
        ("RPMID 12 and XPMC345", ""),
        ("page 1706.03762", ""),
    ],
)
def test_labelled_identifiers_of_other_schemes_are_found(text, expected):
    assert "|".join(f"{found.scheme} {found.value}" for found in find(text)) == expected


@pytest.mark.parametrize(
    "raw, scheme, value",
    [
        ("31978945", Scheme.PMID, "31978945"),
        ("1706.03762v1", Scheme.ARXIV, "1706.03762"),
        ("math.GT/0309136", Scheme.ARXIV, "math/0309136"),
        ("pmc123", Scheme.PMCID, "PMC123"),
        ("649DEF34F8BE52C8B66281AF98AE884C09AEF38B", Scheme.S2, "649def34f8be52c8b66281af98ae884c09aef38b"),
        ("CorpusID: 37220927", Scheme.CORPUS, "37220927"),
        ("https://doi.org/10.5555/A", Scheme.DOI, "10.5555/a"),
        ("10/gf7hjz", Scheme.DOI, "10/gf7hjz"),
    ],
)
def test_one_identifier_of_any_scheme_is_parsed(raw, scheme, value):
    assert parse(raw) == Identifier(scheme, value)


@pytest.mark.parametrize("raw", ["", "12", "title", "PMID: 1 PMID: 2", "10.5555/a PMID: 2", "1713.03762"])
def test_what_is_not_one_identifier_is_refused(raw):
    with pytest.raises(InvalidIdentifier):
        parse(raw)


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("1548-7768", "1548-7768"),
        ("15487768", "1548-7768"),
        ("ISSN: 1548 7768", "1548-7768"),
        ("eISSN 2434-561x", "2434-561X"),
        ("１５４８－７７６８", "1548-7768"),
        ("1548–7768", "1548-7768"),
        ("1548-7769", None),
        ("1548-776", None),
        ("", None),
        ("1548-77680", None),
    ],
)
def test_issns_are_checked(raw, expected):
    assert parse_issn(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("http://www.orcid.org/0000000218250097/", "0000-0002-1825-0097"),
        ("ORCID: 0000-0002-9079-593x", "0000-0002-9079-593X"),
        ("0000-0002-1825-0098", None),
        ("0000-0002-1825", None),
        ("", None),
    ],
)
def test_orcids_are_checked(raw, expected):
    assert parse_orcid(raw) == expected


def registered_dois() -> list[str]:
    path = CORPUS / "bulk" / "crossref.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        return sorted({doi for line in lines if (doi := json.loads(line).get("DOI"))})


def test_registered_dois_survive_every_surrounding():
    dois = registered_dois()
    assert len(dois) > 10_000
    changed = set()
    for doi in dois:
        if doi[-1] in "./":  # two journals are registered so; in a sentence it is punctuation
            continue
        expected = "".join(character.lower() if character.isascii() else character for character in doi)
        forms = (
            doi,
            f"doi:{doi}.",
            f"({doi})",
            f"https://doi.org/{quote(doi)}",
            f"{doi}，后文",
            f"{{{doi}}},",
        )
        changed |= {doi for form in forms if [found.value for found in find_dois(form)] != [expected]}
        if parse_doi(doi).value != expected:
            changed.add(doi)
    assert changed == set()


@pytest.mark.parametrize(
    "raw",
    [
        "10.5555.1/plans,sections.1931",
        "doi:10.5555.1/plans,sections.1931.",
        "https://doi.org/10.5555.1/plans,sections.1931",
    ],
)
def test_a_comma_before_letters_is_part_of_a_doi_that_is_given_by_itself(raw):
    assert parse_doi(raw).value == "10.5555.1/plans,sections.1931"
    assert [one.value for one in find_dois(f"see {raw.removesuffix('.')} and")] == ["10.5555.1/plans"]
