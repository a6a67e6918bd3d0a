"""Reports that people look at."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from contracts.problems import INVALID_REQUEST
from contracts.report_views import SessionsReport
from gateway.api.routes import question
from gateway.queries import Dates, Locations, Reading, sessions_report
from web.identity import Principal
from web.problems import invalid_field

_TAG = "Reports"
_MOST_DAYS: Final = 366


@question(
    "/v1/locations/{location_id:uuid}/reports/sessions",
    SessionsReport,
    tag=_TAG,
    refuses=(INVALID_REQUEST,),
)
async def get_sessions_report(
    *,
    location_id: FromPath[UUID],
    from_: Annotated[date, QueryParameter(name="from")],
    until: Annotated[
        date, QueryParameter(description="The last date, itself included; at most 365 days later")
    ],
    principal: NamedDependency[Principal],
    reading: NamedDependency[Reading],
    locations: NamedDependency[Locations],
) -> SessionsReport:
    """Return what was sold, used, expired and not debited at a location, by local date.

    Used is what was debited and not given back since, on the date of the appointment, whichever
    location sold the membership. Sold and expired is of the memberships that the location sold;
    of those that were issued before reports existed, the location is unknown.
    """
    if not 0 <= (until - from_).days < _MOST_DAYS:
        raise invalid_field("until", f"must be from 0 to {_MOST_DAYS - 1} days after `from`")
    at = await locations.within_reach(location_id, principal, reading)
    return await sessions_report(reading, at, Dates(from_, until))
