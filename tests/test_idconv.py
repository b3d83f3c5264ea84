import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.errors import HarvesterError, InvalidIdentifier, ParseError, SourceUnavailable
from harvester.model import Identifier, Record, Scheme
from harvester.sources.idconv import SOURCE
from harvester.wire import Asker, Payload

NIGHT = "2026-11-21T03:00:00Z"
BASE = "https://pmc.example.org/v1"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
DOI = Identifier(Scheme.DOI, "10.5555/paste")
PMID = Identifier(Scheme.PMID, "99000001")
PMCID = Identifier(Scheme.PMCID, "PMC9900001")
ENTRY = {"doi": "10.5555/Paste", "pmid": 99000001, "pmcid": "PMC9900001", "requested-id": "10.5555/Paste"}
RECORD = Record(
    source="ncbi_idconv", source_key="PMC9900001", retrieved_at=NIGHT, identifiers=(DOI, PMCID, PMID)
)


def payload(body, *, asked=(), status=200):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Payload(
        service="ncbi_idconv",
        url=BASE,
        status=status,
        content_type="",
        body=raw,
        retrieved_at=NIGHT,
        asked=tuple(asked),
    )


def answer(*records, **kept):
    return payload({"status": "ok", "records": list(records)}, **kept)


def test_each_scheme_is_asked_by_itself():
    first, second = SOURCE.batch(BASE, [DOI, PMCID, DOI], Asker("a@example.org"))

    assert first.url == f"{BASE}/articles/"
    assert first.params == (
        ("ids", "10.5555/paste"),
        ("idtype", "doi"),
        ("format", "json"),
        ("tool", "harvester"),
        ("email", "a@example.org"),
    )
    assert (second.params[:2], second.asked) == ((("ids", "PMC9900001"), ("idtype", "pmcid")), (PMCID,))


def test_lists_hold_at_most_200_and_stay_short_enough_for_an_address():
    short = [Identifier(Scheme.PMID, str(number)) for number in range(1, 401)]
    long = [Identifier(Scheme.DOI, f"10.5555/{'x' * 200}{number}") for number in range(50)]

    assert [len(each.asked) for each in SOURCE.batch(BASE, short, Asker())] == [200, 200]
    assert all(len(each.params[0][1]) < 5300 for each in SOURCE.batch(BASE, long, Asker()))


def test_a_doi_with_a_comma_cannot_be_asked():
    comma = Identifier(Scheme.DOI, "10.1001/jama.251.19.2504,2509")

    assert list(SOURCE.batch(BASE, [comma], Asker())) == []
    with pytest.raises(InvalidIdentifier):
        SOURCE.single(BASE, comma, Asker())


def test_an_entry_is_a_record_of_identifiers():
    assert SOURCE.parse(answer(ENTRY)).records == (RECORD,)


def test_entries_are_matched_by_identifier_and_errors_are_absent():
    gone, dropped = Identifier(Scheme.DOI, "10.5555/gone"), Identifier(Scheme.DOI, "10.5555/dropped")
    error = {"requested-id": "10.5555/GONE", "status": "error", "errmsg": "Identifier not found in PMC"}

    page = SOURCE.parse(answer(error, ENTRY, asked=[DOI, gone, dropped]))

    assert (page.records, page.absent, page.missing) == ((RECORD,), (gone,), (dropped,))


@pytest.mark.parametrize(
    "entry, asked",
    [
        ({"pmid": "19308318", "live": "false", "status": "error", "errmsg": "invalid article id"}, Identifier(Scheme.PMID, "19308318")),
        ({"requested-id": "PMC7", "status": "error"}, Identifier(Scheme.PMCID, "PMC7")),
        ({"requested-id": 7, "status": "error"}, Identifier(Scheme.PMID, "7")),
    ],
)  # fmt: skip
def test_an_error_names_its_identifier_in_several_ways(entry, asked):
    assert SOURCE.parse(answer(entry, asked=[asked])).absent == (asked,)


def test_an_entry_with_one_identifier_tells_nothing():
    page = SOURCE.parse(answer({"pmcid": "PMC7"}, asked=[Identifier(Scheme.PMCID, "PMC7")]))

    assert page.records == page.absent == ()
    assert [skip.why.key for skip in page.skips] == ["no-key-in-record"]


@pytest.mark.parametrize(
    "body, status, kind",
    [
        ({"status": "error", "message": "ID%20type%20mismatch"}, 404, ParseError),
        ({"status": "error", "invalid_dois": ["x"]}, 400, ParseError),
        ({"status": "ok"}, 200, ParseError),
        ([], 200, ParseError),
        (b"<html>busy</html>", 200, ParseError),
        (b"<PubMedToPMCcitingformSET/>", 200, ParseError),
        (b"", 429, SourceUnavailable),
    ],
)
def test_what_is_no_answer_raises(body, status, kind):
    with pytest.raises(HarvesterError) as refusal:
        SOURCE.parse(payload(body, status=status, asked=[DOI]))
    assert type(refusal.value) is kind


@given(
    st.sampled_from(sorted([*ENTRY, "status"])), st.none() | st.integers() | st.text() | st.lists(st.text())
)
def test_any_json_in_any_key_never_raises(key, value):
    page = SOURCE.parse(payload(json.dumps({"records": [{**ENTRY, key: value}]}).encode(), asked=[DOI]))

    assert page.records or page.absent or page.skips or key == "doi"


def test_every_recorded_reply_is_read_or_refused_with_a_reason():
    if not CORPUS.exists():
        pytest.skip("../shared/corpus is missing")
    pages, refused = [], []
    for path in sorted((CORPUS / "ncbi_idconv").iterdir()):
        try:
            pages.append(SOURCE.parse(payload(path.read_bytes())))
        except HarvesterError as told:
            refused.append(told.message.key)

    assert sum(len(page.records) for page in pages) == 4
    assert sum(len(page.absent) for page in pages) == 2
    assert set(refused) <= {"not-a-work-reply"}
