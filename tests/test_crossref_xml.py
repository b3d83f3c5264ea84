"""Crossref's XML: in the words of the JSON where both speak, and more where the XML alone does."""

import csv
import io
import json
from pathlib import Path

import pytest

from harvester.documents import FORMATS
from harvester.errors import ParseError
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    RelationKind,
    Scheme,
    Text,
)
from harvester.sources import crossref
from harvester.sources.crossref_xml import FORMAT, is_xml, parse_xml
from harvester.wire import Context, Payload

NIGHT = "2026-11-21T03:00:00Z"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
ASKED = (Identifier(Scheme.DOI, "10.5555/paste.7"),)

DOI_DATA = """<doi_data><doi>10.5555/PASTE.7</doi><resource>https://journals.example.org/paste.7</resource>
<collection property="text-mining"><item><resource mime_type="application/pdf" content_version="vor">
https://journals.example.org/paste.7.pdf</resource></item></collection></doi_data>"""
DATE = '<publication_date media_type="{0}"><month>{2}</month><day>14</day><year>{1}</year></publication_date>'
ARTICLE = f"""<journal><journal_metadata language="en"><full_title>Journal of Library Paste</full_title>
<abbrev_title>J. Libr. Paste</abbrev_title><issn media_type="print">1548-7768</issn></journal_metadata>
<journal_issue>{DATE.format("print", 2020, 21)}<journal_volume><volume>8</volume></journal_volume><issue>3</issue></journal_issue>
<journal_article publication_type="full_text"><titles><title>On the drying of <i>library</i> paste</title>
<original_language_title language="zh">论图书馆浆糊的干燥</original_language_title></titles>
<contributors>
<person_name sequence="first" contributor_role="author"><given_name>Mei</given_name><surname>Lin</surname>
<ORCID authenticated="true">https://orcid.org/0000-0002-1825-0097</ORCID><affiliations><institution>
<institution_name>Paste Institute</institution_name></institution></affiliations>
<alt-name><string-name string-name_style="eastern" xml:lang="zh">林梅</string-name></alt-name></person_name>
<person_name sequence="additional" contributor_role="author"><surname>刘伟明</surname>
<alt-name><name name-style="western"><given_name>Weiming</given_name><surname>Liu</surname></name></alt-name></person_name>
<organization sequence="additional" contributor_role="editor">The Paste Consortium</organization></contributors>
<jats:abstract xml:lang="en"><jats:title>Abstract</jats:title><jats:p>Paste dries
 <jats:italic>slowly</jats:italic>
 . The reading room waits for it.</jats:p></jats:abstract>
<jats:abstract xml:lang="zh"><jats:p>浆糊干得很慢，阅览室只好等待。</jats:p></jats:abstract>
<jats:abstract xml:lang="en" abstract-type="short"><jats:p>A digest.</jats:p></jats:abstract>
{DATE.format("online", 2020, 5)}{DATE.format("print", 2020, 6)}
<pages><first_page>12</first_page><last_page>19</last_page></pages>
<program xmlns="http://www.crossref.org/AccessIndicators.xsd" name="AccessIndicators">
<license_ref applies_to="vor" start_date="2020-05-14">https://creativecommons.org/licenses/by/4.0/</license_ref></program>
<crossmark><updates><update type="correction" label="Correction" date="2020-05-14">10.5555/paste.3</update></updates></crossmark>
<program xmlns="http://www.crossref.org/relations.xsd" name="relations"><related_item>
<intra_work_relation relationship-type="isTranslationOf" identifier-type="doi">10.5555/paste.zh.7</intra_work_relation>
</related_item></program>{DOI_DATA}</journal_article></journal>"""


