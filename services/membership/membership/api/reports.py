"""HTTP in: reports of a location, by local date."""

from datetime import date, timedelta
from typing import Annotated, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from contracts.report_views import SessionsCounted
from membership import queries
from membership.api.reading import require_insight, snapshot
from postgres import Database
from web import Principal
from web.problems import invalid_field, not_found

MOST_DAYS: Final = timedelta(days=366)


@get("/locations/{location_id:uuid}/reports/sessions")
async def get_sessions_report(
    *,
    location_id: FromPath[UUID],
    chain_id: FromQuery[UUID],
    time_zone: FromQuery[str],
    first: Annotated[date, QueryParameter(name="from")],
    last: Annotated[date, QueryParameter(name="until")],
    principal: NamedDependency[Principal],
    database: NamedDependency[Database],
) -> SessionsCounted:
    """Return what was sold, used, expired and not debited on local dates, at most 366.

    What of a location is in this chain, and what its time zone is, the caller knows.
    """
    require_insight(principal)
    if not principal.reaches(chain_id, location_id):
        raise not_found(f"location {location_id}")
    if not timedelta(0) <= last - first < MOST_DAYS:
        raise invalid_field("until", f"must be from 0 to {MOST_DAYS.days - 1} days after `from`")
    for name, day in (("from", first), ("until", last)):
        if not 1970 <= day.year <= 2999:
            raise invalid_field(name, "must be from 1970 to 2999")
    _must_be_known(time_zone)
    asked = queries.Range(chain_id, location_id, first, last, time_zone)
    async with snapshot(database) as transaction:
        return await queries.sessions_report(transaction, asked)


def _must_be_known(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise invalid_field("time_zone", "must be an IANA time zone") from unknown


ROUTES: Final = (get_sessions_report,)
