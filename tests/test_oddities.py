"""Odd values in a document: each is named once, with how often it stands there, and brings nobody together."""

import io
import json

import pytest

from harvester.oddities import oddities
from harvester.tagged import TABLE
from harvester.wire import Context
from tests.hard_pairs import record

ROWS = (
    "Title,Authors,Year,Pages,DOI",
    "On the drying of paste,et al.,0,n/a,",
    "Gilding of leather bindings,佚名,9999,1-,",
    "Repair of torn spines,Anonymous,0,e1-e9,",
    "Counting silent readers,et al.,9999,n/a,",
    "10.5555/glue.7,Lin M,2014,3-9,",
    "Editorial,,2014,,",
    "Editorial,,2014,,",
    ",,2014,,",
)


def test_each_odd_value_is_named_once_and_nothing_is_merged_by_it(harvester):
    (harvester.folder / "odd.csv").write_text("\n".join(ROWS), encoding="utf-8")
    done = harvester("load", "--offline", "odd.csv", "--json")
    [told] = json.loads(done.out)
    remarks = {(one["key"], one["why"]): one["times"] for one in told["remarks"]}
    assert len(remarks) == len(told["remarks"])
    assert {why: times for (key, why), times in remarks.items() if key.startswith("odd-")} == {
        "pages 'n/a' say nothing": 2,
        "pages '1-' say nothing": 1,
        "the author 'et al.' is nobody": 2,
        "the author '佚名' is nobody": 1,
        "the author 'Anonymous' is nobody": 1,
        "the title '10.5555/glue.7' is a DOI": 1,
    }
    assert [times for (key, _), times in remarks.items() if key == "tagged-date"] == [2, 2]
    assert len(set(told["works"])) == 6  # two rows of one document that say the same are one record


def shared(count):
    words = (
        "paste",
        "glue",
        "vellum",
        "linen",
        "thread",
        "board",
        "leather",
        "cloth",
        "marble",
        "ribbon",
        "gilding",
    )
    titles = [
        f"{words[n % 11]}{words[n // 11]} {words[n // 11]}{words[n % 11]}ing observed" for n in range(count)
    ]
    return "\n".join(
        ("Title,Authors,Year,DOI", *(f"{title},Lin M,2014,10.5555/supplement" for title in titles))
    )


def test_one_doi_on_unlike_titles_makes_no_work_of_them(harvester):
    (harvester.folder / "supplement.csv").write_text(shared(40), encoding="utf-8")
    [told] = json.loads(harvester("load", "--offline", "supplement.csv", "--json").out)
    [remark] = told["remarks"]
    assert (remark["key"], remark["times"], len(set(told["works"]))) == ("odd-shared-doi", 39, 40)
    [again] = json.loads(harvester("load", "--offline", "supplement.csv", "--json").out)
    assert (again["same"], again["works"]) == (40, told["works"])


def test_one_doi_on_one_title_in_any_spelling_stays():
    text = "Title,DOI\nOn the drying of paste,10.5555/p\nON THE DRYING OF PASTE.,10.5555/p\n,10.5555/p\n浆糊的干燥,10.5555/p\n"
    found = list(TABLE.parse(io.StringIO(text), Context("a.csv", "2026-11-21T03:00:00Z")))
    assert [one.source_key for one in found] == ["10.5555/p"] * 4


def test_a_remark_on_a_terminal_says_how_often_it_holds(harvester):
    (harvester.folder / "odd.csv").write_text("\n".join(ROWS), encoding="utf-8")
    assert "pages 'n/a' say nothing (×2)" in harvester("load", "--offline", "odd.csv").out
    assert "页码 '1-' 无意义" in harvester("--lang", "zh", "load", "--offline", "odd.csv").out


@pytest.mark.parametrize("one, keys", [
    (record("On paste", "Lin M", 2014, pages="1-"), ["odd-pages"]), (record("On paste", ("n/a",)), ["odd-nobody"]), (record("doi:10.5555/glue.7"), ["odd-title"]),
    (record("On paste", tuple(f"Lin M{n}" for n in range(3000))), ["odd-crowd"]), (record("On paste", "Lin M", 2014, "Paste", "1", "2", "3-9"), []),
])  # fmt: skip
def test_what_a_record_says_and_means_nothing_is_named(one, keys):
    assert [found.key for found in oddities(one)] == keys