def unixsd(inner: str, items: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<crossref_result xmlns="http://www.crossref.org/qrschema/3.0" version="3.0"><query_result><head/><body>
<query status="resolved"><doi type="journal_article">10.5555/paste.7</doi>
<crm-item name="publisher-name" type="string">Paste Press</crm-item><crm-item name="citedby-count" type="number">0</crm-item>{items}
<doi_record><crossref xmlns="http://www.crossref.org/xschema/1.1" xmlns:jats="http://www.ncbi.nlm.nih.gov/JATS1">{inner}
</crossref></doi_record></query></body></query_result></crossref_result>"""


def unixref(inner: str) -> str:
    return f"""<doi_records><doi_record owner="10.5555"><crossref xmlns:jats="http://www.ncbi.nlm.nih.gov/JATS1">{inner}
</crossref></doi_record></doi_records>"""


def payload(document: str, asked=(), status: int = 200) -> Payload:
    return Payload(
        service="crossref",
        url="https://api.crossref.org",
        status=status,
        content_type="application/vnd.crossref.unixsd+xml",
        body=document.encode(),
        retrieved_at=NIGHT,
        asked=asked,
    )


def record_of(inner: str, items: str = ""):
    [record] = parse_xml(payload(unixsd(inner, items))).records
    return record


def minimal(tag: str, inner: str = "", attributes: str = "") -> str:
    return f"<{tag}{attributes}><titles><title>Library paste</title></titles>{inner}{DOI_DATA}</{tag}>"


# -- an article ------------------------------------------------------------------------------------------


def test_titles_and_abstracts_of_an_article_come_in_all_their_languages():
    record = record_of(ARTICLE)

    assert record.source_key == "10.5555/paste.7"
    assert record.titles == (
        Text("On the drying of library paste", "en", Origin.PUBLISHER),
        Text("论图书馆浆糊的干燥", "zh-Hans", Origin.PUBLISHER),
    )
    assert record.abstracts == (
        Text("Paste dries slowly. The reading room waits for it.", "en", Origin.PUBLISHER),
        Text("浆糊干得很慢，阅览室只好等待。", "zh-Hans", Origin.PUBLISHER),
    )


def test_people_come_with_orcid_places_and_the_name_in_their_own_script():
    assert record_of(ARTICLE).contributors == (
        Contributor(
            "Mei Lin",
            family="Lin",
            given="Mei",
            name_zh="林梅",
            orcid="0000-0002-1825-0097",
            affiliations=("Paste Institute",),
        ),
        Contributor("Weiming Liu", family="Liu", given="Weiming", name_zh="刘伟明"),
        Contributor("The Paste Consortium", role="editor"),
    )


def test_place_dates_and_counts_of_an_article():
    record = record_of(ARTICLE)

    assert record.container == Container(
        "Journal of Library Paste", abbreviation="J. Libr. Paste", issns=("1548-7768",)
    )
    assert record.locus == Locus(volume="8", issue="3", pages="12-19")
    assert record.issued == PartialDate(2020, 5, 14)
    assert record.published_online == PartialDate(2020, 5, 14)
    assert (record.work_type, record.publisher, record.citation_count) == (
        "journal-article",
        "Paste Press",
        0,
    )
    assert record.url == "https://journals.example.org/paste.7"
    assert (record.is_open_access, record.oa_url) == (True, "https://journals.example.org/paste.7.pdf")


def test_updates_relations_and_the_claims_of_others_go_where_those_of_the_json_go():
    items = '<crm-item name="relation" type="doi" claim="isPreprintOf">10.5555/pre.7</crm-item><crm-item name="relation" type="doi" claim="cites">10.5555/c</crm-item>'
    told = {(one.kind, one.to.value if one.to else None) for one in record_of(ARTICLE, items).relations}

    assert told == {
        (RelationKind.CORRECTS, "10.5555/paste.3"),
        (RelationKind.IS_TRANSLATION_OF, "10.5555/paste.zh.7"),
        (RelationKind.HAS_PREPRINT, "10.5555/pre.7"),  # the other work says that it is a preprint of this one
    }


def test_the_plainer_form_of_content_negotiation_says_the_same():
    [record] = parse_xml(payload(unixref(ARTICLE))).records
    told = record_of(ARTICLE)

    assert record.publisher is None  # only the register's own items name a journal's
    assert (record.titles, record.abstracts, record.contributors) == (
        told.titles,
        told.abstracts,
        told.contributors,
    )
    assert (record.locus, record.issued, record.relations) == (told.locus, told.issued, told.relations)


def test_the_issue_tells_the_date_that_the_article_does_not_and_a_season_is_no_month():
    article = f"<journal><journal_issue>{DATE.format('print', 2020, 21)}</journal_issue>{minimal('journal_article')}</journal>"

    assert record_of(article).issued == PartialDate(2020)


@pytest.mark.parametrize(("tag", "language"), [("ja", "ja"), ("zh", "zh-Hant"), ("zh-TW", "zh-Hant")])
def test_the_tag_decides_where_han_characters_alone_do_not(tag, language):
    titles = f'<titles><title>On paste</title><original_language_title language="{tag}">圖書館糊劑硏究</original_language_title></titles>'
    record = record_of(f"<journal><journal_article>{titles}{DOI_DATA}</journal_article></journal>")

    assert [(title.value, title.language) for title in record.titles] == [
        ("On paste", "en"),
        ("圖書館糊劑硏究", language),
    ]


def test_a_wrong_tag_does_not_make_chinese_english():
    titles = '<titles><title>On paste</title><original_language_title language="en">论图书馆浆糊</original_language_title></titles>'
    record = record_of(f"<journal><journal_article>{titles}{DOI_DATA}</journal_article></journal>")

    assert [title.language for title in record.titles] == ["en", "zh-Hans"]


# -- other kinds -----------------------------------------------------------------------------------------

BOOK = """<book book_type="edited_book"><book_series_metadata><series_metadata><titles><title>Paste Notes</title></titles>
<issn>1548-7768</issn></series_metadata><titles><title>The Book of Paste</title></titles><volume>7</volume>
{date}<isbn>978-3-16-148410-0</isbn><publisher><publisher_name>Paste Verlag</publisher_name></publisher>
<doi_data><doi>10.5555/book</doi><resource>https://b.example.org</resource></doi_data></book_series_metadata>{item}</book>"""


@pytest.mark.parametrize(
    ("inner", "work_type"),
    [
        (f"<journal>{minimal('journal_issue')}</journal>", "journal-issue"),
        (f"<conference>{minimal('conference_paper')}</conference>", "proceedings-article"),
        (f"<conference>{minimal('proceedings_metadata')}</conference>", "proceedings"),
        (minimal("posted_content", attributes=' type="preprint"'), "posted-content"),
        (minimal("peer_review"), "peer-review"),
        (minimal("dissertation"), "dissertation"),
        (f"<report-paper>{minimal('report-paper_metadata')}</report-paper>", "report"),
        (f"<database>{minimal('dataset')}</database>", "dataset"),
        (
            f"<sa_component><component_list>{minimal('component')}</component_list></sa_component>",
            "component",
        ),
        (f"<standard>{minimal('standard_metadata')}</standard>", "standard"),
        (f'<book book_type="monograph">{minimal("book_metadata")}</book>', "monograph"),
        (f'<book book_type="other">{minimal("book_metadata")}</book>', "book"),
        (
            f"<book>{minimal('content_item', attributes=' component_type=' + chr(34) + 'section' + chr(34))}</book>",
            "book-section",
        ),
    ],
)
def test_every_kind_of_work_is_read_under_the_name_that_the_json_gives_it(inner, work_type):
    record = record_of(inner)

    assert (record.work_type, [title.value for title in record.titles]) == (work_type, ["Library paste"])


def test_a_chapter_stands_in_its_book_and_its_series():
    chapter = minimal(
        "content_item", "<pages><first_page>1</first_page></pages>", ' component_type="chapter"'
    )
    record = record_of(BOOK.format(date=DATE.format("print", 2019, 2), item=chapter))

    assert record.work_type == "book-chapter"
    assert record.container == Container("The Book of Paste", issns=("1548-7768",))
    assert (record.publisher, record.issued) == ("Paste Verlag", PartialDate(2019, 2, 14))
    assert json.loads(record.extra or "{}") == {"isbn": ["9783161484100"]}


def test_the_doi_that_was_asked_for_decides_between_a_book_and_its_chapter():
    book = BOOK.format(date="", item=minimal("content_item")).replace("10.5555/PASTE.7", "10.5555/chapter")
    record = record_of(book.replace("10.5555/book", "10.5555/paste.7"))

    assert (record.source_key, record.titles[0].value) == ("10.5555/paste.7", "The Book of Paste")


def test_a_dissertation_has_one_author_a_school_and_a_day_of_approval():
    inner = """<person_name sequence="first" contributor_role="author"><given_name>Mei</given_name><surname>Lin</surname></person_name>
    <approval_date><year>2018</year></approval_date><institution><institution_name>Paste University</institution_name></institution>"""
    [record] = parse_xml(payload(unixref(minimal("dissertation", inner)))).records

    assert [one.name for one in record.contributors] == ["Mei Lin"]
    assert (record.issued, record.publisher) == (PartialDate(2018), "Paste University")


def test_a_resolved_query_of_the_older_form_is_read_too():
    document = """<crossref_result xmlns="http://www.crossref.org/qrschema/2.0" version="2.0"><query_result><body>
    <query status="resolved"><doi type="journal_article">10.5555/paste.7</doi><issn type="print">15487768</issn>
    <journal_title>Journal of Library Paste</journal_title><contributors><contributor sequence="first" contributor_role="author">
    <given_name>Mei</given_name><surname>Lin</surname></contributor></contributors><volume>8</volume><issue>3</issue>
    <first_page>12</first_page><year media_type="print">2020</year><article_title>On paste</article_title></query>
    </body></query_result></crossref_result>"""
    [record] = parse_xml(payload(document)).records

    assert (record.source_key, record.titles[0].value, record.issued) == (
        "10.5555/paste.7",
        "On paste",
        PartialDate(2020),
    )
    assert record.locus == Locus(volume="8", issue="3", pages="12")
    assert [one.name for one in record.contributors] == ["Mei Lin"]


# -- answers that are none -------------------------------------------------------------------------------

UNRESOLVED = """<crossref_result version="2.0"><query_result><body><query status="unresolved"><doi>10.5555/paste.7</doi>
</query></body></query_result></crossref_result>"""
ERROR = "<doi_records><doi_record><crossref><error>doi:10.5555/paste.7 not found in CrossRef</error></crossref></doi_record></doi_records>"


@pytest.mark.parametrize("document", [UNRESOLVED, ERROR])
def test_what_the_register_does_not_know_is_absent_where_it_was_asked_for(document):
    assert parse_xml(payload(document, ASKED)).absent == ASKED
    assert crossref.parse(payload(document, ASKED)).absent == ASKED


@pytest.mark.parametrize("document", [UNRESOLVED, ERROR])
def test_what_the_register_does_not_know_is_a_skip_with_its_words_where_nothing_was_asked(document):
    page = parse_xml(payload(document))

    assert (page.records, page.absent) == ((), ())
    assert [skip.why.key for skip in page.skips] == ["service-says"]


@pytest.mark.parametrize(
    ("document", "key"),
    [
        (
            '<crossref_result><query_result><body><forward_link doi="10.5555/a"/></body></query_result></crossref_result>',
            "not-a-work-reply",
        ),
        ("<crossref_result><query_result><body/></query_result></crossref_result>", "not-a-work-reply"),
        (unixsd(ARTICLE)[:900], "reply-is-not-xml"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><crossref/>', "reply-declares-entities"),
    ],
)
def test_xml_about_something_else_or_broken_says_so(document, key):
    with pytest.raises(ParseError) as refused:
        parse_xml(payload(document))
    assert refused.value.message.key == key


def test_a_record_without_a_doi_is_skipped_and_the_others_are_read():
    document = unixref(minimal("dissertation").replace(DOI_DATA, "")).removesuffix("</doi_records>")
    page = parse_xml(payload(document + unixref(ARTICLE).removeprefix("<doi_records>")))

    assert [record.source_key for record in page.records] == ["10.5555/paste.7"]
    assert [(skip.why.key, skip.fatal) for skip in page.skips] == [("no-key-in-record", True)]


def test_the_source_reads_both_forms_of_an_answer():
    [record] = crossref.parse(payload(unixsd(ARTICLE), ASKED)).records
    assert record == record_of(ARTICLE)
    assert not is_xml(b"<html><body>down for www.crossref.org/ maintenance</body></html>")


# -- documents -------------------------------------------------------------------------------------------


def test_a_document_in_this_xml_is_recognised_and_read():
    chosen = next(each for each in FORMATS if each.sniff(unixsd(ARTICLE)))
    [record] = chosen.parse(io.StringIO(unixsd(ARTICLE)), Context("paste.xml", NIGHT))

    assert chosen is FORMAT
    assert (record.source, record.source_key, record.document) == ("crossref", "10.5555/paste.7", "paste.xml")


def test_a_document_that_is_cut_off_is_one_skip():
    [skip] = FORMAT.parse(io.StringIO(unixsd(ARTICLE)[:1500]), Context("paste.xml", NIGHT))

    assert (skip.where, skip.why.key, skip.fatal) == ("paste.xml", "reply-is-not-xml", True)


# -- recorded replies ------------------------------------------------------------------------------------

ALIKE = (
    "titles", "abstracts", "contributors", "container", "locus", "issued", "published_online", "work_type", "publisher",
    "is_open_access", "retracted", "identifiers", "source_key",
)  # fmt: skip
# Where the deposit itself changed between the recordings of the two forms, or the XML is the plainer one.
REDEPOSITED = {
    "10.1126/science.169.3946.635": {"abstracts", "publisher"},
    "10.2210/pdb4hhb/pdb": {"container"},  # in the JSON that of the work that it is a component of
    "10.1111/nph.14619": {"titles", "abstracts", "contributors", "container"},
    "10.1111/j.1865-1682.2010.01171.x": {"publisher"},
    "10.3390/publications6020015": {"abstracts", "contributors"},
    "10.7600/jspfsm.56.60": {"container"},
    "10.1155/2012/291294": {"abstracts"},  # the XML keeps blanks between paragraphs that the JSON lost
}


def recorded(name: str) -> bytes:
    return (CORPUS / name).read_bytes()


def both_forms() -> list[tuple[str, str, list[str]]]:
    path = CORPUS / "SAME_DOI_FORMATS.tsv"
    if not path.exists():
        return []
    found = []
    for doi, said in csv.reader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t"):
        forms = dict(each.split("=", 1) for each in said.split(" | ")) if " | " in said else {}
        if {"crossref", "crossref_xml"} <= forms.keys():
            found += [(doi, name, forms["crossref"].split(",")) for name in forms["crossref_xml"].split(",")]
    return found


def work_in(name: str, doi: str):
    answer = json.loads(recorded(name))
    inner = answer.get("message", answer)
    work = next(one for one in inner.get("items", [inner]) if one["DOI"].lower() == doi)
    return crossref.parse_work(work, NIGHT)


@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is missing")
def test_recorded_works_are_the_same_in_xml_and_in_json():
    compared, differing = 0, []
    for doi, name, others in both_forms():
        [record] = parse_xml(payload(recorded(name).decode())).records
        told = [work_in(other, doi) for other in others]
        for field in set(ALIKE) - REDEPOSITED.get(doi, set()):
            values = [value for one in told if (value := getattr(one, field)) not in (None, ())]
            compared += bool(values)
            if (
                values
                and getattr(record, field) not in values
                and not _says_more(getattr(record, field), values[0])
            ):
                differing.append((doi, name, field))
    assert compared > 700
    assert differing == []


def _says_more(value: object, told: object) -> bool:
    """A locus that has a part more: older JSON left out article numbers."""
    return (
        isinstance(value, Locus)
        and isinstance(told, Locus)
        and value.volume == told.volume
        and told.pages is None
    )


@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/corpus is missing")
def test_every_recorded_reply_in_xml_is_read_or_says_why_not():
    read, refused = 0, []
    for path in sorted((CORPUS / "crossref_xml").glob("*.xml")):
        try:
            page = parse_xml(payload(path.read_bytes().decode()))
        except ParseError as why:
            refused.append(why.message.key)
        else:
            read += len(page.records)
            refused += [skip.why.key for skip in page.skips if skip.fatal]
    assert read >= 80
    assert set(refused) <= {"not-a-work-reply", "service-says"}
