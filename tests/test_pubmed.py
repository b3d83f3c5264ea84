import gzip
import json
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from harvester.errors import (
    HarvesterError,
    InvalidIdentifier,
    ParseError,
    SourceRefused,
    SourceUnavailable,
)
from harvester.messages import message
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Scheme,
    Text,
)
from harvester.sources.medline import language_code, medline_date, medline_pages, titles_in
from harvester.sources.pubmed import SOURCE, parse_work
from harvester.wire import Asker, Limit, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://eutils.example.org"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SOMEBODY = Asker(email="library@example.org")

ARTICLE = """
<PubmedArticle>
  <MedlineCitation Status="MEDLINE" Owner="NLM">
    <PMID Version="1">99000001</PMID>
    <Article PubModel="Print-Electronic">
      <Journal>
        <ISSN IssnType="Electronic">1548-7768</ISSN>
        <JournalIssue CitedMedium="Internet"><Volume>5</Volume><Issue>11</Issue>
          <PubDate><Year>2008</Year><Month>Aug</Month><Day>14</Day></PubDate></JournalIssue>
        <Title>Journal of paste : official journal of the Paste Society</Title>
        <ISOAbbreviation>J Paste</ISOAbbreviation>
      </Journal>
      <ArticleTitle>[How <i>library</i> paste dries &lt; 5 h in H<sub>2</sub>O].</ArticleTitle>
      <Pagination><MedlinePgn>616-24</MedlinePgn></Pagination>
      <ELocationID EIdType="pii" ValidYN="Y">paste-08</ELocationID>
      <ELocationID EIdType="doi" ValidYN="Y">10.5555/Paste.2008</ELocationID>
      <Abstract>
        <AbstractText Label="METHODS" NlmCategory="METHODS">We dried paste in <b>two</b> libraries of one town.</AbstractText>
        <AbstractText Label="RESULTS">It dried, and the readers of both libraries were pleased with it.</AbstractText>
        <CopyrightInformation>Copyright nobody.</CopyrightInformation>
      </Abstract>
      <AuthorList CompleteYN="Y">
        <Author ValidYN="Y"><LastName>Lin</LastName><ForeName>Mei-Hua</ForeName><Initials>MH</Initials>
          <Identifier Source="ORCID">http://orcid.org/0000-0002-1825-0097</Identifier>
          <AffiliationInfo><Affiliation>Institute of Paste.</Affiliation></AffiliationInfo></Author>
        <Author ValidYN="N"><LastName>Rossy</LastName><ForeName>Anna</ForeName><Initials>A</Initials></Author>
        <Author ValidYN="Y"><LastName>Rossi</LastName><ForeName>Anna</ForeName><Initials>A</Initials><Suffix>Jr</Suffix></Author>
        <Author ValidYN="Y"><CollectiveName>Glue Consortium</CollectiveName></Author>
      </AuthorList>
      <Language>chi</Language>
      <PublicationTypeList>
        <PublicationType UI="D016428">Journal Article</PublicationType>
        <PublicationType UI="D016441">Retracted Publication</PublicationType>
      </PublicationTypeList>
      <VernacularTitle>图书馆浆糊怎样在水中干燥</VernacularTitle>
      <ArticleDate DateType="Electronic"><Year>2008</Year><Month>07</Month><Day>02</Day></ArticleDate>
    </Article>
    <MedlineJournalInfo><MedlineTA>J Paste</MedlineTA><NlmUniqueID>9900001</NlmUniqueID>
      <ISSNLinking>0095-3814</ISSNLinking></MedlineJournalInfo>
    <CommentsCorrectionsList>
      <CommentsCorrections RefType="RetractionIn"><RefSource>J Paste. 2009;6:1</RefSource><PMID>99000002</PMID></CommentsCorrections>
      <CommentsCorrections RefType="Cites"><RefSource>J Glue. 2001</RefSource><PMID>99000009</PMID></CommentsCorrections>
    </CommentsCorrectionsList>
    <MeshHeadingList><MeshHeading><DescriptorName UI="D1">Adhesives</DescriptorName>
      <QualifierName UI="Q1">history</QualifierName></MeshHeading></MeshHeadingList>
    <OtherAbstract Type="Publisher" Language="chi"><AbstractText>我们在一个城市的两个图书馆里干燥了浆糊，读者都很满意。</AbstractText></OtherAbstract>
    <KeywordList Owner="NOTNLM"><Keyword>paste</Keyword><Keyword>Adhesives</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData>
    <ArticleIdList>
      <ArticleId IdType="pubmed">99000001</ArticleId>
      <ArticleId IdType="pmc">PMC9900001</ArticleId>
      <ArticleId IdType="doi">10.5555/Paste.2008</ArticleId>
    </ArticleIdList>
    <ReferenceList><Reference><Citation>Another work.</Citation><ArticleIdList>
      <ArticleId IdType="doi">10.5555/another</ArticleId><ArticleId IdType="pmc">PMC1</ArticleId>
    </ArticleIdList></Reference></ReferenceList>
  </PubmedData>
</PubmedArticle>
"""

