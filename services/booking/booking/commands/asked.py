"""A command whose principal is known, and its answer."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from booking.announcements import problem_of
from booking.domain.catalogue import Location
from booking.domain.refusals import Refusal, unknown
from contracts.base import Command
from messaging import Work
from web import Principal

C_co = TypeVar("C_co", bound=Command, covariant=True)


@dataclass(frozen=True, slots=True)
class Asked(Generic[C_co]):
    """What `principal` asks for; deadlines are judged by `at`, the effective time.

    That is the time in the location's chain, as `location.at(work.now)` is what time it is there.
    """

    id: UUID
    at: datetime
    principal: Principal
    body: C_co


@contextmanager
def answering(work: Work, asked: Asked[Command]) -> Generator[None]:
    """Answer a command with the problem when it is refused; others of the batch go on."""
    try:
        yield
    except Refusal as refusal:
        work.refuse(asked.id, problem_of(refusal))


def location_within_reach(
    asked: Asked[Command], locations: Mapping[UUID, Location], location_id: UUID
) -> Location:
    """Return the location of that id; refuse what exists for others only."""
    location = locations.get(location_id)
    if location is None or not asked.principal.reaches(location.chain_id, location_id):
        raise unknown(f"location {location_id}")
    return location
