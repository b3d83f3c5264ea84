"""Settings: defaults < file < environment, and errors that name the key and the nearest known one."""

from pathlib import Path

import pytest

from harvester.config import load_config
from harvester.errors import ConfigError

ROOT = Path(__file__).parents[1]


def written(tmp_path, text):
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path, environ=None):
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ or {})
    assert caught.value.exit_code == 2
    return str(caught.value).replace(str(path), "config.toml")


def test_the_file_in_the_repo_says_what_the_defaults_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    in_the_repo = load_config(ROOT / "config.toml", {})
    assert in_the_repo.config == load_config(None, {}).config


def test_the_environment_stands_above_the_file(tmp_path):
    path = written(tmp_path, "[network]\ntimeout_s = 5.0\nattempts = 2\n")
    settings = load_config(path, {"HARVESTER__NETWORK__TIMEOUT_S": "7.5", "HARVESTER_EMAIL": "a@example.org"})
    told = {key: (value, origin) for key, value, origin in settings.items()}
    assert told["network.timeout_s"] == (7.5, "environment HARVESTER__NETWORK__TIMEOUT_S")
    assert told["network.attempts"] == (2, str(path))
    assert told["contact.email"] == ("a@example.org", "environment HARVESTER_EMAIL")
    assert told["harvest.refresh_days"] == (30, "default")


def test_an_address_alone_switches_nothing_on(tmp_path):
    path = written(tmp_path, '[sources.wikidata]\nbase_url = "https://mirror.example.org"\n')
    chosen = load_config(path, {}).config.sources.wikidata
    assert (chosen.enabled, chosen.base_url) == (False, "https://mirror.example.org")


def test_paths_are_relative_to_the_file_and_a_persons_path_to_where_she_stands(tmp_path, monkeypatch):
    path = written(tmp_path, "")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert load_config(path, {}).path("data/x.db") == tmp_path / "data/x.db"
    chosen = load_config(path, {"HARVESTER_DB": "x.db"})
    assert chosen.path(chosen.config.library.path) == elsewhere / "x.db"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[sources.crosref]\nenabled = true\n", "sources.crosref is unknown; did you mean sources.crossref?"),
        ("[contact]\ne_mail = 'a'\n", "contact.e_mail is unknown; did you mean contact.email?"),
        ("[harvest]\ninbx = ['a']\n", "harvest.inbx is unknown; did you mean harvest.inbox?"),
        ("[zebra]\nstripes = 1\n", "zebra is unknown; `harvester config show` lists all settings"),
        ("[network]\ntimeout_s = 'soon'\n", "network.timeout_s: Expected `float`, got `str`"),
    ],
)
def test_what_is_wrong_is_named_with_the_key_and_what_was_meant(tmp_path, text, told):
    assert refusal(written(tmp_path, text)) == f"config.toml: {told}"


def test_broken_toml_is_told_with_its_line(tmp_path):
    assert "is not valid TOML" in refusal(written(tmp_path, "[network\n"))
    assert "line 1" in refusal(written(tmp_path, "[network\n"))


def test_a_file_that_was_asked_for_must_be_there(tmp_path):
    assert "there is no such file" in refusal(tmp_path / "nowhere.toml")


def test_a_misspelt_variable_is_refused(tmp_path):
    told = refusal(written(tmp_path, ""), {"HARVESTER__NETWORK__TIMEOUT": "1"})
    assert told == "HARVESTER__NETWORK__TIMEOUT: network.timeout is unknown; did you mean network.timeout_s?"
