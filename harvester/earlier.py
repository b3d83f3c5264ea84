"""Records as version 1 of the library file kept them, brought into today's shape: nothing they say is lost.

Then, relations, licences and the status of open access lay in `extra`, and `oa_url` stood by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from harvester.access import open_access
from harvester.model import Record, Relation
from harvester.relations import cited, kind_of, medline_kind, notice_kind, pointing, pointing_into, tidy

_ENTRY = re.compile(r"(MED|PMC|PPR|AGR|CBA|CTX|ETH|HIR|NBK|PAT):(\S+)")
_ACCESS_KEYS: Final = {
    "openalex": ("license", "oaStatus", "oaVersion"),
    "semanticscholar": ("license", "oaStatus"),
    "unpaywall": ("license", "oaHost", "oaStatus", "oaVersion"),
    "europepmc": ("license",),
}
_RELATED: Final = frozenset({"crossref", "datacite", "pubmed", "europepmc"})


def record_of_version_1(body: dict[str, Any]) -> Record:
    """The record of the JSON object `body`; raises msgspec.ValidationError where it is none."""
    body = dict(body)
    url = body.pop("oa_url", None)
    extra = _extra(body)
    said: dict[str, Any] = {"url": url}
    source = body.get("source")
    if isinstance(extra, dict) and isinstance(source, str):
        said |= _access(source, extra, is_open=body.get("is_open_access") is True)
        relations = tidy(_relations(source, extra))
        body |= {"relations": msgspec.to_builtins(relations)} if relations else {}
        body["extra"] = _dumped(extra)
    access = open_access(**said) if all(isinstance(one, str | None) for one in said.values()) else None
    body |= {"open_access": msgspec.to_builtins(access)} if access else {}
    return msgspec.convert(body, Record)


def _extra(body: dict[str, Any]) -> dict[str, Any] | None:
    """The `extra` of a service whose parser made it; a document's is the document itself and stays as it is."""
    raw = body.get("extra")
    if not isinstance(raw, str) or body.get("source") not in _RELATED | _ACCESS_KEYS.keys():
        return None
    try:
        extra = json.loads(raw)
    except ValueError:
        return None
    return extra if isinstance(extra, dict) else None


def _dumped(extra: dict[str, Any]) -> str | None:
    return json.dumps(extra, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if extra else None


def _access(source: str, extra: dict[str, Any], *, is_open: bool) -> dict[str, Any]:
    """What `extra` says of open access; taken out of it, but for lists of licences."""
    if source in {"crossref", "datacite"}:
        licences = [one for one in extra.get("license") or () if "creativecommons.org" in str(one)]
        return {"licence_said": next(iter(licences), None)} if is_open else {}
    said = {key: extra.pop(key, None) for key in _ACCESS_KEYS.get(source, ())}
    names = {"license": "licence_said", "oaStatus": "status", "oaHost": "host", "oaVersion": "version"}
    return {names[key]: value for key, value in said.items()}


def _relations(source: str, extra: dict[str, Any]) -> Iterator[Relation]:
    """What `extra` says of other works, taken out of it; words without a kind of ours stay."""
    if source not in _RELATED:
        return
    left: dict[str, Any] = {}
    for word, works in (extra.pop("relation", None) or {}).items():
        found = list(_of_kind(source, word, works))
        yield from found
        left |= {} if found else {word: works}
    extra |= {"relation": left} if left else {}
    for key in ("update-to", "updated-by") if source == "crossref" else ():
        for update in extra.pop(key, None) or ():
            kind = notice_kind(update.get("type") or "", is_notice=key == "update-to")
            if doi := update.get("DOI"):
                said = pointing(kind, "doi", doi)
                yield msgspec.structs.replace(said, asserted_by=update.get("source"))


def _of_kind(source: str, word: str, works: Iterable[str]) -> Iterator[Relation]:
    is_medline = source in {"pubmed", "europepmc"}
    kind = medline_kind(word) if is_medline else kind_of(word)
    if kind is None:
        return
    for work in works:
        scheme, _, value = work.partition(":")
        entry = _ENTRY.fullmatch(work)
        if entry and source == "europepmc":
            yield pointing_into(kind, entry[1], entry[2])
        elif is_medline and scheme != "pmid":
            yield cited(kind, work)
        elif not scheme.endswith("issn"):
            yield pointing(kind, scheme, value)
