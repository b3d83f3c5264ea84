"""All records at once, or one after another: who is compared with whom, what comes of it, which works there are.

Equal descriptions are one node, so a thousand copies cost one comparison. The same library comes of any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from harvester.blocking import CROWD, keys
from harvester.evidence import Decision, Verdict, decide
from harvester.features import Features
from harvester.grouping import group

Id = TypeVar("Id", bound=Hashable)


class Linkage(Generic[Id]):
    """The records so far, their keys, the pairs that were decided, the works; `add` gives the works that changed."""

    def __init__(self) -> None:
        self.decided = 0  # comparisons, for those who watch the cost
        self._node_of: dict[Features, int] = {}
        self._features: list[Features] = []
        self._ids: list[list[Id]] = []
        self._stands: list[bool] = []  # whether two equal descriptions are one work
        self._filed: dict[str, list[int]] = defaultdict(list)
        self._keys: list[tuple[str, ...]] = []
        self._links: list[dict[int, Decision]] = []
        self._work_of: list[frozenset[int]] = []

    def add(self, one: Id, features: Features) -> None:
        """File one record and bring the works that it touches up to date."""
        node = self._node_of.get(features)
        if node is not None:
            self._ids[node].append(one)
            return
        node = self._new_node(one, features)
        touched = {node}
        for key in self._keys[node]:
            touched |= self._file(key, node)
        self._regroup(touched)

    def add_all(self, records: Mapping[Id, Features]) -> None:
        """File many records: the same library as one by one, with far less work."""
        fresh = []
        for one, features in records.items():
            node = self._node_of.get(features)
            if node is None:
                fresh.append(node := self._new_node(one, features))
            else:
                self._ids[node].append(one)
        if len(fresh) == len(self._features):
            self._file_first(fresh)
        else:
            touched = set(fresh)
            for node in fresh:
                for key in self._keys[node]:
                    touched |= self._file(key, node)
            self._regroup(touched)

    def works(self) -> list[frozenset[Id]]:
        """The records, work by work."""
        found: list[frozenset[Id]] = []
        for work in {id(each): each for each in self._work_of}.values():
            if len(work) == 1 and not self._stands[next(iter(work))]:
                found += (frozenset([one]) for one in self._ids[next(iter(work))])
            else:
                found.append(frozenset(one for node in work for one in self._ids[node]))
        return found

    def decisions(self) -> Iterator[tuple[Id, Id, Decision]]:
        """Every pair that is not plainly different, by the first record of each description."""
        for node, links in enumerate(self._links):
            for other, decision in links.items():
                if node < other:
                    yield self._ids[node][0], self._ids[other][0], decision

    # -- filing

    def _new_node(self, one: Id, features: Features) -> int:
        node = len(self._features)
        self._node_of[features] = node
        self._features.append(features)
        self._ids.append([one])
        self._keys.append(keys(features))
        self._links.append({})
        self._work_of.append(frozenset([node]))
        self._stands.append(decide(features, features).verdict is Verdict.MATCH)
        return node

    def _file(self, key: str, node: int) -> set[int]:
        """File `node` under `key`; the nodes whose links may have changed."""
        filed = self._filed[key]
        filed.append(node)
        if len(filed) > CROWD + 1:
            return set()
        if len(filed) == CROWD + 1:
            return {one for one in filed[:-1] if self._forget(one, filed)}
        return {other for other in filed[:-1] if self._link(node, other)}

    def _link(self, one: int, other: int) -> bool:
        """Compare two nodes, unless that was done; whether they match."""
        if other not in self._links[one]:
            self.decided += 1
            decision = decide(self._features[one], self._features[other])
            if decision.verdict is not Verdict.DIFFERENT:
                self._links[one][other] = self._links[other][one] = decision
        found = self._links[one].get(other)
        return found is not None and found.verdict is Verdict.MATCH

    def _forget(self, one: int, crowd: list[int]) -> bool:
        """Drop the links of `one` into a key that has become a crowd, where no other key upholds them."""
        lost = [other for other in crowd if other in self._links[one] and not self._meet(one, other)]
        for other in lost:
            del self._links[one][other]
            del self._links[other][one]
        return bool(lost)

    def _meet(self, one: int, other: int) -> bool:
        return any(len(self._filed[key]) <= CROWD for key in set(self._keys[one]) & set(self._keys[other]))

    def _file_first(self, nodes: Iterable[int]) -> None:
        for node in nodes:
            for key in self._keys[node]:
                self._filed[key].append(node)
        seen: set[tuple[int, int]] = set()
        for filed in self._filed.values():
            if 1 < len(filed) <= CROWD:
                seen.update((one, other) for place, one in enumerate(filed) for other in filed[place + 1 :])
        for one, other in seen:
            self._link(one, other)
        self._regroup(range(len(self._features)))

    # -- works

    def _regroup(self, touched: Iterable[int]) -> None:
        """Group anew all that is connected with `touched` by matches, now or before."""
        waiting = set(touched)
        waiting |= {one for node in waiting for one in self._work_of[node]}
        done: set[int] = set()
        for start in waiting:
            if start in done:
                continue
            component = self._connected(start)
            done |= component
            matches = {
                (one, other): decision.score
                for one in component
                for other, decision in self._links[one].items()
                if one < other and self._is_match(one, other, decision)
            }
            for work in group({one: self._features[one] for one in component}, matches):
                for one in work:
                    self._work_of[one] = work

    def _connected(self, start: int) -> set[int]:
        found, waiting = {start}, [start]
        while waiting:
            one = waiting.pop()
            fresh = {
                other for other, decision in self._links[one].items() if self._is_match(one, other, decision)
            } - found
            found |= fresh
            waiting += fresh
        return found

    def _is_match(self, one: int, other: int, decision: Decision) -> bool:
        return decision.verdict is Verdict.MATCH and self._stands[one] and self._stands[other]


def works_of(records: Mapping[Id, Features]) -> list[frozenset[Id]]:
    """The records, work by work, all at once."""
    linkage: Linkage[Id] = Linkage()
    linkage.add_all(records)
    return linkage.works()
