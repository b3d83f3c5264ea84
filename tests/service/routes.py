"""The addresses of each service and the answers behind them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route

from tests.service import (
    agency_apis,
    crossref,
    datacite,
    doaj,
    doi,
    europepmc,
    idconv,
    openalex,
    opencitations,
    pubmed,
    semanticscholar,
    unpaywall,
    wikidata,
)
from tests.service.front import Front, base_url, params_of
from tests.service.holdings import Holdings
from tests.service.library import Library
from tests.service.replies import Reply, html_reply


def of_crossref(library: Library, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return crossref.single(library, request.path_params["doi"], base_url(request))

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


def of_semanticscholar(library: Library, front: Front) -> list[Route]:
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


def of_doi(holdings: Holdings, front: Front) -> list[Route]:
    def agencies(request: Request, _: bytes) -> Reply:
        return doi.agencies(request.path_params["asked"])

    def handle(request: Request, _: bytes) -> Reply:
        return doi.handle(holdings, request.path_params["doi"], request.query_params.get("type"))

    def at_agency(request: Request, _: bytes) -> Reply:
        agency, name = request.path_params["agency"], request.path_params["doi"]
        return doi.at_agency(holdings, agency, name, request.headers.get("accept", ""))

    def resolve(request: Request, _: bytes) -> Reply:
        accept = request.headers.get("accept", "")
        return doi.resolve(holdings, request.path_params["doi"], accept, base_url(request))

    return [
        Route("/ra/{asked:path}", front.endpoint("doi ra", agencies)),
        Route("/api/handles/{doi:path}", front.endpoint("doi handle", handle)),
        Route("/-/at/{agency}/{doi:path}", front.endpoint("doi metadata", at_agency)),
        Route("/{doi:path}", front.endpoint("doi redirect", resolve)),
    ]


def of_datacite(holdings: Holdings, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return datacite.single(holdings, request.path_params["doi"])

    def listed(request: Request, _: bytes) -> Reply:
        return datacite.listed(holdings, request.query_params, f"{base_url(request)}/dois")

    return [
        Route("/dois", front.endpoint("datacite list", listed)),
        Route("/dois/{doi:path}", front.endpoint("datacite single", single)),
    ]


def of_openalex(holdings: Holdings, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return openalex.single(holdings, request.path_params["id"], request.query_params)

    def works(request: Request, _: bytes) -> Reply:
        is_keyed = openalex.key_of(request.headers, request.query_params) is not None
        return openalex.works(holdings, request.query_params, is_keyed=is_keyed)

    return [
        Route("/works", front.endpoint("openalex list", works)),
        Route("/works/{id:path}", front.endpoint("openalex single", single)),
    ]


def of_pubmed(holdings: Holdings, front: Front) -> list[Route]:
    def search(request: Request, body: bytes) -> Reply:
        return pubmed.search(holdings, params_of(request, body))

    def fetch(request: Request, body: bytes) -> Reply:
        return pubmed.fetch(holdings, params_of(request, body))

    both = ["GET", "POST"]
    return [
        Route("/esearch.fcgi", front.endpoint("pubmed search", search), methods=both),
        Route("/efetch.fcgi", front.endpoint("pubmed fetch", fetch), methods=both),
    ]


def of_unpaywall(holdings: Holdings, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return unpaywall.single(holdings, request.path_params["doi"], request.query_params)

    return [Route("/v2/{doi:path}", front.endpoint("unpaywall single", single))]


def of_europepmc(holdings: Holdings, front: Front) -> list[Route]:
    def search(request: Request, body: bytes) -> Reply:
        return europepmc.search(holdings, params_of(request, body))

    endpoint = front.endpoint("europepmc search", search)
    return [Route("/search", endpoint), Route("/searchPOST", endpoint, methods=["POST"])]


def of_opencitations(holdings: Holdings, front: Front) -> list[Route]:
    def count(request: Request, _: bytes) -> Reply:
        return opencitations.citation_count(holdings, request.path_params["id"])

    def metadata(request: Request, _: bytes) -> Reply:
        return opencitations.metadata(holdings, request.path_params["ids"])

    return [
        Route("/index/v2/citation-count/{id:path}", front.endpoint("opencitations count", count)),
        Route("/meta/v1/metadata/{ids:path}", front.endpoint("opencitations meta", metadata)),
    ]


def of_medra(holdings: Holdings, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return agency_apis.medra(holdings, request.path_params["doi"])

    return [Route("/metadata/{doi:path}", front.endpoint("medra single", single))]


def of_jalc(holdings: Holdings, front: Front) -> list[Route]:
    def single(request: Request, _: bytes) -> Reply:
        return agency_apis.jalc(holdings, request.path_params["doi"])

    return [Route("/dois/{doi:path}", front.endpoint("jalc single", single))]


def of_doaj(holdings: Holdings, front: Front) -> list[Route]:
    def search(request: Request, _: bytes) -> Reply:
        return doaj.search(holdings, request.path_params["query"], request.query_params)

    return [Route("/api/search/articles/{query:path}", front.endpoint("doaj search", search))]


def of_wikidata(holdings: Holdings, front: Front) -> list[Route]:
    def query(request: Request, body: bytes) -> Reply:
        return wikidata.query(holdings, params_of(request, body).get("query", ""))

    return [Route("/sparql", front.endpoint("wikidata query", query), methods=["GET", "POST"])]


def of_idconv(holdings: Holdings, front: Front) -> list[Route]:
    def listed(request: Request, _: bytes) -> Reply:
        return idconv.listed(holdings, request.query_params)

    return [Route("/articles/", front.endpoint("idconv list", listed))]
