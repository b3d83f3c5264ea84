"""The sample service on a port of the loopback: for a test in a thread, for `make demo` as a process."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from tests.service.app import create_app
from tests.service.library import Paper, Work
from tests.service.scenario import Asked, Ledger, Scenario


class Service(str):
    """The base URL of a running service, without a slash at the end, and what it was asked so far."""

    __slots__ = ("_ledger",)
    _ledger: Ledger

    @classmethod
    def at(cls, listener: socket.socket, ledger: Ledger) -> Service:
        service = cls(f"http://127.0.0.1:{listener.getsockname()[1]}")
        service._ledger = ledger
        return service

    @property
    def crossref(self) -> str:
        """The base URL to give to a Crossref client."""
        return f"{self}/crossref"

    @property
    def semanticscholar(self) -> str:
        """The base URL to give to a Semantic Scholar client."""
        return f"{self}/s2"

    @property
    def doi(self) -> str:
        """The base URL to give to a client of the DOI resolver."""
        return f"{self}/doi"

    @property
    def datacite(self) -> str:
        """The base URL to give to a DataCite client."""
        return f"{self}/datacite"

    @property
    def openalex(self) -> str:
        """The base URL to give to an OpenAlex client."""
        return f"{self}/openalex"

    @property
    def pubmed(self) -> str:
        """The base URL to give to a client of PubMed's E-utilities."""
        return f"{self}/eutils"

    @property
    def unpaywall(self) -> str:
        """The base URL to give to an Unpaywall client."""
        return f"{self}/unpaywall/v2"

    @property
    def europepmc(self) -> str:
        """The base URL to give to a Europe PMC client."""
        return f"{self}/europepmc"

    @property
    def opencitations(self) -> str:
        """The base URL to give to an OpenCitations client."""
        return f"{self}/opencitations"

    @property
    def medra(self) -> str:
        """The base URL to give to a client of mEDRA's own interface."""
        return f"{self}/medra"

    @property
    def jalc(self) -> str:
        """The base URL to give to a client of JaLC's own interface."""
        return f"{self}/jalc"

    @property
    def doaj(self) -> str:
        """The base URL to give to a client of DOAJ's search."""
        return f"{self}/doaj"

    @property
    def wikidata(self) -> str:
        """The base URL to give to a client of Wikidata's query service."""
        return f"{self}/wikidata/sparql"

    @property
    def idconv(self) -> str:
        """The base URL to give to a client of PubMed Central's ID converter."""
        return f"{self}/idconv"

    @property
    def requests(self) -> Counter[str]:
        """How many requests each endpoint got, refused ones included: "crossref single", "s2 batch" ..."""
        return self._ledger.requests

    @property
    def statuses(self) -> Counter[tuple[str, int]]:
        """How many answers of each status each endpoint gave; status 0 is a broken connection."""
        return self._ledger.statuses

    @property
    def asked(self) -> list[Asked]:
        """Every request, in the order of the answers."""
        return self._ledger.asked


def listening(port: int = 0) -> socket.socket:
    """A socket of the loopback that already queues connections, so nobody has to wait for the server."""
    # With the protocol named, asyncio turns Nagle off: 40 ms less for every answer in two packets.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


def config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=512,
        timeout_graceful_shutdown=1,
    )


class _Threaded(uvicorn.Server):
    """A server that another thread stops at once, not at the next tick."""

    def __init__(self, settings: uvicorn.Config) -> None:
        super().__init__(settings)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped: asyncio.Event | None = None
        self._ready = threading.Event()

    async def main_loop(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stopped.wait()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self._ready.set()  # also where it could not start: nobody shall wait for ever

    def stop(self) -> None:
        self._ready.wait()
        if self._loop is not None and self._stopped is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopped.set)


@contextmanager
def running(
    scenario: Scenario | None = None,
    *,
    extra_works: Iterable[Work] = (),
    extra_papers: Iterable[Paper] = (),
) -> Iterator[Service]:
    """The sample service on a free port for as long as the `with` block lasts."""
    ledger = Ledger()
    app = create_app(scenario, extra_works=extra_works, extra_papers=extra_papers, ledger=ledger)
    listener = listening()
    server = _Threaded(config(app))
    thread = threading.Thread(target=server.run, args=([listener],), name="sample service", daemon=True)
    thread.start()
    try:
        yield Service.at(listener, ledger)
    finally:
        server.stop()
        thread.join()
        listener.close()
