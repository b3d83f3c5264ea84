"""Nothing lies in the library file twice that can be told from another row of it."""

import json
import sqlite3

import pytest
from msgspec.structs import replace

from harvester.messages_checks import CHECKS
from harvester.model import Container, Identifier, Origin, Record, Scheme, Text
from harvester.query import search
from harvester.store import Library
from tests.older_libraries import restore

NIGHT, MORNING = "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z"
CHATTER = "当然，以下是翻译：关于图书馆浆糊干燥的研究"
CROSSREF = Record(
    source="crossref",
    source_key="10.5555/paste",
    retrieved_at=NIGHT,
    identifiers=frozenset({Identifier(Scheme.DOI, "10.5555/paste")}),
    titles=(Text("On the drying of library paste", "en", Origin.PUBLISHER),),
    container=Container("Journal of Paste"),
)
AGGREGATOR = replace(
    CROSSREF,
    source="aggregator",
    titles=(*CROSSREF.titles, Text(CHATTER, "zh-Hans", Origin.AGGREGATOR)),
)


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.db") as made:
        yield made


def one(library, query):
    [row] = library.rows(query)
    return tuple(row)


def test_a_refused_translation_lies_with_the_record_that_says_it(library):
    library.add([CROSSREF, AGGREGATOR], at=NIGHT)
    assert one(library, "SELECT text, place, is_shown FROM check_rows") == (None, 1, 0)
    assert one(library, "SELECT text FROM text_checks") == (CHATTER,)


def test_a_text_that_no_record_has_word_for_word_is_kept(tmp_path):
    path = tmp_path / "library.db"
    restore("10", path)
    with sqlite3.connect(path) as before:
        before.execute(
            "UPDATE check_rows SET is_shown = 0, text = 'as nobody says it' WHERE rowid = (SELECT min(rowid) FROM check_rows)"
        )
    with Library(path) as library:
        assert one(library, "SELECT text, place FROM check_rows WHERE text IS NOT NULL") == (
            "as nobody says it",
            None,
        )


def test_reasons_are_keys_and_are_told_in_sentences_with_what_they_name(library):
    library.add([CROSSREF, AGGREGATOR], at=NIGHT)
    [brief, told] = one(library, "SELECT c.reasons, v.reasons FROM check_rows AS c, text_checks AS v")
    assert json.loads(brief) == [["check-chatter", "当然，以下是翻译："]]
    assert json.loads(told) == [
        {
            "key": "check-chatter",
            "tokens": ["当然，以下是翻译："],
            "en": "beside the translation a language model speaks: 当然，以下是翻译：",
            "zh": "译文中混有语言模型的话：当然，以下是翻译：",
        }
    ]


@pytest.mark.parametrize("token", ['"quoted"', "back\\slash", "line\nbreak", "{tokens}", "a, b", "引文"])
def test_what_a_reason_names_comes_out_as_it_went_in(library, token):
    library.add([CROSSREF, AGGREGATOR], at=NIGHT)
    with library.writing() as connection:
        connection.execute("UPDATE check_rows SET reasons = ?", (json.dumps([["check-loop", token, "7"]]),))
    [told] = json.loads(one(library, "SELECT reasons FROM text_checks")[0])
    en, zh = (each.replace("{tokens}", f"{token}, 7") for each in CHECKS["check-loop"])
    assert told == {"key": "check-loop", "tokens": [token, "7"], "en": en, "zh": zh}


def test_sentences_of_an_earlier_version_are_replaced_by_todays(library):
    with library.writing() as connection:
        connection.execute("UPDATE check_sentences SET en = 'as it was told' WHERE key = 'check-chatter'")
        connection.execute("DELETE FROM check_sentences WHERE key = 'check-loop'")
    library.add([CROSSREF, AGGREGATOR], at=NIGHT)
    known = {row[0]: (row[1], row[2]) for row in library.rows("SELECT key, en, zh FROM check_sentences")}
    assert known == CHECKS


def test_a_reason_that_the_program_no_longer_gives_stays_as_it_was_told(tmp_path):
    path, old = tmp_path / "library.db", '[{"key": "check-old", "tokens": [], "en": "old", "zh": "旧"}]'
    restore("10", path)
    with sqlite3.connect(path) as before:
        before.execute("UPDATE check_rows SET reasons = ?", (old,))
    with Library(path) as library:
        assert {row[0] for row in library.rows("SELECT reasons FROM text_checks")} == {old}


def test_works_that_believe_their_records_alike_share_one_form(library):
    other = replace(
        CROSSREF,
        source_key="10.5555/ink",
        identifiers=frozenset({Identifier(Scheme.DOI, "10.5555/ink")}),
        titles=(Text("Iron gall ink in the ledgers of village schools", "en", Origin.PUBLISHER),),
    )
    library.add([CROSSREF, other], at=NIGHT)
    assert one(library, "SELECT count(*), count(DISTINCT form_id) FROM merged") == (2, 1)
    told = [
        tuple(row) for row in library.rows("SELECT work_id, record_id FROM claims WHERE field = 'title_en'")
    ]
    homes = [tuple(row) for row in library.rows("SELECT work_id, record_id FROM records")]
    assert sorted(told) == sorted(homes)


@pytest.mark.parametrize(
    ("titles", "kept", "told"),
    [
        ((("Paste dries", "en"),), None, "Paste dries"),
        ((("Paste dries", "en"), ("浆糊干", "zh")), "\n 浆糊 糊干 干 ", "Paste dries\n 浆糊 糊干 干 "),
        ((("浆糊干", "zh"),), " 浆糊 糊干 干 ", " 浆糊 糊干 干 "),
    ],
)
def test_the_index_takes_the_english_text_from_the_work(library, titles, kept, told):
    texts = tuple(Text(value, language, Origin.PUBLISHER) for value, language in titles)
    library.add([replace(CROSSREF, titles=texts)], at=NIGHT)
    assert one(library, "SELECT title, abstract, authors, container FROM search_rows") == (
        kept,
        None,
        None,
        None,
    )
    assert one(library, "SELECT title, container FROM works_fts") == (told, "Journal of Paste")


def test_what_a_work_no_longer_says_is_not_found_and_the_index_is_sound(library):
    library.add([CROSSREF], at=NIGHT)
    assert search(library, "drying") == [1]
    library.add(
        [replace(CROSSREF, retrieved_at=MORNING, titles=(Text("On boards", "en", Origin.PUBLISHER),))],
        at=MORNING,
    )
    assert (search(library, "drying"), search(library, "boards")) == ([], [1])
    with library.writing() as connection:  # raises where index and texts differ
        connection.execute("INSERT INTO works_fts (works_fts, rank) VALUES ('integrity-check', 1)")
