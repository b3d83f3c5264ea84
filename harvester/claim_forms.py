"""By which rules a work believes its records, apart from which records these are: thousands of works share one such list."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec


class Formed(NamedTuple):
    """The claims of a work: number and JSON text of their form, and its records as JSON, in the order of the form.

    The form is [[place of the record, rule, [columns]], ...]; its number is 64 bits of its hash, so that it need not be
    looked up.
    """

    form_id: int
    form: str
    records: str


def formed(claims: Iterable[tuple[int, str, Sequence[str]]]) -> Formed:
    """The form of (record id, rule, columns), one for every rule by which a record was believed."""
    places: dict[int, int] = {}
    rows = [(places.setdefault(record, len(places)), rule, columns) for record, rule, columns in claims]
    form = msgspec.json.encode(rows)
    number = int.from_bytes(hashlib.blake2b(form, digest_size=8).digest(), "big", signed=True)
    return Formed(number, form.decode(), msgspec.json.encode(list(places)).decode())
