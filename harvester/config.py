"""`config.toml` and the environment as one typed value, with the origin of every setting.

Defaults < file < environment < command line. Every setting has an environment name:
`HARVESTER__NETWORK__TIMEOUT_S=10` sets `network.timeout_s`; `HARVESTER_DB` and `HARVESTER_EMAIL` are
short for the two that matter most. Keys of services come from the environment only.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from harvester.addresses import without_secrets
from harvester.errors import ConfigError
from harvester.messages import message

_SHORT: Final = {"HARVESTER_DB": "library.path", "HARVESTER_EMAIL": "contact.email"}
_PREFIX: Final = "HARVESTER__"


class LibrarySettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the library lies; an empty `archive` keeps no replies."""

    path: str = "data/harvester.db"
    archive: str = "data/archive"


class ContactSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Who we say we are: services answer faster to those who can be written to."""

    email: str = ""


class HarvestSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """What a nightly run takes in, after how many days it asks again, and how long it may ask at all.

    `deadline_minutes` 0 is no deadline; what was not asked by then is deferred to the next run.
    """

    inbox: tuple[str, ...] = ("data/inbox",)
    doi_lists: tuple[str, ...] = ("data/dois.txt",)
    refresh_days: int = 30
    absent_days: int = 14
    deadline_minutes: float = 0.0


class NetworkSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How patient to be. `allow_private` lets services live at private addresses (stand-ins, mirrors)."""

    timeout_s: float = 30.0
    attempts: int = 5
    retry_after_cap_s: float = 120.0
    allow_private: bool = False


class SourceSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One service: asked or not, at which address (None: the service's own), how much a day at most.

    `daily_budget` is in the service's own units (credits of OpenAlex, else requests); None is all it gives.
    """

    enabled: bool = True
    base_url: str | None = None
    daily_budget: float | None = None


_OFF: Final = SourceSettings(enabled=False)


class SourcesSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The services, by name; `doi_org` tells which agency registers a DOI."""

    doi_org: SourceSettings = SourceSettings()
    crossref: SourceSettings = SourceSettings()
    datacite: SourceSettings = SourceSettings()
    medra: SourceSettings = SourceSettings()
    jalc: SourceSettings = SourceSettings()
    kisti: SourceSettings = SourceSettings()
    op: SourceSettings = SourceSettings()
    istic: SourceSettings = _OFF
    pubmed: SourceSettings = SourceSettings()
    openalex: SourceSettings = SourceSettings()
    semanticscholar: SourceSettings = SourceSettings()
    europepmc: SourceSettings = _OFF
    unpaywall: SourceSettings = _OFF
    opencitations: SourceSettings = _OFF
    doaj: SourceSettings = _OFF
    wikidata: SourceSettings = _OFF
    ncbi_idconv: SourceSettings = _OFF


class TranslateSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """By which engine missing titles and abstracts are translated, into what, and what may be spent on it.

    `engine` "" is none. `price_per_million` is the price of a million characters, in the currency of
    `budget_per_month`; a budget of 0 is no limit. `in_harvest` translates at the end of the nightly job.
    """

    engine: str = ""
    base_url: str = ""
    model: str = ""
    to: str = "zh-Hans"
    fields: tuple[str, ...] = ("title", "abstract")
    glossary: str = ""
    price_per_million: float = 0.0
    budget_per_month: float = 0.0
    timeout_s: float = 120.0
    in_harvest: bool = False


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings. Paths are relative to the folder of the file they came from."""

    library: LibrarySettings = field(default_factory=LibrarySettings)
    contact: ContactSettings = field(default_factory=ContactSettings)
    harvest: HarvestSettings = field(default_factory=HarvestSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    sources: SourcesSettings = field(default_factory=SourcesSettings)
    translate: TranslateSettings = field(default_factory=TranslateSettings)


class Settings(Struct, frozen=True):
    """The effective configuration, where each value comes from, and the folder paths are relative to."""

    config: Config
    origins: dict[str, str]
    folder: Path

    def path(self, name: str) -> Path:
        """`name` as a path: absolute, or relative to the configuration's folder."""
        return (self.folder / Path(name).expanduser()).resolve()

    def items(self) -> Iterator[tuple[str, object, str]]:
        """(key, value, origin) for every setting, in the order of the file; addresses without passwords."""
        for key, value in _flat(msgspec.to_builtins(self.config)):
            is_address = isinstance(value, str) and "://" in value
            yield key, without_secrets(value) if is_address else value, self.origins.get(key, "default")


def load_config(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The configuration of `path` (None: `config.toml` here, where there is one) and the environment.

    Raises ConfigError naming the file, the key, what was expected and the nearest known key.
    """
    chosen = path or Path("config.toml")
    if path is not None and not path.is_file():
        raise ConfigError(message("config-missing", path=path))
    said = _read(chosen) if chosen.is_file() else {}
    origins = {key: str(chosen) for key, _ in _flat(said)}
    _refuse_unknown(said, chosen)
    for name, key, value in _from_environment(environ):
        _put(said, key, value)
        origins[key] = f"environment {name}"
    folder = chosen.resolve().parent if chosen.is_file() else Path.cwd()
    if "HARVESTER_DB" in environ:  # a person's path is relative to where that person stands
        _put(said, "library.path", str(Path(environ["HARVESTER_DB"]).expanduser().absolute()))
    return Settings(_typed(said, origins, chosen), origins, folder)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(message("config-no-toml", path=path, error=error)) from error
    except OSError as error:
        raise ConfigError(message("config-unreadable", path=path, error=error)) from error


def _flat(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _known_keys() -> tuple[str, ...]:
    return tuple(key for key, _ in _flat(msgspec.to_builtins(Config())))


def _refuse_unknown(said: Mapping[str, Any], path: Path) -> None:
    known = _known_keys()
    sections = {key.rsplit(".", 1)[0] for key in known} | {key.split(".")[0] for key in known}
    tables = [name for name, value in _tables(said) if name not in sections and value is not None]
    for key in [*tables, *(key for key, _ in _flat(said) if key not in known and key not in tables)]:
        near = _nearest(key, [*known, *sections])
        name = "config-unknown-near" if near else "config-unknown"
        raise ConfigError(message(name, path=path, key=key, near=near or ""))


def _tables(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield f"{above}{name}", value
            yield from _tables(value, f"{above}{name}.")


def _nearest(key: str, known: list[str]) -> str | None:
    """The known key that was probably meant: like it as a whole, or in its last part."""
    whole = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
    last = {one.rsplit(".", 1)[-1]: one for one in known}
    part = difflib.get_close_matches(key.rsplit(".", 1)[-1], list(last), n=1, cutoff=0.75)
    return whole[0] if whole else last[part[0]] if part else None


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, str, Any]]:
    known = _known_keys()
    for name, value in sorted(environ.items()):
        if name in _SHORT:
            yield name, _SHORT[name], value
        elif name.startswith(_PREFIX):
            key = name.removeprefix(_PREFIX).lower().replace("__", ".")
            if key not in known:
                near = _nearest(key, list(known))
                found = "config-unknown-near" if near else "config-unknown"
                raise ConfigError(message(found, path=name, key=key, near=near or ""))
            yield name, key, _toml_value(value)


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _put(tree: dict[str, Any], key: str, value: Any) -> None:
    *above, last = key.split(".")
    for name in above:
        tree = tree.setdefault(name, {})
    tree[last] = value


def _typed(said: dict[str, Any], origins: Mapping[str, str], path: Path) -> Config:
    try:
        return msgspec.convert(_over(msgspec.to_builtins(Config()), said), Config, strict=True)
    except msgspec.ValidationError as error:
        expected, _, where = str(error).partition(" - at `$.")
        key = where.rstrip("`")
        raise ConfigError(
            message("config-wrong-type", path=origins.get(key, path), key=key, expected=expected)
        ) from error


def _over(defaults: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults with what was said laid over them, table by table: a source that is off by default stays
    off where only its address is given.
    """
    laid = dict(defaults)
    for name, value in said.items():
        below = laid.get(name)
        laid[name] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return laid
