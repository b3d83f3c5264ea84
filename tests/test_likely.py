import pytest

from harvester.likely import LANGUAGES, likely_language


@pytest.mark.parametrize(
    "text, language",
    [
        ("Kleister trocknet in feuchten Sälen langsam, sagte der Buchbinder", "de"),
        ("La colle sèche lentement dans les salles humides", "fr"),
        ("Klej schnie powoli w wilgotnych czytelniach", "pl"),
        ("Příliš vlhký papír v čítárně vysychá pomaleji než suchý", "cs"),
        ("Yapıştırıcı nemli okuma salonlarında yavaş kurur", "tr"),
        ("Paste dries slowly where the rooms are damp", "en"),
    ],
)
def test_likely_language_of_a_sentence(text, language):
    found, chance = likely_language(text)

    assert found == language
    assert chance > 0.9


def test_words_in_capitals_count_only_where_there_are_no_others():
    assert likely_language("XML SQL kleister der buchbinder")[0] == "de"
    assert likely_language("KLEISTER DER BUCHBINDER UND BIBLIOTHEKEN")[0] == "de"


def test_text_without_letters_is_of_no_language():
    assert likely_language("12 – 34") == ("und", 0.0)


def test_letters_of_no_profile_leave_all_languages_alike():
    assert likely_language("ƛƛƛ")[1] == pytest.approx(1 / len(LANGUAGES))


def test_order_of_the_words_does_not_matter():
    one, other = likely_language("Klej schnie powoli"), likely_language("powoli schnie Klej")

    assert one[0] == other[0]
    assert one[1] == pytest.approx(other[1])
