"""The library without a file: lists in memory, everything computed anew from all records each time it is asked for.

`told` reads from a real library what `expected` computes here; the two must be equal whatever was done.
"""

import json
from collections import defaultdict
from itertools import product

from msgspec.structs import replace

from harvester.match import UNIQUE, clusters
from harvester.merge import merge
from harvester.messages_checks import CHECKS
from harvester.policy import CURATOR
from harvester.rows import (
    WORK_COLUMNS,
    claim_rows,
    contributor_rows,
    relation_rows,
    search_row,
    text_rows,
    work_row,
)
from harvester.shared_dois import shared_among
from tests.library_model import works_of


def key_of(record):
    return record.source, record.source_key


def name_of(record):
    """What a verdict calls a record: not its key, which records of two works can have."""
    return "record", record.fingerprint()


class PlainLibrary:
    """What was said and decided; works are a function of it."""

    def __init__(self, policy):
        self.policy = policy
        self.records = []
        self.same, self.apart = set(), set()

    def add(self, record):
        """Keep the record, unless its source said just that at that time or the last time before."""
        said = [one for one in self.records if key_of(one) == key_of(record)]
        before = max(
            (one.retrieved_at for one in said if one.retrieved_at < record.retrieved_at), default=None
        )
        lately = [one for one in said if one.retrieved_at in {before, record.retrieved_at}]
        if all(one.fingerprint() != record.fingerprint() for one in lately):
            self.records.append(record)

    def accept(self, ours, theirs):
        """A person says that two works, given by their records, are one."""
        self._unsay(ours, theirs)
        first, *others = [*self._units(ours), *self._units(theirs)]
        self.same |= {(min(first, one), max(first, one)) for one in others if one != first}

    def keep_apart(self, ours, theirs):
        """A person says that two works, given by their records, are two."""
        self._unsay(ours, theirs)
        pairs = product(self._units(ours), self._units(theirs))
        self.apart |= {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}

    def split(self, records, wanted):
        """A person takes a work apart: what has a record of `wanted` from the rest, or all from all where it is empty."""
        units = sorted(clusters(records), key=self._name)
        if wanted:
            out = [unit for unit in units if unit & wanted]
            sides = [frozenset().union(*out), frozenset().union(*(unit for unit in units if unit not in out))]
        else:
            sides = units
        for place, one in enumerate(sides):
            for other in sides[place + 1 :]:
                self.keep_apart(one, other)

    def _unsay(self, ours, theirs):
        for one, other in product(map(name_of, ours), map(name_of, theirs)):
            for verdicts in (self.same, self.apart):
                verdicts -= {(one, other), (other, one)}

    def _units(self, records):
        return sorted(map(self._name, clusters(records)))

    @staticmethod
    def _name(unit):
        """Of what sources say, by the best identifier, the oldest."""

        def doubts(one):
            schemes = [each.scheme for each in one.identifiers]
            follows = one.about is not None or one.source in {CURATOR, "translation"}
            return follows, *(scheme not in schemes for scheme in UNIQUE), one.retrieved_at, one.fingerprint()

        return name_of(min(unit, key=doubts))

    def works(self):
        """The records, work by work."""
        return works_of(self.records, same=self.same, apart=self.apart, names=name_of)

    def expected(self):
        """{records of a work: all that the file must tell of it}."""
        shared = shared_among(self.records)
        return {group: _rows(merge(group, self._policy(group, shared)), group) for group in self.works()}

    def _policy(self, group, shared):
        """The policy without what is no evidence: a DOI that many unlike titles share."""
        return replace(self.policy, disbelieved=shared.refused(group))


def _rows(work, group):
    row = work_row(work)
    return {
        "works": tuple(row[column] for column in WORK_COLUMNS),
        "texts": sorted(map(repr, (tuple(one) for one in text_rows(work)))),
        "checks": sorted(repr(_checked(one)) for one in work.checks),
        "identifiers": sorted((str(one.scheme), one.value) for one in work.identifiers),
        "contributors": contributor_rows(work),
        "affiliations": list(enumerate(work.affiliations)),
        "relations": sorted(repr((*one, key)) for one, key in relation_rows(work, group)),
        "overrides": [(one.field, one.value, one.by, one.why, one.record, one.at) for one in work.overrides],
        "claims": sorted(set(claim_rows(work, row))),
        "search": search_row(work),
    }


