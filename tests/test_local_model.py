"""A model in a folder, run by CTranslate2; skipped where the extra `ctranslate2` is not installed."""

import sys
from importlib.util import find_spec

import pytest

from harvester.engines import local
from harvester.engines.shapes import Job
from harvester.errors import ConfigError, ParseError
from harvester.ledger import Run
from harvester.local_model import LocalModel, model_name
from harvester.model import Origin, Record, Text
from harvester.store import Library
from harvester.translation import Desk, translate, wanted
from tests.service.phrases import sample

needed = pytest.mark.skipif(
    not (find_spec("ctranslate2") and find_spec("sentencepiece")),
    reason="the extra `ctranslate2` is not installed: pip install 'harvester[ctranslate2]'",
)
AT = "2026-11-21T03:00:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tests.tiny_model import build

    return build(tmp_path_factory.mktemp("models") / "tiny")


def question(folder, *texts, target="zh-Hans"):
    return local.ask(str(folder), texts, Job(source="en", target=target, model="tiny"))


@needed
def test_every_text_has_one_answer_in_its_place_and_always_the_same(folder):
    texts = ["The drying of paste. The binding of maps.", "Shelf order in small towns."]
    with LocalModel(folder) as model:
        together = local.read(model.fetch(question(folder, *texts), local.ENGINE.limit), 2)
        apart = [local.read(model.fetch(question(folder, one), local.ENGINE.limit), 1)[0] for one in texts]

    assert list(together) == apart
    assert together[0] != together[1]


@needed
def test_a_model_of_many_languages_is_told_the_language(tmp_path):
    from tests.tiny_model import build

    folder = build(tmp_path / "many", extra=("__en__", "__zh__"))
    with LocalModel(folder) as model:
        said = local.read(model.fetch(question(folder, "The drying of paste."), local.ENGINE.limit), 1)[0]
        assert "__" not in said
        with pytest.raises(ParseError, match="does not know the language de"):
            model.fetch(question(folder, "paste", target="de"), local.ENGINE.limit)


@needed
def test_rubbish_is_kept_but_never_shown_and_nothing_is_translated_twice(folder, tmp_path):
    desk = Desk(
        engine=local.ENGINE, base_url=str(folder), target="zh-Hans", model=model_name(folder), month="2026-11"
    )
    with Library(tmp_path / "library.db") as library, LocalModel(folder) as model:
        library.add([record(number) for number in range(3)], at=AT)
        first = translate(
            library, desk, list(wanted(library, "zh-Hans")), model, Run(library, "translate", at=AT)
        )
        second = translate(
            library, desk, list(wanted(library, "zh-Hans")), model, Run(library, "translate", at=AT)
        )
        shown = list(library.rows("SELECT title_zh, abstract_zh FROM works"))
        kept = list(library.rows("SELECT DISTINCT engine, model FROM translations"))

    assert first.counts["wanted"] == first.counts["malformed"] == 6
    assert (second.counts["wanted"], second.requests) == (6, 0)
    assert [tuple(row) for row in shown] == [(None, None)] * 3
    assert [tuple(row) for row in kept] == [("ctranslate2", model_name(folder))]


@needed
def test_the_program_translates_by_the_folder_of_its_settings_and_needs_no_key(harvester, folder):
    with Library(harvester.db) as library:
        library.add([record(0)], at=AT)
    done = harvester(
        "translate", HARVESTER__TRANSLATE__ENGINE="ctranslate2", HARVESTER__TRANSLATE__MODEL=str(folder)
    )

    assert (done.code, "2 refused by the checks" in done.err) == (3, True)


@needed
def test_another_model_in_the_same_folder_is_another_model(folder, tmp_path):
    from tests.tiny_model import build

    other = build(tmp_path / "tiny", seed=2)

    assert model_name(other) != model_name(folder)
    assert model_name(other).startswith("tiny@")


@needed
def test_a_folder_without_its_pieces_says_so(tmp_path):
    from tests.tiny_model import build

    folder = build(tmp_path / "tiny")
    (folder / "target.spm").unlink()
    (folder / "source.spm").unlink()
    with pytest.raises(ConfigError, match=r"source\.spm"):
        LocalModel(folder)


def test_a_folder_without_a_model_is_named_before_anything_is_done(harvester, tmp_path):
    done = harvester(
        "translate", HARVESTER__TRANSLATE__ENGINE="ctranslate2", HARVESTER__TRANSLATE__MODEL=str(tmp_path)
    )

    assert done.code == 2
    assert "model.bin" in done.err


def test_the_missing_extra_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(ConfigError, match=r"pip install 'harvester\[ctranslate2\]'"):
        LocalModel(tmp_path)


@pytest.mark.parametrize(
    ("vocabulary", "source", "target", "expected"),
    [
        ({"eng_Latn", "zho_Hans", "zho_Hant"}, "en", "zh-Hant", (("eng_Latn",), ("</s>",), ("zho_Hant",))),
        ({"eng_Latn", "zho_Hans"}, "zh-Hans", "en", (("zho_Hans",), ("</s>",), ("eng_Latn",))),
        ({"__en__", "__zh__"}, "en", "zh-Hans", (("__en__",), ("</s>",), ("__zh__",))),
        ({">>cmn_Hans<<", ">>cmn_Hant<<"}, "en", "zh-Hant", ((">>cmn_Hant<<",), ("</s>",), ())),
        ({"▁the"}, "en", "zh-Hans", ((), ("</s>",), ())),
    ],
)
def test_each_family_of_models_has_its_own_marks_for_languages(vocabulary, source, target, expected):
    assert local.marks(vocabulary, source, target, needs_end=True) == expected
    assert local.marks(vocabulary, source, target, needs_end=False).behind == ()


def test_a_language_that_the_model_does_not_know_is_an_error():
    with pytest.raises(ParseError, match="ja"):
        local.marks({"eng_Latn", "zho_Hans"}, "ja", "zh-Hans", needs_end=True)


def record(number):
    title, abstract = sample(number)
    return Record(
        source="crossref", source_key=f"10.5555/translate.{number}", retrieved_at=AT, language="en",
        titles=(Text(title, "en", Origin.PUBLISHER),), abstracts=(Text(abstract, "en", Origin.PUBLISHER),),
    )  # fmt: skip
