import gzip
import json
import re
from pathlib import Path

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
    Scheme,
    Text,
)
from harvester.sources.semantic_scholar import is_paper, parse_work
from harvester.wire import Skip

NIGHT = "2026-11-21T03:00:00Z"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
SHA = "0123456789abcdef0123456789abcdef01234567"

PAPER = {
    "paperId": SHA,
    "corpusId": 77,
    "externalIds": {
        "DOI": "10.5555/PASTE.2016",
        "PubMed": "27899999",
        "PubMedCentral": "5100001",
        "CorpusId": 77,
        "DBLP": "journals/paste/Lin16",
    },
    "url": f"https://www.semanticscholar.org/paper/{SHA}",
    "title": "Paste and the building of shelves in the library",
    "abstract": "ABSTRACT The paste of the library dries slowly in the winter.",
    "venue": "Journal of Paste Studies",
    "publicationVenue": {
        "id": "5a0e0c3e-0000-0000-0000-000000000001",
        "name": "Journal of Paste Studies",
        "issn": "1548-7768",
        "alternate_issns": ["1548-7776"],
    },
    "year": 2016,
    "publicationDate": "2016-10-01",
    "journal": {
        "name": "Journal of paste studies",
        "volume": "8 1",
        "pages": "\n          275 - 293\n        ",
    },
    "authors": [{"authorId": "1", "name": "Sang M. Lee"}, {"authorId": None, "name": "A. Rossi"}],
    "citationCount": 0,
    "isOpenAccess": False,
    "openAccessPdf": {"url": "", "status": "CLOSED", "license": None, "disclaimer": "Notice: ask them"},
    "fieldsOfStudy": None,
    "s2FieldsOfStudy": [
        {"category": "Medicine", "source": "external"},
        {"category": "Medicine", "source": "s2-fos-model"},
    ],
    "publicationTypes": ["Review", "JournalArticle"],
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def paper(**said):
    return parse_work({"paperId": SHA, **said}, NIGHT)


# -- one record ------------------------------------------------------------------------------------------


def test_a_paper_is_read_whole():
    skips: list[Skip] = []

    record = parse_work(PAPER, NIGHT, remarks=skips)

    assert skips == []
    assert record == Record(
        source="semanticscholar",
        source_key=SHA,
        retrieved_at=NIGHT,
        identifiers=(
            Identifier(Scheme.CORPUS, "77"),
            doi("10.5555/paste.2016"),
            Identifier(Scheme.PMCID, "PMC5100001"),
            Identifier(Scheme.PMID, "27899999"),
            Identifier(Scheme.S2, SHA),
        ),
        titles=(Text("Paste and the building of shelves in the library", "en", Origin.AGGREGATOR),),
        abstracts=(Text("The paste of the library dries slowly in the winter.", "en", Origin.AGGREGATOR),),
        contributors=(
            Contributor("Sang M. Lee", family="Lee", given="Sang M."),
            Contributor("A. Rossi", family="Rossi", given="A."),
        ),
        container=Container("Journal of paste studies", issns=("1548-7768", "1548-7776")),
        locus=Locus(volume="8 1", pages="275-293"),
        issued=PartialDate(2016, 10, 1),
        work_type="journal-article",
        url=f"https://www.semanticscholar.org/paper/{SHA}",
        is_open_access=False,
        open_access=OpenAccess(status="closed"),
        citation_count=0,
        subjects=("Medicine",),
        extra=(
            '{"externalIds":{"DBLP":"journals/paste/Lin16"},'
            '"publicationTypes":["Review","JournalArticle"],"venue":"Journal of Paste Studies",'
            '"venueId":"5a0e0c3e-0000-0000-0000-000000000001"}'
        ),
    )


def test_a_paper_of_nothing_but_its_id_is_a_record():
    assert paper() == Record(
        source="semanticscholar",
        source_key=SHA,
        retrieved_at=NIGHT,
        identifiers=(Identifier(Scheme.S2, SHA),),
    )


def test_the_older_open_corpus_is_read():
    record = parse_work(
        {
            "id": SHA,
            "title": "The drying of paste",
            "paperAbstract": "How the paste dries in the library.",
            "doi": "10.5555/OLD",
            "pmid": "",
            "journalName": "Paste",
            "journalVolume": "1 5",
            "journalPages": "\n          361-5\n        ",
            "s2Url": "https://semanticscholar.org/paper/1",
            "year": 2011,
        },
        NIGHT,
    )

    assert record.source_key == SHA
    assert doi("10.5555/old") in record.identifiers
    assert record.abstracts[0].value == "How the paste dries in the library."
    assert record.locus == Locus(volume="1 5", pages="361-5")


def test_the_dataset_files_are_read():
    record = parse_work(
        {
            "corpusid": 12,
            "externalids": {"DOI": "10.5555/DATA", "PubMedCentral": None},
            "title": "Paste",
            "isopenaccess": True,
            "publicationdate": "2020-01-02",
            "citationcount": 3,
        },
        NIGHT,
    )

    assert (record.source_key, record.is_open_access, record.citation_count) == ("CorpusId:12", True, 3)
    assert record.issued == PartialDate(2020, 1, 2)


@pytest.mark.parametrize(
    "said, issued",
    [
        ({"publicationDate": None, "year": 2001}, "2001"),
        ({"publicationDate": "2001-05-06", "year": 1999}, "2001-05-06"),
        ({"publicationDate": "soon", "year": 2001}, "2001"),
        ({"publicationDate": None, "year": None}, None),
        ({"year": 0}, None),
        ({"year": "2001"}, "2001"),
    ],
)
def test_dates_keep_their_precision(said, issued):
    found = paper(**said).issued

    assert (None if found is None else str(found)) == issued


@pytest.mark.parametrize(
    "types, work_type",
    [
        (["JournalArticle", "Conference"], "proceedings-article"),
        (["Review"], "journal-article"),
        (["Book", "JournalArticle"], "journal-article"),
        (["BookSection"], "book-chapter"),
        (["News"], None),
        (None, None),
    ],
)
def test_types_are_told_in_crossrefs_words(types, work_type):
    assert paper(publicationTypes=types).work_type == work_type


def test_an_empty_pdf_address_is_no_link():
    assert paper(isOpenAccess=True, openAccessPdf={"url": "", "status": None}).oa_url is None


def test_a_pdf_address_is_a_link():
    assert (
        paper(openAccessPdf={"url": "https://paste.example.org/1.pdf"}).oa_url
        == "https://paste.example.org/1.pdf"
    )


def test_a_chinese_title_is_filed_as_chinese():
    assert paper(title="图书馆浆糊干燥过程的研究").titles == (
        Text("图书馆浆糊干燥过程的研究", "zh-Hans", Origin.AGGREGATOR),
    )


def test_a_wrong_type_costs_its_field_and_leaves_a_remark():
    skips: list[Skip] = []

    record = parse_work(
        {"paperId": SHA, "citationCount": "many", "journal": 3, "venue": {}}, NIGHT, remarks=skips
    )

    assert record.citation_count is None
    assert {skip.why.values["field"] for skip in skips} == {"citationCount", "journal"}


def test_papers_are_told_from_authors():
    assert is_paper(PAPER)
    assert not is_paper({"authorId": "1", "name": "A. Rossi", "url": "https://example.org"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


# -- laws ------------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(PAPER.keys() - {"paperId"})), json_values, max_size=6))
def test_any_value_in_any_key_leaves_a_record(said):
    record = parse_work({**PAPER, **said}, NIGHT, remarks=[])

    assert record.source_key == SHA
    assert len(record.fingerprint()) == 32


# -- real replies ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus_records():
    path = CORPUS / "bulk" / "semanticscholar.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    lines = [line for line in gzip.decompress(path.read_bytes()).split(b"\n") if line]
    return [parse_work(json.loads(line), NIGHT) for line in lines[::3]]


def test_every_real_paper_has_its_id_and_a_title(corpus_records):
    assert len(corpus_records) > 700
    assert all(re.fullmatch("[0-9a-f]{40}", record.source_key) for record in corpus_records)
    assert all(record.titles for record in corpus_records)


def test_real_dois_are_bare_and_in_lower_case(corpus_records):
    values = [
        one.value for record in corpus_records for one in record.identifiers if one.scheme is Scheme.DOI
    ]

    assert len(values) > 300
    assert all(value == value.lower() and value.startswith("10.") for value in values)


def test_real_pages_hold_no_blank(corpus_records):
    pages = [record.locus.pages for record in corpus_records if record.locus and record.locus.pages]

    assert len(pages) > 100
    assert not any(re.search(r"[\s–—]", each) for each in pages)


def test_real_titles_hold_no_tag(corpus_records):
    odd = [
        title.value
        for record in corpus_records
        for title in record.titles
        if re.search(r"</?(?:i|b|em|sub|sup|p)\b[^<>]*>|&(?:amp|lt|gt);|\n", title.value)
    ]

    assert odd == []