BOOK = """
<PubmedBookArticle><BookDocument>
  <PMID Version="1">99000003</PMID>
  <ArticleIdList><ArticleId IdType="bookaccession">NBK9</ArticleId></ArticleIdList>
  <Book>
    <Publisher><PublisherName>Paste Press</PublisherName></Publisher>
    <BookTitle>The Book of Paste</BookTitle>
    <PubDate><Year>1993</Year></PubDate>
    <AuthorList Type="editors"><Author><LastName>Adam</LastName><ForeName>Margaret P</ForeName></Author></AuthorList>
    <Isbn>9781473119086</Isbn>
  </Book>
  <ArticleTitle>The keeping of paste in jars</ArticleTitle>
  <Language>eng</Language>
  <AuthorList Type="authors"><Author><LastName>Lin</LastName><ForeName>Mei</ForeName></Author></AuthorList>
  <PublicationType>Review</PublicationType>
  <ContributionDate><Year>2006</Year><Month>2</Month><Day>15</Day></ContributionDate>
</BookDocument></PubmedBookArticle>
"""


def doi(value):
    return Identifier(Scheme.DOI, value)


def pmid(value):
    return Identifier(Scheme.PMID, value)


def element(xml):
    return etree.fromstring(xml)


def article(inner="", **attributes):
    """A small article: what stands inside Article."""
    number = attributes.get("pmid", "1")
    tail = attributes.get("tail", "")
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article>{inner}</Article>{tail}"
        "</MedlineCitation></PubmedArticle>"
    )


