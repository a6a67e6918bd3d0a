"""Live events: the messages that the services exchange, for the people who run them.

The platform's people see those of all chains, an owner those that name the own chain alone.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Stream

from contracts.problems import FORBIDDEN, SERVICE_UNAVAILABLE
from contracts.topics import CONVERSATION
from gateway.message_log import Heard, MessageLog, Sought, TooManyWatchersError, shown_topics
from gateway.pages.desk import Desk, Visit
from gateway.pages.rendering import rendered
from gateway.pages.streams import within_session
from gateway.staff import SignedIn
from web.problems import ProblemError

_SHOWN: Final = 100
_TOPICS: Final = shown_topics(CONVERSATION)
_TYPES: Final = sorted(kind.type for topic in _TOPICS for kind in topic.types)
_QUIET_SECONDS: Final = 10
_LIFE_SECONDS: Final = 600  # of a stream: who comes again is asked again who it is
_RETRY: Final = "retry: 2000\n\n"
_MOST_DIGITS: Final = 20

AnyRequest = Request[Any, Any, Any]


@get("/{location_id:uuid}/events")
async def show_event_log(desk: NamedDependency[Desk]) -> Response[str]:
    """Show the newest messages of the own chain."""
    sought = _sought(desk.request, desk.chain_id)
    return desk.page("office/events.html", **await _shown(desk.request, sought, desk.here))


@get("/{location_id:uuid}/events/stream")
async def follow_event_log(desk: NamedDependency[Desk]) -> Stream:
    """Follow the messages of the own chain."""
    return _stream(desk.request, desk.staff, _sought(desk.request, desk.chain_id))


@get("/events")
async def show_all_events(visit: NamedDependency[Visit]) -> Response[str]:
    """Show the newest messages of all chains."""
    _require_platform(visit)
    shown = await _shown(visit.request, _sought(visit.request), "/office")
    return visit.page("office/events.html", **shown)


@get("/events/stream")
async def follow_all_events(visit: NamedDependency[Visit]) -> Stream:
    """Follow the messages of all chains."""
    _require_platform(visit)
    return _stream(visit.request, visit.staff, _sought(visit.request))


def _require_platform(visit: Visit) -> None:
    if not visit.staff.runs_the_platform:
        detail = "This is for those who run the installation. Owners see their chain's messages."
        raise ProblemError(FORBIDDEN.problem(detail))


def _sought(request: AnyRequest, chain_id: UUID | None = None) -> Sought:
    asked = [request.query_params.get(name, "").strip() for name in ("topic", "type", "text")]
    return Sought(*asked, chain_id=chain_id)


async def _shown(request: AnyRequest, sought: Sought, here: str) -> Mapping[str, Any]:
    log: MessageLog = request.app.state.message_log
    recent = await log.recent()
    return {
        "heard": [heard for heard in recent if sought.fits(heard)][:_SHOWN],
        "after": _place(log, max((heard.number for heard in recent), default=0)),
        "sought": sought,
        "here": here,
        "topics": [topic.name for topic in _TOPICS],
        "types": _TYPES,
        "most": _SHOWN,
    }


def _stream(request: AnyRequest, staff: SignedIn, sought: Sought) -> Stream:
    log: MessageLog = request.app.state.message_log
    if log.is_full:
        detail = "Too many people watch already. Reload the page in a while."
        raise ProblemError(SERVICE_UNAVAILABLE.problem(detail))
    place = request.query_params.get("after", "")
    place = request.headers.get("Last-Event-ID", place)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = Stream(_events(log, sought, place), media_type="text/event-stream", headers=headers)
    return within_session(request, staff, events)


async def _events(log: MessageLog, sought: Sought, place: str) -> AsyncGenerator[str, None]:
    """Give what came after a place, and what comes, until it is over; the browser comes again."""
    yield _RETRY
    ends_at = monotonic() + _LIFE_SECONDS
    with suppress(TooManyWatchersError), log.watching() as watcher:
        last = -1
        for heard in _missed(log, place):
            last = heard.number
            if sought.fits(heard):
                yield _event(log, heard)
        while not watcher.is_over and monotonic() < ends_at:
            heard = await watcher.next(_QUIET_SECONDS)
            if heard is None:
                yield ": nothing new\n\n"
            elif heard.number > last and sought.fits(heard):
                yield _event(log, heard)


def _missed(log: MessageLog, place: str) -> list[Heard]:
    """Return what came after a place; if it is of another life of the log, some of the newest."""
    life, _, number = place.partition("-")
    if life != log.life or not number.isdecimal() or len(number) > _MOST_DIGITS:
        return list(log.newest)[-_SHOWN:]
    return [heard for heard in log.newest if heard.number > int(number)]


def _event(log: MessageLog, heard: Heard) -> str:
    row = rendered("office/events/message.html", {"heard": heard})
    lines = "".join(f"data: {line}\n" for line in row.splitlines())
    return f"id: {_place(log, heard.number)}\n{lines}\n"


def _place(log: MessageLog, number: int) -> str:
    return f"{log.life}-{number}"
