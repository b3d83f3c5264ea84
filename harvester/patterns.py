"""Regular expressions that are compiled when they are first used: most commands need few of them."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("pattern", "flags", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


def pattern(expression: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but later; an error in the expression comes up at its first use.

    For the methods and attributes of a pattern alone: `re.sub` and its kind do not take it.
    """
    return cast("re.Pattern[AnyStr]", _Waiting(expression, flags))


class _Compiled:
    """The bound methods of a pattern: without `__getattr__`, calling them costs hardly more than on the pattern."""

    __slots__ = (*_METHODS, "expression", "given")


class _Waiting(_Compiled):
    __slots__ = ()

    def __init__(self, expression: str | bytes, flags: int) -> None:
        self.expression, self.given = expression, flags

    def __getattr__(self, name: str) -> Any:
        # Two threads may both come here; they set the same.
        compiled = re.compile(self.expression, self.given)
        found = getattr(compiled, name)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        self.__class__ = cast("Any", _Compiled)
        return found
