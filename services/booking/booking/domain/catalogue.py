"""What is offered: where, what, by whom, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

ServiceKind = Literal["individual", "group"]
PaymentPolicy = Literal["off", "optional", "mandatory"]
ColorMode = Literal["light", "dark", "auto"]


@dataclass(frozen=True, slots=True)
class Chain:
    """Locations that share clients; the clock of a `sandbox` can be moved."""

    chain_id: UUID
    name: str
    sandbox: bool


@dataclass(frozen=True, slots=True)
class Category:
    """A group of services throughout a chain."""

    category_id: UUID
    chain_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class OnlinePayment:
    """Whether services with online prepayment may, or must, be paid when booked online."""

    individual: PaymentPolicy = "off"
    group: PaymentPolicy = "off"

    def of(self, kind: ServiceKind) -> PaymentPolicy:
        """Return the policy for services of a kind."""
        return self.individual if kind == "individual" else self.group


@dataclass(frozen=True, slots=True)
class WidgetTheme:
    """How the widget looks (rule G9)."""

    color: str = "#3b5bdb"
    mode: ColorMode = "auto"


@dataclass(frozen=True, slots=True)
class Location:
    """A branch of a chain. `time_zone` is an IANA name, `region` that of its phone numbers.

    The clock of its chain is `ahead` of the database's and the broker's, in a sandbox alone.
    """

    location_id: UUID
    chain_id: UUID
    name: str
    time_zone: str
    currency: str
    region: str
    online_payment: OnlinePayment = OnlinePayment()
    phone_confirmation: bool = False
    widget_theme: WidgetTheme = WidgetTheme()
    ahead: timedelta = timedelta()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which business dates and working hours are meant (rule X5)."""
        return ZoneInfo(self.time_zone)

    def at(self, instant: datetime) -> datetime:
        """Return what time it is here at an instant of the database's or broker's clock."""
        return instant + self.ahead

    def day_of(self, instant: datetime) -> date:
        """Return the local date."""
        return instant.astimezone(self.zone).date()

    def local(self, instant: datetime) -> str:
        """Return an instant as people here read it."""
        local = instant.astimezone(self.zone).isoformat(timespec="minutes")
        return f"{local} ({self.time_zone})"


@dataclass(frozen=True, slots=True)
class Service:
    """What is sold, with its settings (rules G1, A1). `price` is in minor units.

    `merged_ids`, where they are known, are those of the services that were merged into it.
    """

    service_id: UUID
    location_id: UUID
    name: str
    kind: ServiceKind
    duration_minutes: int
    price: int
    membership_booking: bool
    automatic_debiting: bool
    free_cancellation_hours: int
    category_id: UUID | None = None
    online_prepayment: bool = False
    merged_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Local hours on one weekday, Monday being 1."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class TimeOff:
    """When a team member does not work, whatever the working hours say."""

    time_off_id: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Who performs which services, and when."""

    team_member_id: UUID
    location_id: UUID
    name: str
    service_ids: frozenset[UUID]
    working_hours: tuple[WorkingHours, ...]
    time_off: tuple[TimeOff, ...] = ()


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
    series_id: UUID | None = None
    cancelled: bool = False
