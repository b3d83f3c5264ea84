"""A reply before it becomes HTTP: faults can still spoil it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

import msgspec

JSON = "application/json"
COMPRESSIBLE = 1024  # bytes; shorter bodies go out as they are


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, body, content type and the headers beside the usual ones."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)

    def with_headers(self, headers: dict[str, str]) -> Reply:
        """The same reply with more headers; its own win."""
        return Reply(self.status, self.body, self.content_type, {**headers, **self.headers})

    def with_body(self, body: bytes, **headers: str) -> Reply:
        """The same reply with another body; "_" in the names of headers stands for "-"."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(self.status, body, self.content_type, {**self.headers, **more})

    def packed(self) -> Reply:
        """The reply with a gzip body."""
        return self.with_body(
            gzip.compress(self.body, compresslevel=1), content_encoding="gzip", vary="Accept-Encoding"
        )


def json_reply(value: Any, status: int = 200, content_type: str = JSON) -> Reply:
    return Reply(status, msgspec.json.encode(value), content_type)


def html_reply(status: int, title: str, text: str = "") -> Reply:
    """What a load balancer says in place of the service."""
    body = f"<html><body><h1>{status} {title}</h1>\n{text}\n</body></html>\n"
    return Reply(status, body.encode(), "text/html")


def http_date(epoch_s: float) -> str:
    return formatdate(epoch_s, usegmt=True)
