"""What a record says beyond its fields, packed for the library file: most of it repeats the fields, so they are its dictionary.

`records.body` keeps of `extra` what is short, for SQL to ask for; `records.extra` holds the whole of it as raw DEFLATE
(RFC 1951) with a preset dictionary: an envelope with what most of them say, then the body. NULL where the body says it all.
"""

from __future__ import annotations

import zlib
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from harvester.model import Record
from harvester.policy import CURATOR

ENVELOPE_KEYS: Final = (
    "title", "authors", "doi", "DOIUrl", "url", "abstract", "PeriodicalId", "journal", "PeriodicalIF",
    "publicationDate", "publicationTypes", "fieldsOfStudy", "isOpenAccess", "openAccessPdf", "citationCount",
    "resultStr", "platform", "paperid", "PeriodicalName", "FirstCategoryId", "ListUrlMain", "RegionNum",
    "RegionCategory", "ArticlePicture", "TitleCN", "AbstractTextCN", "PMCID", "EPubDate", "PubModel", "JCR",
    "JCRName", "Score", "Total",
)  # fmt: skip
# What no field of a record holds, and the view `envelopes` tells.
OF_AGGREGATORS: Final = frozenset((
    "PeriodicalId", "PeriodicalIF", "fieldsOfStudy", "platform", "paperid", "FirstCategoryId", "ListUrlMain",
    "RegionNum", "RegionCategory", "ArticlePicture", "EPubDate", "PubModel", "JCR", "JCRName", "Score", "Total",
))  # fmt: skip
_LONGEST: Final = 200  # bytes of an `extra` that stays as it is
_SHORT: Final = 100  # bytes of a value that SQL may ask for
_LEVEL: Final = 6
_WINDOW: Final = -15  # raw DEFLATE: no header, no checksum
_USUAL: Final[dict[str, object]] = dict.fromkeys(ENVELOPE_KEYS) | {
    "doi": "10.", "PeriodicalId": 0, "journal": {"name": "", "volume": "", "pages": ""}, "PeriodicalIF": 0.0,
    "publicationDate": "20", "publicationTypes": "Journal Article", "isOpenAccess": False, "openAccessPdf": "",
    "citationCount": "0", "platform": "Semanticscholar", "PeriodicalName": "", "FirstCategoryId": "1085",
    "ListUrlMain": "https://doi.org/10.", "RegionNum": 0, "ArticlePicture": [], "EPubDate": "", "PubModel": "", "JCR": "",
    "JCRName": "", "Total": 0,
}  # fmt: skip
# What was packed with it is unpacked with it: never change it.
DICTIONARY: Final = msgspec.json.encode(_USUAL | {"resultStr": msgspec.json.encode(_USUAL).decode()})
_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NOTHING: Final = frozenset((b"null", b'""', b"0", b"[]", b"{}"))


class Packed(NamedTuple):
    """A record whose `extra` is only what is short; its JSON text; the whole `extra`, packed (None: that is all)."""

    record: Record
    body: str
    extra: bytes | None


def packed(record: Record) -> Packed:
    """`record` as the library keeps it, with the fingerprint of the whole."""
    whole = (record.extra or "").encode()
    if len(whole) <= _LONGEST or record.source == CURATOR:  # her decisions are asked for with every merge
        return Packed(record, msgspec.json.encode(record).decode(), None)
    brief = with_fingerprint(replace(record, extra=_short_of(whole, record.source)), record.fingerprint())
    body = msgspec.json.encode(brief)
    return Packed(brief, body.decode(), pack_beside(body, whole))


def pack_beside(body: bytes, whole: bytes) -> bytes:
    """The whole `extra` of a record, packed beside its `body`."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY + body)
    return packer.compress(whole) + packer.flush()


def unpacked(body: str, extra: bytes, dictionary: bytes = DICTIONARY) -> str:
    """The whole `extra` beside `body`. Raises ValueError where it is damaged."""
    unpacker = zlib.decompressobj(_WINDOW, zdict=dictionary + body.encode())
    try:
        return (unpacker.decompress(extra) + unpacker.flush()).decode()
    except zlib.error as error:
        raise ValueError(str(error)) from error


def with_fingerprint(record: Record, fingerprint: str) -> Record:
    """`record`, whose fingerprint is known: of one that is not whole it could not be worked out."""
    vars(record)["_fingerprint"] = fingerprint
    return record


def _short_of(whole: bytes, source: str) -> str | None:
    """The values that SQL may ask for, as a JSON object; None where there are none."""
    try:
        values = _OBJECT.decode(whole)
    except msgspec.DecodeError:  # no object
        return None
    kept = {
        key: value
        for key, value in values.items()
        if (bare := bytes(value)) not in _NOTHING
        and (key in OF_AGGREGATORS if source == "aggregator" else len(bare) <= _SHORT)
    }
    return msgspec.json.encode(kept).decode() if kept else None
