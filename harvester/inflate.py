"""The body of an answer out of its compressed pieces, and never more of it than the cap. Pure."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from typing import Final

_PIECE: Final = 1 << 16
_MOST_MEMBERS: Final = 16  # a gzip stream may hold many; a million empty ones are an attack on the clock
_AUTO_GZIP: Final = zlib.MAX_WBITS | 16


class TooLarge(Exception):  # noqa: N818  the glossary's word
    """The body, or what it was packed into, is over the cap."""


class Damaged(Exception):  # noqa: N818
    """The body is not what its encoding promises: broken off, or wrong inside."""


class UnknownEncoding(Exception):  # noqa: N818
    """The body is packed in a way that was not asked for."""


def inflate(pieces: Iterable[bytes], encoding: str, cap: int) -> bytes:
    """The decoded body. `encoding` is the Content-Encoding: gzip, deflate or none, never two in a row.

    Both the packed and the decoded bytes are counted while they come in, so that neither a bomb nor an
    endless stream of nothing is ever held.

    Raises TooLarge, Damaged, UnknownEncoding.
    """
    body = _Body(cap)
    feed = _decoder(encoding.strip().lower(), body)
    packed = 0
    for piece in pieces:
        packed += len(piece)
        if packed > cap:
            raise TooLarge
        feed(piece)
    feed(b"")
    return body.getvalue()


class _Body(io.BytesIO):
    """Bytes up to a cap."""

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._cap = cap

    def room(self) -> int:
        """How many bytes to ask for: one more than may come, so that too many are noticed."""
        return min(_PIECE, self._cap - self.tell() + 1)

    def add(self, piece: bytes) -> None:
        if self.tell() + len(piece) > self._cap:
            raise TooLarge
        self.write(piece)


def _decoder(encoding: str, body: _Body) -> Callable[[bytes], None]:
    """What takes the pieces; an empty piece ends them."""
    if encoding in {"", "identity"}:
        return body.add
    if encoding in {"gzip", "x-gzip"}:
        return _Unpacker(body, _AUTO_GZIP, members=_MOST_MEMBERS).feed
    if encoding == "deflate":
        return _Unpacker(body, None, members=1).feed
    raise UnknownEncoding


class _Unpacker:
    """zlib on a leash. `window` None: "deflate" is zlib by its name and raw by custom, so look."""

    def __init__(self, body: _Body, window: int | None, *, members: int) -> None:
        self._body = body
        self._window = window
        self._members = members
        self._unpacker: zlib._Decompress | None = None
        self._head = b""

    def feed(self, piece: bytes) -> None:
        if not piece:
            return self._end()
        if self._window is None:
            self._head += piece
            if len(self._head) < 2:
                return None
            piece, self._window = self._head, _window_of(self._head)
        while piece:
            piece = self._unpack(piece)
        return None

    def _unpack(self, piece: bytes) -> bytes:
        """Take in one piece, up to the end of a member; what lies behind it."""
        if self._unpacker is None:
            piece = piece.lstrip(b"\0") if self._body.tell() else piece  # padding behind the last member
            if not piece:
                return b""
            if not self._members:
                raise Damaged
            self._members -= 1
            self._unpacker = zlib.decompressobj(self._window or zlib.MAX_WBITS)
        unpacker = self._unpacker
        try:
            while piece:
                self._body.add(unpacker.decompress(piece, self._body.room()))
                piece = unpacker.unconsumed_tail
        except zlib.error as error:
            raise Damaged from error
        if unpacker.eof:
            self._unpacker = None
        return unpacker.unused_data

    def _end(self) -> None:
        if self._unpacker is None:
            if self._head and self._window is None:
                raise Damaged
            return
        # Output can be waiting inside zlib when the last input ended exactly at a full piece.
        while not self._unpacker.eof:
            rest = self._unpacker.decompress(b"", self._body.room())
            if not rest:
                raise Damaged
            self._body.add(rest)


def _window_of(head: bytes) -> int:
    is_zlib = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