def payload(body, *, asked=(), status=200, url=f"{BASE}/efetch.fcgi"):
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    return Payload(
        service="pubmed",
        url=url,
        status=status,
        content_type="",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


def fetched(*works, **kept):
    return payload(f"<PubmedArticleSet>{''.join(works)}</PubmedArticleSet>", **kept)


def found(ids, *, asked, count=None, url=f"{BASE}/esearch.fcgi", **lists):
    total = str(len(ids) if count is None else count)
    return payload({"esearchresult": {"count": total, "idlist": ids, **lists}}, asked=asked, url=url)


# -- reading one work ------------------------------------------------------------------------------------


def test_an_article_is_read_whole():
    assert parse_work(element(ARTICLE), NIGHT, document="night.xml") == Record(
        source="pubmed",
        source_key="99000001",
        retrieved_at=NIGHT,
        document="night.xml",
        identifiers=(
            doi("10.5555/paste.2008"),
            Identifier(Scheme.PMCID, "PMC9900001"),
            pmid("99000001"),
        ),
        titles=(
            Text("How library paste dries < 5 h in H2O", "en", Origin.HUMAN),
            Text("图书馆浆糊怎样在水中干燥", "zh-Hans", Origin.PUBLISHER),
        ),
        abstracts=(
            Text(
                "METHODS: We dried paste in two libraries of one town.\n"
                "RESULTS: It dried, and the readers of both libraries were pleased with it.",
                "en",
                Origin.PUBLISHER,
            ),
            Text("我们在一个城市的两个图书馆里干燥了浆糊，读者都很满意。", "zh-Hans", Origin.PUBLISHER),
        ),
        contributors=(
            Contributor(
                "Mei-Hua Lin",
                family="Lin",
                given="Mei-Hua",
                orcid="0000-0002-1825-0097",
                affiliations=("Institute of Paste.",),
            ),
            Contributor("Anna Rossi Jr", family="Rossi", given="Anna"),
            Contributor("Glue Consortium"),
        ),
        container=Container(
            "Journal of paste : official journal of the Paste Society",
            abbreviation="J Paste",
            issns=("1548-7768", "0095-3814"),
        ),
        locus=Locus("5", "11", "616-624"),
        issued=PartialDate(2008, 8, 14),
        published_online=PartialDate(2008, 7, 2),
        language="zh",
        work_type="journal-article",
        url="https://pubmed.ncbi.nlm.nih.gov/99000001/",
        retracted=True,
        subjects=("Adhesives", "paste"),
        relations=(
            Relation(
                RelationKind.IS_RETRACTED_BY,
                Identifier(Scheme.PMID, "99000002"),
                "J Paste. 2009;6:1",
                PartialDate(2009),
            ),
        ),
        extra='{"nlmUniqueId":"9900001","pii":["paste-08"],"pubModel":"Print-Electronic",'
        '"publicationTypes":["Journal Article","Retracted Publication"]}',
    )


def test_a_chapter_is_read_whole():
    assert parse_work(element(BOOK), NIGHT) == Record(
        source="pubmed",
        source_key="99000003",
        retrieved_at=NIGHT,
        identifiers=(pmid("99000003"),),
        titles=(Text("The keeping of paste in jars", "en", Origin.PUBLISHER),),
        contributors=(
            Contributor("Mei Lin", family="Lin", given="Mei"),
            Contributor("Margaret P Adam", family="Adam", given="Margaret P", role="editor"),
        ),
        container=Container("The Book of Paste"),
        issued=PartialDate(2006, 2, 15),
        language="en",
        work_type="book-chapter",
        publisher="Paste Press",
        url="https://pubmed.ncbi.nlm.nih.gov/99000003/",
        extra='{"bookAccession":"NBK9","isbn":["9781473119086"],"publicationTypes":["Review"]}',
    )


@pytest.mark.parametrize(
    "raw, value, origin",
    [
        ("Cognitive memory.", "Cognitive memory", Origin.PUBLISHER),
        ("Why does paste dry?", "Why does paste dry?", Origin.PUBLISHER),
        ("Care of the elderly in the U.S.", "Care of the elderly in the U.S.", Origin.PUBLISHER),
        ("Host-Pathogen Interaction 5.0.", "Host-Pathogen Interaction 5.0", Origin.PUBLISHER),  # 39769357
        ("[Mechanism of bone mineral loss in microgravity].", "Mechanism of bone mineral loss in microgravity", Origin.HUMAN),  # 12501715
        ("[The drying of paste (author's transl)]", "The drying of paste", Origin.AUTHOR),
        ("[18F]FDG uptake and its relation to [11C].", "[18F]FDG uptake and its relation to [11C]", Origin.PUBLISHER),
    ],
)  # fmt: skip
def test_titles_lose_their_full_stop_and_the_brackets_of_a_translation(raw, value, origin):
    assert [(each.value, each.origin) for each in titles_in(raw, Origin.PUBLISHER, "en")] == [(value, origin)]


@pytest.mark.parametrize(
    "raw", ["[Not Available].", "[In Process Citation]", "Not Available", ".", "[]", " ", None]
)
def test_a_stub_is_no_title(raw):
    assert titles_in(raw, Origin.PUBLISHER, "en") == ()


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("2023 Jun-Jul", PartialDate(2023, 6)),
        ("1998 Dec-1999 Jan", PartialDate(1998, 12)),
        ("2019 Feb - Apr", PartialDate(2019, 2)),
        ("1944-1945", PartialDate(1944)),
        ("2007 Oct 15-21", PartialDate(2007, 10)),
        ("2007 Oct 5", PartialDate(2007, 10, 5)),
        ("2007 Feb 30", PartialDate(2007, 2)),
        ("Spring 2004", PartialDate(2004)),
        ("soon", None),
        (None, None),
    ],
)
def test_the_dates_of_medline_are_as_precise_as_they_are(raw, expected):
    assert medline_date(raw) == expected


