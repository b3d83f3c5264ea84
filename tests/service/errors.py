"""What each service says when something is wrong, by status, in its own words or its load balancer's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.service.replies import JSON, Reply, html_reply, json_reply
from tests.service.scenario import ServiceName

UTF8: Final = f"{JSON}; charset=UTF-8"
UTF8_EUROPE: Final = f"{JSON};charset=UTF-8"
TEXT_XML: Final = "text/xml; charset=UTF-8"
REASONS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Time-out",
}
JETTY = {"message": "Response Exception", "name": "class clojure.lang.ExceptionInfo", "stack": []}
NOT_FOUND_PAGE = (
    b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"
    b"<p>The requested URL was not found on the server. If you entered the URL manually please check your"
    b" spelling and try again.</p>\n"
)
OPENALEX_WORDS = {
    (429, ""): ("Rate limit exceeded", "Too many requests. At most 100 a second are answered."),
    (429, "budget"): (
        "Insufficient budget",
        "This request costs $0.0001 but only $0 are left. Budgets start anew at midnight UTC.",
    ),
    (429, "plan"): ("Plan upgrade required", "Filters by date of update or creation need a paid plan."),
    (401, ""): ("Invalid or missing API key", "API key not found"),
}


def crossref_error(status: int, _: str = "") -> Reply:
    """Crossref's own words for a status, or its load balancer's."""
    match status:
        case 429:
            said = "You have sent too many requests in a given amount of time."
            reply = html_reply(429, "Too Many Requests", said)
            return reply.with_headers({"cache-control": "no-cache", "connection": "close"})
        case 401:
            return Reply(401, b"Unauthorized", "text/plain;charset=utf-8")
        case 403:
            return html_reply(403, "Forbidden", "Request forbidden by administrative rules.")
        case 500:
            body = {
                "status": "error",
                "message-type": "exception",
                "message-version": "1.0.0",
                "message": JETTY,
            }
            return json_reply(body, 500)
    return html_reply(status, REASONS.get(status, "Error"))


def s2_error(status: int, _: str = "") -> Reply:
    """Semantic Scholar's own words for a status: JSON with `message`; no Retry-After, ever."""
    match status:
        case 429:
            said = "Too Many Requests. Please wait and try again or apply for a key for higher rate limits."
            return json_reply({"message": said, "code": "429"}, 429)
        case 403:
            return json_reply({"message": "Forbidden"}, 403)
        case 500:
            return json_reply({"message": "Internal server error"}, 500)
        case 504:
            return json_reply({"message": "Endpoint request timed out"}, 504)
    return json_reply({"message": REASONS.get(status, "Error")}, status)


def doi_error(status: int, _: str = "") -> Reply:
    """The resolver's: pages for people, whatever was asked for."""
    reply = html_reply(status, {429: "Too Many Requests", 403: "Forbidden"}.get(status, _reason(status)))
    return Reply(status, reply.body, "text/html;charset=utf-8")


def datacite_error(status: int, _: str = "") -> Reply:
    """DataCite's: JSON:API from the application, HTML from what stands before it."""
    titles = {
        401: "Bad credentials.",
        403: "You are not authorized to access this resource.",
        500: "Internal error",
    }
    if status not in titles:
        return html_reply(status, {429: "Too Many Requests"}.get(status, _reason(status)))
    body = {"errors": [{"status": str(status), "title": titles[status]}]}
    return json_reply(body, status, f"{JSON}; charset=utf-8")


def openalex_error(status: int, why: str = "") -> Reply:
    """OpenAlex's: JSON with `error` and `message`; three things have status 429, and the body tells which."""
    said = OPENALEX_WORDS.get((status, why))
    if said is not None:
        return json_reply({"error": said[0], "message": said[1]}, status)
    return (
        Reply(status, NOT_FOUND_PAGE, "text/html; charset=utf-8")
        if status == 404
        else html_reply(status, _reason(status))
    )


def pubmed_error(status: int, _: str = "") -> Reply:
    """NCBI's: JSON for rates and keys, pages for people for everything else."""
    if status == 429:
        return too_fast("127.0.0.1", 3)
    if status in (400, 401, 403):
        body = {"error": "API key invalid", "api-key": "unknown", "type": "api key", "status": "unknown"}
        return json_reply(body, 400)
    return Reply(status, html_reply(status, _reason(status)).body, "text/html; charset=utf-8")


def unpaywall_error(status: int, _: str = "") -> Reply:
    """Unpaywall's: JSON where an address is wanted, OpenAlex's page where nothing is known."""
    if status == 404:
        return openalex_error(404)
    said = {422: "Please use your own email address in API calls. See https://unpaywall.org/products/api"}
    if status not in said:
        return html_reply(status, {429: "Too Many Requests"}.get(status, _reason(status)))
    return json_reply({"HTTP_status_code": status, "error": True, "message": said[status]}, status)


def europepmc_error(status: int, _: str = "") -> Reply:
    """Europe PMC's: maintenance in plain text, pages for the rest."""
    if status == 503:
        return Reply(503, b"Europe PMC is undergoing maintenance.", "text/plain")
    return html_reply(status, {429: "Too Many Requests"}.get(status, _reason(status)))


def plain_error(status: int, _: str = "") -> Reply:
    """A page of a web server, where nothing of its own is known of a service."""
    return html_reply(status, {429: "Too Many Requests"}.get(status, _reason(status)))


def too_fast(caller: str, most: int) -> Reply:
    """NCBI's refusal of one request more than it allows in a second."""
    body = {"error": "API rate limit exceeded", "api-key": caller, "count": str(most + 1), "limit": str(most)}
    return json_reply(body, 429)


def fetch_error(status: int, said: str) -> Reply:
    """A complaint of efetch, in XML whatever was asked for."""
    body = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n'
        '<!DOCTYPE eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN"'
        ' "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20131226/efetch.dtd">\n'
        f"<eFetchResult>\n\t<ERROR>{said}</ERROR>\n</eFetchResult>\n"
    )
    return Reply(status, body.encode(), TEXT_XML)


ERRORS: Final[Mapping[ServiceName, Callable[[int, str], Reply]]] = {
    "crossref": crossref_error,
    "semanticscholar": s2_error,
    "doi": doi_error,
    "datacite": datacite_error,
    "openalex": openalex_error,
    "pubmed": pubmed_error,
    "unpaywall": unpaywall_error,
    "europepmc": europepmc_error,
    "opencitations": plain_error,
    "medra": plain_error,
    "jalc": plain_error,
    "doaj": plain_error,
    "wikidata": plain_error,
    "ncbi_idconv": plain_error,
}


def complaint(service: ServiceName, reply: Reply) -> Reply:
    """A failure told inside a 200, in the form of the answer that it stands for."""
    if service == "pubmed" and reply.content_type == TEXT_XML:
        return fetch_error(200, "Unable to obtain query")
    if service == "pubmed":
        body = {
            "header": {"type": "esearch", "version": "0.3"},
            "esearchresult": {"ERROR": "Search Backend failed"},
        }
        return json_reply(body, 200, UTF8)
    if service == "europepmc":
        failure = {"version": "6.9", "errCode": 503, "errMsg": "The search is not available at the moment"}
        return json_reply(failure, 200, UTF8_EUROPE)
    raise ValueError(f"{service} tells no failure inside a 200")


def _reason(status: int) -> str:
    return REASONS.get(status, "Error")
