"""Streams of the back office: each ends with the session and the roles that it began with."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from time import monotonic
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.response import Stream

from contracts.problems import TOO_MANY_REQUESTS
from gateway.staff import Sessions, SignedIn
from web.problems import ProblemError

MOST_OF_A_PERSON: Final = 20
"""As many tabs of one person are followed by one process."""
_LOOK_SECONDS: Final = 15  # a stream says something as often, if only that there is nothing new

_open: Final = Counter[UUID]()


def within_session(request: Request[Any, Any, Any], staff: SignedIn, stream: Stream) -> Stream:
    """Let a stream end when its session has ended, or the roles are others; the browser comes anew.

    Raises `ProblemError`, 429, when this person has very many open.
    """
    if _open[staff.staff_id] >= MOST_OF_A_PERSON:
        problem = TOO_MANY_REQUESTS.problem("Too many pages are open. Close some of them.")
        raise ProblemError(problem, headers={"Retry-After": "60"})
    sessions: Sessions = request.app.state.sessions
    stream.iterator = _while_it_lasts(sessions, staff, stream.iterator)  # pyright: ignore[reportArgumentType] — what is given it is such an iterator
    return stream


async def _while_it_lasts(
    sessions: Sessions, staff: SignedIn, said: AsyncGenerator[str | bytes, None]
) -> AsyncIterator[str | bytes]:
    _open[staff.staff_id] += 1
    looked_at = monotonic()
    try:
        async for each in said:
            if monotonic() - looked_at >= _LOOK_SECONDS:
                now = await sessions.find(staff.token, is_used=False)
                if now is None or now.grants != staff.grants:
                    return
                looked_at = monotonic()
            yield each
    finally:
        _open.subtract([staff.staff_id])
        if not _open[staff.staff_id]:
            del _open[staff.staff_id]
        await said.aclose()
