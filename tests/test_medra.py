from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import HarvesterError, InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
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
from harvester.sources.medra import SOURCE
from harvester.wire import Asker, Payload, Request

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

ARTICLE = """
<DOISerialArticleWork>
  <DOI>10.5555/Colla.8105</DOI>
  <DOIWebsiteLink>https://paste.example.org/8105</DOIWebsiteLink>
  <SerialPublication>
    <SerialWork>
      <WorkIdentifier><WorkIDType>16</WorkIDType><IDValue>1548-7768</IDValue></WorkIdentifier>
      <Title language="ita"><TitleType>01</TitleType><TitleText>Rivista della colla</TitleText></Title>
      <Title language="ita"><TitleType>05</TitleType><TitleText>Riv. colla</TitleText></Title>
      <Publisher><PublishingRole>01</PublishingRole><PublisherName>Colla &amp; Figli</PublisherName></Publisher>
    </SerialWork>
    <SerialVersion>
      <ProductIdentifier><ProductIDType>07</ProductIDType><IDValue>15487768</IDValue></ProductIdentifier>
    </SerialVersion>
  </SerialPublication>
  <JournalIssue>
    <JournalVolumeNumber>31</JournalVolumeNumber>
    <JournalIssueNumber>4</JournalIssueNumber>
    <JournalIssueDate><DateFormat>05</DateFormat><Date>2002</Date></JournalIssueDate>
  </JournalIssue>
  <ContentItem>
    <TextItem>
      <PageRun><FirstPageNumber>559</FirstPageNumber><LastPageNumber>566</LastPageNumber></PageRun>
    </TextItem>
    <Title language="ita">
      <TitleType>01</TitleType><TitleText>La colla delle biblioteche</TitleText><Subtitle>Uno studio</Subtitle>
    </Title>
    <Title language="chi"><TitleType>06</TitleType><TitleText>图书馆的浆糊</TitleText></Title>
    <Title><TitleType>04</TitleType><TitleText>LCDB</TitleText></Title>
    <Contributor>
      <SequenceNumber>2</SequenceNumber><ContributorRole>A01</ContributorRole>
      <NamesBeforeKey>Anna</NamesBeforeKey><KeyNames>Rossi</KeyNames>
      <NameIdentifier><NameIDType>21</NameIDType><IDValue>0000-0002-1825-0097</IDValue></NameIdentifier>
      <ProfessionalAffiliation><Affiliation>Istituto della colla</Affiliation></ProfessionalAffiliation>
    </Contributor>
    <Contributor>
      <SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
      <PersonName>Mario Bianchi</PersonName><KeyNames>Mario Bianchi</KeyNames>
    </Contributor>
    <Contributor><ContributorRole>B01</ContributorRole><PersonNameInverted>Verdi, Ugo</PersonNameInverted></Contributor>
    <Contributor><ContributorRole>A01</ContributorRole><CorporateName>Gruppo Colla</CorporateName></Contributor>
    <Contributor><ContributorRole>E07</ContributorRole><PersonName>A Reader</PersonName></Contributor>
    <Language><LanguageRole>02</LanguageRole><LanguageCode>eng</LanguageCode></Language>
    <Language><LanguageRole>01</LanguageRole><LanguageCode>ita</LanguageCode></Language>
    <OtherText><TextTypeCode>01</TextTypeCode><Text language="eng">How paste dries in a large library.</Text></OtherText>
    <OtherText><TextTypeCode>02</TextTypeCode><Text>Not an abstract</Text></OtherText>
    <PublicationDate>20021015</PublicationDate>
  </ContentItem>
</DOISerialArticleWork>"""


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, asked=()):
    return Payload(
        service="medra",
        url=BASE,
        status=status,
        content_type="application/xml",
        body=body.encode() if isinstance(body, str) else body,
        retrieved_at=NIGHT,
        asked=tuple(map(doi, asked)),
    )


def onix(*entries, **kept):
    root = "ONIXDOISerialArticleWorkRegistrationMessage"
    space = "http://www.editeur.org/onix/DOIMetadata/2.0"
    inner = "".join(("<Header><FromCompany>mEDRA</FromCompany></Header>", *entries))
    return payload(f'<?xml version="1.0"?><{root} xmlns="{space}">{inner}</{root}>', **kept)


def article(inner):
    return f"<DOISerialArticleWork><DOI>10.5555/1</DOI>{inner}</DOISerialArticleWork>"


def test_every_doi_is_one_question():
    wanted = [doi("10.5555/a<b>;1"), Identifier(Scheme.PMID, "1"), doi("10.5555/a<b>;1")]

    assert list(SOURCE.batch(BASE, wanted, NOBODY)) == [
        Request(
            service="medra",
            url="https://api.example.org/metadata/10.5555/a%3Cb%3E%3B1",
            asked=(doi("10.5555/a<b>;1"),),
            limit="single",
        )
    ]
    assert "single" in SOURCE.limits(NOBODY)
    assert (SOURCE.agencies, SOURCE.only_for) == (("mEDRA",), ("mEDRA",))