@pytest.mark.parametrize(
    "inner, expected",
    [
        ("<Year>1976</Year><Season>Fall</Season>", PartialDate(1976)),
        ("<Year>2001</Year><Season>Jan-Mar</Season>", PartialDate(2001, 1)),
        ("<Year>2019</Year><Month>06</Month>", PartialDate(2019, 6)),
        ("<Year>2019</Year><Month>13</Month>", PartialDate(2019)),
        ("<MedlineDate>1999 Jan-Mar</MedlineDate>", PartialDate(1999, 1)),
        ("<Year>0</Year>", None),
        ("", None),
    ],
)
def test_the_date_of_an_issue_is_read_in_all_its_forms(inner, expected):
    date = f"<Journal><JournalIssue><PubDate>{inner}</PubDate></JournalIssue></Journal>"

    assert parse_work(element(article(date)), NIGHT).issued == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("616-24", "616-624"),
        ("B210-3", "B210-B213"),
        ("1825-34, 1839-40", "1825-1834,1839-1840"),
        ("1475-6; author reply 1475-6", "1475-1476"),
        ("77-95, viii", "77-95,viii"),
        ("e0170771", "e0170771"),
        ("[34457 words; 185 paragraphs]", None),
        ("Not Available", None),
        ("S1530-891X(24)00509-3", None),  # MED 38735421 at Europe PMC: a publisher's item number
        (None, None),
    ],
)
def test_pages_are_completed(raw, expected):
    assert medline_pages(raw) == expected


