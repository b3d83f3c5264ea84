"""DOIs in the forms that people and machines write them in: by a table of seen forms, and by rules."""

from html import escape
from io import BytesIO
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.dois import answers
from harvester.errors import InvalidIdentifier
from harvester.identifiers import doi_url, find_dois, parse_doi
from harvester.model import Identifier, Scheme
from tests.doi_forms import FORMS

FOUND = [form for form in FORMS if form.dois]


def dois_in(line: str) -> tuple[str, ...]:
    return tuple(doi.value for doi in find_dois(line))


@pytest.mark.parametrize(("line", "dois", "kind"), FORMS)
def test_dois_are_found_however_they_are_written_and_none_is_invented(line, dois, kind):
    assert dois_in(line) == dois, kind


def test_the_table_holds_hundreds_of_forms_each_once():
    assert len(FORMS) >= 300
    assert len({form.line for form in FORMS}) == len(FORMS)
    assert len([form for form in FORMS if not form.dois]) >= 90


def test_the_entry_point_for_measuring_reads_every_form_alike():
    lines = [form for form in FORMS if "\n" not in form.line]
    told = list(answers(BytesIO("".join(f"{form.line}\n" for form in lines).encode())))
    assert told == [("\t".join(form.dois) + "\n").encode() for form in lines]


@pytest.mark.parametrize("form", [form for form in FOUND if len(form.dois) == 1], ids=lambda form: form.kind)
def test_a_form_of_one_doi_is_that_doi_or_refused_never_another(form):
    try:
        value = parse_doi(form.line).value
    except InvalidIdentifier:
        return  # words follow the DOI: prose, not one identifier
    assert value.startswith(form.dois[0])


@pytest.mark.parametrize("value", sorted({value for form in FOUND for value in form.dois}))
def test_a_normalised_doi_stays_as_it_is(value):
    assert parse_doi(value).value == value
    assert find_dois(doi_url(value)) == [Identifier(Scheme.DOI, value)]


# -- by rules: a DOI, wrapped in what is known to be taken away again ----------------------------------------

_WORD = st.text(st.sampled_from("abcdefghjkmnpqrstwxyz0123456789"), min_size=2, max_size=8).map("p{}7".format)
_SICI = st.tuples(_WORD, st.integers(1, 99), st.integers(1, 999)).map(
    lambda parts: f"(sici)1521-3978(199806){parts[1]}:{parts[1]}<{parts[2]}::aid-{parts[0]}>3.0.co;2-p"
)
SUFFIXES = st.one_of(
    st.lists(_WORD, min_size=1, max_size=4).flatmap(
        lambda words: st.lists(st.sampled_from("._-/"), min_size=4, max_size=4).map(
            lambda marks: (
                words[0] + "".join(mark + word for mark, word in zip(marks, words[1:], strict=False))
            )
        )
    ),
    _WORD.map("s0140-6736(97)11096-{}".format),
    _WORD.map("joq.2012.19(1).{}".format),
    _WORD.map("j.issn.1001-0505.2024.04.{}".format),
    _SICI,
)
DOIS = st.builds("{}/{}".format, st.sampled_from(["10.5555", "10.5555.1", "10.55555"]), SUFFIXES)
HEADS = (
    "",
    "doi:",
    "DOI: ",
    "ＤＯＩ：",
    "https://doi.org/",
    "http://dx.doi.org/",
    "info:doi/",
    "参见",
    "（",
    "<",
    "“",
    "1. ",
    "DO  - ",
)
TAILS = (
    "",
    ".",
    ",",
    ";",
    "。",
    "，",
    "；",
    "、",
    "）。",
    "”",
    "》",
    " [doi]",
    "\n",
    " and",
    "，见图1",
    "中图分类号：TP391",
    "...",
    "\u200b",
)
WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "0123456789abcdefghijklmnopqrstuvwxyz./-"}
DASHES = "‐‑‒–−－"
INVISIBLE = "\u200b\u200e\u2060\ufeff\u00ad"