def test_other_identifiers_are_not_asked():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.PMID, "1"), NOBODY)


def test_an_article_is_read_whole():
    page = SOURCE.parse(onix(ARTICLE, asked=["10.5555/colla.8105"]))

    assert page.skips == ()
    assert page.records == (
        Record(
            source="medra",
            source_key="10.5555/colla.8105",
            retrieved_at=NIGHT,
            identifiers=(doi("10.5555/colla.8105"),),
            titles=(
                Text("La colla delle biblioteche: Uno studio", "it", Origin.PUBLISHER),
                Text("图书馆的浆糊", "zh-Hans", Origin.PUBLISHER),
            ),
            abstracts=(Text("How paste dries in a large library.", "en", Origin.PUBLISHER),),
            contributors=(
                Contributor("Ugo Verdi", family="Verdi", given="Ugo", role="editor"),
                Contributor("Gruppo Colla"),
                Contributor("Mario Bianchi", family="Bianchi", given="Mario"),
                Contributor(
                    "Anna Rossi",
                    family="Rossi",
                    given="Anna",
                    orcid="0000-0002-1825-0097",
                    affiliations=("Istituto della colla",),
                ),
            ),
            container=Container("Rivista della colla", "Riv. colla", issns=("1548-7768",)),
            locus=Locus(volume="31", issue="4", pages="559-566"),
            issued=PartialDate(2002, 10, 15),
            language="it",
            work_type="journal-article",
            publisher="Colla & Figli",
            url="https://paste.example.org/8105",
        ),
    )


@pytest.mark.parametrize("body", ["", "not found", "<error>no such DOI</error>"])
def test_not_found_is_absent(body):
    assert SOURCE.parse(payload(body, status=404, asked=["10.5555/1"])).absent == (doi("10.5555/1"),)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ONIX>&b;</ONIX>'


@pytest.mark.parametrize(
    "status, body, error, key",
    [
        (404, "<html><title>portal</title></html>", ParseError, "reply-is-markup"),
        (200, "<!DOCTYPE html><html><br></html>", ParseError, "reply-is-markup"),
        (200, "<ONIX><DOISerial", ParseError, "reply-is-not-xml"),
        (200, "", ParseError, "reply-is-not-xml"),
        (200, BOMB, ParseError, "reply-declares-entities"),
        (200, "<error>quota</error>", ParseError, "service-says"),
        (403, "", SourceRefused, "service-refuses"),
        (503, "<html/>", SourceUnavailable, "service-unavailable"),
    ],
)
def test_what_is_no_answer_is_never_absent(status, body, error, key):
    with pytest.raises(error) as caught:
        SOURCE.parse(payload(body, status=status, asked=["10.5555/1"]))

    assert caught.value.message.key == key


def test_what_is_no_work_is_skipped_with_its_reason():
    page = SOURCE.parse(onix("<DOISerialArticleWork/>", article("").replace("10.5555/1", "paste")))

    assert page.records == ()
    assert [(skip.where, skip.why.key) for skip in page.skips] == [
        ("item 1", "no-key-in-record"),
        ("item 2", "no-doi"),
    ]


def test_an_answer_about_another_work_is_not_used():
    page = SOURCE.parse(onix(article(""), asked=["10.5555/2"]))

    assert page.records == ()
    assert [(skip.where, skip.why.key) for skip in page.skips] == [("10.5555/2", "answer-is-another")]


@pytest.mark.parametrize(
    "date, issued, remarks",
    [
        ("2002", PartialDate(2002), 0),
        ("200210", PartialDate(2002, 10), 0),
        ("2002-10-15", PartialDate(2002, 10, 15), 0),
        ("20021345", PartialDate(2002), 0),
        ("n.d.", None, 1),
    ],
)
def test_dates_keep_their_precision(date, issued, remarks):
    page = SOURCE.parse(
        onix(article(f"<ContentItem><PublicationDate>{date}</PublicationDate></ContentItem>"))
    )

    assert page.records[0].issued == issued
    assert len(page.skips) == remarks


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["Title", "TitleText", "Contributor", "PersonName", "KeyNames", "NamesBeforeKey", "OtherText"]
            ),
            st.text(
                alphabet=st.characters(codec="utf-8", exclude_characters="<&", exclude_categories=["Cc"])
            ),
        ),
        max_size=6,
    )
)
def test_any_text_in_any_element_raises_nothing_but_our_own_errors(said):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in said)
    with suppress(HarvesterError):
        page = SOURCE.parse(onix(article(f"<ContentItem><Title>{inner}</Title>{inner}</ContentItem>")))
        assert [record.source_key for record in page.records] == ["10.5555/1"]


def test_the_recorded_answer_is_read():
    files = sorted((CORPUS / "medra").glob("*.xml"))
    if not files:
        pytest.skip("../shared/corpus is missing")
    for path in files:
        page = SOURCE.parse(payload(path.read_bytes()))
        assert page.skips == ()
        assert len(page.records) == 1
        assert page.records[0].titles
        assert page.records[0].contributors
        assert page.records[0].container
