"""Fill what is missing in one language from the other, by machine, and say so for ever.

Texts go out section by section, so that sections stay paired. Every reply is kept before the next one is
looked at: a killed run has lost nothing, and the next one sends nothing twice.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Final

from msgspec import Struct, field

from harvester.engines.shapes import Engine, Job
from harvester.errors import ParseError, SourceRefused, SourceUnavailable
from harvester.language import detect, is_chinese
from harvester.ledger import Item, Run
from harvester.memory import Memory
from harvester.messages import Message, message
from harvester.model import Origin, Outcome, Record, Text
from harvester.patterns import pattern
from harvester.store import Library
from harvester.text import text_hash
from harvester.wire import Fetches

SOURCE: Final = "translation"
FIELDS: Final = ("title", "abstract")
_PAGE: Final = 200  # texts planned, sent and stored together
_SENTENCE: Final = pattern(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])\s*")
_NO_LANGUAGE: Final = frozenset({"und", "mul"})


class Desk(Struct, frozen=True, kw_only=True):
    """An engine as it is used here. Prices are per million characters sent, in any currency; 0 is free.

    `budget` is the most that may be spent in `month` ("2026-11"), all runs together; 0 is no limit.
    """

    engine: Engine
    base_url: str
    target: str  # zh-Hans, zh-Hant or en
    model: str
    month: str
    key: str | None = None
    glossary: tuple[tuple[str, str], ...] = ()
    price: float = 0.0
    budget: float = 0.0

    def job(self, source: str) -> Job:
        """The work from one source language."""
        return Job(source=source, target=self.target, model=self.model, key=self.key, glossary=self.glossary)

    def cost(self, segments: Iterable[str]) -> float:
        """What sending the segments costs."""
        return sum(map(len, segments)) * self.price / 1_000_000


class Wanted(Struct, frozen=True):
    """A text that a work has in one language only, and the record that says it."""

    work_id: int
    field: str
    language: str
    text: str
    about: tuple[str, str]
    about_record: str

    def sections(self) -> list[str]:
        """What is translated for itself: a title whole, an abstract section by section."""
        return [part for part in self.text.split("\n") if part.strip()]


class Report(Struct):
    """What became of the wanted texts, and what it took."""

    counts: Counter[str] = field(
        default_factory=Counter
    )  # wanted, translated, rejected, deferred, refused ...
    characters: int = 0  # sent
    requests: int = 0
    cost: float = 0.0
    troubles: dict[str, Message] = field(default_factory=dict)


class Preview(Struct):
    """What a run would send."""

    texts: int = 0
    segments: int = 0
    characters: int = 0
    remembered: int = 0  # segments that the memory has
    cost: float = 0.0
    left: float | None = None  # of the month's budget; None without one


# -- what is wanted ----------------------------------------------------------------------------------------


def wanted(library: Library, target: str, fields: Sequence[str] = FIELDS) -> Iterator[Wanted]:
    """The texts that no one has in the target language, each in the work's own language where it is there."""
    column = "zh" if is_chinese(target) else "en"
    for name in fields:
        last = 0
        while rows := list(library.rows(_WANTED.format(column=f"{name}_{column}"), (name, last, _PAGE * 4))):
            seen: set[int] = set()
            for row in rows:
                about = row["source"], row["source_key"]
                one = Wanted(row["work_id"], name, row["language"], row["text"], about, row["fingerprint"])
                if one.work_id not in seen and _is_source(one.language, target):
                    seen.add(one.work_id)
                    yield one
            last = rows[-1]["work_id"]


_WANTED: Final = (
    "SELECT w.work_id, t.language, t.text, r.source, r.source_key, r.fingerprint FROM works AS w JOIN texts AS t USING (work_id)"
    " JOIN records AS r ON r.record_id = t.record_id WHERE t.field = ? AND t.section IS NULL"
    " AND t.origin <> 'machine' AND w.{column} IS NULL AND w.work_id IN (SELECT work_id FROM works"
    " WHERE work_id > ? AND {column} IS NULL ORDER BY work_id LIMIT ?)"
    " ORDER BY w.work_id, w.language IS NOT NULL AND t.language LIKE w.language || '%' DESC,"
    " t.language = 'en' DESC, t.rowid"
)


def _is_source(language: str, target: str) -> bool:
    same = language.partition("-")[0] == target.partition("-")[0]
    return not same and language not in _NO_LANGUAGE


