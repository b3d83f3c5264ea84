import gzip
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import InvalidIdentifier, ParseError, SourceRefused, SourceUnavailable
from harvester.hops import first_hop
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
from harvester.sources.openalex import SOURCE, parse_work
from harvester.sources.openalex_fields import rebuilt
from harvester.wire import Asker, Payload, Skip

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://api.example.org"
NOBODY = Asker()
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
WORK = {"id": "https://openalex.org/W7", "doi": "https://doi.org/10.5555/paste.2016"}
FLASK_404 = (
    b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>"
    b"The requested URL was not found on the server. If you entered the URL manually please check.</p>"
)

WHOLE = {
    "id": "https://openalex.org/W7",
    "doi": "https://doi.org/10.5555/PASTE.2016",
    "title": "On the drying of <i>library</i> paste",
    "display_name": "On the drying of library paste",
    "publication_year": 2016,
    "publication_date": "2016-01-01",
    "ids": {
        "openalex": "https://openalex.org/W7",
        "mag": 77,
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/1234567",
        "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/7654321",
    },
    "language": "en",
    "primary_location": {
        "landing_page_url": "https://doi.org/10.5555/paste.2016",
        "source": {
            "display_name": "Journal of Paste",
            "issn_l": "1548-7768",
            "issn": ["1548-7768", "1548-7776"],
            "host_organization_name": "Glue Press",
            "type": "journal",
        },
        "raw_type": "journal-article",
    },
    "type": "review",
    "open_access": {"is_oa": True, "oa_status": "green", "oa_url": "https://repo.example.org/7"},
    "authorships": [
        {
            "author": {"display_name": "M. L. Lin", "orcid": "https://orcid.org/0000-0002-1825-0097"},
            "raw_author_name": "Mei Lin",
            "raw_affiliation_strings": ["Library, Paste Town"],
            "institutions": [{"display_name": "Paste Library"}],
        },
        {
            "author": {"display_name": "Ola Berg", "orcid": None},
            "raw_author_name": "Berg, Ola",
            "raw_affiliation_strings": [],
            "institutions": [{"display_name": "Berg College"}],
        },
    ],
    "cited_by_count": 0,
    "biblio": {"volume": "19", "issue": None, "first_page": "275", "last_page": "293"},
    "is_retracted": False,
    "is_paratext": False,
    "primary_topic": {"display_name": "Adhesives", "field": {"display_name": "Materials Science"}},
    "topics": [{"display_name": "Adhesives"}, {"display_name": "Bookbinding"}],
    "best_oa_location": {
        "pdf_url": "https://repo.example.org/7.pdf",
        "landing_page_url": "https://repo.example.org/7",
        "license": "cc-by",
        "version": "acceptedVersion",
    },
    "abstract_inverted_index": {"Abstract": [0], "Paste": [1], "dries": [2, 6], "slowly;": [3], "glue": [5]},
}


def doi(value):
    return Identifier(Scheme.DOI, value)


