"""How works hang together, access and notices: from the sources to the library file and back."""

import gzip
import json
import re
import sqlite3
from collections import Counter
from io import StringIO

import pytest
from hypothesis import given
from sqlite_utils import Database

from harvester.access import licence, open_access
from harvester.display import console, explanation_data, show_explanations, show_work
from harvester.earlier import record_of_version_1
from harvester.explain import explain
from harvester.formats.jsonl import dump_line, read_line
from harvester.merge import merge
from harvester.migrations import migrations
from harvester.model import Identifier, OpenAccess, PartialDate, Record, Relation, RelationKind, Scheme
from harvester.relations import by_work, cited, kind_of, medline_kind, notice_kind, pointing, pointing_into
from harvester.sources.crossref_fields import parse_work as parse_crossref
from harvester.sources.datacite_fields import parse_work as parse_datacite
from harvester.sources.europepmc_fields import parse_work as parse_europepmc
from harvester.sources.medline import cited_date
from harvester.standing import standing
from harvester.store import Library
from tests.conftest import SHARED
from tests.strategies import some_records

NIGHT, MORNING = "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z"
BULK = SHARED / "corpus" / "bulk"


def doi(value):
    return Identifier(Scheme.DOI, value)


def said(source, own, at=NIGHT, **fields):
    return Record(source=source, source_key=own, retrieved_at=at, identifiers=(doi(own),), **fields)


def retraction(by="retraction-watch", **fields):
    return Relation(RelationKind.IS_RETRACTED_BY, doi("10.5555/notice"), asserted_by=by, **fields)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


# -- words -------------------------------------------------------------------------------------------------


def test_every_kind_is_the_inverse_of_its_inverse():
    assert [kind.inverse.inverse for kind in RelationKind] == list(RelationKind)
    assert RelationKind.RETRACTS.inverse is RelationKind.IS_RETRACTED_BY
    assert RelationKind.HAS_PREPRINT.inverse is RelationKind.IS_PREPRINT_OF


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("is-preprint-of", "is_preprint_of"),
        ("IsVersionOf", "is_version_of"),
        ("is-same-as", "is_identical_to"),
        ("has-comment", "is_commented_on_by"),
        ("is-financed-by", None),
        ("IsRequiredBy", None),
    ],
)
def test_words_of_agencies_are_kinds(word, kind):
    assert kind_of(word) == kind


@pytest.mark.parametrize(
    ("word", "told_by", "tells_of"),
    [
        ("retraction", "is_retracted_by", "retracts"),
        ("removal", "is_retracted_by", "retracts"),
        ("partial_retraction", "is_partially_retracted_by", "partially_retracts"),
        ("expression-of-concern", "has_expression_of_concern", "expresses_concern_about"),
        ("corrigendum", "is_corrected_by", "corrects"),
        ("new_version", "is_previous_version_of", "is_new_version_of"),
        ("publisher-note", "has_notice", "is_notice_about"),
    ],
)
def test_notices_of_different_kinds_stay_apart(word, told_by, tells_of):
    assert (notice_kind(word, is_notice=False), notice_kind(word, is_notice=True)) == (told_by, tells_of)


@pytest.mark.parametrize("word", ["RetractionIn", "Retraction in"])
def test_pubmed_and_europe_pmc_speak_of_the_same(word):
    assert medline_kind(word) is RelationKind.IS_RETRACTED_BY


KIND = RelationKind.HAS_PART


