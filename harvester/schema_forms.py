"""The schema of the library file in the forms that other programs read: SQL, JSON, JSON Schema, a diagram, Datasette metadata."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from harvester.errors import UsageError
from harvester.messages import message
from harvester.migrations import APPLICATION_ID, SCHEMA_VERSION
from harvester.queries import QUERIES
from harvester.schema import Relation, Shown, library_schema, schema_markdown


def schema_in(form: str) -> str:
    """The schema in a form of `FORMS`, as text. Raises UsageError for a form that is none."""
    if form not in FORMS:
        raise UsageError(message("schema-form", form=form, known=", ".join(FORMS)))
    return FORMS[form](library_schema())


def _json(relations: Sequence[Relation]) -> str:
    """Everything under `relations`; `works`, `tables` and `views` are a shorter form of it that came first."""
    works, *others = relations
    columns = [{"name": one.name, "type": one.type, "meaning": one.says} for one in works.columns]
    tables = [
        {"name": one.name, "columns": [column.name for column in one.columns], "meaning": one.says}
        for one in others
        if one.kind == "table"
    ]
    views = [{"name": one.name, "meaning": one.says} for one in others if one.kind == "view"]
    short = {"works": columns, "tables": tables, "views": views}
    told = [_told(one) for one in relations]
    return _dumped({"schema": SCHEMA_VERSION, "application_id": APPLICATION_ID, **short, "relations": told})


def _told(one: Relation) -> Mapping[str, Any]:
    columns = [
        {
            "name": column.name,
            "type": column.type,
            "meaning": column.says,
            "key": column.is_key,
            "null": column.may_be_null,
            "refers_to": column.refers_to,
        }
        for column in one.columns
    ]
    return {"name": one.name, "kind": one.kind, "meaning": one.says, "columns": columns}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _ddl(relations: Sequence[Relation]) -> str:
    """What makes the public tables, their indexes and the views; what each column says stands beside it."""
    lines = [f"-- The library file, schema version {SCHEMA_VERSION}.", ""]
    for one in relations:
        lines += [f"-- {one.name}: {one.says}"]
        lines += [f"--   {column.name}: {column.says}" for column in one.columns if column.says]
        lines += [f"{sql};" for sql in one.sql]
        lines += [""]
    return "\n".join(lines)


# -- JSON Schema -------------------------------------------------------------------------------------------

_JSON_TYPES: Final = {"INTEGER": ["integer"], "REAL": ["number"], "TEXT": ["string"]}
_ANY: Final = ["string", "number"]


def _json_schema(relations: Sequence[Relation]) -> str:
    """JSON Schema (2020-12): a definition for a row of every table and view, as an object by column names; BLOBs are left out."""
    definitions = {
        one.name: {
            "type": "object",
            "description": one.says,
            "properties": {column.name: _property(column) for column in _readable(one)},
            "required": [column.name for column in _readable(one)],
            "additionalProperties": False,
        }
        for one in relations
    }
    return _dumped(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Rows of a library file, schema version {SCHEMA_VERSION}",
            "$defs": definitions,
        }
    )


def _readable(one: Relation) -> Iterator[Shown]:
    return (column for column in one.columns if column.type != "BLOB")


def _property(column: Shown) -> Mapping[str, Any]:
    types = _JSON_TYPES.get(column.type, _ANY)
    said = {"description": column.says} if column.says else {}
    return {"type": [*types, "null"] if column.may_be_null else types, **said}


# -- a diagram ---------------------------------------------------------------------------------------------


def _diagram(relations: Sequence[Relation]) -> str:
    """The tables and how they refer to each other, as a Mermaid diagram in Markdown."""
    tables = [one for one in relations if one.kind == "table"]
    lines = ["# The tables of the library file", "", "Made from the file itself (`harvester schema --format er`); what they mean: [schema.md](schema.md).", "", "```mermaid", "erDiagram"]  # fmt: skip
    for one in tables:
        for column in one.columns:
            target = (column.refers_to or "").partition(".")[0]
            if target in {each.name for each in tables}:
                many = "o|" if column.is_key and sum(each.is_key for each in one.columns) == 1 else "o{"
                lines.append(f"  {target} ||--{many} {one.name} : {column.name}")
    for one in tables:
        lines.append(f"  {one.name} {{")
        for column in one.columns:
            marks = ", ".join(["PK"] * column.is_key + ["FK"] * bool(column.refers_to))
            lines.append(f"    {column.type} {column.name} {marks}".rstrip())
        lines.append("  }")
    return "\n".join([*lines, "```", ""])


# -- Datasette ---------------------------------------------------------------------------------------------


def _datasette(relations: Sequence[Relation]) -> str:
    """Metadata for Datasette: what tables and columns mean, and the documented queries, for a file named harvester.db."""
    tables = {
        one.name: {
            "description": one.says,
            "columns": {column.name: column.says for column in one.columns if column.says},
            **({"label_column": "title", "sort_desc": "revision"} if one.name == "works" else {}),
        }
        for one in relations
    }
    queries = {one.name: {"title": f"{one.question} {one.question_zh}", "sql": one.sql} for one in QUERIES}
    return _dumped({"databases": {"harvester": {"tables": tables, "queries": queries}}})


FORMS: Final[dict[str, Callable[[Sequence[Relation]], str]]] = {
    "markdown": schema_markdown,
    "json": _json,
    "ddl": _ddl,
    "json-schema": _json_schema,
    "er": _diagram,
    "datasette": _datasette,
}
# Where the project keeps each form; a test holds them current.
KEPT_AS: Final = {
    "markdown": "docs/schema.md",
    "ddl": "docs/schema.sql",
    "json-schema": "docs/schema.json",
    "er": "docs/schema-er.md",
    "datasette": "docs/datasette.json",
}
