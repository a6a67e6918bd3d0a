"""The time in a chain, which can be moved where developers play: in sandboxes."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import SetTestClock, TestClockForm
from contracts.booking_views import TestClockView
from gateway.api.routes import question, replacement
from gateway.commands import Submission
from gateway.queries import Reading, clock_of

_PATH = "/v1/chains/{chain_id:uuid}/clock"
_TAG = "Chains and locations"


@replacement(_PATH, TestClockView, tag=_TAG)
async def set_test_clock(
    chain_id: FromPath[UUID],
    data: JSONBody[TestClockForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Move the clock of a sandbox chain forward; everything that is due by then happens.

    It is so late everywhere as soon as `GET` of the clock says so.
    """
    return await submission.send(SetTestClock(chain_id=chain_id, clock=data))


@question(_PATH, TestClockView, tag=_TAG)
async def get_clock(chain_id: FromPath[UUID], reading: NamedDependency[Reading]) -> TestClockView:
    """Return what time it is in a chain, for all services: it is the least of their clocks."""
    return await clock_of(chain_id, reading)