@pytest.mark.parametrize(
    "raw, expected",
    [
        ("chi", "zh"),
        ("eng", "en"),
        ("ENG", "en"),
        ("zh", "zh"),
        ("mul", None),
        ("und", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_get_their_short_code(raw, expected):
    assert language_code(raw) == expected


@pytest.mark.parametrize(
    "inner, pages",
    [
        ("<Pagination><StartPage>S12</StartPage><EndPage>9</EndPage></Pagination>", "S12-S19"),
        ("<Pagination><StartPage>113</StartPage></Pagination>", "113"),
        ("<ELocationID EIdType='pii' ValidYN='Y'>E1152</ELocationID>", "E1152"),
    ],
)
def test_pages_are_found_where_there_is_no_medline_range(inner, pages):
    assert parse_work(element(article(inner)), NIGHT).locus == Locus(pages=pages)


def test_a_publishers_item_number_is_no_page():
    inner = "<ELocationID EIdType='pii' ValidYN='Y'>S0140-6736(24)02600-X</ELocationID>"

    assert parse_work(element(article(inner)), NIGHT).locus is None


@pytest.mark.parametrize(
    "kind, expected",
    [("Retraction of Publication", None), ("Published Erratum", None), ("Retracted Publication", True)],
)
def test_only_the_retracted_work_is_retracted(kind, expected):
    inner = f"<PublicationTypeList><PublicationType>{kind}</PublicationType></PublicationTypeList>"

    assert parse_work(element(article(inner)), NIGHT).retracted is expected


def test_an_invalid_doi_and_a_second_one_are_left_out_with_a_remark():
    inner = (
        "<ELocationID EIdType='doi' ValidYN='N'>10.5555/old</ELocationID>"
        "<ELocationID EIdType='doi' ValidYN='Y'>nonsense</ELocationID>"
        "<ELocationID EIdType='doi' ValidYN='Y'>10.5555/first</ELocationID>"
        "<ELocationID EIdType='doi' ValidYN='Y'>10.5555/second</ELocationID>"
    )
    remarks = []

    record = parse_work(element(article(inner)), NIGHT, remarks=remarks)

    assert record.identifiers == (doi("10.5555/first"), pmid("1"))
    assert remarks == [
        Skip("1", message("value-left-out", field="doi", found="nonsense"), fatal=False),
        Skip("1", message("value-left-out", field="doi", found="10.5555/second"), fatal=False),
    ]


OTHER = '<OtherAbstract Type="{}" Language="{}"><AbstractText>{}</AbstractText></OtherAbstract>'
ENGLISH = "The paste of the library was dried and the readers were pleased with it."


@pytest.mark.parametrize(
    "other, expected",
    [
        (OTHER.format("Publisher", "spa", "Abstract available from the publisher."), []),
        (OTHER.format("plain-language-summary", "eng", ENGLISH), []),
        (OTHER.format("PIP", "eng", ENGLISH), [("en", Origin.HUMAN)]),
        (OTHER.format("Publisher", "chi", "目的：探讨图书馆浆糊的干燥。"), [("zh-Hans", Origin.PUBLISHER)]),
        (OTHER.format("Publisher", "chi", ENGLISH), [("en", Origin.PUBLISHER)]),  # filed by what it is
    ],
)
def test_other_abstracts_are_filed_by_what_they_are(other, expected):
    record = parse_work(element(article(tail=other)), NIGHT)

    assert [(each.language, each.origin) for each in record.abstracts] == expected


def test_an_abstract_in_the_same_language_does_not_stand_beside_the_first():
    first = "<Abstract><AbstractText Label='UNLABELLED'>The first abstract of this work is the better one.</AbstractText></Abstract>"

    record = parse_work(element(article(first, tail=OTHER.format("PIP", "eng", ENGLISH))), NIGHT)

    assert record.abstracts == (
        Text("The first abstract of this work is the better one.", "en", Origin.PUBLISHER),
    )


def test_line_ends_inside_a_section_mean_nothing():
    inner = (
        "<Abstract><AbstractText>The paste of\n   the library was\n dried by us.</AbstractText></Abstract>"
    )

    assert parse_work(element(article(inner)), NIGHT).abstracts[0].sections == (
        "The paste of the library was dried by us.",
    )


def test_comments_and_instructions_are_no_text():
    inner = "<ArticleTitle>On <!-- not --><?nihms?>the drying of paste</ArticleTitle><Language>e<!-- x -->ng</Language>"

    record = parse_work(element(article(inner)), NIGHT)

    assert (record.titles[0].value, record.language) == ("On the drying of paste", "en")


def test_a_work_without_pmid_and_doi_is_refused():
    with pytest.raises(ParseError) as refusal:
        parse_work(
            element("<PubmedArticle><MedlineCitation><Article/></MedlineCitation></PubmedArticle>"), NIGHT
        )
    assert refusal.value.message == message("no-key-in-record", key="PMID")


# -- asking ----------------------------------------------------------------------------------------------


def test_a_search_asks_for_dois_and_pmcids_and_a_fetch_for_pmids():
    asked = [
        doi("10.5555/a"),
        pmid("21"),
        Identifier(Scheme.PMCID, "PMC7"),
        Identifier(Scheme.ARXIV, "1706.03762"),
    ]

    search, fetch = SOURCE.batch(BASE, asked, SOMEBODY)

    assert (search.url, search.method, search.params) == (
        f"{BASE}/esearch.fcgi",
        "POST",
        (("tool", "harvester"), ("email", "library@example.org")),
    )
    assert dict(parse_qsl(search.body.decode())) == {
        "db": "pubmed",
        "retmode": "json",
        "retmax": "200",
        "term": '"10.5555/a"[DOI] OR PMC7[PMCID]',
    }
    assert search.asked == (doi("10.5555/a"), Identifier(Scheme.PMCID, "PMC7"))
    assert (fetch.url, fetch.asked, fetch.body) == (
        f"{BASE}/efetch.fcgi",
        (pmid("21"),),
        b"db=pubmed&retmode=xml&id=21",
    )
    assert search.headers == (("Content-Type", "application/x-www-form-urlencoded"),)


def test_a_thousand_dois_take_ten_searches_and_a_thousand_pmids_five_fetches():
    dois = [doi(f"10.5555/{number}") for number in range(1000)]
    pmids = [pmid(str(number)) for number in range(1, 1001)]

    requests = list(SOURCE.batch(BASE, [*dois, *pmids, *dois], SOMEBODY))

    assert [len(each.asked) for each in requests] == [100] * 10 + [200] * 5


def test_a_key_raises_the_limit_and_goes_along_as_a_parameter():
    keyed = Asker(email="library@example.org", key="secret-key")

    request = SOURCE.single(BASE, pmid("21"), keyed)

    assert ("api_key", "secret-key") in request.params
    assert SOURCE.limits(keyed)[request.limit] == Limit(10.0, 5)
    assert SOURCE.limits(SOMEBODY) == {"anonymous": Limit(3.0, 3)}


def test_other_schemes_are_not_asked_singly():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.ARXIV, "1706.03762"), SOMEBODY)


# -- a search --------------------------------------------------------------------------------------------


def test_a_search_leads_to_a_fetch_from_the_same_server_under_the_same_name():
    asked = [doi("10.5555/a"), doi("10.5555/b"), doi("10.5555/gone")]
    url = f"{BASE}/esearch.fcgi?tool=harvester&email=library%40example.org&api_key=***"
    lists = {"warninglist": {"quotedphrasesnotfound": ['"10.5555/gone"[DOI]']}}

    page = SOURCE.parse(found(["21", "22"], asked=asked, url=url, **lists))

    assert page.absent == (doi("10.5555/gone"),)
    assert page.missing == page.records == ()
    [fetch] = page.follow
    assert fetch.url == f"{BASE}/efetch.fcgi"
    assert fetch.params == (("tool", "harvester"), ("email", "library@example.org"))
    assert fetch.body == b"db=pubmed&retmode=xml&id=21,22"
    assert fetch.asked == (doi("10.5555/a"), doi("10.5555/b"))
    assert fetch.limit in SOURCE.limits(SOMEBODY)


def test_a_phrase_with_odd_characters_is_believed_absent_only_alone():
    odd = doi("10.1175/1520-0477(1996)077<0935:wotwsm>2.0.co;2")
    lists = {"errorlist": {"phrasesnotfound": [f'"{odd.value}"[DOI]']}}

    assert SOURCE.parse(found([], asked=[odd, doi("10.5555/a")], **lists)).missing == (odd, doi("10.5555/a"))
    assert SOURCE.parse(found([], asked=[odd], **lists)).absent == (odd,)


def test_a_search_that_finds_nothing_says_absent_only_alone():
    assert SOURCE.parse(found([], asked=[doi("10.5555/a")])).absent == (doi("10.5555/a"),)
    assert SOURCE.parse(found([], asked=[doi("10.5555/a"), doi("10.5555/b")])).absent == ()


def test_a_search_that_matches_more_than_it_lists_is_asked_again_in_halves():
    with pytest.raises(ParseError) as refusal:
        SOURCE.parse(found(["21"], asked=[doi("10.5555/a"), doi("10.5555/b")], count=4711))
    assert refusal.value.message.key == "search-too-loose"


@pytest.mark.parametrize(
    "body, status, kind",
    [
        ({"error": "API rate limit exceeded", "count": "4", "limit": "3"}, 200, SourceUnavailable),
        ({"esearchresult": {"ERROR": "Search Backend failed"}}, 200, SourceUnavailable),
        (
            {"esearchresult": {"count": "9", "idlist": [], "errorlist": {"fieldsnotfound": ["DOI"]}}},
            200,
            SourceUnavailable,
        ),
        ({"error": "API key invalid"}, 400, SourceRefused),
        ({"esearchresult": {"ERROR": "Empty term and query_key - nothing todo"}}, 200, ParseError),
        ({"esearchresult": {}}, 200, ParseError),
        ({"esearchresult": {"idlist": []}}, 200, ParseError),
        ({"header": {}, "result": {"uids": []}}, 200, ParseError),
        ([], 200, ParseError),
        ("<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>", 200, SourceUnavailable),
        ("<eFetchResult><ERROR>Supplied id parameter is empty.</ERROR></eFetchResult>", 200, ParseError),
        ("<eSearchResult><Count>1</Count></eSearchResult>", 200, ParseError),
        ("<html><body>busy</body></html>", 200, ParseError),
        ("<!DOCTYPE html><html><br></html>", 200, ParseError),
        ("<PubmedArticleSet><PubmedArticle>", 200, ParseError),
        ("", 200, ParseError),
        ("Too many", 429, SourceUnavailable),
        ("no", 403, SourceRefused),
        ("<html/>", 414, ParseError),
    ],
)
def test_what_is_no_answer_raises(body, status, kind):
    with pytest.raises(HarvesterError) as refusal:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/a")]))
    assert type(refusal.value) is kind


# -- a fetch ---------------------------------------------------------------------------------------------


def test_works_are_matched_by_their_own_doi_and_dropped_ones_are_missing():
    asked = [doi("10.5555/gone"), doi("10.5555/paste.2008")]

    page = SOURCE.parse(fetched(article(pmid="7"), ARTICLE, asked=asked))

    assert [each.source_key for each in page.records] == ["99000001"]
    assert (page.missing, page.absent) == ((doi("10.5555/gone"),), ())
    assert page.skips == (Skip("7", message("answer-not-asked-for", service="pubmed"), fatal=False),)


def test_asked_alone_an_empty_fetch_says_absent():
    asked = [pmid("37909814")]
    error = "<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>"

    assert SOURCE.parse(fetched(asked=asked)).absent == (pmid("37909814"),)
    assert SOURCE.parse(payload(error, asked=asked, status=400)).absent == (pmid("37909814"),)


def test_asked_alone_another_work_settles_nothing_as_absent():
    page = SOURCE.parse(fetched(article(pmid="7"), asked=[doi("10.5555/a")]))

    assert (page.records, page.absent, page.missing) == ((), (), ())
    assert page.skips == (
        Skip("10.5555/a", message("answer-is-another", service="pubmed", asked="10.5555/a", found="7")),
    )


def test_books_deletions_and_unreadable_works_are_told_apart():
    broken = "<PubmedArticle><MedlineCitation/></PubmedArticle>"
    deleted = "<DeleteCitation><PMID>8</PMID><PMID>9</PMID></DeleteCitation>"

    page = SOURCE.parse(fetched(BOOK, broken, deleted, "<!-- over -->"))

    assert [each.source_key for each in page.records] == ["99000003"]
    assert page.skips == (
        Skip("item 2", message("no-key-in-record", key="PMID")),
        Skip("DeleteCitation", message("deleted-from-pubmed", ids="8, 9"), fatal=False),
    )


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><PubmedArticleSet>&b;</PubmedArticleSet>',
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><PubmedArticleSet>&a;</PubmedArticleSet>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY a "ha">]><PubmedArticleSet/>'.encode("utf-16"),
    ],
)  # fmt: skip
def test_a_document_that_declares_entities_is_refused(body):
    with pytest.raises(ParseError):
        SOURCE.parse(payload(body))