def payload(body, *, status=200, asked=(), kind="application/json"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="openalex",
        url=BASE,
        status=status,
        content_type=kind,
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


def work(**said):
    return parse_work({"id": "https://openalex.org/W7", **said}, NIGHT)


# -- one record ------------------------------------------------------------------------------------------


def test_a_work_is_read_whole():
    skips: list[Skip] = []

    record = parse_work(WHOLE, NIGHT, document="seed.txt:1", remarks=skips)

    assert skips == []
    assert record == Record(
        source="openalex",
        source_key="W7",
        retrieved_at=NIGHT,
        document="seed.txt:1",
        identifiers=(
            doi("10.5555/paste.2016"),
            Identifier(Scheme.PMCID, "PMC7654321"),
            Identifier(Scheme.PMID, "1234567"),
        ),
        titles=(Text("On the drying of library paste", "en", Origin.AGGREGATOR),),
        abstracts=(Text("Paste dries slowly; glue dries", "en", Origin.AGGREGATOR),),
        contributors=(
            Contributor(
                "Mei Lin",
                family="Lin",
                given="Mei",
                orcid="0000-0002-1825-0097",
                affiliations=("Library, Paste Town",),
            ),
            Contributor("Ola Berg", family="Berg", given="Ola", affiliations=("Berg College",)),
        ),
        container=Container("Journal of Paste", issns=("1548-7768", "1548-7776")),
        locus=Locus(volume="19", pages="275-293"),
        issued=PartialDate(2016),
        work_type="journal-article",
        publisher="Glue Press",
        url="https://doi.org/10.5555/paste.2016",
        is_open_access=True,
        open_access=OpenAccess("https://repo.example.org/7.pdf", "cc-by", "green", None, "acceptedVersion"),
        citation_count=0,
        retracted=False,
        subjects=("Adhesives", "Bookbinding"),
        extra='{"field":"Materials Science","language":"en","mag":"77","type":"review"}',
    )


@pytest.mark.parametrize(
    "index, line",
    [
        ({"drying": [1], "On": [0], "paste": [9]}, "On drying paste"),
        ({"a": [0, 2], "b": [1]}, "a b a"),
        ({"b": [0], "a": [0]}, "a b"),
        ({"目的：": [0], "观察浆糊。": [1], "方法：": [2], "晾干": [3]}, "目的：观察浆糊。方法：晾干"),
        ({"浆糊": [0], "图书馆": [1]}, "浆糊 图书馆"),
        ({"far": [10**15], "near": [-1]}, "near far"),
        ({"Abstract": [0], "Paste": [1], "dries": [2]}, "Paste dries"),
        ({"AbstractA": [0], "survey": [1]}, "A survey"),
        ({"Abstract": [0], "algebra": [1], "is": [2]}, "Abstract algebra is"),
        ({"Abstract": [0], "State": [1], "Machines": [2]}, "Abstract State Machines"),
        ({"x": "0", "y": [None, True, 1.5]}, None),
        ({}, None),
    ],
)
def test_an_abstract_is_put_back_together(index, line):
    assert rebuilt(index) == line


@pytest.mark.parametrize(
    "index",
    [
        '{"IndexLength": 2, "InvertedIndex": {"paste": [1], "Wet": [0]}}',  # 10.1002/1522-239x(200205)113:1/2<152::aid-fedr152>3.0.co;2-1
        {"IndexLength": 2, "InvertedIndex": {"paste": [1], "Wet": [0]}},
    ],
)
def test_an_index_may_be_wrapped_or_be_json_in_a_string(index):
    assert [each.value for each in work(abstract_inverted_index=index).abstracts] == ["Wet paste"]


@pytest.mark.parametrize(
    "date, year, issued",
    [
        ("2018-01-01", 2018, PartialDate(2018)),  # 10.7600/jspfsm.56.60: a day that nobody told
        ("2016-10-01", 2016, PartialDate(2016, 10, 1)),
        ("2016-01-02", 2016, PartialDate(2016, 1, 2)),
        (None, 2007, PartialDate(2007)),
        ("soon", "2007", PartialDate(2007)),
        (None, 0, None),
    ],
)
def test_the_first_of_january_is_only_a_year(date, year, issued):
    assert work(publication_date=date, publication_year=year).issued == issued


@pytest.mark.parametrize(
    "said, work_type",
    [
        ({"type": "article"}, "journal-article"),
        ({"type": "preprint"}, "posted-content"),
        ({"type": "book-chapter"}, "book-chapter"),
        ({"type": "grant"}, "grant"),
        ({"type": "article", "type_crossref": "proceedings-article"}, "proceedings-article"),
        ({"type": "book", "primary_location": {"raw_type": "edited-book"}}, "edited-book"),
        ({"type": "preprint", "primary_location": {"raw_type": "Text"}}, "posted-content"),
        ({"type": "article", "primary_location": {"source": {"type": "conference"}}}, "proceedings-article"),
        ({}, None),
    ],
)
def test_types_are_in_crossrefs_words(said, work_type):
    assert work(**said).work_type == work_type


@pytest.mark.parametrize(
    "kind, name, raw, type_, title",
    [
        ("journal", "Journal of Paste", "J PASTE", "article", "Journal of Paste"),
        ("ebook platform", "Glue Press eBooks", "The Book of Paste", "book-chapter", "The Book of Paste"),
        ("ebook platform", "Glue Press eBooks", "Glue Press", "book", None),
        ("repository", "PasteXiv (Paste Town)", "Paste Papers", "article", None),
        (None, None, "Proceedings of Paste", "article", "Proceedings of Paste"),
        (None, None, "http://paste.example.org/1.pdf", "article", None),  # 10.22004/ag.econ.16608
    ],
)
def test_a_container_is_what_the_work_is_part_of(kind, name, raw, type_, title):
    source = {"type": kind, "display_name": name} if kind else None

    found = work(type=type_, primary_location={"source": source, "raw_source_name": raw}).container

    assert (found.title if found else None) == title


def test_the_venue_of_older_replies_is_read():
    record = work(
        host_venue={"display_name": "Journal of Paste", "type": "journal", "publisher": "Glue Press"}
    )

    assert (record.container, record.publisher) == (Container("Journal of Paste"), "Glue Press")


def test_a_japanese_or_chinese_title_is_filed_by_what_it_is():
    assert [each.language for each in work(title="浆糊在图书馆里怎样变干", language="en").titles] == [
        "zh-Hans"
    ]
    assert [each.language for each in work(title="のりの乾き方", language="en").titles] == ["ja"]


@pytest.mark.parametrize(
    "title, said, language",
    [
        ("浆糊在图书馆里怎样变干", "zh-cn", "zh"),
        ("浆糊在图书馆里怎样变干", "en", None),
        ("The drying of paste in the library", "en", None),
        ("Das Trocknen des Kleisters in der Bibliothek ist nicht schnell", "de", "de"),
    ],
)
def test_english_says_nothing_of_the_works_own_language(title, said, language):
    assert work(title=title, language=said).language == language


@pytest.mark.parametrize(
    "raw, value",
    [
        ("https://pubmed.ncbi.nlm.nih.gov/29456894", "29456894"),
        ("pmid:29456894", "29456894"),
        (29456894, "29456894"),
        ("https://pubmed.ncbi.nlm.nih.gov/PMC3575529", None),  # 10.1083/jcb.201211138
    ],
)
def test_a_pmid_is_a_number(raw, value):
    found = [each.value for each in work(ids={"pmid": raw}).identifiers]

    assert found == ([value] if value else [])


def test_a_doi_keeps_what_belongs_to_it():
    record = work(doi="https://doi.org/10.5555/A(2006)87[2832:T]2.0.CO;2.")

    assert record.identifiers == (doi("10.5555/a(2006)87[2832:t]2.0.co;2."),)


def test_a_work_of_selected_fields_is_known_by_its_doi():
    assert (
        parse_work({"doi": "https://doi.org/10.5555/1", "open_access": {}}, NIGHT).source_key == "10.5555/1"
    )


@pytest.mark.parametrize("data", [None, [], {}, {"id": "https://openalex.org/A7"}, {"doi": "paste"}])
def test_what_is_no_work_is_refused(data):
    with pytest.raises(ParseError):
        parse_work(data, NIGHT)


def test_authors_vote_on_the_order_of_their_names():
    shown = ["Salim Yusuf", "Anna B. Holm", "John R. Berg", "李 静", "Lin, Mei"]

    people = work(authorships=[{"raw_author_name": name} for name in shown]).contributors

    assert [(one.family, one.given) for one in people] == [
        ("Yusuf", "Salim"),
        ("Holm", "Anna B."),
        ("Berg", "John R."),
        ("李", "静"),
        ("Lin", "Mei"),
    ]


def test_authors_that_a_list_cut_off_are_remarked():
    skips: list[Skip] = []
    authors = [{"raw_author_name": "Mei Lin"}] * 100

    record = parse_work({**WORK, "authorships": authors}, NIGHT, remarks=skips)

    assert [(skip.where, skip.why.key, skip.fatal) for skip in skips] == [("W7", "authors-cut-off", False)]
    assert record.extra == '{"authorsTruncated":true}'


# -- answers ---------------------------------------------------------------------------------------------


def test_a_list_is_matched_by_doi_and_the_dropped_are_missing():
    other = {"id": "https://openalex.org/W9", "doi": "https://doi.org/10.5555/other"}
    asked = [doi("10.5555/none"), doi("10.5555/paste.2016")]

    page = SOURCE.parse(payload({"meta": {}, "results": [other, WORK]}, asked=asked))

    assert [record.source_key for record in page.records] == ["W7"]
    assert (page.missing, page.absent) == ((doi("10.5555/none"),), ())
    assert [(skip.where, skip.why.key, skip.fatal) for skip in page.skips] == [
        ("W9", "answer-not-asked-for", False)
    ]


def test_two_works_of_one_doi_are_both_kept():
    twin = {**WORK, "id": "https://openalex.org/W8"}

    page = SOURCE.parse(payload({"results": [WORK, twin]}, asked=[doi("10.5555/paste.2016")]))

    assert [record.source_key for record in page.records] == ["W7", "W8"]


def test_a_single_answer_with_another_doi_is_left_out():
    page = SOURCE.parse(payload(WORK, asked=[doi("10.5555/preprint")]))

    assert (page.records, page.absent, page.missing) == ((), (), ())
    assert [(skip.where, skip.why.key, skip.fatal) for skip in page.skips] == [
        ("10.5555/preprint", "answer-is-another", True)
    ]


def test_a_work_found_by_its_pmcid_gets_it():
    asked = Identifier(Scheme.PMCID, "PMC7")

    assert asked in SOURCE.parse(payload(WORK, asked=[asked])).records[0].identifiers


@pytest.mark.parametrize(
    "body", [FLASK_404, {"error": "Not Found", "message": "No work found"}, {"message": "Work not found"}]
)
def test_the_services_own_404_is_absent(body):
    assert SOURCE.parse(payload(body, status=404, asked=[doi("10.5555/1")])).absent == (doi("10.5555/1"),)


@pytest.mark.parametrize(
    "body, status, key",
    [
        (b"<html><h1>404</h1>nginx</html>", 404, "reply-is-markup"),
        ({"message": "no Route matched with those values"}, 404, "service-says"),
        ({"error": "Invalid query parameters error.", "message": "not a valid field"}, 400, "service-says"),
        ({"error": "Timeout"}, 200, "service-says"),
        (b'{"id": "https://openalex.org/W1', 200, "reply-is-not-json"),
        ({"id": "https://openalex.org/A1", "display_name": "Mei Lin"}, 200, "not-a-work-reply"),
        ({"meta": {"count": 3}, "group_by": []}, 200, "not-a-work-reply"),
        (b"", 414, "batch-too-large"),
        (b"7", 200, "not-an-object"),
    ],
)
def test_what_is_no_answer_is_malformed_and_never_absent(body, status, key):
    with pytest.raises(ParseError) as caught:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))

    assert caught.value.message.key == key


