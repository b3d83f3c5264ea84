"""CSL-JSON."""

from harvester.cite import csl_item
from harvester.merge import merge
from harvester.model import Contributor, Work
from tests.test_store import AGGREGATOR, CROSSREF


def test_a_work_is_cited_in_its_own_language_and_the_translation_is_marked():
    assert csl_item(merge([CROSSREF, AGGREGATOR]), "paste") == {
        "id": "paste",
        "type": "article-journal",
        "title": "On the drying of library paste",
        "language": "en",
        "author": [{"family": "Lin", "given": "Mei"}],
        "issued": {"date-parts": [[2016, 10]]},
        "container-title": "Journal of Paste",
        "ISSN": "1548-7768",
        "volume": "19",
        "issue": "4",
        "page": "275-293",
        "abstract": "AIM: paste.\nRESULT: dry.",
        "DOI": "10.5555/paste",
        "custom": {
            "title_zh": "论图书馆浆糊的干燥",
            "title_zh_origin": "aggregator",
            "abstract_zh": "目的：浆糊。\n结果：干燥。",
            "abstract_zh_origin": "aggregator",
        },
    }


def test_a_chinese_work_is_cited_by_the_han_names_of_its_authors():
    authors = (
        Contributor("Nana Ouyang", family="Ouyang", given="Nana", name_zh="欧阳娜娜"),
        Contributor("Liv Kinn", family="Kinn", given="Liv"),
        Contributor("浆糊学会"),
    )
    shown = {
        language: csl_item(Work(contributors=authors, language=language), "paste")["author"]
        for language in ("zh", "en")
    }
    kinn, body = {"family": "Kinn", "given": "Liv"}, {"literal": "浆糊学会"}
    assert shown["zh"] == [{"family": "欧阳", "given": "娜娜"}, kinn, body]
    assert shown["en"] == [{"family": "Ouyang", "given": "Nana"}, kinn, body]
