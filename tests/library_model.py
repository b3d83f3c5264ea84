"""What the library must hold, told without a library: all records at once, everybody compared with everybody."""

from collections import defaultdict
from itertools import combinations

from hypothesis import strategies as st
from msgspec.structs import replace

from harvester.descriptions import (
    are_identified,
    compared,
    describe,
    encode,
    numbered_keys,
    own_score,
)
from harvester.evidence import Verdict
from harvester.match import clusters
from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
)
from harvester.shared_dois import shared_among
from harvester.uniting import Links, unite
from tests.strategies import NIGHTS

TITLES = (
    "On the drying of library paste in closed stacks",
    "On the drying of library paste in open stacks",
    "On the driing of library paste in closed stacks",
    "论闭架书库中浆糊的干燥过程与影响因素",
    "Editorial",
    "10.5555/a",
)
PEOPLE = ((), ("Mei Lin", "Ada Topor"), ("M. Lin", "A. Topor"), ("林梅", "陶波"))


@st.composite
def _matching(draw):
    """Records that are often one work by what they say, and often nearly so."""
    title = draw(st.sampled_from(TITLES))
    kind = st.sampled_from([None, None, Scheme.DOI, Scheme.PMID, Scheme.S2])
    scheme = draw(kind)
    value = draw(st.sampled_from(["10.5555/a", "10.5555/b"]))
    return Record(
        source=draw(st.sampled_from(["crossref", "document"])),
        source_key=draw(st.sampled_from(["k1", "k2", "k3", "k4", "k5"])),
        retrieved_at=draw(st.sampled_from(NIGHTS)),
        identifiers=() if scheme is None else (Identifier(scheme, value),),
        titles=(Text(title, "zh-Hans" if title[0] == "论" else "en", Origin.UNKNOWN),),
        contributors=tuple(map(Contributor, draw(st.sampled_from(PEOPLE)))),
        container=Container("Journal of Paste"),
        locus=draw(st.sampled_from([None, Locus("19", "4", "275-293"), Locus("20", "4", "11-19")])),
        issued=PartialDate(draw(st.sampled_from([2016, 2017]))),
        work_type=draw(st.sampled_from([None, None, "journal-article", "preprint"])),
    )


matching_records = _matching()


@st.composite
def _sharing(draw):
    """Records with one DOI, often of a supplement, of which some are filed under it."""
    title = draw(st.sampled_from([None, *SUPPLEMENT, *SUPPLEMENT[2:5]]))
    key = draw(st.sampled_from(["10.5555/a", "10.5555/a", "k1", "k2"]))
    said = (Text(title, draw(st.sampled_from(["en", "en", "en", "de"])), Origin.UNKNOWN),) if title else ()
    return Record(
        source=draw(st.sampled_from(["crossref", "document", "document"])),
        source_key=key,
        retrieved_at=draw(st.sampled_from(NIGHTS)),
        identifiers=tuple(
            sorted({Identifier(Scheme.DOI, "10.5555/a"), *draw(st.sampled_from([(), (), _A_PMID]))})
        ),
        titles=said,
        contributors=tuple(map(Contributor, draw(st.sampled_from(PEOPLE)))),
        locus=draw(st.sampled_from([None, Locus("19", "4", "275-293")])),
        issued=PartialDate(2016),
    )


_A_PMID = (Identifier(Scheme.PMID, "1"),)
SUPPLEMENT = (
    TITLES[0],
    TITLES[2],
    "Glycaemic variability after bariatric surgery",
    "Retinal screening by telephone in remote valleys",
    "Sleep apnoea and nocturnal enuresis among shepherds",
    "Editorial",
)
sharing_records = _sharing()


def links_of(records, crowd):
    """Who is linked to whom by content, where a key that more than `crowd` descriptions share counts for nothing."""
    shared = shared_among(records)
    said = dict(described((record, shared.bare(record)) for record in records))
    # Of whoever states a DOI that many titles share both descriptions are filed: with it and without.
    everything = [
        one
        for way in (lambda each: each, shared.stripped)
        for _, one in described((each, way(each)) for each in records)
    ]
    numbers = {
        encode(one): number for number, one in enumerate({encode(one): one for one in everything}.values())
    }
    known = {numbers[encode(one)]: one for one in everything}
    filed = defaultdict(set)
    for number, one in known.items():
        for key in numbered_keys(one):
            filed[key].add(number)
    stand = {number: score for number, one in known.items() if (score := own_score(one)) is not None}
    matches = {(number, number): score for number, score in stand.items()}
    for pair in {
        pair for some in filed.values() if len(some) <= crowd for pair in combinations(sorted(some), 2)
    }:
        one, other = (known[number] for number in pair)
        decision = compared(one, other)
        if decision.verdict is Verdict.MATCH and set(pair) <= stand.keys() and not are_identified(one, other):
            matches[pair] = decision.score
    return Links(
        {record: numbers[encode(one)] for record, one in said.items()}, matches, shared=shared
    ), known


def described(pairs):
    """Each record with what it says in another form, where anybody could meet that."""
    for record, form in pairs:
        one = describe(form)
        if one is not None and numbered_keys(one):
            yield record, one


def works_of(records, crowd=60, *, same=(), apart=(), names=None):
    """The partition of `records` into works; `same` and `apart` are people's verdicts on two records, by their `names`."""
    records = set(records)
    links, known = links_of(records, crowd)
    called = {record: names(record) for record in records} if names else {}
    links = replace(links, same=frozenset(same), apart=frozenset(apart), names=called)
    return set(
        unite(
            clusters(records, links.shared),
            links,
            lambda nodes: {node: known[node].features for node in nodes},
        )
    )
