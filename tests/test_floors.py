"""The house: imports go down only, outside libraries have one door, functions and modules stay small."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "harvester"
FLOORS = {
    0: ("__init__", "patterns", "collecting", "model", "errors", "messages", "messages_relations", "messages_checks", "messages_translation", "messages_documents", "messages_matches", "messages_sources",
        "messages_corrections", "messages_journals", "messages_search", "messages_upkeep", "messages_doctor"),
    1: (
        "identifiers", "spellings", "language", "text", "markup", "names", "name_lists", "name_order", "charset", "wire", "agencies", "bilingual",
        "addresses", "inflate", "surnames", "pinyin", "namesakes", "relations", "access", "earlier", "lexicon", "numbers", "garble",
        "likeness", "sentences", "title_keys", "title_glossary", "author_keys", "container_keys", "locus_keys", "sounds", "inflection", "name_words",
        "likely",
    ),
    2: (
        "standing", "formats", "policy", "merge", "match", "rows", "explain", "authorship", "cite", "hops", "beads", "bead_scores", "alignment",
        "sections", "quality", "losses", "candidates", "judging", "features", "levels", "leftovers", "title_likeness", "author_likeness", "similarity", "oddities", "weights", "evidence",
        "blocking", "grouping", "linkage", "descriptions", "uniting", "search_fields", "search_terms", "scoring", "snippets", "overrides", "corrections",
        "journals", "journal_tables", "journal_schema", "match_schema", "feed_schema", "once_schema", "small_schema", "claim_forms", "envelope_schema", "extras", "queries", "schema_words", "prepared", "shared_dois", "history",
    ),
    3: ("sources", "tagged", "engines", "config", "migrations", "schema", "schema_forms", "journal_rows", "small_rows"),
    4: (
        "store", "disk", "rebuild", "writing", "query", "narrowing", "ledger", "fetch", "limiter", "outside", "archive", "earlier_archive", "quota", "dialling", "dictionary", "memory", "suggest", "filing", "duplicates", "upgrading", "local_model", "shared_rows",
    ),
    5: ("harvest", "load", "reader", "documents", "registration", "preview", "errands", "elsewhere", "pipes", "settling", "translation", "curation", "ranking", "deciding", "replies", "mailbox", "space", "checkup", "joining"),
    6: ("cli", "__main__", "commands", "closing", "desks", "talk", "display", "export", "interrupts", "translating", "reviewing", "review_cli", "journals_cli", "upkeep_cli", "finding", "answered", "file_reports", "doctoring"),
}  # fmt: skip
DOORS = {
    "httpx": {"fetch"},
    "zstandard": {"archive"},
    "httpcore": {"fetch", "dialling"},
    "tenacity": {"fetch"},
    "sqlite_utils": {"upgrading", "migrations", "schema"},
    "sqlite3": {
        "archive",
        "store",
        "disk",
        "schema",
        "upgrading",
        "rebuild",
        "writing",
        "query",
        "journal_rows",
        "small_rows",
        "filing",
        "duplicates",
        "deciding",
        "shared_rows",
    },
    "langdetect": {"likely"},
    "pypinyin": {"pinyin"},
    "ctranslate2": {"local_model"},
    "sentencepiece": {"local_model"},
    "opencc": {"text", "language"},
    "lxml": {"sources"},
    "rapidfuzz": {"levels"},
    "typer": {"cli", "review_cli", "journals_cli", "upkeep_cli", "talk"},
    "rich": {"display", "answered", "file_reports", "commands", "reviewing", "finding"},
    "filelock": {"commands", "quota"},
}
PURE = {name for floor in range(3) for name in FLOORS[floor]} | {"sources", "migrations"}
OUTSIDE = {"socket", "urllib.request", "http.client", "time", "random", "subprocess"}


def modules():
    return sorted(HOUSE.rglob("*.py"))


def room(path):
    """The first name below harvester/: a folder is one room."""
    return path.relative_to(HOUSE).with_suffix("").parts[0]


def floor(name):
    return next(level for level, names in FLOORS.items() if name in names)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "harvester":
                yield from (f"harvester.{alias.name}" for alias in node.names if alias.name[0] != "_")


def inner(path):
    names = (name.split(".") for name in imports(path) if name.startswith("harvester."))
    return {parts[1] for parts in names} - {room(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_imports_go_down_only(path):
    above = {name for name in inner(path) if floor(name) > floor(room(path))}
    assert not above


def test_no_two_rooms_import_each_other_in_a_circle():
    below = {}
    for path in modules():
        below.setdefault(room(path), set()).update(inner(path))
    done = set()
    while ready := {name for name, needs in below.items() if needs <= done and name not in done}:
        done |= ready
    assert below.keys() - done == set()


@pytest.mark.parametrize("library", DOORS)
def test_an_outside_library_has_one_door(library):
    users = {room(path) for path in modules() for name in imports(path) if name.split(".")[0] == library}
    assert users <= DOORS[library]


def test_the_lower_floors_know_no_network_no_clock_and_no_chance():
    used = {(room(path), name) for path in modules() if room(path) in PURE for name in imports(path)}
    assert {one for one in used if one[1] in OUTSIDE} == set()


def functions():
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.name}:{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short():
    lengths = dict(functions())
    ordered = sorted(lengths.values())
    assert {name for name, length in lengths.items() if length > 60} == set()
    assert ordered[int(len(ordered) * 0.9)] <= 35
    assert statistics.median(ordered) <= 12


def test_modules_have_one_subject():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    # The catalogue grows by a line a message and is still one table.
    assert {name for name, length in lengths.items() if length > 400} <= {"messages.py"}


def test_every_message_speaks_both_languages_with_the_same_placeholders():
    from string import Formatter

    from harvester.messages import CATALOGUE

    def names(text):
        return {field for _, field, _, _ in Formatter().parse(text) if field}

    for key, (english, chinese) in CATALOGUE.items():
        assert english, key
        assert chinese, key
        assert names(english) == names(chinese), key


def test_every_message_that_the_code_names_is_in_the_catalogue():
    from harvester.messages import CATALOGUE

    named = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in {"message", "say", "tell"} and isinstance(first, ast.Constant):
                    named.add(first.value)
    assert named - CATALOGUE.keys() == set()