@pytest.mark.parametrize(
    ("relation", "to", "reference"),
    [
        (pointing(KIND, "DOI", "10.5555/A"), "doi:10.5555/a", None),
        (pointing(KIND, "pmid", "123"), "pmid:123", None),
        (pointing(KIND, "arXiv", "2101.00001"), "arxiv:2101.00001", None),
        (pointing(KIND, "URL", "https://doi.org/10.5555/b"), "doi:10.5555/b", None),
        (pointing(KIND, "URL", "https://paste.example.org/"), None, "https://paste.example.org/"),
        (pointing(KIND, "ISBN", "9780000000002"), None, "isbn:9780000000002"),
        (pointing_into(KIND, "MED", "99000002"), "pmid:99000002", None),
        (pointing_into(KIND, "PPR", "PPR1"), "ppr:PPR1", None),
        (
            cited(KIND, "J Paste. 2009;6:1. doi: 10.5555/c."),
            "doi:10.5555/c",
            "J Paste. 2009;6:1. doi: 10.5555/c.",
        ),
        (cited(KIND, "J Paste. 2009;6:1"), None, "J Paste. 2009;6:1"),
    ],
)
def test_the_other_work_is_identified_where_it_can_be(relation, to, reference):
    found = relation.to and f"{relation.to.scheme}:{relation.to.value}"
    assert (found, relation.reference) == (to, reference)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("J Paste. 2005 Aug;20(8):1327-33", PartialDate(2005, 8)),
        ("Nature of Paste. 2017 Aug 2;548(7665):122", PartialDate(2017, 8, 2)),
        ("Paste Policy 1997 Dec;42(3):269-90", PartialDate(1997, 12)),
        ("Glue1000Research. \n 2023 ;12:1007", PartialDate(2023)),
        ("J Paste: 1815-1823", None),
    ],
)
def test_the_date_of_a_notice_is_that_of_its_citation_line(line, date):
    assert cited_date(line) == date


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("https://creativecommons.org/licenses/by-nc/4.0/legalcode", "cc-by-nc"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("CCBYNCND", "cc-by-nc-nd"),
        ("cc by-nc", "cc-by-nc"),
        ("CC-BY-4.0", "cc-by"),
        ("CC0-1.0", "cc0"),
        ("implied-oa", "implied-oa"),
        ("", None),
    ],
)
def test_a_licence_has_one_spelling(raw, found):
    assert licence(raw) == found


def test_unknown_words_of_access_say_nothing():
    assert open_access(status="platinum", host="moon", version="best") is None


# -- reading -----------------------------------------------------------------------------------------------


def test_a_notice_told_twice_keeps_its_day_its_name_and_who_told_it():
    day = {"date-parts": [[2010, 2, 6]]}
    notice = {"DOI": "10.5555/N", "type": "retraction", "label": "Retraction", "updated": day}
    record = parse_crossref(
        {
            "DOI": "10.5555/1",
            "updated-by": [
                notice | {"source": "publisher"},
                notice | {"source": "retraction-watch"},
                {"DOI": "10.5555/e", "type": "erratum", "label": "Erratum"},
            ],
        },
        NIGHT,
    )

    def told(by):
        return Relation(
            RelationKind.IS_RETRACTED_BY,
            doi("10.5555/n"),
            date=PartialDate(2010, 2, 6),
            label="Retraction",
            asserted_by=by,
        )

    erratum = Relation(RelationKind.IS_CORRECTED_BY, doi("10.5555/e"), label="Erratum")
    assert record.relations == (told("publisher"), told("retraction-watch"), erratum)
    assert record.retracted is True
    assert record.extra is None


@pytest.mark.parametrize("kind", ["partial_retraction", "expression_of_concern", "correction", "retraction"])
def test_only_a_retraction_makes_a_work_retracted(kind):
    record = parse_crossref({"DOI": "10.5555/1", "updated-by": [{"DOI": "10.5555/2", "type": kind}]}, NIGHT)
    assert record.retracted is (True if kind == "retraction" else None)


