"""The program's own requests sent as they are, without its limits and retries: what a service says to them."""

from __future__ import annotations

import httpx

from harvester.wire import Page, Payload, Request, Source

NIGHT = "2026-11-21T03:00:00Z"


def answer_to(request: Request) -> Payload:
    """The answer to one request, redirects followed."""
    reply = httpx.request(
        request.method,
        request.url,
        params=request.params or None,
        headers=dict(request.headers),
        content=request.body,
        follow_redirects=True,
    )
    return Payload(
        service=request.service,
        url=str(reply.url),
        status=reply.status_code,
        body=reply.content,
        retrieved_at=NIGHT,
        asked=request.asked,
        content_type=reply.headers.get("content-type", ""),
    )


def page_of(source: Source, request: Request) -> Page:
    """What a source reads in the answer to its request, or in the answer to what it asks next."""
    page = source.parse(answer_to(request))
    return page_of(source, page.follow[0]) if page.follow else page
