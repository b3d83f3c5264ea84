"""Values that a record states and that say nothing: named to people, never compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from harvester.author_keys import is_nobody
from harvester.features import is_a_doi
from harvester.locus_keys import read_pages
from harvester.messages import Message, message
from harvester.model import Record

_MANY: Final = 300  # authors; a consortium
_SHOWN: Final = 60  # characters of a value


def oddities(record: Record) -> Iterator[Message]:
    """What in `record` is no page, no title, nobody's name, or a crowd of authors of which only some are compared."""
    if record.locus is not None and record.locus.pages and read_pages(record.locus.pages) is None:
        yield message("odd-pages", found=record.locus.pages[:_SHOWN])
    for text in record.titles:
        if is_a_doi(text.value):
            yield message("odd-title", found=text.value[:_SHOWN])
    if len(record.contributors) > _MANY:
        yield message("odd-crowd", count=len(record.contributors))
    for one in record.contributors[:_MANY]:
        if is_nobody(one.name):
            yield message("odd-nobody", found=one.name[:_SHOWN])
