"""Who may come in, by which gate and with which headers: the porter of each service."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from tests.service import crossref, errors, limits, openalex, semanticscholar
from tests.service.replies import Reply
from tests.service.scenario import Scenario, ServiceName

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Admission:
    """A request before its answer: the gate it goes through, the headers it gets, or why it is turned away."""

    gate: limits.Gate | None
    headers: dict[str, str]
    refusal: Reply


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at the door; `params` are those of the query and of a form, `now_s` is the clock's."""

    request: Request
    endpoint: str
    params: Mapping[str, str]
    now_s: float

    @property
    def host(self) -> str:
        return self.request.client.host if self.request.client else "nowhere"


class Lodge:
    """What the porter of one service remembers between visits."""

    def __init__(self, scenario: Scenario, chance: random.Random) -> None:
        self.scenario = scenario
        self.chance = chance
        self.gates = limits.Gates(scenario.limits)
        self.spent: Counter[str] = Counter()


Door = Callable[[Lodge, Visit], Admission]


def to_crossref(lodge: Lodge, visit: Visit) -> Admission:
    request = visit.request
    tokens = lodge.scenario.plus_tokens
    caller = crossref.caller_of(request.headers, request.query_params, visit.host, tokens)
    if caller is None:
        return Admission(None, dict(crossref.HEADERS), errors.crossref_error(401))
    pool = caller.pool(is_list=visit.endpoint == "crossref list")
    gate = lodge.gates.gate(pool, caller.name, crossref.ALLOWANCES[pool])
    headers = crossref.limit_headers(pool, lodge.scenario.limits)
    return Admission(gate, headers, errors.crossref_error(429))


def to_semanticscholar(lodge: Lodge, visit: Visit) -> Admission:
    headers = dict(semanticscholar.HEADERS)
    key = visit.request.headers.get("x-api-key")
    if key is not None:
        if key not in lodge.scenario.keys:
            return Admission(None, headers, errors.s2_error(403))
        return Admission(lodge.gates.gate("keyed", key, limits.KEYED), headers, errors.s2_error(429))
    keyless = lodge.scenario.keyless
    busy = keyless == "busy" or (keyless == "mixed" and lodge.chance.random() < 0.5)
    gate = None if busy else limits.Gate(limits.UNLIMITED)
    return Admission(gate, headers, errors.s2_error(429))


def to_datacite(lodge: Lodge, visit: Visit) -> Admission:
    """No header tells of the limits; an address in the query or in the User-Agent doubles them."""
    caller = crossref.caller_of(
        {"user-agent": visit.request.headers.get("user-agent", "")}, visit.params, "", frozenset()
    )
    is_named = caller is not None and caller.kind == "polite"
    allowance = limits.DATACITE_IDENTIFIED if is_named else limits.DATACITE_ANONYMOUS
    gate = lodge.gates.gate("identified" if is_named else "anonymous", visit.host, allowance)
    return Admission(gate, {}, errors.datacite_error(429))


def to_openalex(lodge: Lodge, visit: Visit) -> Admission:
    """A hundred requests a second, and a day's budget; an e-mail address gives nothing."""
    key = openalex.key_of(visit.request.headers, visit.params)
    if key is not None and key not in lodge.scenario.keys:
        return Admission(None, {}, errors.openalex_error(401))
    pool, caller, scale = ("keyed" if key else "keyless"), key or visit.host, lodge.scenario.limits
    price = openalex.cost(visit.endpoint, is_keyed=key is not None)
    is_poor = lodge.spent[caller] + price > openalex.credits_of(pool, scale)
    lodge.spent[caller] += 0 if is_poor else price
    headers = openalex.limit_headers(pool, lodge.spent[caller], price, scale)
    if is_poor:
        return Admission(None, headers, errors.openalex_error(429, "budget"))
    return Admission(lodge.gates.gate(pool, caller, limits.OPENALEX), headers, errors.openalex_error(429))


def to_pubmed(lodge: Lodge, visit: Visit) -> Admission:
    """Three requests a second, ten with a key; the key may be in the form."""
    key = visit.params.get("api_key")
    if key is not None and key not in lodge.scenario.keys:
        return Admission(None, {}, errors.pubmed_error(400))
    caller = key or visit.host
    gate = lodge.gates.gate("all", caller, limits.PUBMED_KEYED if key else limits.PUBMED)
    most, left = gate.allowance.requests, gate.left(visit.now_s)
    headers = {"x-ratelimit-limit": str(most), "x-ratelimit-remaining": str(max(0, left - 1))}
    return Admission(gate, headers, errors.too_fast(caller, most))


def to_opencitations(lodge: Lodge, visit: Visit) -> Admission:
    """180 requests a minute from one place, with a token or without."""
    gate = lodge.gates.gate("all", visit.host, limits.OPENCITATIONS)
    return Admission(gate, {}, errors.plain_error(429))


def open_to_all(service: ServiceName) -> Door:
    """The door of a service that states no limit."""

    def admit(lodge: Lodge, visit: Visit) -> Admission:
        gate = lodge.gates.gate("all", visit.host, limits.UNLIMITED)
        return Admission(gate, {}, errors.ERRORS[service](429, ""))

    return admit


DOORS: Final[Mapping[ServiceName, Door]] = {
    "crossref": to_crossref,
    "semanticscholar": to_semanticscholar,
    "datacite": to_datacite,
    "openalex": to_openalex,
    "pubmed": to_pubmed,
    "opencitations": to_opencitations,
    "doi": open_to_all("doi"),
    "medra": open_to_all("medra"),
    "jalc": open_to_all("jalc"),
    "unpaywall": open_to_all("unpaywall"),
    "europepmc": open_to_all("europepmc"),
    "doaj": open_to_all("doaj"),
    "wikidata": open_to_all("wikidata"),
    "ncbi_idconv": open_to_all("ncbi_idconv"),
}
