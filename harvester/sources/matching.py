"""What an answer holds, against what was asked: read item by item, told apart, the rest named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar
from urllib.parse import unquote

from msgspec.structs import replace

from harvester.errors import ParseError
from harvester.messages import message
from harvester.model import Identifier, Record
from harvester.wire import Payload, Skip

_Item = TypeVar("_Item")
_Data_contra = TypeVar("_Data_contra", contravariant=True)


class ParsesWork(Protocol[_Data_contra]):
    """The `parse_work` of a service; what it leaves out it adds to `remarks`."""

    def __call__(self, data: _Data_contra, retrieved_at: str, /, *, remarks: list[Skip]) -> Record:
        """The record of one item. Raises ParseError for what is no work to keep."""


def by_number(item: object, number: int) -> str:  # noqa: ARG001  the shape of every label
    """The name of an item that bears none."""
    return f"item {number}"


def read_all(
    items: Iterable[_Item],
    parse_work: ParsesWork[_Item],
    retrieved_at: str,
    label: Callable[[_Item, int], str] = by_number,
) -> tuple[list[Record], list[Skip]]:
    """The records of the items, and in order what was left out: remarks, and a fatal skip for every unusable item.

    `label` names an item by itself and its number, from 1.
    """
    records: list[Record] = []
    skips: list[Skip] = []
    for number, item in enumerate(items, start=1):
        try:
            records.append(parse_work(item, retrieved_at, remarks=skips))
        except ParseError as unusable:
            skips.append(Skip(label(item, number), unusable.message))
    return records, skips


def told_apart(records: Iterable[Record], asked: Iterable[Identifier]) -> tuple[list[Record], list[Record]]:
    """The records that bear an asked identifier, and the foreign ones."""
    wanted = set(asked)
    kept: list[Record] = []
    foreign: list[Record] = []
    for record in records:
        (foreign if wanted.isdisjoint(record.identifiers) else kept).append(record)
    return kept, foreign


def unanswered(asked: Iterable[Identifier], records: Iterable[Record]) -> tuple[Identifier, ...]:
    """The asked identifiers that no record bears, in order."""
    borne = {identifier for record in records for identifier in record.identifiers}
    return tuple(each for each in asked if each not in borne)


def remarks_on(foreign: Iterable[Record], service: str) -> list[Skip]:
    """A remark for every record that was left out because nobody asked for it."""
    why = message("answer-not-asked-for", service=service)
    return [Skip(record.source_key, why, fatal=False) for record in foreign]


def answered_with_another(asked: Identifier, found: Iterable[str], service: str) -> Skip:
    """The fatal skip of what was answered with other works; `found` are their names."""
    why = message("answer-is-another", service=service, asked=asked.value, found=", ".join(found))
    return Skip(asked.value, why)


def is_led_to(payload: Payload, record: Record) -> bool:
    """Whether the service itself led on to this work: the address of the answer names the work's own DOI.

    Only then is a DOI that was asked for an alias of it; else it is the answer to another question.
    """
    return record.source_key in unquote(payload.url).lower()


def with_alias(record: Record, asked: Sequence[Identifier]) -> Record:
    """The record with the one identifier that was asked for: the service resolved an alias, both name this work."""
    if len(asked) != 1 or asked[0] in record.identifiers:
        return record
    return replace(record, identifiers=tuple(sorted({*record.identifiers, *asked})))
