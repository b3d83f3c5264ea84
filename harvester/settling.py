"""What an answer settles: the outcome of each identifier that was asked, and why it was none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harvester.errors import HarvesterError, ParseError, SourceRefused
from harvester.messages import Message, message
from harvester.model import Identifier, Outcome
from harvester.wire import Page


def settled_by(asked: Sequence[Identifier], page: Page) -> dict[Identifier, Outcome]:
    """The outcomes of what was asked; ids that a batch merely dropped stay open."""
    said = {one for record in page.records for one in record.identifiers}
    outcomes = {one: Outcome.FOUND for one in asked if one in said}
    outcomes |= dict.fromkeys(page.absent, Outcome.ABSENT)
    later = {one for request in page.follow for one in request.asked} | {*page.missing}
    unsettled = [one for one in asked if one not in outcomes and one not in later]
    return outcomes | dict.fromkeys(unsettled, Outcome.MALFORMED)


def trouble_of(service: str, page: Page, outcomes: Mapping[Identifier, Outcome]) -> Message | None:
    """Why an answer settles something without answering it."""
    if Outcome.MALFORMED not in outcomes.values():
        return None
    nothing = message("answer-of-nothing-asked", service=service)
    return next((skip.why for skip in page.skips if skip.fatal), nothing)


def failure(error: HarvesterError | None) -> Outcome:
    """How identifiers end that got no answer but this error."""
    if isinstance(error, SourceRefused):
        return Outcome.REFUSED
    return Outcome.MALFORMED if isinstance(error, ParseError) else Outcome.DEFERRED
