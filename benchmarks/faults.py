"""What crashes and bad answers do: python -m benchmarks.faults [--kills N] [--faults N] [--seed N] [--json]

Kills: `harvester load` and `harvester harvest` (against the sample service) are ended by SIGKILL at random points, three
times in a row, then run to their end. After every kill the file must be sound; in the end it must say exactly what
an uninterrupted run says. Faults: a service answers wrongly in every way that the sample service knows; the outcome
must be of the right class, and no record may come of it; asked again, every DOI must be found.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.canon import Content, canonical, compared
from benchmarks.kills import Size
from benchmarks.kills import measure as measure_kills
from benchmarks.measure import Figure, show, tell
from harvester.fetch import Fetcher
from harvester.harvest import LookUp, Plan, look_up
from harvester.ledger import Run
from harvester.model import Identifier, Outcome, Scheme
from harvester.outside import FetchPolicy
from harvester.replies import Desk
from harvester.sources import crossref, semantic_scholar
from harvester.store import Library
from harvester.wire import Asker, Limit
from tests.service import Scenario, Service, generated_doi, running
from tests.service.scenario import ServiceName

_SERVED: Final = (crossref.SOURCE, semantic_scholar.SOURCE)  # what the faults are put into
_AT: Final = "2026-11-21T03:00:00Z"
NAMES: Final[tuple[ServiceName, ...]] = ("crossref", "semanticscholar")
_ASKER: Final = {"crossref": Asker(email="bench@sample.example"), "semanticscholar": Asker(key="sample-key")}

# What one answer of each kind must be called, asked for once: an outage is never `absent`.
EXPECTED: Final[dict[str, Outcome]] = {
    "ok": Outcome.FOUND,
    "gzip": Outcome.FOUND,
    "slow 0.1": Outcome.FOUND,
    "429": Outcome.DEFERRED,
    "500": Outcome.DEFERRED,
    "502": Outcome.DEFERRED,
    "503": Outcome.DEFERRED,
    "503 retry-after=1": Outcome.DEFERRED,
    "503 retry-after=date+2": Outcome.DEFERRED,
    "504": Outcome.DEFERRED,
    "cut": Outcome.DEFERRED,
    "reset": Outcome.DEFERRED,
    "badgzip": Outcome.DEFERRED,
    "401": Outcome.REFUSED,
    "403": Outcome.REFUSED,
    "400": Outcome.MALFORMED,
    "404": Outcome.MALFORMED,
    "captcha": Outcome.MALFORMED,
    "truncated": Outcome.MALFORMED,
    "empty": Outcome.MALFORMED,
    "null": Outcome.MALFORMED,
}


class Trial(Struct, frozen=True):
    """One question, about one DOI or two, that gets a bad answer."""

    service: str
    word: str
    identifiers: tuple[Identifier, ...]

    @property
    def expected(self) -> Outcome:
        """What becomes of every DOI: a batch that cannot be read is asked again in halves."""
        outcome = EXPECTED[self.word]
        return Outcome.FOUND if outcome is Outcome.MALFORMED and len(self.identifiers) > 1 else outcome

    @property
    def words(self) -> tuple[str, ...]:
        """What the service does, request by request."""
        is_halved = EXPECTED[self.word] is Outcome.MALFORMED and len(self.identifiers) > 1
        return (self.word, "ok", "ok") if is_halved else (self.word,)


def trials(count: int, seed: int) -> list[Trial]:
    """Every fault at every service before any comes again; each with a DOI of its own."""
    chance = random.Random(seed)
    words = [word for word in EXPECTED if word != "ok"]
    every = [(source.name, word, size) for source in _SERVED for word in words for size in (1, 2)]
    drawn: list[tuple[str, str, int]] = []
    while len(drawn) < count:
        chance.shuffle(every)
        drawn += every
    return [
        Trial(service, word, tuple(_identifier(2 * number + place) for place in range(size)))
        for number, (service, word, size) in enumerate(drawn[:count])
    ]


def _identifier(number: int) -> Identifier:
    return Identifier(Scheme.DOI, generated_doi(number))


def desk(name: str, service: Service) -> Desk:
    """A service as it is asked in these trials: with no pace to keep, which is measured elsewhere."""
    source = replace(next(one for one in _SERVED if one.name == name), limits=_fast)
    base = service.crossref if name == "crossref" else f"{service.semanticscholar}/graph/v1"
    return Desk(source, base, _ASKER[name])


def _fast(_asker: Asker) -> dict[str, Limit]:
    return dict.fromkeys(("single", "list", "all"), Limit(1000.0, 1))


def ask(library: Library, desks: tuple[Desk, ...], identifiers: list[Identifier], *, attempts: int) -> LookUp:
    """One look-up by a new Fetcher, so that no fault is remembered by the next."""
    bases = {one.source.name: [one.base_url] for one in desks}
    policy = FetchPolicy(allow_private=True, attempts=attempts, backoff_s=0.01)
    run = Run(library, "lookup", at=_AT)
    with Fetcher(bases, email="bench@sample.example", policy=policy) as fetcher:
        return look_up(library, identifiers, Plan(desks), fetcher, run)


def _records_of(library: Library, trial: Trial) -> int:
    query = "SELECT count(*) FROM record_identifiers WHERE scheme = 'doi' AND value = ?"
    return sum(int(next(library.rows(query, (one.value,)))[0]) for one in trial.identifiers)


class Verdicts(Struct):
    """What came of all trials."""

    wrong: list[str]
    outcomes: Counter[str]
    from_bad_answers: int = 0


def judge(library: Library, service: Service, trial: Trial, verdicts: Verdicts) -> None:
    """Ask for the trial's DOIs once, and note whether the outcomes are what the fault deserves."""
    asked = ask(library, (desk(trial.service, service),), list(trial.identifiers), attempts=1)
    for answer in asked.answers:
        verdicts.outcomes[answer.outcome] += 1
        if answer.outcome is not trial.expected:
            said = f"{trial.service}, {trial.word}, {len(asked.answers)} asked: {answer.outcome}"
            verdicts.wrong.append(f"{said}, expected {trial.expected}")
    if trial.expected is not Outcome.FOUND:
        verdicts.from_bad_answers += _records_of(library, trial)


