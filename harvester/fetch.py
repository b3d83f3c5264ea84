"""Request in, Payload out: the network, and everything that can go wrong in it.

Politeness (identity, pace, back-off), safety (only hosts that are configured, only public addresses,
capped bodies, deadlines) and discretion (no key in any log line, error, archive or URL) live here, so
that sources need to think of none of them. The only user of httpx (with its httpcore) and of tenacity.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from functools import cache, partial
from typing import NoReturn, Self

import httpcore
import httpx
import tenacity

from harvester.addresses import Origin, origin
from harvester.archive import Archive
from harvester.dialling import NO_NAME, Dialler, Resolve
from harvester.errors import SourceRefused, SourceUnavailable
from harvester.hops import (
    EXPLAINABLE,
    REFUSED,
    Answer,
    Errand,
    Hop,
    Secrets,
    Transient,
    base_origin,
    check_url,
    first_hop,
    has_wanted_body,
    may_pass,
    next_hop,
    user_agent,
)
from harvester.inflate import Damaged, TooLarge, UnknownEncoding, inflate
from harvester.limiter import (
    Breaker,
    DaySpent,
    Lane,
    Limiter,
    Pace,
    Sent,
    Stated,
    retry_after_s,
    stated_limit,
)
from harvester.messages import Message, message
from harvester.outside import MOST_ATTEMPTS, Deadline, FetchPolicy, Outside
from harvester.wire import Limit, Payload, Request

_log = logging.getLogger("harvester.fetch")
# At DEBUG httpcore writes out the headers of answers, and a service may echo a key in them.
logging.getLogger(httpcore.__name__).setLevel(logging.INFO)


@cache
def _tls() -> ssl.SSLContext:
    """What certificates must satisfy; once, because reading the authorities takes its time."""
    return httpx.create_ssl_context(trust_env=False)


class _Transport(httpx.HTTPTransport):
    """httpx's transport over our own dialling.

    Used without httpx.Client on purpose: nothing to follow redirects, keep cookies, read .netrc, unpack
    bodies or log URLs (keys and all) behind our back.
    """

    def __init__(
        self, own: Iterable[Origin], proxy: str | None, deadline: Deadline, resolve: Resolve
    ) -> None:
        context = _tls()
        super().__init__(verify=context, trust_env=False)
        if proxy is None:
            backend = Dialler(own, deadline, resolve)
            self._pool = httpcore.ConnectionPool(context, network_backend=backend)
        else:
            backend = Dialler({base_origin(proxy)}, deadline, resolve)  # it may well be a neighbour
            via = httpx.Proxy(proxy)
            self._pool = httpcore.HTTPProxy(
                str(via.url), via.raw_auth, ssl_context=context, network_backend=backend
            )


class Fetcher:
    """Asks services, politely and safely. A context manager; safe for threads.

    `bases` names, for every service, the base URLs it may be asked at; a redirect may lead to any base
    of any service, and nowhere else. `email` is the contact in the User-Agent. `party` is whose turn it
    is in a `limiter` that several Fetchers share; without one the Fetcher makes its own.
    """

    def __init__(
        self,
        bases: Mapping[str, Sequence[str]],
        *,
        email: str | None = None,
        policy: FetchPolicy | None = None,
        archive: Archive | None = None,
        limiter: Limiter | None = None,
        outside: Outside | None = None,
        party: str = "run",
    ) -> None:
        self._policy = policy or FetchPolicy()
        self._outside = outside or Outside()
        self._monotonic = self._outside.monotonic
        self._stopped = threading.Event()
        self._ends_at = self._monotonic() + self._policy.run_s if self._policy.run_s else float("inf")
        self._bases = {service: frozenset(map(base_origin, urls)) for service, urls in bases.items()}
        self._origins = frozenset[Origin]().union(*self._bases.values())
        # Agencies without an interface of their own are asked through doi.org: together they share its limit.
        self._addresses = {service: next(iter(urls), service).rstrip("/") for service, urls in bases.items()}
        self._headers = (("User-Agent", user_agent(email)), ("Accept-Encoding", "gzip, deflate"))
        self._archive = archive
        self._limiter = limiter or Pace(self._monotonic, self._pause)
        self._breaker = Breaker(self._monotonic, after=self._policy.breaker_after)
        self._party = party
        self._deadline = Deadline(self._monotonic)
        own = self._origins if self._policy.allow_private else frozenset[Origin]()
        self._transport = _Transport(own, self._policy.proxy, self._deadline, self._outside.resolve)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._transport.close()
        if self._archive is not None:
            self._archive.close()

    def stop(self) -> None:
        """Ends every wait: fetches that are not on the wire raise SourceUnavailable. For signal handlers."""
        self._stopped.set()

    def fetch(self, request: Request, limit: Limit) -> Payload:
        """The service's answer, of whatever status: what it means is for the source to judge.

        Waits for the limiter, follows redirects, and tries again (six attempts at most) what can pass:
        429, 5xx, timeouts, broken connections and bodies.

        Raises SourceRefused for 401 and 403, now and at once from then on; SourceUnavailable where there
        is no answer to be had, with `retry_after_s` where it is known; StoreError if the archive fails.
        """
        self._raise_if_stopped()
        hop = first_hop(request, self._headers)
        allow_private = self._policy.allow_private
        check_url(hop.url, self._bases.get(request.service, ()), allow_private=allow_private)
        is_probe = self._breaker.admit(request.service)
        attempts = 1 if is_probe else min(max(self._policy.attempts, 1), MOST_ATTEMPTS)
        give_up_at = self._monotonic() + self._policy.max_wait_s
        errand = Errand(request, limit, Secrets(request), attempts, give_up_at)
        try:
            payload = self._persist(errand, hop)
        except BaseException:
            self._breaker.release(request.service)
            raise
        if isinstance(payload, Transient):
            self._breaker.failed(request.service, payload.why if payload.is_hopeless else None)
            raise _given_up(errand, payload.why, payload.retry_after_s)
        self._breaker.succeeded(request.service)
        if self._archive is not None:
            self._archive.add(payload)
        return payload

    def _persist(self, errand: Errand, hop: Hop) -> Payload | Transient:
        """The answer, or what the last attempt came to."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Transient),
            wait=self._wait_s,
            stop=partial(self._is_enough, errand),
            before_sleep=partial(_tell_retry, errand),
            sleep=self._pause,
            reraise=True,
        )
        try:
            return retrying(self._attempt, errand, hop)
        except Transient as failure:
            return failure

    def _wait_s(self, state: tenacity.RetryCallState) -> float:
        backoff_s = self._policy.backoff(state.attempt_number, self._outside.random())
        return max(backoff_s, _failure(state).retry_after_s or 0.0)

    def _is_enough(self, errand: Errand, state: tenacity.RetryCallState) -> bool:
        is_late = self._monotonic() + state.upcoming_sleep >= errand.give_up_at
        most = min(errand.attempts, 2) if _failure(state).is_hopeless else errand.attempts
        return is_late or state.attempt_number >= most

    def _pause(self, seconds: float) -> None:
        seconds = min(seconds, max(self._ends_at - self._monotonic(), 0.0))
        if self._outside.sleep is None:
            self._stopped.wait(seconds)
        else:
            self._outside.sleep(seconds)
        self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._stopped.is_set():
            raise SourceUnavailable(message("fetch-stopped"))
        if self._monotonic() >= self._ends_at:
            raise SourceUnavailable(message("fetch-run-over", minutes=round(self._policy.run_s / 60, 1)))

    def _attempt(self, errand: Errand, hop: Hop) -> Payload:
        for _ in range(self._policy.redirects + 1):
            answer = self._exchange(errand, hop)
            if answer.location is None:
                return self._judge(errand, hop, answer)
            hop = self._follow(errand, next_hop(hop, answer.status, answer.location))
        why = message("fetch-redirects", service=errand.service, redirects=self._policy.redirects)
        raise _given_up(errand, why)

    def _follow(self, errand: Errand, hop: Hop) -> Hop:
        """The hop that a redirect leads to, if it may be taken."""
        try:
            check_url(hop.url, self._origins, allow_private=self._policy.allow_private)
        except SourceUnavailable as error:
            why = errand.secrets.hide_in(error.message)
        else:
            return hop
        raise _given_up(errand, why)

    def _judge(self, errand: Errand, hop: Hop, answer: Answer) -> Payload:
        status, service, secrets = answer.status, errand.service, errand.secrets
        payload = Payload(
            service=service,
            url=secrets.stored(hop.url),
            status=status,
            content_type=secrets.hide(answer.headers.get("content-type", "")),
            body=secrets.hide_bytes(answer.body),
            retrieved_at=self._outside.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            asked=errand.request.asked,
        )
        if status in EXPLAINABLE and service in self._policy.explained:
            self._raise_explained(errand, payload)
        elif status in REFUSED:
            why = message("fetch-refused", service=service, status=status)
            self._breaker.refuse(service, why)
            raise SourceRefused(why)
        if may_pass(status):
            self._raise_transient(errand, answer)
        return payload

    def _raise_explained(self, errand: Errand, payload: Payload) -> None:
        """Raise what the service itself says of its refusal, if that is more than "too fast"."""
        try:
            self._policy.explained[errand.service](payload)
        except SourceRefused as error:
            if payload.status != 403:  # which may be about one identifier
                self._breaker.refuse(errand.service, error.message)
            raise
        except SourceUnavailable as error:
            wait_s = error.retry_after_s
            if wait_s is not None and wait_s > self._policy.retry_after_cap_s:
                self._breaker.defer(errand.service, wait_s, error.message)
                if errand.limit.a_day is not None:
                    self._limiter.learn(self._lane(errand), Stated(left_today=0.0), too_many=False)
                raise

    def _raise_transient(self, errand: Errand, answer: Answer) -> NoReturn:
        wait_s = retry_after_s(answer.headers.get("retry-after"), self._outside.now())
        if wait_s is not None and wait_s > self._policy.retry_after_cap_s:
            raise SourceUnavailable(self._breaker.defer(errand.service, wait_s), wait_s)
        if wait_s:
            self._limiter.hold(self._lane(errand), wait_s)
        raise Transient(message("fetch-status", service=errand.service, status=answer.status), wait_s)

    def _exchange(self, errand: Errand, hop: Hop) -> Answer:
        """One request and its answer, when its turn has come."""
        lane = self._lane(errand)
        queued_at = self._monotonic()
        try:
            with self._limiter.slot(lane, errand.limit, self._party) as sent:
                started_at = self._monotonic()
                errand.give_up_at += started_at - queued_at
                self._raise_if_stopped()
                self._breaker.recheck(errand.service)
                answer = self._send(errand, hop, sent)
        except DaySpent as spent:
            why = message("budget-spent", service=errand.service)
            raise SourceUnavailable(
                self._breaker.defer(errand.service, spent.seconds, why), spent.seconds
            ) from None
        if origin(hop.url) in self._bases[errand.service]:
            self._limiter.learn(lane, stated_limit(answer.headers), too_many=answer.status == 429)
        url, took_s = errand.secrets.shown(hop.url), self._monotonic() - started_at
        facts = hop.method, url, answer.status, len(answer.body), took_s
        _log.debug("%s: %s %s: status %d, %d bytes, %.2f s", errand.service, *facts)
        return answer

    def _lane(self, errand: Errand) -> Lane:
        return self._addresses[errand.service], errand.request.limit

    def _send(self, errand: Errand, hop: Hop, sent: Sent) -> Answer:
        policy, service = self._policy, errand.service
        timeout = httpx.Timeout(policy.read_s, connect=policy.connect_s).as_dict()
        self._deadline.at = min(self._monotonic() + policy.deadline_s, errand.give_up_at, self._ends_at)
        failure: Exception

        def trace(event: str, _: object) -> None:
            if event.endswith("send_request_body.complete"):
                sent()

        try:
            request = httpx.Request(
                hop.method,
                hop.url,
                headers=hop.headers,
                content=hop.body,
                extensions={"timeout": timeout, "trace": trace},
            )
            response = self._transport.handle_request(request)
            try:
                return _read(response, policy.size_cap, tells_why=service in policy.explained)
            finally:
                response.close()
        except httpx.InvalidURL:  # too long, most likely
            failure = _given_up(errand, message("address-shape", url=errand.secrets.shown(hop.url)))
        except httpx.TimeoutException:
            failure = Transient(message("fetch-timeout", service=service))
        except httpx.TransportError as error:
            failure = _no_connection(service, error)
        except Damaged:
            failure = Transient(message("fetch-damaged", service=service))
        except TooLarge:
            failure = _given_up(errand, message("fetch-too-large", service=service, cap=policy.size_cap))
        except UnknownEncoding:
            failure = _given_up(errand, message("fetch-encoding", service=service))
        # Raised out here so that the library's own error, which may quote what we sent, is not chained to it.
        raise failure


