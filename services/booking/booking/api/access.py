"""What a principal may see."""

from datetime import date
from typing import TypeVar
from uuid import UUID

from booking.domain.catalogue import Location
from booking.queries import offers
from contracts.problems import FORBIDDEN
from postgres import Database
from web import Principal, ProblemError, Role
from web.problems import invalid_field, not_found

T = TypeVar("T")


async def location_within_reach(
    database: Database, principal: Principal, location_id: UUID
) -> Location:
    """Return the location; what exists for others only is not found."""
    location = await offers.location(database, location_id)
    if location is None or not principal.reaches(location.chain_id, location_id):
        raise not_found(f"location {location_id}")
    return location


def is_public(principal: Principal) -> bool:
    """Return whether a client asks, or somebody with a key that anybody reads."""
    return principal.role in {Role.WIDGET, Role.CLIENT}


def not_in_public(principal: Principal) -> None:
    """Keep names, phones and others' bookings from clients, and from a key that anybody reads."""
    if is_public(principal):
        detail = "Clients read the offer, free slots and their own bookings only."
        raise ProblemError(FORBIDDEN.problem(detail))


def own_phone(principal: Principal) -> str | None:
    """Return whose bookings alone may be read: a confirmed client's; None for everybody's.

    A widget's key, which anybody reads, reads none.
    """
    if principal.role is Role.CLIENT:
        return principal.phone
    not_in_public(principal)
    return None


def must_be_countable(day: date, field: str = "date") -> None:
    """Refuse dates at the ends of the calendar, with which nobody can count in every zone."""
    if not 1970 <= day.year <= 2999:
        raise invalid_field(field, "must be from 1970 to 2999")


def found(answer: T | None, what: str) -> T:
    """Return the answer, or say that there is no such thing."""
    if answer is None:
        raise not_found(what)
    return answer
