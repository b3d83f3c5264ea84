"""Which addresses are dialled: names are resolved once, judged, and dialled as they were judged."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from typing import Final

import httpcore

from harvester.addresses import Origin, address_refusal
from harvester.errors import SourceUnavailable
from harvester.messages import message
from harvester.outside import Deadline

Resolve = Callable[[str, int], list[str]]
NO_NAME: Final = "name not resolved"


class _Stream(httpcore.NetworkStream):
    """A connection whose every operation keeps the deadline, the headers' single bytes included."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cut(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.cut(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class Dialler(httpcore.NetworkBackend):
    """Resolves a host, judges every address of it, and dials exactly what it judged.

    There is no second resolution between check and use, so a name that changes its mind (DNS rebinding)
    gains nothing. TLS and the Host header still go by the name. `own` may be on the own network.
    """

    def __init__(self, own: Iterable[Origin], deadline: Deadline, resolve: Resolve) -> None:
        self._own = frozenset((it.host, it.port) for it in own)
        self._deadline = deadline
        self._resolve = resolve
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in self._checked(host, port):
            left = self._deadline.cut(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._tcp.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure

    def _checked(self, host: str, port: int) -> list[str]:
        """The addresses of the host; SourceUnavailable if a single one of them may not be dialled."""
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError(NO_NAME) from None
        for address in addresses:
            if address_refusal(address, allow_private=(host, port) in self._own) is not None:
                raise SourceUnavailable(message("fetch-address", host=host, address=address))
        return addresses