# -- laws ------------------------------------------------------------------------------------------------

anything = st.text(max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from((ARTICLE, BOOK)), st.integers(0, 200), anything, st.booleans())
def test_any_text_in_any_element_never_raises(work, place, words, is_gone):
    root = element(work)
    nodes = [each for each in root.iter() if each is not root]
    node = nodes[place % len(nodes)]
    if is_gone:
        node.getparent().remove(node)
    else:
        node.text = "".join(letter for letter in words if letter.isprintable())

    try:
        record = parse_work(root, NIGHT)
    except ParseError:
        return
    assert len(record.fingerprint()) == 32


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(("count", "idlist", "errorlist", "warninglist", "ERROR")), json_values, st.integers(1, 2)
)
def test_any_json_in_any_key_of_a_search_settles_or_raises_ours(key, value, size):
    body = {"esearchresult": {"count": "1", "idlist": ["21"], key: value}}
    asked = [doi("10.5555/a"), doi("10.5555/b")][:size]
    try:
        page = SOURCE.parse(payload(body, asked=asked, url=f"{BASE}/esearch.fcgi"))
    except HarvesterError:
        return
    assert {*page.absent, *page.missing, *(each for one in page.follow for each in one.asked)} == set(asked)


# -- recorded replies ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded():
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    pages = {}
    for path in sorted((CORPUS / "pubmed").iterdir()):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            pages[path.name] = SOURCE.parse(payload(body))
        except HarvesterError as told:
            pages[path.name] = told
    return pages


