"""A library of works to search, filled quickly: `fill(library, N)`.

The works are those of `samples`, written as `Library.add` writes works, but not compared with their likes, and with one
record each, which has the texts. Every 20th is OpenAlex's, every 250th PubMed's; every 40th has a machine's Chinese, every 300th a person's. Their other Chinese texts come from the publisher; as an aggregator's, the checks would
refuse nearly all of them, since words drawn by chance translate nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from benchmarks import samples
from harvester.collecting import seldom_collecting
from harvester.model import (
    Claim,
    Container,
    Contributor,
    Identifier,
    Locus,
    Origin,
    PartialDate,
    Record,
    Scheme,
    Text,
    Work,
)
from harvester.rebuild import Kept
from harvester.rows import WorkRows, rows_of
from harvester.store import Library
from harvester.writing import write_parts, write_works

_AT: Final = "2026-11-21T03:00:00Z"
_BATCH: Final = 500  # works a transaction, as harvester has it
_SURNAMES: Final = "林赵陈吴周徐孙胡朱高郭何罗梁宋郑谢韩唐冯"
_GIVEN: Final = "岚筠霁霖澜璞瑾瑜琛珩沅湘汀洲渚溪岑峦杉柏桐槐枫桂兰蕙芷荷萱薇"


@seldom_collecting()
def fill(library: Library, works: int) -> None:
    """Put so many works into an empty library, numbered from 1."""
    library.connection.execute("PRAGMA foreign_keys = OFF")  # records are written after their works
    for first in range(0, works, _BATCH):
        ids = range(first + 1, min(first + _BATCH, works) + 1)
        works_of = {one: _work(samples.envelope(one - 1, repeats=False), one - 1) for one in ids}
        rows = {one: rows_of(work, ()) for one, work in works_of.items()}
        records = {one: _record(one - 1, work) for one, work in works_of.items()}
        sayers = {one: [Kept(record, "said", one, one, _AT)] for one, record in records.items()}
        with library.writing() as connection:
            write_works(connection, rows, born=set(ids), gone=set(), at=_AT)
            write_parts(connection, rows, sayers)
            connection.executemany(
                "INSERT INTO records (record_id, work_id, source, source_key, fingerprint, retrieved_at, body, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (one, one, it.source, it.source_key, "said", _AT, msgspec.json.encode(it).decode(), _AT)
                    for one, it in records.items()
                ],
            )


def rows_of_sample(number: int) -> WorkRows:
    """The rows of the work that sample `number` describes."""
    return rows_of(_work(samples.envelope(number, repeats=False), number), ())


def _record(number: int, work: Work) -> Record:
    source = "pubmed" if number % 250 == 2 else "openalex" if number % 20 == 1 else "crossref"
    key = samples.doi_of(number)
    return Record(
        source=source, source_key=key, retrieved_at=_AT, titles=work.titles, abstracts=work.abstracts
    )


def _work(sample: dict[str, Any], number: int) -> Work:
    """Every second one in Chinese with its English title, the others in English with a Chinese one."""
    chance = random.Random(number)
    by = Origin.HUMAN if number % 300 == 7 else Origin.MACHINE if number % 40 == 3 else Origin.PUBLISHER
    titles = _texts(msgspec.json.decode(sample["resultStr"])["title"], sample["TitleCN"], by)
    abstracts = _texts(sample["abstract"], sample["AbstractTextCN"], by)
    volume, issue = sample["journal"]["volume"].split()
    said = [f"title_{one.language}" for one in titles] + [f"abstract_{one.language}" for one in abstracts]
    return Work(
        titles=titles,
        abstracts=abstracts,
        contributors=tuple(_people(sample["authors"], chance)),
        container=Container(sample["journal"]["name"]),
        locus=Locus(volume, issue, sample["journal"]["pages"].replace(" ", "")),
        issued=PartialDate(*map(int, sample["publicationDate"].split("-"))),
        language="zh" if number % 2 else "en",
        work_type="journal-article",
        citation_count=int(sample["citationCount"]),
        identifiers=(Identifier(Scheme.DOI, sample["doi"]),),
        provenance=tuple(Claim(column, "said", "first") for column in said),
    )


def _texts(english: str, chinese: str | None, by: Origin) -> tuple[Text, ...]:
    found = (("en", english.removeprefix("ABSTRACT "), Origin.PUBLISHER), ("zh-Hans", chinese, by))
    return tuple(Text(text, language, origin) for language, text, origin in found if text)


def _people(names: str, chance: random.Random) -> Iterator[Contributor]:
    for name in names.split(", "):
        given, family = name.split(" ", 1)
        han = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.randint(1, 2)))
        yield Contributor(name, family=family, given=given, name_zh=han if chance.random() < 0.3 else None)
