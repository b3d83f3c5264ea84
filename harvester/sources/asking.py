"""What is asked of a service: the identifiers that it knows, in groups that it takes at once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from harvester.errors import InvalidIdentifier
from harvester.messages import message
from harvester.model import Identifier, Scheme

_DOIS: Final = (Scheme.DOI,)
_Asked = TypeVar("_Asked")


def askable(identifiers: Iterable[Identifier], schemes: Container[Scheme] = _DOIS) -> list[Identifier]:
    """Those of the schemes that a service is asked by, in order, each once."""
    return [each for each in dict.fromkeys(identifiers) if each.scheme in schemes]


def require_askable(identifier: Identifier, service: str, schemes: Container[Scheme] = _DOIS) -> None:
    """Pass an identifier that the service is asked by. Raises InvalidIdentifier for those of other schemes."""
    if identifier.scheme not in schemes:
        raise InvalidIdentifier(message("not-asked-of-service", service=service, id=identifier.value))


def groups_of(most: int, asked: Sequence[_Asked]) -> Iterator[Sequence[_Asked]]:
    """What is asked, in order, at most so many together."""
    for start in range(0, len(asked), most):
        yield asked[start : start + most]


def groups_within(
    room: int, most: int, asked: Iterable[Identifier], cost: Callable[[Identifier], int]
) -> Iterator[list[Identifier]]:
    """The identifiers, in order, at most so many together and none beyond the room that they cost.

    One that costs more than there is stands alone.
    """
    group: list[Identifier] = []
    size = 0
    for identifier in asked:
        more = cost(identifier)
        if group and (len(group) == most or size + more > room):
            yield group
            group, size = [], 0
        group.append(identifier)
        size += more
    if group:
        yield group
