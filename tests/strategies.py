"""Generated records, small worlds of them: few sources, few identifiers, so that they meet."""

from hypothesis import strategies as st

from harvester.model import (
    Container,
    Contributor,
    Identifier,
    Locus,
    OpenAccess,
    Origin,
    PartialDate,
    Record,
    Relation,
    RelationKind,
    Scheme,
    Text,
)

NIGHTS = ("2026-11-19T03:00:00Z", "2026-11-20T03:00:00Z", "2026-11-21T03:00:00Z")
SOURCES = ("crossref", "semanticscholar", "aggregator", "document", "curator")

words = st.sampled_from(
    ["paste", "library", "reading room", "浆糊", "图书馆", "Internal Server Error", "..."]
)
languages = st.sampled_from(["en", "zh-Hans", "zh-Hant", "de"])
texts = st.builds(Text, value=words, language=languages, origin=st.sampled_from(list(Origin)))
parts = st.none() | st.sampled_from(["1", "2", "8 1", "19", "e7"])
loci = st.builds(Locus, volume=parts, issue=parts, pages=st.none() | st.sampled_from(["1-9", "n/a", "e7"]))
people = st.builds(Contributor, name=st.sampled_from(["Mei Lin", "林梅", "A. Topor", "-"]))
containers = st.builds(Container, title=st.sampled_from(["Journal of Paste", "浆糊学报", "-"]))
dates = st.builds(PartialDate, year=st.sampled_from([0, 1999, 2016, 9999]), month=st.integers(0, 12))
identifiers = st.builds(
    Identifier,
    scheme=st.sampled_from([Scheme.DOI, Scheme.PMID, Scheme.S2]),
    value=st.sampled_from(["10.5555/a", "10.5555/b", "10.5555/c"]),
)
NOTICE = Identifier(Scheme.DOI, "10.5555/y")
RELATIONS = (
    Relation(RelationKind.HAS_PREPRINT, Identifier(Scheme.DOI, "10.5555/z")),
    Relation(RelationKind.IS_RETRACTED_BY, NOTICE, date=PartialDate(2009)),
    Relation(RelationKind.IS_RETRACTED_BY, NOTICE, label="Retraction"),
    Relation(RelationKind.IS_RETRACTED_BY, NOTICE, date=PartialDate(2010), asserted_by="retraction-watch"),
    Relation(RelationKind.IS_CORRECTED_BY, reference="J Paste. 2009;6:1"),
)
# What hangs together is drawn in one: a world of records should cost Hypothesis little.
related = st.sampled_from(
    [
        {},
        {"relations": RELATIONS[:1], "open_access": OpenAccess(status="closed")},
        {"relations": RELATIONS[1:2], "open_access": OpenAccess("https://paste.example.org/1")},
        {
            "relations": RELATIONS[2:4],
            "open_access": OpenAccess("https://paste.example.org/2", status="gold"),
        },
        {"relations": RELATIONS[4:]},
    ]
)


def _few(strategy):
    return st.lists(strategy, max_size=2, unique=True).map(tuple)


@st.composite
def _records(draw):
    # One source has one text a language; the identifiers are sorted, as every parser leaves them.
    titles = {one.language: one for one in draw(_few(texts))}
    abstracts = {one.language: one for one in draw(_few(texts))}
    return Record(
        source=draw(st.sampled_from(SOURCES)),
        source_key=draw(st.sampled_from(["k1", "k2", "k3"])),
        retrieved_at=draw(st.sampled_from(NIGHTS)),
        identifiers=tuple(sorted(draw(_few(identifiers)))),
        titles=tuple(titles.values()),
        abstracts=tuple(abstracts.values()),
        contributors=draw(_few(people)),
        container=draw(st.none() | containers),
        locus=draw(st.none() | loci),
        issued=draw(st.none() | dates),
        language=draw(st.none() | st.sampled_from(["en", "zh"])),
        is_open_access=draw(st.none() | st.booleans()),
        citation_count=draw(st.none() | st.sampled_from([0, 19, -1])),
        retracted=draw(st.none() | st.booleans()),
        subjects=draw(_few(words)),
        **draw(related),
    )


records = _records()
record_sets = st.frozensets(records, max_size=5)
some_records = st.frozensets(records, min_size=1, max_size=5)
