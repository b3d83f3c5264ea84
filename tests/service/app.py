"""The application: both services behind one port, with their limits, latency and faults in front."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from tests.service import crossref, faults, limits, semanticscholar
from tests.service.library import Library, Paper, Work
from tests.service.replies import COMPRESSIBLE, Reply, html_reply, http_date
from tests.service.scenario import Asked, Ledger, Scenario, ServiceName

Answer = Callable[[Request, bytes], Reply]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Admission:
    """A request before its answer: the gate it goes through, the headers it gets, or why it is turned away."""

    gate: limits.Gate | None
    headers: dict[str, str]
    refusal: Reply


class Front:
    """What stands before the answers of one service: the door, the wait, the mishaps, the ledger."""

    def __init__(self, service: ServiceName, scenario: Scenario, ledger: Ledger, clock: Clock) -> None:
        self.service = service
        self.scenario = scenario
        self._ledger = ledger
        self._clock = clock
        self._gates = limits.Gates(scenario.limits)
        self._plan = faults.Plan(scenario.faults.get(service, ()), scenario.fault_rate, scenario.seed)
        self._chance = random.Random(scenario.seed)

    def endpoint(self, name: str, answer: Answer) -> Callable[[Request], Any]:
        """The ASGI endpoint around a pure answer."""

        async def respond(request: Request) -> Response:
            response, status = await self._respond(request, name, answer)
            target = request.url.path + ("?" + request.url.query if request.url.query else "")
            agent = request.headers.get("user-agent", "")
            self._ledger.add(Asked(name, request.method, target, agent, status))
            return response

        return respond

    async def _respond(self, request: Request, name: str, answer: Answer) -> tuple[Response, int]:
        admission = self._admit(request, is_list=name == "crossref list")
        gate = admission.gate
        if gate is None or not gate.enter(self._clock()):
            refusal = admission.refusal.with_headers(admission.headers)
            return _response(refusal, request, self.service), refusal.status
        try:
            fault = self._plan.next()
            await asyncio.sleep(self._wait_s() + faults.delay_s(fault))
            reply = answer(request, await request.body())
        finally:
            gate.leave()
        spoiled = faults.spoil(fault, reply, service=self.service).with_headers(admission.headers)
        if fault in ("reset", "cut"):
            after = None if fault == "reset" else len(spoiled.body) // 2
            return faults.Broken(spoiled, after=after), 0
        return _response(spoiled, request, self.service), spoiled.status

    def _wait_s(self) -> float:
        return self.scenario.latency_s * self._chance.uniform(0.8, 1.2)

    def _admit(self, request: Request, *, is_list: bool) -> Admission:
        if self.service == "crossref":
            return self._admit_to_crossref(request, is_list=is_list)
        headers = dict(semanticscholar.HEADERS)
        key = request.headers.get("x-api-key")
        if key is not None:
            if key not in self.scenario.keys:
                return Admission(None, headers, faults.s2_error(403))
            return Admission(self._gates.gate("keyed", key, limits.KEYED), headers, faults.s2_error(429))
        busy = self.scenario.keyless == "busy" or (
            self.scenario.keyless == "mixed" and self._chance.random() < 0.5
        )
        gate = None if busy else limits.Gate(limits.UNLIMITED)
        return Admission(gate, headers, faults.s2_error(429))

    def _admit_to_crossref(self, request: Request, *, is_list: bool) -> Admission:
        host = request.client.host if request.client else "nowhere"
        tokens = self.scenario.plus_tokens
        caller = crossref.caller_of(request.headers, request.query_params, host, tokens)
        if caller is None:
            return Admission(None, dict(crossref.HEADERS), faults.crossref_error(401))
        pool = caller.pool(is_list=is_list)
        gate = self._gates.gate(pool, caller.name, crossref.ALLOWANCES[pool])
        headers = crossref.limit_headers(pool, self.scenario.limits)
        return Admission(gate, headers, faults.crossref_error(429))


def _response(reply: Reply, request: Request, service: ServiceName) -> Response:
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    is_packed = "content-encoding" in reply.headers
    if service == "crossref" and accepts and not is_packed and len(reply.body) > COMPRESSIBLE:
        reply = reply.packed()
    response = Response(reply.body, reply.status, {"date": http_date(time.time()), **reply.headers})
    # Set by hand: Starlette would add a charset that the services do not send.
    response.headers["content-type"] = reply.content_type
    return response


class _Application(Starlette):
    """Starlette that leaves the way to the connection in the scope, for faults that break it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # uvicorn gives `send` as a method of the object that holds the connection.
        scope["transport"] = getattr(getattr(send, "__self__", None), "transport", None)
        await super().__call__(scope, receive, send)


def create_app(
    scenario: Scenario | None = None,
    *,
    extra_works: Iterable[Work] = (),
    extra_papers: Iterable[Paper] = (),
    ledger: Ledger | None = None,
    clock: Clock = time.monotonic,
) -> Starlette:
    """The sample service as an ASGI application.

    `extra_works` and `extra_papers` are known beside the project's own, in the shapes of Crossref and of
    Semantic Scholar; fields that every record has are filled in. What was asked goes into `ledger`, which
    is also at `app.state.ledger` and, as counts, at GET /-/requests. Rates are judged by `clock`, in seconds.
    """
    scenario, ledger = scenario or Scenario(), ledger or Ledger()
    library = Library(extra_works, extra_papers, generated=scenario.generated, corpus=scenario.corpus)
    works = _crossref_routes(library, Front("crossref", scenario, ledger, clock))
    papers = _s2_routes(library, Front("semanticscholar", scenario, ledger, clock))

    async def counts(_: Request) -> Response:
        return JSONResponse(dict(ledger.requests))

    bare = [Mount("/graph/v1", routes=papers), Mount("/v1", routes=works), *works]
    app = _Application(
        routes=[
            Route("/-/requests", counts),
            Mount("/crossref/v1", routes=works),
            Mount("/crossref", routes=works),
            Mount("/s2/graph/v1", routes=papers),
            *bare,
        ]
    )
    app.state.ledger = ledger
    return app


def _crossref_routes(library: Library, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return crossref.single(library, request.path_params["doi"], _base_url(request))

    def agency(request: Request, _: bytes) -> Reply:
        return crossref.agency(library, request.path_params["doi"])

    def works(request: Request, _: bytes) -> Reply:
        if len(request.url.path) + len(request.url.query) > crossref.LONGEST_TARGET:
            return html_reply(414, "Request-URI Too Large")
        return crossref.works(library, request.query_params)

    return [
        Route("/works", front.endpoint("crossref list", works)),
        Route("/works/{doi:path}/agency", front.endpoint("crossref agency", agency)),
        Route("/works/{doi:path}", front.endpoint("crossref single", single)),
    ]


def _base_url(request: Request) -> str:
    """Up to and without "/works", so that redirects stay under the prefix that was asked."""
    root = str(request.scope.get("root_path", ""))
    return f"{request.url.scheme}://{request.url.netloc}{root}"


def _s2_routes(library: Library, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return semanticscholar.single(library, request.path_params["id"], request.query_params)

    def batch(request: Request, body: bytes) -> Reply:
        return semanticscholar.batch(library, body, request.query_params)

    def match(request: Request, _: bytes) -> Reply:
        return semanticscholar.match(library, request.query_params)

    return [
        Route("/paper/batch", front.endpoint("s2 batch", batch), methods=["POST"]),
        Route("/paper/search/match", front.endpoint("s2 match", match)),
        Route("/paper/{id:path}", front.endpoint("s2 single", single)),
    ]
