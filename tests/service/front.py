"""What stands before the answers of each service: the door, the wait, the mishaps, the ledger."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from starlette.requests import Request
from starlette.responses import Response

from tests.service import faults, raw_wire
from tests.service.doors import DOORS, Clock, Lodge, Visit
from tests.service.replies import COMPRESSIBLE, Reply, http_date
from tests.service.scenario import Asked, Ledger, Rule, Scenario, ServiceName

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
        self._asked = 0
        self._used: Counter[Rule] = Counter()
        self._lodge = Lodge(scenario, self._chance)

    def endpoint(self, name: str, answer: Answer) -> Callable[[Request], Any]:
        """The ASGI endpoint around a pure answer."""

        async def respond(request: Request) -> Response:
            came_at = time.time()
            response, status = await self._respond(request, name, answer)
            target = request.url.path + ("?" + request.url.query if request.url.query else "")
            agent = request.headers.get("user-agent", "")
            body = (await request.body()).decode(errors="replace")
            asked = Asked(name, request.method, target, agent, status, body)
            self._ledger.add(asked, came_at=came_at, answered_at=time.time())
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
            fault = self._fault(request, body)
            await self.scenario.wait(self._wait_s() + faults.delay_s(fault))
            reply = answer(request, body)
        finally:
            gate.leave()
        fault = faults.on_redirect(fault) if "location" in reply.headers else fault
        if fault.startswith("echo"):
            reply = faults.echoed(fault, reply, keys_of(request, body))
        spoiled = faults.spoil(fault, reply, service=self.service).with_headers(admission.headers)
        if fault in ("reset", "cut"):
            after = None if fault == "reset" else len(spoiled.body) // 2
            return faults.Broken(spoiled, after=after), 0
        if fault in raw_wire.WORDS:
            return raw_wire.Unruly(fault, spoiled, self.scenario.wait), 0
        return _response(spoiled, request, self.service), spoiled.status

    def _fault(self, request: Request, body: bytes) -> str:
        """The standing word of this service, if it is meant for this request, else the next of the plan."""
        said = unquote_plus(f"{request.url}{body.decode(errors='replace')}")
        standing = self.scenario.standing.get(self.service)
        if standing is None:
            return self._ruled(said) or self._plan.next()
        word, _, part = standing.partition(" when=")
        faults.check(word, self.service)
        return word if part in said else "ok"

    def _ruled(self, said: str) -> str | None:
        """The word of the quota where it is spent, else of the first rule for a request that says this."""
        self._asked += 1
        if self._asked > self.scenario.quotas.get(self.service, self._asked):
            return "429"
        for rule in self.scenario.rules:
            is_left = rule.times is None or self._used[rule] < rule.times
            if rule.service == self.service and rule.when in said and is_left:
                self._used[rule] += 1
                return rule.word
        return None

    def _wait_s(self) -> float:
        latency_s = self.scenario.latencies.get(self.service, self.scenario.latency_s)
        return latency_s * self._chance.uniform(0.8, 1.2)


def params_of(request: Request, body: bytes) -> dict[str, str]:
    """The parameters of the query and, where it is one, of the form in the body."""
    params = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        params.update(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return params


def keys_of(request: Request, body: bytes) -> list[str]:
    """The keys that a caller sent."""
    named = [value for name, value in request.headers.items() if "key" in name]
    return [*named, *(value for name, value in params_of(request, body).items() if name == "api_key")]


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
