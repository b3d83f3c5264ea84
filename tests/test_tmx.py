"""A glossary in TMX, as other programs write it."""

import pytest
from msgspec.structs import replace

from harvester.config import Config, Settings, TranslateSettings
from harvester.errors import ConfigError, ParseError
from harvester.formats import tmx
from harvester.translating import desk_of

HEAD = '<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header/><body>'
TAIL = "</body></tmx>"


def unit(**texts):
    said = "".join(
        f'<tuv xml:lang="{tag.replace("_", "-")}"><seg>{text}</seg></tuv>' for tag, text in texts.items()
    )
    return f"<tu>{said}</tu>"


def read(*units, target="zh-Hans"):
    return list(tmx.terms((HEAD + "".join(units) + TAIL).encode(), target))


def test_a_unit_gives_the_term_of_each_other_language():
    assert read(unit(en_US="paste", zh_CN="浆糊", de="Kleister")) == [("paste", "浆糊"), ("Kleister", "浆糊")]


def test_the_direction_is_that_of_the_target():
    assert read(unit(EN="paste", ZH="浆糊"), target="en") == [("浆糊", "paste")]


def test_the_script_of_the_target_is_taken_first():
    both = unit(en="paste", zh_TW="漿糊", zh_CN="浆糊")
    assert read(both) == [("paste", "浆糊")]
    assert read(both, target="zh-Hant") == [("paste", "漿糊")]
    assert read(unit(en="paste", zh_TW="漿糊")) == [("paste", "漿糊")]


def test_what_a_machine_translated_is_no_term():
    exported = "".join(
        tmx.dump([("en", "paste", "zh-Hans", "浆糊", "engine/m", "2026-11-21T03:00:00Z")], "1")
    )
    assert list(tmx.terms(exported.encode(), "zh-Hans")) == []


def test_inline_codes_are_no_text():
    assert read(unit(en="library <bpt i='1'>&lt;b&gt;</bpt><hi>paste</hi><ept i='1'/>", zh="浆糊")) == [
        ("library paste", "浆糊")
    ]


def test_utf_16_is_read():
    text = HEAD + unit(en="paste", zh="浆糊") + TAIL
    assert list(tmx.terms(text.encode("utf-16"), "zh-Hans")) == [("paste", "浆糊")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"paste,x",
        b"<html/>",
        b"<tmx><body><tu>",
        b'<!DOCTYPE tmx [<!ENTITY a "aaaa">]><tmx>&a;</tmx>',
    ],
)
def test_what_is_no_tmx_is_said_to_be_none(data):
    with pytest.raises(ParseError, match="no TMX file"):
        list(tmx.terms(data, "zh-Hans"))


def test_a_tmx_glossary_of_the_settings_is_the_desks(tmp_path):
    (tmp_path / "terms.tmx").write_text(HEAD + unit(en="paste", zh="浆糊") + TAIL, encoding="utf-8")
    (tmp_path / "broken.tmx").write_text("paste,浆糊", encoding="utf-8")
    chosen = TranslateSettings(
        engine="openai", model="m", base_url="http://localhost/v1", glossary="terms.tmx"
    )
    settings = Settings(Config(translate=chosen), {}, tmp_path)
    broken = Settings(Config(translate=replace(chosen, glossary="broken.tmx")), {}, tmp_path)

    assert desk_of(settings, None).glossary == (("paste", "浆糊"),)
    with pytest.raises(ConfigError, match=r"broken\.tmx"):
        desk_of(broken, None)