def test_words_without_a_kind_of_ours_stay_beside():
    related = [
        {"relationType": "IsRequiredBy", "relatedIdentifier": "10.5555/2", "relatedIdentifierType": "DOI"},
        {"relationType": "HasVersion", "relatedIdentifier": "10.5555/3", "relatedIdentifierType": "DOI"},
        {"relationType": "IsPartOf", "relatedIdentifier": "1548-7768", "relatedIdentifierType": "ISSN"},
    ]
    record = parse_datacite({"doi": "10.5555/1", "titles": [], "relatedIdentifiers": related}, NIGHT)
    assert record.relations == (Relation(RelationKind.HAS_VERSION, doi("10.5555/3")),)
    assert json.loads(record.extra)["relation"] == {"IsRequiredBy": ["doi:10.5555/2"]}


TELLING = re.compile(
    r'"relation": ?\{"|"update-to"|"updated-by"|"relatedIdentifiers": ?\[\{|"commentCorrection"'
)


def replies(service):
    path = BULK / f"{service}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is missing: the real replies are not part of the project")
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if TELLING.search(line):
                yield json.loads(line)


@pytest.mark.parametrize(
    ("service", "parse", "expected"),
    [
        (
            "crossref",
            parse_crossref,
            {"reviews": 18, "is_preprint_of": 12, "has_preprint": 11, "is_corrected_by": 1, "corrects": 20},
        ),
        ("datacite", parse_datacite, {"has_version": 118, "is_new_version_of": 22}),
        ("europepmc", parse_europepmc, {"has_preprint": 22, "corrects": 12, "is_preprint_of": 5}),
    ],
)
def test_real_replies_hold_these_relations(service, parse, expected):
    records = [parse(reply.get("message", reply), NIGHT) for reply in replies(service)]
    counts = Counter(str(one.kind) for record in records for one in record.relations)
    assert {kind: counts[kind] for kind in expected} == expected
    assert all(one.to or one.reference for record in records for one in record.relations)


# -- merging -----------------------------------------------------------------------------------------------


@given(some_records)
def test_relations_do_not_depend_on_order_and_each_stands_once(some):
    relations = merge(sorted(some, key=repr)).relations
    assert relations == merge(sorted(some, key=repr, reverse=True)).relations
    statements = [(one.kind, one.to, one.asserted_by, one.to is None and one.reference) for one in relations]
    assert len(statements) == len(set(statements))


def test_a_newer_word_of_the_same_notice_replaces_the_older_and_another_teller_stands_beside():
    work = merge(
        [
            said("crossref", "10.5555/1", relations=(retraction(),)),
            said("crossref", "10.5555/1", MORNING, relations=(retraction(date=PartialDate(2010)),)),
            said("europepmc", "10.5555/1", relations=(retraction(by=None),)),
        ]
    )
    assert work.relations == (retraction(by=None), retraction(date=PartialDate(2010)))


def test_no_work_is_related_to_itself():
    assert merge([said("crossref", "10.5555/notice", relations=(retraction(),))]).relations == ()


def test_access_is_of_one_source_a_copy_first_then_whoever_tells_the_status():
    plain = OpenAccess("https://paste.example.org/1", licence="cc-by")
    gold = OpenAccess("https://paste.example.org/2", status="gold")
    closed = OpenAccess(status="closed")
    records = [
        said("crossref", "10.5555/1", open_access=plain),
        said("openalex", "10.5555/1", open_access=closed),
        said("unpaywall", "10.5555/1", open_access=gold),
    ]
    assert merge(records).open_access == gold
    assert merge(records[:2]).open_access == plain


def test_a_record_without_relations_keeps_its_fingerprint():
    assert said("crossref", "10.5555/1").fingerprint() == "b67b714a04b01a8598de58d7b5bbc2a3"


# -- the library file --------------------------------------------------------------------------------------


ARTICLE = said(
    "crossref",
    "10.5555/article",
    citation_count=3,
    open_access=OpenAccess("https://paste.example.org/1", "cc-by", "gold", "publisher", "publishedVersion"),
    relations=(
        retraction(date=PartialDate(2010, 2, 6), label="Retraction"),
        Relation(RelationKind.HAS_PREPRINT, doi("10.5555/preprint")),
    ),
    retracted=True,
)
PREPRINT = said("crossref", "10.5555/preprint")


