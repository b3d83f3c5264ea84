"""What replies settle: the outcome of each identifier that was asked, and why a reply was none."""

from __future__ import annotations

from collections.abc import Mapping

from harvester.errands import Reply
from harvester.errors import HarvesterError, ParseError, SourceRefused
from harvester.messages import Message, message
from harvester.model import Identifier, Outcome


def settled_by(reply: Reply) -> dict[Identifier, Outcome]:
    """What this reply settles; ids that a batch merely dropped stay open."""
    asked = reply.request.asked
    if reply.page is None:
        return dict.fromkeys(asked, _failure(reply.error))
    said = {one for record in reply.page.records for one in record.identifiers}
    outcomes = {one: Outcome.FOUND for one in asked if one in said}
    outcomes |= dict.fromkeys(reply.page.absent, Outcome.ABSENT)
    later = {one for request in reply.page.follow for one in request.asked} | {*reply.page.missing}
    unsettled = [one for one in asked if one not in outcomes and one not in later]
    return outcomes | dict.fromkeys(unsettled, Outcome.MALFORMED)


def trouble_of(reply: Reply, outcomes: Mapping[Identifier, Outcome]) -> Message | None:
    """Why a reply was none, or settles something without answering it."""
    if reply.error is not None or reply.page is None:
        return reply.error.message if reply.error and not reply.is_halved else None
    if Outcome.MALFORMED not in outcomes.values():
        return None
    nothing = message("answer-of-nothing-asked", service=reply.desk.source.name)
    return next((skip.why for skip in reply.page.skips if skip.fatal), nothing)


def _failure(error: HarvesterError | None) -> Outcome:
    if isinstance(error, SourceRefused):
        return Outcome.REFUSED
    return Outcome.MALFORMED if isinstance(error, ParseError) else Outcome.DEFERRED
