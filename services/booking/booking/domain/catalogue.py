"""What is offered: where, what, by whom, and when."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

ServiceKind = Literal["individual", "group"]


@dataclass(frozen=True, slots=True)
class Location:
    """A branch of a chain. `time_zone` is an IANA name, `region` that of its phone numbers."""

    location_id: UUID
    chain_id: UUID
    name: str
    time_zone: str
    currency: str
    region: str

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which business dates and working hours are meant (rule X5)."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Service:
    """What is sold, with its settings (rules G1, A1). `price` is in minor units."""

    service_id: UUID
    location_id: UUID
    name: str
    kind: ServiceKind
    duration_minutes: int
    price: int
    membership_booking: bool
    automatic_debiting: bool
    free_cancellation_hours: int


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Local hours on one weekday, Monday being 1."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Who performs which services, and when."""

    team_member_id: UUID
    location_id: UUID
    name: str
    service_ids: frozenset[UUID]
    working_hours: tuple[WorkingHours, ...]


@dataclass(slots=True)
class Event:
    """One dated occurrence of a group service; `spots_taken` never exceeds `capacity` (X2)."""

    event_id: UUID
    location_id: UUID
    service_id: UUID
    team_member_id: UUID | None
    start: datetime
    end: datetime
    capacity: int
    spots_taken: int