def test_relations_are_seen_from_both_works_though_one_states_them(path):
    with Library(path) as library:
        library.add([ARTICLE, PREPRINT], at=NIGHT)
        query = "SELECT work_id, kind, related_id, value, stated_by FROM related_works ORDER BY work_id, kind"
        rows = [tuple(row) for row in library.rows(query)]
    assert rows == [
        (1, "has_preprint", 2, "10.5555/preprint", 1),
        (1, "is_retracted_by", None, "10.5555/notice", 1),
        (2, "is_preprint_of", 1, "10.5555/article", 1),
    ]


def test_the_table_tells_day_name_and_teller_of_a_notice(path):
    with Library(path) as library:
        library.add([ARTICLE], at=NIGHT)
        [row] = library.rows("SELECT * FROM relations WHERE kind = 'is_retracted_by'")
        columns = dict(next(library.rows("SELECT * FROM works")))
    assert tuple(row)[1:] == (
        "is_retracted_by", "retracts", "doi", "10.5555/notice", None, "2010-02-06", "Retraction",
        "retraction-watch", "crossref", "2026-11-21", 1,
    )  # fmt: skip
    access = [columns[f"oa_{part}"] for part in ("url", "licence", "status", "host", "version")]
    assert access == ["https://paste.example.org/1", "cc-by", "gold", "publisher", "publishedVersion"]


def test_storing_twice_changes_nothing(path):
    with Library(path) as library:
        library.add([ARTICLE, PREPRINT], at=NIGHT)
        before = list(library.connection.iterdump())
        library.add([ARTICLE, PREPRINT], at=MORNING)
        assert list(library.connection.iterdump()) == before
        assert library.records(1) == [ARTICLE]


def test_every_source_has_its_newest_count_with_its_day(path):
    with Library(path) as library:
        later = said("crossref", "10.5555/article", MORNING, citation_count=5)
        library.add([ARTICLE, later, said("openalex", "10.5555/article", citation_count=7)], at=NIGHT)
        rows = [tuple(row)[:4] for row in library.rows("SELECT * FROM citation_counts ORDER BY source")]
        access = [tuple(row)[:6] for row in library.rows("SELECT * FROM open_access")]
    assert rows == [(1, "crossref", 5, "2026-11-22"), (1, "openalex", 7, "2026-11-21")]
    assert access == [(1, "crossref", None, "https://paste.example.org/1", "cc-by", "gold")]


LINE = "Paste. 2010 Feb 6;375(9713):445. doi: 10.5555/notice"


def pmid_told(kind=RelationKind.IS_RETRACTED_BY, number="99000002", line=None, **fields):
    return Relation(kind, Identifier(Scheme.PMID, number), line, **fields)


def told(kind, name="10.5555/notice", **fields):
    return Relation(kind, doi(name), **fields)


CORRECTED = RelationKind.IS_CORRECTED_BY
FEBRUARY, MARCH, NEXT_YEAR = PartialDate(2010, 2, 6), PartialDate(2010, 3), PartialDate(2011, 2)


