"""The application: all services behind one port, each with its front."""

from __future__ import annotations

import time
from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from tests.service import routes
from tests.service.doors import Clock
from tests.service.front import Front
from tests.service.holdings import Holdings
from tests.service.library import Library, Paper, Work
from tests.service.scenario import Ledger, Scenario, ServiceName


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
    is also at `app.state.ledger` and, as counts, at GET /-/requests and /-/statuses, as times at /-/times. Rates are judged
    by `clock`, in seconds.
    """
    scenario, ledger = scenario or Scenario(), ledger or Ledger()
    library = Library(extra_works, extra_papers, generated=scenario.generated, corpus=scenario.corpus)
    holdings = Holdings(library)

    def front(service: ServiceName) -> Front:
        return Front(service, scenario, ledger, clock)

    works = routes.of_crossref(library, front("crossref"))
    papers = routes.of_semanticscholar(library, front("semanticscholar"))

    async def counts(_: Request) -> Response:
        return JSONResponse(dict(ledger.requests))

    async def statuses(_: Request) -> Response:
        return JSONResponse([[*each, number] for each, number in ledger.statuses.items()])

    async def times(_: Request) -> Response:
        return JSONResponse(ledger.times)

    bare = [Mount("/graph/v1", routes=papers), Mount("/v1", routes=works), *works]
    app = _Application(
        routes=[
            Route("/-/requests", counts),
            Route("/-/statuses", statuses),
            Route("/-/times", times),
            Mount("/crossref/v1", routes=works),
            Mount("/crossref", routes=works),
            Mount("/s2/graph/v1", routes=papers),
            Mount("/doi", routes=routes.of_doi(holdings, front("doi"))),
            Mount("/datacite", routes=routes.of_datacite(holdings, front("datacite"))),
            Mount("/openalex", routes=routes.of_openalex(holdings, front("openalex"))),
            Mount("/eutils", routes=routes.of_pubmed(holdings, front("pubmed"))),
            Mount("/unpaywall", routes=routes.of_unpaywall(holdings, front("unpaywall"))),
            Mount("/europepmc", routes=routes.of_europepmc(holdings, front("europepmc"))),
            Mount("/opencitations", routes=routes.of_opencitations(holdings, front("opencitations"))),
            Mount("/medra", routes=routes.of_medra(holdings, front("medra"))),
            Mount("/jalc", routes=routes.of_jalc(holdings, front("jalc"))),
            Mount("/doaj", routes=routes.of_doaj(holdings, front("doaj"))),
            Mount("/wikidata", routes=routes.of_wikidata(holdings, front("wikidata"))),
            Mount("/idconv", routes=routes.of_idconv(holdings, front("ncbi_idconv"))),
            *bare,
        ]
    )
    app.state.ledger = ledger
    return app
