"""Answers past the rules of HTTP, which no server library would send: written to the connection itself.

Needs scope["transport"]; where there is none (no real connection), ConnectionResetError is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from tests.service.replies import Reply
from tests.service.scenario import Wait

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

WORDS: Final = ("silent", "trickle", "long", "short")


class Unruly(Response):
    """An answer by one of the WORDS; time passes by `wait`."""

    def __init__(self, word: str, reply: Reply, wait: Wait) -> None:
        super().__init__(reply.body, reply.status, media_type=reply.content_type)
        self._word = word
        self._wait = wait

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope.get("transport")
        if transport is None:
            raise ConnectionResetError("the sample service breaks the rules of a connection")
        if self._word == "trickle":
            await self._trickle(transport)
        elif self._word in ("long", "short"):
            more = 9 if self._word == "long" else -9
            transport.write(self._head(len(self.body) + more) + bytes(self.body))
            transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _trickle(self, transport: Any) -> None:
        """A byte a second, for as long as somebody listens."""
        transport.write(self._head(1_000_000))
        while not transport.is_closing():
            transport.write(b" ")
            await self._wait(1.0)

    def _head(self, length: int) -> bytes:
        lines = [
            f"HTTP/1.1 {self.status_code} OK",
            f"content-type: {self.media_type}",
            f"content-length: {length}",
            "connection: close",
        ]
        return "\r\n".join([*lines, "", ""]).encode()
