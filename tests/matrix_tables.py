"""The two sides of the matrix: who is asked, and what can go wrong with the answer."""

from dataclasses import dataclass, field

from harvester.identifiers import parse
from harvester.replies import Desk
from harvester.sources import SOURCES
from harvester.wire import Asker

CHINESE = ("10.5555/tsgl.2020.05.007", "10.5555/kfjy.2022.11.002", "10.5555/kfjy.2023.02.014")
IN_PUBMED = ("10.5555/kfjy.2022.11.002", "10.5555/ras.2017.0088", "10.5555/ras.2016.0059")
DEPOSITS = ("10.5555.1/theses.2019.0312", "10.5555.1/data.2021.77", "10.5555.1/preprint.2205.99999")


@dataclass(frozen=True)
class Row:
    """A service: where the sample service stands in for it, by which name it goes wrong, what it knows."""

    name: str
    path: str
    front: str
    dois: tuple[str, ...]
    is_ascii: bool = False  # nothing in its answers could be in a wrong character set

    @property
    def identifiers(self):
        return [parse(doi) for doi in self.dois]

    def desk(self, service):
        [source] = [one for one in SOURCES if one.name == self.name]
        return Desk(source, f"{service}{self.path}", Asker(email="librarian@sample.example"))


ROWS = (
    Row("crossref", "/crossref", "crossref", CHINESE),
    Row("datacite", "/datacite", "datacite", DEPOSITS),
    Row("medra", "/medra", "medra", ("10.5555.5/qbc.2018.0105",), is_ascii=True),
    Row("jalc", "/jalc", "jalc", ("10.5555.4/jsli.21.2_45",)),
    Row("kisti", "/doi", "doi", ("10.5555.7/kslis.2014.31.2.117",)),
    Row("op", "/doi", "doi", ("10.5555.8/11739",), is_ascii=True),
    Row("istic", "/doi", "doi", ("10.5555.2/tsg.2020.03.004", "10.5555.2/d.y0000351")),
    Row("pubmed", "/eutils", "pubmed", IN_PUBMED),
    Row("europepmc", "/europepmc", "europepmc", IN_PUBMED[1:]),
    Row("openalex", "/openalex", "openalex", CHINESE[:2]),
    Row(
        "semanticscholar",
        "/s2/graph/v1",
        "semanticscholar",
        ("10.5555/ras.2015.0811", "10.5555/dashu.2018.6(2).01"),
    ),
    Row("unpaywall", "/unpaywall/v2", "unpaywall", CHINESE),
    Row("opencitations", "/opencitations", "opencitations", CHINESE),
    Row("doaj", "/doaj", "doaj", CHINESE),
    Row("wikidata", "/wikidata/sparql", "wikidata", CHINESE),
    Row("ncbi_idconv", "/idconv", "ncbi_idconv", ("10.5555/ras.2017.0088",), is_ascii=True),
)


@dataclass(frozen=True)
class Fault:
    """A mishap by the sample service's word, and how every DOI ends that it hits."""

    name: str
    word: str
    outcome: str
    policy: dict[str, float] = field(default_factory=dict)


FAULTS = (
    Fault("timeout", "silent", "deferred", {"read_s": 0.03}),
    Fault("connection reset", "reset", "deferred"),
    Fault("connection cut off", "cut", "deferred"),
    Fault("429 with seconds", "429 retry-after=2", "deferred"),
    Fault("429 with a date", "429 retry-after=date+30", "deferred"),
    Fault("429 with 15 hours", "429 retry-after=54000", "deferred"),
    Fault("429 with nothing", "429", "deferred"),
    Fault("500", "500", "deferred"),
    Fault("502 with HTML", "502", "deferred"),
    Fault("503", "503", "deferred"),
    Fault("truncated body", "truncated", "malformed"),
    Fault("length too long", "long", "deferred"),
    Fault("length too short", "short", "malformed"),
    Fault("another character set", "gb18030", "malformed"),
    Fault("HTML with 200", "captcha", "malformed"),
    Fault("empty 200", "empty", "malformed"),
    Fault("null with 200", "null", "malformed"),
    Fault("NaN or broken XML", "broken", "malformed"),
    Fault("redirect loop", "loop", "deferred"),
    Fault("redirect to a private address", "private", "deferred"),
    Fault("a byte a second", "trickle", "deferred"),
    Fault("gzip bomb", "bomb", "deferred"),
    Fault("gzip that is none", "badgzip", "deferred"),
    Fault("another DOI's answer", "another", "malformed"),
    Fault("401", "401", "refused"),
    Fault("403", "403", "refused"),
)

# What is all in ASCII is sound in GB18030 too.
IN_ASCII = tuple(fault for fault in FAULTS if fault.word != "gb18030")
CELLS = tuple((row, fault) for row in ROWS for fault in (IN_ASCII if row.is_ascii else FAULTS))