@pytest.mark.parametrize(
    "body, status, error, key, wait_s",
    [
        ({"error": "Rate limit exceeded"}, 429, SourceUnavailable, "service-unavailable", None),
        ({"error": "Too fast", "retryAfter": 7}, 429, SourceUnavailable, "service-unavailable", 7),
        (b"<html>slow down</html>", 429, SourceUnavailable, "service-unavailable", None),
        (b"", 503, SourceUnavailable, "service-unavailable", None),
        (
            {"error": "Rate limit exceeded", "message": "Insufficient budget"},
            429,
            SourceUnavailable,
            "budget-spent",
            75_600,
        ),
        ({"error": "Plan upgrade required", "message": "…"}, 429, SourceRefused, "plan-needed", None),
        ({"error": "Plan upgrade required", "message": "…"}, 403, SourceRefused, "plan-needed", None),
        ({"error": "Invalid or missing API key"}, 401, SourceRefused, "service-refuses", None),
    ],
)
def test_pace_budget_and_plan_are_told_apart(body, status, error, key, wait_s):
    with pytest.raises(error) as caught:
        SOURCE.parse(payload(body, status=status, asked=[doi("10.5555/1")]))

    assert type(caught.value) is error
    assert (caught.value.message.key, caught.value.retry_after_s) == (key, wait_s)


