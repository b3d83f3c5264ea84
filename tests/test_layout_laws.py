"""No line of a document is lost, whatever stands in which order: it is in a field, or it is reported as left over."""

import re

from hypothesis import given
from hypothesis import strategies as st

from harvester.formats.pubmed_layout import layout, layouts

# "{}" is a word that no other line has, Latin or Han: it must come out again.
LINES = (
    "Lin Mei, {} Anna, Dahl Ole",
    "{} M, Dahl OP",
    "{} Mei 1, Dahl Ole 1,2",
    "Mei {}; Ole Dahl",
    "1. Institute of {}, Oslo, Norway.",
    "(2) {} University, Bergen, Norway.",
    "Department of {}, Paris, France",
    "J Paste. 2025 Jun;35(2):1-9. doi: 10.5555/{}.1. Epub 2024 May 23.",
    "doi: 10.5555/{}",
    "https://doi.org/10.5555/{}",
    "PMID: 12345678 [{}]",
    "On the drying of {} paste in reading rooms",
    "[The drying of {} paste in humid rooms].",
    "{}糨糊干燥过程的研究",
    "OBJECTIVE: To find out why {} dries. It does.",
    "Methods: {} was measured daily, and then again.",
    "METHODS",
    "【目的】探讨{}干燥的原因。",
    "方法：{}每天测量一次，然后再测一次。",
    "结果:{}没有干,两次都没有(P<0.05)。",
    "结论",
    "Abstract",
    "摘要",
    "Key words: {}; glue; paste",
    "关键词：{}；糨糊",
    "Copyright 2025 {} Press.",
    "Author information:",
    "[Article in {}]",
    "{}",
    "Paste of {} dries slowly. 糨糊干得很慢，原因是{}太潮湿。",
    "The {} was dry and the readers were content with the paste that they had been given for free.",
)
ENDS = st.sampled_from(["\n", "\r\n", "\n\n", "\r\n\r\n", "\r", "\n \n\t\n"])


@st.composite
def documents(draw):
    """Lines in any order, each with a word of its own, and those words."""
    chosen = draw(st.lists(st.sampled_from(LINES), max_size=12))
    words = [f"Q{''.join('abcdefghij'[int(digit)] for digit in str(at + 10))}x" for at in range(len(chosen))]
    lines = [line.replace("{}", word) for line, word in zip(chosen, words, strict=True)]
    text = "".join(line + draw(ENDS) for line in lines)
    held = [word for line, word in zip(chosen, words, strict=True) if "{}" in line]
    return draw(st.sampled_from(["", "\ufeff", "\n\n"])) + text, held


def everything(found):
    """All that a layout says, in one string."""
    said = [
        *(part for one in found.authors for part in (one.author.name, str(one.marks))),
        *found.affiliations,
    ]
    said += [found.citation.raw if found.citation else "", found.title_en or "", found.title_zh or ""]
    said += [f"{one.label or ''} {one.text}" for one in (*found.en, *found.zh)]
    said += [one.value for one in found.identifiers]
    said += [*found.keywords, found.article_in or "", *(line.text for line in found.left)]
    return "\n".join(said).casefold()


@given(documents())
def test_every_line_is_in_a_field_or_left_over(document):
    text, words = document
    said = "\n".join(everything(one) for one in layouts(text) or [layout(text)])
    assert [word for word in words if word.casefold() not in said] == []


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("。.,:;（）()[]【】\n\r Aa1目方"), st.characters()), max_size=200
    )
)
def test_any_text_has_a_layout_that_keeps_its_letters(text):
    said = "".join(everything(one) for one in layouts(text) or [layout(text)])
    lost = set(re.findall(r"[^\W_]{4,}", text.casefold())) - set(re.findall(r"[^\W_]{4,}", said))
    assert not {word for word in lost if word not in said}