@pytest.mark.parametrize(
    ("relations", "sizes"),
    [
        ([retraction("publisher"), retraction("retraction-watch")], [2]),
        ([retraction(), pmid_told()], [2]),
        ([retraction(date=FEBRUARY), pmid_told(date=MARCH)], [2]),
        ([retraction(date=FEBRUARY), pmid_told(date=NEXT_YEAR)], [1, 1]),
        ([retraction(date=FEBRUARY), pmid_told(line=LINE, date=NEXT_YEAR)], [2]),  # the line names the DOI
        ([retraction(), told(RelationKind.IS_RETRACTED_BY, "10.5555/second"), pmid_told()], [1, 1, 1]),
        ([pmid_told(), pmid_told(number="99000003")], [1, 1]),
        ([told(CORRECTED), pmid_told(CORRECTED)], [1, 1]),  # there may well be two corrections
        ([told(CORRECTED, date=FEBRUARY), pmid_told(CORRECTED, date=MARCH)], [2]),
        ([told(RelationKind.HAS_PREPRINT, date=MARCH), pmid_told(RelationKind.HAS_PREPRINT, date=MARCH)], [1, 1]),
        ([Relation(CORRECTED, reference="Paste 1"), Relation(CORRECTED, reference="Paste 2")], [1, 1]),
    ],
)  # fmt: skip
def test_a_notice_that_is_told_by_doi_and_by_pubmed_id_is_one(relations, sizes):
    assert [len(group) for group in by_work(relations)] == sizes


def test_one_notice_has_one_line_with_both_identifiers_and_all_who_tell_of_it():
    records = [
        said("crossref", "10.5555/article", relations=(retraction("publisher", date=FEBRUARY, label="Retraction"),)),
        said("pubmed", "10.5555/article", MORNING, relations=(pmid_told(line=LINE, date=PartialDate(2010, 2, 6)),)),
    ]  # fmt: skip

    assert dict(standing(merge(records), records, "en"))["is_retracted_by"] == (
        f"https://doi.org/10.5555/notice, pmid:99000002: {LINE}, 2010-02-06, Retraction, publisher"
        " (crossref, 2026-11-21; pubmed, 2026-11-22)"
    )


OLD = {
    "source": "crossref",
    "source_key": "10.5555/article",
    "retrieved_at": NIGHT,
    "identifiers": [{"scheme": "doi", "value": "10.5555/article"}],
    "is_open_access": True,
    "oa_url": "https://paste.example.org/1",
    "extra": json.dumps(
        {
            "isbn": ["9780000000002"],
            "license": ["https://creativecommons.org/licenses/by/4.0/"],
            "relation": {"has-preprint": ["doi:10.5555/preprint"], "is-financed-by": ["doi:10.5555/f"]},
            "updated-by": [{"DOI": "10.5555/notice", "source": "publisher", "type": "retraction"}],
        }
    ),
}


def test_a_library_of_version_1_is_lifted_and_remerge_fills_what_is_new(path):
    connection = sqlite3.connect(path)
    migrations.apply(Database(connection), stop_before="m002_relations")
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.execute(
        "INSERT INTO works (revision, created_at, updated_at) VALUES (0, ?, ?)", (NIGHT, NIGHT)
    )
    connection.execute(
        "INSERT INTO records (work_id, source, source_key, fingerprint, retrieved_at, body, created_at)"
        " VALUES (1, 'crossref', '10.5555/article', 'old', ?, ?, ?)",
        (NIGHT, json.dumps(OLD), NIGHT),
    )
    connection.commit()
    connection.close()

    with Library(path) as library:
        assert library.is_remerge_due
        assert library.remerge(at=MORNING) == 1
        assert not library.is_remerge_due
        rows = [tuple(row) for row in library.rows("SELECT kind, value, asserted_by FROM relations")]
        row = next(library.rows("SELECT oa_url, oa_licence FROM works"))
        [record] = library.records(1)
        [kept] = library.rows("SELECT fingerprint FROM records")
        assert library.remerge(at=MORNING) == 0
    assert rows == [
        ("is_retracted_by", "10.5555/notice", "publisher"),
        ("has_preprint", "10.5555/preprint", None),
    ]
    assert tuple(row) == ("https://paste.example.org/1", "cc-by")
    assert json.loads(record.extra).keys() == {"isbn", "license", "relation"}
    assert kept[0] == record.fingerprint()


def test_a_new_library_is_not_due_for_a_remerge(path):
    with Library(path) as library:
        assert not library.is_remerge_due