# -- questions -------------------------------------------------------------------------------------------


def test_a_list_asks_for_as_many_as_it_names():
    asked = [doi("10.5555/1"), doi("10.5555/2"), doi("10.5555/1"), Identifier(Scheme.ARXIV, "2304.01333")]

    [request] = SOURCE.batch(BASE, asked, Asker(key="secret"))

    params = dict(request.params)
    assert (request.method, request.url, request.limit) == ("GET", f"{BASE}/works", "list")
    assert params["filter"] == "doi:10.5555/1|10.5555/2"
    assert (params["per_page"], params["api_key"]) == ("2", "secret")
    assert "abstract_inverted_index" in params["select"].split(",")
    assert request.asked == (doi("10.5555/1"), doi("10.5555/2"))


def test_what_a_filter_cannot_hold_is_asked_singly():
    odd = [doi("10.5555/a,b"), doi("10.5555/a|b"), Identifier(Scheme.PMID, "7"), doi("10.5555/last")]

    requests = list(SOURCE.batch(BASE, odd, NOBODY))

    assert [request.url for request in requests] == [
        f"{BASE}/works/doi:10.5555%2Fa%2Cb",
        f"{BASE}/works/doi:10.5555%2Fa%7Cb",
        f"{BASE}/works/pmid:7",
        f"{BASE}/works/doi:10.5555%2Flast",
    ]
    assert {request.limit for request in requests} == {"single"}
    assert all("api_key" not in dict(request.params) for request in requests)