def _read(response: httpx.Response, cap: int, *, tells_why: bool) -> Answer:
    """The answer with its body, if the body is wanted: that of an answer that will not do is not."""
    status = response.status_code
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not has_wanted_body(status) and not (tells_why and status in EXPLAINABLE):
        return Answer(status, headers, b"")
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 18 or int(length) > cap):
        raise TooLarge
    return Answer(status, headers, inflate(response.iter_raw(), headers.get("content-encoding", ""), cap))


def _given_up(errand: Errand, why: Message, wait_s: float | None = None) -> SourceUnavailable:
    _log.info(
        "%s: given up: %s: %s", errand.service, why, errand
    )  # people are told once a service, at the end
    return SourceUnavailable(why, wait_s)


def _no_connection(service: str, error: httpx.TransportError) -> Transient:
    if str(error) == NO_NAME:  # most likely there is no network at all: waiting long does not help
        return Transient(message("fetch-no-name", service=service), is_hopeless=True)
    return Transient(message("fetch-connection", service=service, error=type(error).__name__))


def _failure(state: tenacity.RetryCallState) -> Transient:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Transient):
        raise TypeError(error)
    return error


def _tell_retry(errand: Errand, state: tenacity.RetryCallState) -> None:
    facts = _failure(state).why, state.attempt_number, errand.attempts, state.upcoming_sleep, errand
    _log.info("%s: %s: attempt %d of %d, next in %.1f s: %s", errand.service, *facts)
