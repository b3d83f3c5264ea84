"""What was said under one key of a source, and when: whether a word is news."""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct, field


class History(Struct):
    """What was said under one key: at which times each thing, and all times in order."""

    at: dict[str, set[str]] = field(default_factory=dict)  # by fingerprint
    times: list[str] = field(default_factory=list)

    def add(self, at: str, fingerprint: str) -> None:
        """Keep that this was said then."""
        self.at.setdefault(fingerprint, set()).add(at)
        place = bisect_left(self.times, at)
        if self.times[place : place + 1] != [at]:
            self.times.insert(place, at)

    def says(self, at: str, fingerprint: str) -> bool:
        """Whether that was said then, or the last time before."""
        when = self.at.get(fingerprint, ())
        place = bisect_left(self.times, at)
        return at in when or (place > 0 and self.times[place - 1] in when)
