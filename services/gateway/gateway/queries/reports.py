"""The report of a location: counted by membership, with money from sales and names from booking."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.booking_views import LocationView, ServiceList
from contracts.report_views import (
    FiguresOfDay,
    NotDebited,
    OwedByVisits,
    ServiceUse,
    SessionFigures,
    SessionsCounted,
    SessionsReport,
    VisitsOwe,
)
from contracts.values import Money
from gateway.queries.names import names_of
from gateway.queries.reading import Reading

_LISTED = 100


class Dates(NamedTuple):
    """Local dates, both ends among them."""

    first: date
    last: date


async def sessions_report(reading: Reading, at: LocationView, dates: Dates) -> SessionsReport:
    """Return what was sold, used, expired and not debited at a location."""
    counted = await reading.read(
        "membership",
        f"/locations/{at.location_id}/reports/sessions",
        SessionsCounted,
        chain_id=at.chain_id,
        time_zone=at.time_zone,
        **{"from": dates.first, "until": dates.last},
    )
    newest = sorted(counted.not_debited, key=lambda one: one.start, reverse=True)[:_LISTED]
    owed, names, by_service = await asyncio.gather(
        _owed(reading, at, counted.not_debited),
        _names(reading, at.chain_id, counted, newest),
        _named_services(reading, at, counted.by_service),
    )
    by_day = _by_day(counted.not_debited, owed, ZoneInfo(at.time_zone))
    return SessionsReport(
        location_id=at.location_id,
        first_date=dates.first,
        last_date=dates.last,
        today=counted.today,
        time_zone=at.time_zone,
        currency=at.currency,
        days=tuple(
            FiguresOfDay(**dict(day), owed=_money(by_day[day.date], at)) for day in counted.days
        ),
        total=SessionFigures(**dict(counted.total), owed=_money(sum(owed.values()), at)),
        by_service=by_service,
        by_membership_type=counted.by_membership_type,
        expiring=counted.expiring,
        expiring_memberships=tuple(
            one.model_copy(update={"owner_name": names.get(one.owner_client_id)})
            for one in counted.expiring_memberships
        ),
        not_debited=tuple(
            one.model_copy(
                update={
                    "client_name": names.get(one.client_id),
                    "owed": _money(owed.get(one.visit_id, 0), at),
                }
            )
            for one in newest
        ),
    )


async def _owed(
    reading: Reading, at: LocationView, not_debited: Iterable[NotDebited]
) -> Mapping[UUID, int]:
    """Return what the visits of these appointments owe, each visit once."""
    asked = OwedByVisits(visit_ids=tuple({one.visit_id for one in not_debited}))
    if not asked.visit_ids:
        return {}
    path = f"/locations/{at.location_id}/owed-by-visits"
    return (await reading.judged("sales", path, asked, VisitsOwe)).owed


def _by_day(
    not_debited: Iterable[NotDebited], owed: Mapping[UUID, int], zone: ZoneInfo
) -> Counter[date]:
    """Return what is owed by local date: all appointments of a visit are on one."""
    dates = {one.visit_id: one.start.astimezone(zone).date() for one in not_debited}
    amounts = Counter[date]()
    for visit_id, day in dates.items():
        amounts[day] += owed.get(visit_id, 0)
    return amounts


async def _names(
    reading: Reading, chain_id: UUID, counted: SessionsCounted, listed: Iterable[NotDebited]
) -> Mapping[UUID, str]:
    owners = {one.owner_client_id for one in counted.expiring_memberships}
    return await names_of(reading, chain_id, owners | {one.client_id for one in listed})


async def _named_services(
    reading: Reading, at: LocationView, used: Iterable[ServiceUse]
) -> tuple[ServiceUse, ...]:
    services = await reading.read("booking", f"/locations/{at.location_id}/services", ServiceList)
    names = {service.service_id: service.name for service in services.services}
    return tuple(
        one.model_copy(update={"service_name": names.get(one.service_id)})
        if one.service_id is not None
        else one
        for one in used
    )


def _money(amount: int, at: LocationView) -> Money:
    return Money(amount=amount, currency=at.currency)