def test_every_recorded_reply_is_read_or_refused_with_a_reason(recorded):
    refused = {each.message.key for each in recorded.values() if isinstance(each, HarvesterError)}
    fatal = [
        skip
        for page in recorded.values()
        if not isinstance(page, HarvesterError)
        for skip in page.skips
        if skip.fatal
    ]

    assert refused <= {"not-a-work-reply", "service-says", "service-fails"}
    assert [skip.why.key for skip in fatal] in ([], ["no-key-in-record"])


def test_real_records_have_a_title_without_markup_a_date_and_a_container(recorded):
    records = [
        each for page in recorded.values() if not isinstance(page, HarvesterError) for each in page.records
    ]

    assert len(records) > 900
    assert all(record.titles and record.issued and record.identifiers for record in records)
    assert not [
        one.value for record in records for one in record.titles if "</" in one.value or "\n" in one.value
    ]
    assert {record.source_key for record in records if record.retracted} == {"8655018", "8863847", "11543891"}


def test_real_chinese_abstracts_are_filed_as_chinese(recorded):
    records = [
        each for page in recorded.values() if not isinstance(page, HarvesterError) for each in page.records
    ]
    chinese = {
        record.source_key: record.language
        for record in records
        if any(each.language == "zh-Hans" and each.origin == "publisher" for each in record.abstracts)
    }

    assert chinese == {"26582223": "zh", "25539609": "zh", "30124210": "zh"}