def _checked(one):
    said = [
        {
            "key": key,
            "tokens": tokens,
            "en": en.format(tokens=", ".join(tokens)),
            "zh": zh.format(tokens=", ".join(tokens)),
        }
        for key, tokens in one.flags
        for en, zh in [CHECKS[key]]
    ]
    reasons = json.dumps(said, ensure_ascii=False)
    return (
        one.field,
        one.language,
        str(one.origin),
        one.status,
        one.score,
        reasons,
        one.text,
        one.is_shown,
        one.record,
    )


_ASKED = {
    "works": f"SELECT {', '.join(WORK_COLUMNS)} FROM works WHERE work_id = ?",
    "texts": "SELECT field, section, language, script, text, origin, engine, model, score, checks FROM texts WHERE work_id = ?",
    "checks": (
        "SELECT field, language, origin, status, score, reasons, text, is_shown = 1, fingerprint"
        " FROM text_checks JOIN records USING (record_id) WHERE text_checks.work_id = ?"
    ),
    "identifiers": "SELECT scheme, value FROM identifiers WHERE work_id = ? ORDER BY 1, 2",
    "contributors": (
        "SELECT position, role, name, family, given, name_zh, orcid, affiliations FROM contributors"
        " WHERE work_id = ? ORDER BY 1"
    ),
    "affiliations": "SELECT position, name FROM affiliations WHERE work_id = ? ORDER BY 1",
    "relations": (
        "SELECT kind, inverse, scheme, value, reference, date, label, asserted_by, r.source, day, fingerprint"
        " FROM relations AS r JOIN records USING (record_id) WHERE r.work_id = ?"
    ),
    "overrides": (
        "SELECT field, value, by_whom, why, fingerprint, o.created_at FROM overrides AS o"
        " JOIN records USING (record_id) WHERE o.work_id = ? ORDER BY field"
    ),
    "claims": (
        "SELECT DISTINCT field, fingerprint, rule FROM claims JOIN records USING (record_id)"
        " WHERE claims.work_id = ? ORDER BY 1, 2, 3"
    ),
    "search": "SELECT title, abstract, authors, container FROM works_fts WHERE rowid = ?",
}  # fmt: skip


def told(library):
    """{records of a work: all that the file tells of it}, the same shape as `PlainLibrary.expected`."""
    found = {}
    for (work_id,) in list(library.rows("SELECT work_id FROM works")):
        rows = {
            name: [tuple(row) for row in library.rows(query, (work_id,))] for name, query in _ASKED.items()
        }
        for name in ("texts", "relations"):
            rows[name] = sorted(map(repr, rows[name]))
        rows["checks"] = sorted(repr((*row[:-2], bool(row[-2]), row[-1])) for row in rows["checks"])
        [rows["works"]] = rows["works"]
        [rows["search"]] = rows["search"]
        found[frozenset(library.records(work_id))] = rows
    return found


def ids(library):
    """{work id: (revision, updated_at, its records)} of every work."""
    return {
        row[0]: (row[1], row[2], frozenset(library.records(row[0])))
        for row in list(library.rows("SELECT work_id, revision, updated_at FROM works"))
    }


def decisions(library):
    """What people said of pairs of records, told by their content: (same, apart)."""
    said = defaultdict(set)
    query = (
        "SELECT v.source, one.fingerprint, v.other_source, other.fingerprint, verdict FROM match_verdicts AS v"
        " LEFT JOIN records AS one ON one.record_id = v.source_key LEFT JOIN records AS other ON other.record_id = v.other_key"
    )
    for one, fingerprint, other, other_fingerprint, verdict in library.rows(query):
        pair = (one, fingerprint), (other, other_fingerprint)
        said[verdict].add((min(pair), max(pair)))
    return said["same"], said["apart"]


def possible(library):
    """Possible matches with their evidence, without the time at which they were first seen."""
    query = "SELECT work_id, other_id, evidence FROM possible_matches ORDER BY 1, 2"
    return [(row[0], row[1], json.loads(row[2])) for row in library.rows(query)]
