"""When: a month with the days that have free times, and the free times of one of them."""

from calendar import Calendar, monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from contracts.booking_views import FreeDates, FreeSlot, FreeSlots
from gateway.pages.booking.catalogue import catalogue_of, choice_beside_paying
from gateway.pages.booking.guest import Guest
from gateway.pages.booking.wish import Wish

_AHEAD: Final = timedelta(days=61)
_FURTHEST: Final = timedelta(days=366)
_MANY: Final = 32
_PARTS: Final = (("Morning", 12), ("Afternoon", 17), ("Evening", 24))


@dataclass(frozen=True, slots=True)
class Month:
    """A month as it is shown: weeks of days, Monday first; `free` are those with free times."""

    first: date
    weeks: Sequence[Sequence[date]]
    free: frozenset[date]
    day: date | None
    earlier: date | None
    later: date | None
    parts: Sequence[tuple[str, Sequence[FreeSlot]]]
    has_more: bool


@get("/times")
async def offer_times(guest: NamedDependency[Guest]) -> Response[str] | Redirect:
    """Show the free times of the services, by anybody or by one team member."""
    wish, catalogue = Wish.of(guest.asked), await catalogue_of(guest)
    if not wish.services:
        return guest.go(guest.here)
    chosen = catalogue.chosen(wish.services)
    return guest.page(
        "booking/times.html",
        step=3,
        wish=wish,
        chosen=chosen,
        member=catalogue.name_of(wish.member),
        month=await month_of(guest, wish.services, wish.member),
        next_step="options" if choice_beside_paying(chosen) else "review",
    )


async def month_of(guest: Guest, services: Sequence[UUID], member: UUID | None) -> Month:
    """Return the month and the day that the address asks for, or those of the next free time."""
    today = (await guest.now()).astimezone(guest.zone).date()
    day = date_in(guest.asked.text("day"))
    first = date_in(f"{guest.asked.text('month')}-01") or (day.replace(day=1) if day else None)
    ahead: Sequence[date] = ()
    if first is None:
        ahead = await _free_dates(guest, services, member, today, today + _AHEAD)
        first = ahead[0] if ahead else today
    first = min(max(first, today.replace(day=1)), today + _FURTHEST).replace(day=1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if ahead and last <= today + _AHEAD:
        free = [each for each in ahead if each <= last]
    else:
        free = await _free_dates(guest, services, member, max(first, today), last)
    if day not in free:
        day = free[0] if free else None
    slots = await _free_slots(guest, services, member, day) if day else ()
    shown = slots if guest.asked.flag("all") else _fewer(slots)
    next_month = last + timedelta(days=1)
    return Month(
        first=first,
        weeks=Calendar().monthdatescalendar(first.year, first.month),
        free=frozenset(free),
        day=day,
        earlier=(first - timedelta(days=1)).replace(day=1) if first > today else None,
        later=next_month if next_month <= today + _FURTHEST else None,
        parts=parts_of_the_day(shown, guest.zone),
        has_more=len(shown) < len(slots),
    )


async def _free_dates(
    guest: Guest, services: Sequence[UUID], member: UUID | None, since: date, until: date
) -> Sequence[date]:
    asked = {"from": since, "to": until, "service_id": services, "team_member_id": member}
    return (await guest.api.get(f"{guest.there}/free-dates", FreeDates, **asked)).dates


async def _free_slots(
    guest: Guest, services: Sequence[UUID], member: UUID | None, day: date
) -> Sequence[FreeSlot]:
    asked = {"date": day, "service_id": services, "team_member_id": member}
    return (await guest.api.get(f"{guest.there}/free-slots", FreeSlots, **asked)).slots


def _fewer(slots: Sequence[FreeSlot]) -> Sequence[FreeSlot]:
    """Return, of very many times, those of the quarter hours."""
    round_ones = [each for each in slots if each.start.minute % 15 == 0]
    return round_ones if round_ones and len(slots) > _MANY else slots


def parts_of_the_day(
    slots: Iterable[FreeSlot], zone: ZoneInfo
) -> Sequence[tuple[str, Sequence[FreeSlot]]]:
    """Divide times of one day into morning, afternoon and evening; empty parts are left out."""
    parts: dict[str, list[FreeSlot]] = {}
    for slot in slots:
        hour = slot.start.astimezone(zone).hour
        parts.setdefault(next(name for name, end in _PARTS if hour < end), []).append(slot)
    return list(parts.items())


def date_in(text: str) -> date | None:
    """Return the local date that an address names; what is none names nothing."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 — a local date has no zone
    except ValueError:
        return None