def pieces(section: str, most: int) -> list[str]:
    """A section in pieces of at most `most` characters, cut between sentences where that is possible."""
    found: list[str] = []
    for sentence in _SENTENCE.split(section) if len(section) > most else [section]:
        if found and len(found[-1]) + len(sentence) < most:
            found[-1] += f" {sentence}" if found[-1][-1] in ".!?" else sentence
        else:
            found += [sentence[at : at + most] for at in range(0, len(sentence), most)]
    return found


def preview(library: Library, desk: Desk, texts: Iterable[Wanted]) -> Preview:
    """What translating `texts` would send; nothing is sent."""
    told = Preview()
    while page := list(islice(texts := iter(texts), _PAGE)):
        for language, segments in _segments(page, desk).items():
            memory = Memory(library, desk.engine, desk.job(language), month=desk.month)
            new = [one for one in segments if one not in memory.known(segments)]
            told.segments += len(segments)
            told.remembered += len(segments) - len(new)
            told.characters += sum(map(len, new))
            told.cost += desk.cost(new)
        told.texts += len(page)
    if desk.budget:
        told.left = desk.budget - Memory(library, desk.engine, desk.job("en"), month=desk.month).spent()
    return told


def _segments(page: Iterable[Wanted], desk: Desk) -> dict[str, list[str]]:
    """Every piece that the page needs, once, by source language."""
    found: dict[str, dict[str, None]] = {}
    for one in page:
        for section in one.sections():
            found.setdefault(one.language, {}).update(
                dict.fromkeys(pieces(section, desk.engine.most_characters))
            )
    return {language: list(segments) for language, segments in found.items()}


# -- the run -----------------------------------------------------------------------------------------------


