import gzip
import json

import pytest

from benchmarks import bilingual


def predictions(task, case, folder):
    path = folder / "cases.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(case, ensure_ascii=False) + "\n\n")
    assert bilingual.main([task, str(path), str(folder / "out.jsonl")]) == 0
    return [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_mixed_is_the_cases_word_for_both_languages(tmp_path):
    text = "图书馆糨糊的干燥过程研究 (On the drying of library paste in humid reading rooms)"
    assert predictions("language", {"id": "a", "text": text, "lang": "mixed"}, tmp_path) == [
        {"id": "a", "lang": "mixed"}
    ]


def test_layout_is_written_in_the_scorers_words(tmp_path):
    text = "Lin Mei\r\n1. Institute of Glue, Oslo, Norway.\r\nJ Paste. 2025;3(1):1-2. doi: 10.5555/12345678\r\nPaste dries. It is slow."
    assert predictions("layout", {"id": "b", "text": text}, tmp_path) == [
        {
            "id": "b",
            "authors": [{"family": "Lin", "given": "Mei"}],
            "affiliations": ["Institute of Glue, Oslo, Norway."],
            "citation": "J Paste. 2025;3(1):1-2. doi: 10.5555/12345678",
            "doi": "10.5555/12345678",
            "title_en": None,
            "title_zh": None,
            "en": ["Paste dries. It is slow."],
            "zh": [],
        }
    ]


def test_alignment_is_written_as_pairs_of_indices(tmp_path):
    case = {
        "id": "c",
        "en": ["We filled 48 jars.", "The WET3 gauge was dry."],
        "zh": ["我们装了48罐。WET3湿度计是干的。"],
    }
    assert predictions("alignment", case, tmp_path) == [{"id": "c", "links": [[0, 0], [1, 0]]}]


@pytest.mark.parametrize("arguments", [[], ["language"], ["poetry", "in", "out"]])
def test_wrong_usage_and_tasks_not_built_exit_with_2(arguments, capsys):
    assert bilingual.main(arguments) == 2
    assert capsys.readouterr().err


def test_a_check_is_written_with_its_verdict_score_and_flags(tmp_path):
    case = {
        "id": "c",
        "kind": "title",
        "src": "mt6",
        "en": "Library paste dries",
        "zh": "译文：图书馆糨糊的干燥",
    }
    assert predictions("checks", case, tmp_path) == [
        {
            "id": "c",
            "verdict": "reject",
            "score": 0.0,
            "flags": [{"key": "check-chatter", "tokens": ["译文："]}],
        }
    ]