@given(
    st.lists(
        st.text(st.sampled_from("abc01/<>&;()[] é"), min_size=1, max_size=200),
        min_size=1,
        max_size=300,
        unique=True,
    ),
    st.none() | st.text("k", min_size=1, max_size=80),
)
@settings(deadline=None, max_examples=30)
def test_every_doi_is_asked_once_in_addresses_that_fit(suffixes, key):
    asked = [doi(f"10.5555/{suffix}") for suffix in suffixes]

    requests = list(SOURCE.batch(BASE, asked, Asker(key=key)))

    assert sorted(one for request in requests for one in request.asked) == sorted(asked)
    for request in requests:
        assert len(first_hop(request, ()).url.encode()) <= 8_190
        assert len(request.asked) <= 100
        assert len(request.asked) == 1 or int(dict(request.params)["per_page"]) >= len(request.asked)


def test_an_unknown_scheme_is_not_asked():
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, Identifier(Scheme.PLATFORM, "x:1"), NOBODY)


# -- laws ------------------------------------------------------------------------------------------------

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(sorted(WHOLE)), json_values)
def test_any_json_in_any_key_costs_no_record(key, value):
    with suppress(ParseError):
        record = parse_work({**WHOLE, key: value}, NIGHT)
        assert record.fingerprint()
        assert record.source_key in {"W7", "10.5555/paste.2016"} or key in {"id", "doi", "ids"}


@settings(deadline=None)
@given(json_values)
def test_any_json_is_a_page_or_an_error_of_ours(value):
    with suppress(ParseError):
        assert SOURCE.parse(payload(json.dumps(value).encode(), asked=[doi("10.5555/1")])).absent == ()


@given(st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=8), min_size=1))
def test_an_index_and_its_text_hold_the_same_letters(words):
    index: dict[str, list[int]] = {"Lead": [-1]}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)

    assert (rebuilt(index) or "").replace(" ", "") == "".join(["Lead", *words])


# -- the recorded replies --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus_works():
    path = CORPUS / "bulk" / "openalex.jsonl.gz"
    if not path.exists():
        pytest.skip("../shared/corpus is missing")
    works = [json.loads(line) for line in gzip.decompress(path.read_bytes()).split(b"\n") if line]
    return [(raw, parse_work(raw, NIGHT)) for raw in works]


def test_every_real_work_has_its_key_and_its_doi(corpus_works):
    assert len(corpus_works) > 400
    for raw, record in corpus_works:
        assert re.fullmatch("W[0-9]+", record.source_key)
        dois = [each.value for each in record.identifiers if each.scheme is Scheme.DOI]
        assert dois == ([raw["doi"].lower().removeprefix("https://doi.org/")] if raw.get("doi") else [])


def test_real_titles_abstracts_and_authors_are_kept(corpus_works):
    for raw, record in corpus_works:
        assert bool(record.titles) == bool(
            re.search(r"\w", raw.get("title") or raw.get("display_name") or "")
        )
        assert bool(record.abstracts) == bool(raw.get("abstract_inverted_index") or raw.get("abstract"))
        assert len(record.contributors) == len(raw.get("authorships") or [])


def test_no_real_date_is_an_invented_first_of_january(corpus_works):
    dates = [(raw, record.issued) for raw, record in corpus_works]

    assert all(date and date.year == raw["publication_year"] for raw, date in dates)
    assert not any((date.month, date.day) == (1, 1) for _, date in dates)


def test_every_recorded_reply_is_read_or_refused_with_a_reason():
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    told = {}
    for path in [*(CORPUS / "openalex").iterdir(), *(CORPUS / "errors").glob("*__openalex__*")]:
        status = int(path.name.split("__")[2]) if path.parent.name == "errors" else 200
        try:
            told[path.name] = len(SOURCE.parse(payload(path.read_bytes(), status=status)).records)
        except (ParseError, SourceRefused) as refused:
            told[path.name] = refused.message.key

    assert len(told) > 50
    assert set(told.values()) & {"not-a-work-reply", "service-says", "service-refuses"}
    assert sum(each for each in told.values() if isinstance(each, int)) > 250
