"""Registration agencies of DOIs, by prefix: who registers it, and whether anything can be asked there.

The table is small on purpose and is a first guess: prefixes change hands, and a few are shared (DOIs of
10.3969 are with Crossref and with ISTIC), so those are not in it. What doi.org says goes before it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from harvester.identifiers import doi_url

AGENCIES: Final = (
    "Crossref",
    "DataCite",
    "mEDRA",
    "JaLC",
    "KISTI",
    "ISTIC",
    "CNKI",
    "Airiti",
    "OP",  # Publications Office of the European Union
    "EIDR",  # films and television
    "Public",  # the DOI Foundation's own
)
_WITHOUT_METADATA: Final = frozenset({"CNKI", "Airiti", "EIDR", "Public"})
_NO_AGENCY: Final = frozenset({"", "unknown"})
_BY_FOLDED: Final = {name.casefold(): name for name in AGENCIES}

# What doi.org or an agency's own list of prefixes was seen to say.
_SETTLED: Final = {
    "Crossref": "10.1002 10.1007 10.1016 10.1021 10.1029 10.1038 10.1044 10.1045 10.1055 10.1061 10.1088 10.1093"
    " 10.1097 10.1103 10.1108 10.1109 10.1111 10.1134 10.1137 10.1145 10.1155 10.1161 10.1163 10.1166 10.1177"
    " 10.1192 10.1214 10.1287 10.1371 10.1890 10.2172 10.2307 10.3103 10.3390 10.4028 10.4049 10.4269 10.7554",
    "DataCite": "10.1594 10.2314 10.3204 10.3205 10.4124 10.4225 10.4230 10.4232 10.5061 10.5167 10.5281 10.5438"
    " 10.6084 10.7272 10.14457 10.48550",
    "JaLC": "10.1241 10.11162 10.11222 10.11367 10.11426 10.11467 10.11473 10.14825",
    "mEDRA": "10.4416",
    "OP": "10.2788 10.2791",
    "KISTI": "10.5012",
    "ISTIC": "10.3980",
}
# DOIs of the prefix are known with the agency; nobody was heard to say that all of them are.
_LIKELY: Final = {
    "Crossref": "10.1001 10.1017 10.1023 10.1037 10.1039 10.1063 10.1080 10.1101 10.1128 10.1136 10.1159 10.1186"
    " 10.1515 10.2139 10.5194 10.7717",
    "DataCite": "10.3207 10.13140 10.15468 10.17026",
    "mEDRA": "10.1430 10.2143 10.3305",
    "OP": "10.2777",
    "KISTI": "10.3743",
    "ISTIC": "10.3321 10.3760 10.7666 10.11821 10.11833 10.11865 10.11931",
    "CNKI": "10.13227 10.13336 10.13345 10.15909 10.16418 10.16511",
    "Airiti": "10.6220 10.6567 10.29392",
    "EIDR": "10.5240",
    "Public": "10.1000",
}


def _by_prefix(table: dict[str, str]) -> dict[str, str]:
    return {prefix: agency for agency, prefixes in table.items() for prefix in prefixes.split()}


_SETTLED_BY_PREFIX: Final = _by_prefix(_SETTLED)
_SHIPPED: Final = _by_prefix(_LIKELY) | _SETTLED_BY_PREFIX


def prefix_of(doi: str) -> str:
    """What stands before the first slash: "10.5555" ("10" of a short DOI, which has no agency of its own)."""
    return doi.split("/", 1)[0]


def agency_name(raw: str) -> str | None:
    """An agency by the name that doi.org uses today, from any spelling ("CrossRef", "Data Cite", "medra").

    A name that nobody here knows stays as it is: a new agency is one too. None for "Unknown" and blanks.
    """
    folded = "".join(raw.split()).casefold()
    return None if folded in _NO_AGENCY else _BY_FOLDED.get(folded, raw.strip())


def shipped_agency(prefix: str) -> str | None:
    """The agency of a well-known prefix; None for all others, and for prefixes known to be shared.

    Good for planning whom to ask. Before a conclusion is drawn from it, see `is_settled`.
    """
    return _SHIPPED.get(prefix)


def is_settled(prefix: str) -> bool:
    """Whether doi.org, or the agency's own list, was seen to say so of the whole prefix."""
    return prefix in _SETTLED_BY_PREFIX


def has_metadata(agency: str) -> bool:
    """Whether the agency answers machines; an agency that nobody here knows may do so."""
    return agency not in _WITHOUT_METADATA


def landing_page(agency: str, doi: str) -> str | None:
    """Where a person can read of a DOI whose agency publishes no metadata; None for agencies that do."""
    if has_metadata(agency):
        return None
    if agency == "CNKI":
        return f"https://link.cnki.net/doi/{quote(doi, safe='/:()')}"
    return doi_url(doi)