def translate(
    library: Library,
    desk: Desk,
    texts: Iterable[Wanted],
    fetcher: Fetches,
    run: Run,
    *,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Translate `texts`, store what comes back as records of origin machine, note how each one ended."""
    report = Report()
    texts = iter(texts)
    while page := list(islice(texts, _PAGE)):
        state = _State(library, desk, fetcher, run.at, report)
        for language, segments in _segments(page, desk).items():
            state.fill(language, segments)
        _store(library, desk, page, state, run)
        report.counts["wanted"] += len(page)
        on_progress(report.counts["wanted"])
    return report


class _State:
    """One page of texts on its way: what is translated, and what could not be, by (language, segment)."""

    def __init__(self, library: Library, desk: Desk, fetcher: Fetches, at: str, report: Report) -> None:
        self.done: dict[tuple[str, str], str] = {}
        self.failed: dict[tuple[str, str], Outcome] = {}
        self._library, self._desk, self._fetcher, self._at, self._report = library, desk, fetcher, at, report

    def fill(self, language: str, segments: Sequence[str]) -> None:
        """Translate the segments of one language, from memory or by the engine."""
        memory = Memory(self._library, self._desk.engine, self._desk.job(language), month=self._desk.month)
        known = memory.known(segments)
        self.done |= {(language, segment): text for segment, text in known.items()}
        waiting = deque(_groups([one for one in segments if one not in known], self._desk.engine))
        at_once = self._desk.engine.limit.concurrency
        under_way: dict[Future[tuple[str, ...]], Sequence[str]] = {}
        with ThreadPoolExecutor(at_once, thread_name_prefix=self._desk.engine.name) as pool:
            while waiting or under_way:
                while waiting and len(under_way) < at_once:
                    self._send(pool, waiting.popleft(), language, memory, under_way)
                done, _ = wait(under_way, return_when=FIRST_COMPLETED) if under_way else (set(), set())
                for future in done:
                    waiting.extend(self._take(future, under_way.pop(future), language, memory))

    def _send(
        self,
        pool: ThreadPoolExecutor,
        group: Sequence[str],
        language: str,
        memory: Memory,
        under_way: dict[Future[tuple[str, ...]], Sequence[str]],
    ) -> None:
        cost = self._desk.cost(group)
        if self._desk.budget and memory.spent() + cost > self._desk.budget:
            self._fail(group, language, Outcome.DEFERRED, message("engine-budget", budget=self._desk.budget))
            return
        memory.reserve(group, cost)
        self._report.characters += sum(map(len, group))
        self._report.cost += cost
        self._report.requests += 1
        under_way[pool.submit(_answer, self._desk, self._fetcher, group, language)] = group

    def _take(
        self, future: Future[tuple[str, ...]], group: Sequence[str], language: str, memory: Memory
    ) -> list[Sequence[str]]:
        """Keep what came back; what is to be sent again, in halves."""
        try:
            translated = dict(zip(group, future.result(), strict=True))
        except ParseError as error:
            if len(group) > 1:
                return [group[: len(group) // 2], group[len(group) // 2 :]]
            self._fail(group, language, Outcome.MALFORMED, error.message)
        except (SourceUnavailable, SourceRefused) as error:
            is_refusal = isinstance(error, SourceRefused)
            self._fail(group, language, Outcome.REFUSED if is_refusal else Outcome.DEFERRED, error.message)
        else:
            memory.keep(translated, at=self._at)
            self.done |= {(language, segment): text for segment, text in translated.items()}
        return []

    def count(self, items: Iterable[Item]) -> None:
        """Add to the report how texts ended."""
        self._report.counts.update(str(item.outcome) for item in items)

    def _fail(self, group: Sequence[str], language: str, outcome: Outcome, why: Message) -> None:
        self.failed |= {(language, segment): outcome for segment in group}
        self._report.troubles.setdefault(why.key, why)


def _groups(segments: Sequence[str], engine: Engine) -> Iterator[Sequence[str]]:
    """The segments in the fewest requests that the engine allows, in order."""
    group: list[str] = []
    size = 0
    for segment in segments:
        if group and (len(group) == engine.most_segments or size + len(segment) > engine.most_characters):
            yield group
            group, size = [], 0
        group.append(segment)
        size += len(segment)
    if group:
        yield group


def _answer(desk: Desk, fetcher: Fetches, group: Sequence[str], language: str) -> tuple[str, ...]:
    request = desk.engine.ask(desk.base_url, group, desk.job(language))
    return desk.engine.read(fetcher.fetch(request, desk.engine.limit), len(group))


# -- what comes of it --------------------------------------------------------------------------------------


def _store(library: Library, desk: Desk, page: Sequence[Wanted], state: _State, run: Run) -> None:
    """Keep the finished texts as records and note how every wanted one ended, in one transaction."""
    whole = [(one, text) for one in page if (text := _joined(one, desk, state.done)) is not None]
    left = [one for one in page if not any(one is done for done, _ in whole)]
    with library.writing():
        library.add([_record(one, text, desk, run.at) for one, text in whole], at=run.at)
        items = [
            *(_shown(library, one, desk) for one, _ in whole),
            *(_unfinished(one, desk, state) for one in left),
        ]
        run.note(items)
    state.count(items)


def _joined(one: Wanted, desk: Desk, done: Mapping[tuple[str, str], str]) -> str | None:
    """The text in the target language; None while a piece of it is missing."""
    glue = "" if is_chinese(desk.target) else " "
    sections = []
    for section in one.sections():
        parts = [done.get((one.language, piece)) for piece in pieces(section, desk.engine.most_characters)]
        if None in parts:
            return None
        sections.append(" ".join(glue.join(part or "" for part in parts).split()))
    return "\n".join(sections) if sections else None


def _record(one: Wanted, text: str, desk: Desk, at: str) -> Record:
    engine, model = desk.engine.name, desk.model or None
    tag = detect(text)
    language = tag if is_chinese(tag) and is_chinese(desk.target) else desk.target
    made = Text(text, language, Origin.MACHINE, engine, model, text_hash(one.text))
    return Record(
        source=SOURCE,
        source_key=":".join([engine, desk.model, desk.target, one.field, *one.about]),
        retrieved_at=at,
        about=one.about,
        about_record=one.about_record,
        titles=(made,) if one.field == "title" else (),
        abstracts=(made,) if one.field == "abstract" else (),
    )


def _shown(library: Library, one: Wanted, desk: Desk) -> Item:
    """Found where the work shows the translation now; malformed where the checks refused it."""
    column = f"{one.field}_{'zh' if is_chinese(desk.target) else 'en'}"
    row = next(library.rows(f"SELECT {column} FROM works WHERE work_id = ?", (one.work_id,)), (None,))  # noqa: S608
    outcome = Outcome.FOUND if row[0] is not None else Outcome.MALFORMED
    return Item(f"{one.work_id} {one.field}", outcome, one.work_id, desk.engine.name)


def _unfinished(one: Wanted, desk: Desk, state: _State) -> Item:
    missing = {
        state.failed.get((one.language, piece))
        for section in one.sections()
        for piece in pieces(section, desk.engine.most_characters)
    }
    worst = (Outcome.DEFERRED, Outcome.REFUSED, Outcome.MALFORMED)
    outcome = next((each for each in worst if each in missing), Outcome.DEFERRED)
    return Item(f"{one.work_id} {one.field}", outcome, one.work_id, desk.engine.name)