@given(DOIS, st.sampled_from(HEADS), st.sampled_from(TAILS))
def test_what_surrounds_a_doi_is_taken_away(doi, head, tail):
    assert dois_in(head + doi + tail) == (doi,)


@given(
    DOIS,
    st.sampled_from(
        ["()", "[]", "{}", "<>", "（）", "【】", "「」", "“”", "‘’", "''", '""', "**", "__", "``", "||"]
    ),
)
def test_brackets_and_quotes_around_a_doi_are_no_part_of_it(doi, pair):
    assert dois_in(pair[0] + doi + pair[1]) == (doi,)


@given(
    DOIS,
    st.sampled_from(
        ["https://doi.org/", "https://dx.doi.org/", "https://x.org/s?doi=", "https://x.org/content/"]
    ),
)
def test_percent_encoding_is_undone(doi, head):
    assert dois_in(head + quote(doi, safe="")) == (doi,)
    assert dois_in(head + quote(doi, safe="/:()")) == (doi,)
    assert dois_in(quote(doi, safe="")) == (doi,)


@given(DOIS)
def test_entities_are_resolved_however_often_they_were_made(doi):
    assert dois_in(escape(doi)) == (doi,)
    assert dois_in(escape(escape(doi))) == (doi,)
    assert dois_in(f"<doi>{escape(doi)}</doi>") == (doi,)


@given(DOIS)
def test_escapes_of_json_are_resolved(doi):
    escaped = doi.replace("/", "\\/").replace("<", "\\u003c").replace(">", "\\u003E")
    assert dois_in(f'{{"doi":"{escaped}","year":2020}}') == (doi,)


@given(DOIS, st.data())
def test_capitals_dashes_and_what_is_not_seen_make_no_other_doi(doi, data):
    cut = data.draw(st.integers(0, len(doi)))
    dash, unseen = data.draw(st.sampled_from(DASHES)), data.draw(st.sampled_from(INVISIBLE))
    written = doi.upper().replace("-", dash)
    assert dois_in(written[:cut] + unseen + written[cut:]) == (doi,)


@given(DOIS.filter(lambda doi: not set(doi) & set("<>();:_")))
def test_full_width_letters_are_made_narrow(doi):
    assert dois_in(doi.translate(WIDE)) == (doi,)
    assert dois_in("ＤＯＩ：" + doi.translate(WIDE) + "。") == (doi,)


@given(
    DOIS,
    st.sampled_from(
        ["/abstract", "/full", "/pdf", "/epdf", "/full/html", ".pdf", "?lang=zh", "#sec-1", "/full?a=b#c"]
    ),
)
def test_the_page_of_a_publisher_is_no_part_of_the_doi(doi, page):
    assert dois_in(f"https://journals.example.org/doi/{quote(doi, safe='/:()')}{page}") == (doi,)


@given(
    st.lists(DOIS, min_size=2, max_size=4, unique=True),
    st.sampled_from([", ", "; ", "，", "；", "、", " ", "\t", "\n", "|", " / ", "和"]),
)
def test_a_list_is_taken_apart_and_keeps_its_order(dois, separator):
    assert dois_in(separator.join(dois)) == tuple(dois)


@given(
    st.sampled_from(["10.5555", "10.5555/", "doi:10.5555/", "https://doi.org/10.5555/"]),
    st.text(" .,;:)]}>'\"，。；：）】》”…—-", max_size=8),
)
def test_a_prefix_alone_is_no_doi_whatever_follows(prefix, tail):
    assert dois_in(prefix + tail) == ()


@given(
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from(["10.{}/{}", "10.{}.20{}", "10.{}.{}.1/24", "10/{}/20{}", "{}.10.{}/5"]),
)
def test_numbers_that_only_begin_like_one_are_no_doi(first, second, shape):
    assert dois_in(shape.format(first, second)) == ()