@pytest.mark.parametrize(
    ("source", "extra", "relation"),
    [
        ("pubmed", {"RetractionIn": ["pmid:99000002"]}, Relation(RelationKind.IS_RETRACTED_BY, Identifier(Scheme.PMID, "99000002"))),
        ("pubmed", {"ErratumIn": ["J Paste. 2009;6:1"]}, Relation(RelationKind.IS_CORRECTED_BY, reference="J Paste. 2009;6:1")),
        ("europepmc", {"Preprint in": ["PPR:PPR1"]}, Relation(RelationKind.HAS_PREPRINT, Identifier(Scheme.PPR, "PPR1"))),
        ("datacite", {"IsVersionOf": ["doi:10.5555/9"]}, Relation(RelationKind.IS_VERSION_OF, doi("10.5555/9"))),
    ],
)  # fmt: skip
def test_relations_of_version_1_are_lifted_from_every_source(source, extra, relation):
    body = {
        "source": source,
        "source_key": "k",
        "retrieved_at": NIGHT,
        "extra": json.dumps({"relation": extra}),
    }
    record = record_of_version_1(body)
    assert (record.relations, record.extra) == ((relation,), None)


def test_a_document_of_version_1_is_kept_as_it_came():
    body = {"source": "aggregator", "source_key": "k", "retrieved_at": NIGHT, "extra": '{"relation": 1}'}
    record = record_of_version_1(body)
    assert (record.extra, record.open_access, record.relations) == ('{"relation": 1}', None, ())


def test_a_line_exported_by_version_1_is_read_as_today():
    [record] = read_line({"harvester": 1, "records": [OLD]}, "all.jsonl:1")
    assert record.oa_url == "https://paste.example.org/1"
    assert len(record.relations) == 2


def test_a_line_tells_who_says_what():
    line = json.loads(dump_line(1, merge([ARTICLE]), [ARTICLE]))
    assert [(one["kind"], one["value"], one["source"], one["day"]) for one in line["relations"]] == [
        ("is_retracted_by", "10.5555/notice", "crossref", "2026-11-21"),
        ("has_preprint", "10.5555/preprint", "crossref", "2026-11-21"),
    ]
    assert read_line(line, "all.jsonl:1") == [ARTICLE]


# -- telling -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "retracted by https://doi.org/10.5555/notice, 2010-02-06, Retraction, Retraction Watch (crossref, 2026-11-21)",
                "preprint https://doi.org/10.5555/preprint (crossref, 2026-11-21)",
                "open access gold, cc-by, publisher, published version",
                "cited by 3 (crossref, 2026-11-21)",
            ],
        ),
        (
            "zh",
            [
                "被撤稿，见 https://doi.org/10.5555/notice, 2010-02-06",
                "预印本 https://doi.org/10.5555/preprint",
            ],
        ),
    ],
)
def test_show_tells_notices_preprints_access_and_counts_with_who_says_so(lang, lines):
    out = StringIO()
    show_work(console(out), 1, merge([ARTICLE]), lang, records=[ARTICLE])
    shown = " ".join(out.getvalue().split())
    assert [line for line in lines if line not in shown] == []


def test_explain_tells_every_relation_with_all_who_say_it():
    other = said(
        "openalex",
        "10.5555/article",
        relations=ARTICLE.relations[1:],
        open_access=OpenAccess(status="closed"),
    )
    explanations = explain([ARTICLE, other])
    [preprint] = [one for one in explanations if one.field == "has_preprint"]
    assert [each.record.source for each in preprint.said] == ["crossref", "openalex"]
    assert preprint.value == "https://doi.org/10.5555/preprint"
    [access] = [one for one in explanations if one.field == "open_access"]
    assert [loser.why_not.key for loser in access.losers] == ["why-tells-less"]
    out = StringIO()
    show_explanations(console(out), explanations, "zh")
    assert "预印本" in out.getvalue()
    assert explanation_data(preprint, "en")["columns"] == ["relations"]
