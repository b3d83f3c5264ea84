"""The services as the settings have them: whom to ask, at which address and as whom, within one quota a machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from platformdirs import user_state_path

from harvester.archive import Archive
from harvester.config import Settings
from harvester.fetch import Fetcher
from harvester.harvest import Plan
from harvester.limiter import Pace
from harvester.outside import FetchPolicy
from harvester.quota import SharedPace
from harvester.registration import Resolver
from harvester.replies import Desk
from harvester.sources import SOURCES, doi_org
from harvester.wire import Asker


def plan_of(settings: Settings) -> Plan:
    """Every source that is switched on and can be asked, and how old an answer may be."""
    return Plan(
        _desks(settings),
        _resolver(settings),
        refresh_days=settings.config.harvest.refresh_days,
        absent_days=settings.config.harvest.absent_days,
        switched_off=dict(_switched_off(settings)),
    )


def _switched_off(settings: Settings) -> Iterator[tuple[str, str]]:
    """(agency, its source) of every source that a person switched off, not of one that is off by itself."""
    usual = type(settings.config.sources)()
    for source in SOURCES:
        is_off = not getattr(settings.config.sources, source.name).enabled
        if is_off and getattr(usual, source.name).enabled:
            yield from ((agency, source.name) for agency in source.agencies)


def _resolver(settings: Settings) -> Resolver | None:
    """doi.org as it is asked here, None where it is switched off."""
    chosen = settings.config.sources.doi_org
    address = (chosen.base_url or doi_org.BASE_URL).rstrip("/")
    return Resolver(address, Asker(email=_email(settings))) if chosen.enabled else None


def _email(settings: Settings) -> str | None:
    return settings.config.contact.email.strip() or None


def _desks(settings: Settings) -> tuple[Desk, ...]:
    desks = []
    for source in SOURCES:
        chosen = getattr(settings.config.sources, source.name)
        is_usable = _email(settings) is not None or not source.needs_email
        if chosen.enabled and is_usable:
            key = os.environ.get(source.key_variable or "", "").strip() or None
            asker = Asker(email=_email(settings), key=key)
            address = (chosen.base_url or source.base_url).rstrip("/")
            desks.append(Desk(source, address, asker, chosen.daily_budget))
    return tuple(desks)


def quota_of(plan: Plan) -> SharedPace:
    """What this machine may still ask: shared by all its processes, and by address among the services."""
    scopes = {one.base_url: f"{one.asker.email} {one.asker.key}" for one in plan.desks}
    if plan.resolver is not None:
        scopes[plan.resolver.base_url] = f"{plan.resolver.asker.email} {plan.resolver.asker.key}"
    return SharedPace(Pace(time.monotonic, time.sleep), user_state_path("harvester"), scopes)


def fetcher_of(settings: Settings, plan: Plan, party: str) -> Fetcher:
    """`party` is who takes turns: the nightly "run" or a person's "desk"."""
    network = settings.config.network
    bases = {desk.source.name: [desk.base_url, *desk.source.leads_to] for desk in plan.desks}
    if plan.resolver is not None:
        bases[doi_org.NAME] = [plan.resolver.base_url]
    archive = settings.config.library.archive
    return Fetcher(
        bases,
        email=_email(settings),
        policy=FetchPolicy(
            allow_private=network.allow_private,
            attempts=network.attempts,
            read_s=network.timeout_s,
            retry_after_cap_s=network.retry_after_cap_s,
            run_s=settings.config.harvest.deadline_minutes * 60 if party == "run" else 0.0,
            explained={one.source.name: one.source.parse for one in plan.desks if one.source.explains},
        ),
        archive=Archive(settings.path(archive)) if archive else None,
        limiter=quota_of(plan),
        party=party,
    )