def measure_faults(count: int, seed: int) -> list[Figure]:
    """`count` bad answers, one after another, then everything asked again of a sound service."""
    if not count:
        return []
    tell(f"faults: {count} bad answers")
    drawn = trials(count, seed)
    verdicts = Verdicts([], Counter())
    words = {name: [word for one in drawn if one.service == name for word in one.words] for name in NAMES}
    with tempfile.TemporaryDirectory() as name, Library(Path(name) / "library.db") as library:
        with running(Scenario(generated=2 * count, limits=0, faults=words)) as service:
            for trial in drawn:
                judge(library, service, trial, verdicts)
        with running(Scenario(generated=2 * count, limits=0)) as service:
            content = _asked_again(library, service, drawn)
            reference = _asked_at_once(Path(name) / "reference.db", service, drawn)
    for one in verdicts.wrong:
        tell(f"faults: {one}")
    return list(_figures(count, verdicts, compared(content, reference)))


def _asked_again(library: Library, service: Service, drawn: list[Trial]) -> Content:
    """The library after every DOI was asked for again, of the service that had answered badly."""
    for name in NAMES:
        own = [identifier for one in drawn if one.service == name for identifier in one.identifiers]
        if own:
            ask(library, (desk(name, service),), own, attempts=3)
    return canonical(library.path)


def _asked_at_once(path: Path, service: Service, drawn: list[Trial]) -> Content:
    """A library that met no fault."""
    with Library(path) as library:
        return _asked_again(library, service, drawn)


def _figures(count: int, verdicts: Verdicts, differences: dict[str, int]) -> Iterator[Figure]:
    shown = ", ".join(f"{number} {outcome}" for outcome, number in sorted(verdicts.outcomes.items()))
    yield Figure(f"{count} bad answers", len(verdicts.wrong), "wrong outcomes", to=shown)
    yield Figure(f"{count} bad answers", verdicts.from_bad_answers, "records of them")
    for word, number in differences.items():
        yield Figure(f"{count} bad answers", number, f"{word} when asked again")


def measure(kills: Size, faults: int, seed: int) -> list[Figure]:
    """Both halves."""
    return [*measure_kills(kills, seed), *measure_faults(faults, seed)]


def is_sound(figures: list[Figure]) -> bool:
    """Whether nothing was lost, doubled or wrong."""
    return not any(one.value for one in figures if one.unit != "kills")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--faults", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=int, default=1100, help="in the file whose loading is killed")
    parser.add_argument("--dois", type=int, default=400, help="in the harvest that is killed")
    parser.add_argument("--json", action="store_true", help="JSON Lines in place of the table")
    asked = parser.parse_args(arguments)
    logging.getLogger("harvester").setLevel(logging.CRITICAL)
    size = Size(asked.kills, asked.records, asked.dois)
    figures = measure(size, asked.faults, asked.seed)
    show(figures, as_json=asked.json)
    return 0 if is_sound(figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
