import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.dictionary import installed
from harvester.lexicon import Lexicon, english_stems, parse_cedict, stem

LINES = """# CC-CEDICT
糨糊 糨糊 [jiang4 hu5] /paste/
乾燥 干燥 [gan1 zao4] /to dry/dry (of climate, cement etc)/
乾 干 [gan1] /dry/(Tw) clean/CL:個|个[ge4]/
館 馆 [guan3] /building/
圖書館 图书馆 [tu2 shu1 guan3] /library/CL:家[jia1]/
"""


@pytest.mark.parametrize(
    "forms",
    [
        ("study", "studies", "studied"),
        ("treat", "treated", "treatment"),
        ("dry", "dries"),
        ("patient", "patients"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len({stem(form) for form in forms}) == 1


def test_words_that_mean_nothing_have_no_stem():
    assert english_stems("The paste of a library is dry") == [stem("paste"), stem("library"), stem("dry")]


def test_han_is_cut_into_the_longest_headwords_of_either_script():
    lexicon = parse_cedict(LINES)
    assert lexicon.words("图书馆糨糊的干燥 (圖書館)") == ["图书馆", "糨糊", "干燥", "圖書館"]


HAN = st.text(alphabet="图书馆員员干燥", max_size=12)


@given(st.sets(HAN.filter(bool)), HAN)
def test_the_first_headword_of_a_run_is_the_longest_of_six_characters_at_most(headwords, run):
    lexicon = Lexicon(dict.fromkeys(headwords, ""))
    fitting = [run[:size] for size in range(1, 7) if run[:size] in headwords]
    rest = run[len(fitting[-1]) if fitting else 1 :]
    assert list(lexicon.cut(run)) == [*fitting[-1:], *lexicon.cut(rest)]


def test_glosses_are_stems_without_asides_and_measure_words():
    lexicon = parse_cedict(LINES)
    assert lexicon.stems("干") == {stem("dry"), stem("clean")}
    assert lexicon.stems("图书馆") == {stem("library")}
    assert lexicon.stems("没有") == frozenset()


def test_a_line_that_is_none_of_the_dictionary_is_passed_over():
    assert len(parse_cedict("# remark\n\nnonsense\n糨糊 糨糊 [jiang4 hu5] /paste/\n")) == 1


def test_an_empty_lexicon_knows_no_words():
    assert Lexicon({}).words("图书馆") == []


def test_the_installed_dictionary_knows_common_words():
    lexicon = installed()
    if lexicon is None:
        pytest.skip("the extra `dictionary` is not installed: no Chinese words are known")
    assert stem("library") in lexicon.stems("图书馆")
    assert stem("library") in lexicon.stems("圖書館")
    assert len(lexicon) > 100_000
