"""What stands before the answers of each service: the door, the wait, the mishaps, the ledger."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from tests.service import faults
from tests.service.doors import DOORS, Clock, Lodge, Visit
from tests.service.replies import COMPRESSIBLE, Reply, http_date
from tests.service.scenario import Asked, Ledger, Scenario, ServiceName

Answer = Callable[[Request, bytes], Reply]
PACKING: frozenset[ServiceName] = frozenset({"crossref", "datacite", "openalex", "pubmed", "unpaywall"})


class Front:
    """The front of one service."""

    def __init__(self, service: ServiceName, scenario: Scenario, ledger: Ledger, clock: Clock) -> None:
        self.service: ServiceName = service
        self.scenario = scenario
        self._ledger = ledger
        self._clock = clock
        self._plan = faults.Plan(
            service, scenario.faults.get(service, ()), scenario.fault_rate, scenario.seed
        )
        self._chance = random.Random(scenario.seed)
        self._lodge = Lodge(scenario, self._chance)

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
        body = await request.body()
        now_s = self._clock()
        visit = Visit(request, name, params_of(request, body), now_s)
        admission = DOORS[self.service](self._lodge, visit)
        gate = admission.gate
        if gate is None or not gate.enter(now_s):
            refusal = admission.refusal.with_headers(admission.headers)
            return _response(refusal, request, self.service), refusal.status
        try:
            fault = self._plan.next()
            await asyncio.sleep(self._wait_s() + faults.delay_s(fault))
            reply = answer(request, body)
        finally:
            gate.leave()
        spoiled = faults.spoil(fault, reply, service=self.service).with_headers(admission.headers)
        if fault in ("reset", "cut"):
            after = None if fault == "reset" else len(spoiled.body) // 2
            return faults.Broken(spoiled, after=after), 0
        return _response(spoiled, request, self.service), spoiled.status

    def _wait_s(self) -> float:
        return self.scenario.latency_s * self._chance.uniform(0.8, 1.2)


def params_of(request: Request, body: bytes) -> dict[str, str]:
    """The parameters of the query and, where it is one, of the form in the body."""
    params = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        params.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return params


def base_url(request: Request) -> str:
    """Up to and without the route, so that redirects stay under the prefix that was asked."""
    root = str(request.scope.get("root_path", ""))
    return f"{request.url.scheme}://{request.url.netloc}{root}"


def _response(reply: Reply, request: Request, service: ServiceName) -> Response:
    accepts = "gzip" in request.headers.get("accept-encoding", "")
    is_packed = "content-encoding" in reply.headers
    if service in PACKING and accepts and not is_packed and len(reply.body) > COMPRESSIBLE:
        reply = reply.packed()
    response = Response(reply.body, reply.status, {"date": http_date(time.time()), **reply.headers})
    # Set by hand: Starlette would add a charset that the services do not send.
    response.headers["content-type"] = reply.content_type
    return response
