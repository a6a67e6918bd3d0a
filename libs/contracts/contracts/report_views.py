"""Reports of a location: what was sold, used, expires, and was not debited.

Membership counts, for it has the ledger; the public edge adds money and names.
"""

from datetime import date
from uuid import UUID

from contracts.base import Form, Value
from contracts.values import Currency, Instant, Money


class SessionCounts(Value):
    """What became of sessions, and the appointments whose automatic debiting failed.

    `sold` was granted with memberships that the location sold; unlimited ones have no number, and
    are counted as `unlimited_memberships_sold`. `used` was debited and not reversed, for
    appointments at the location; `used_automatically` is a part of it. `expired` was left on
    memberships of the location when they expired. `not_debited` counts appointments, `shortfall`
    their sessions that are still missing.
    """

    sold: int = 0
    memberships_sold: int = 0
    unlimited_memberships_sold: int = 0
    used: int = 0
    used_automatically: int = 0
    expired: int = 0
    not_debited: int = 0
    shortfall: int = 0


class CountsOfDay(SessionCounts):
    """The counts of one local date.

    It is that of the sale for `sold`, of the appointment for `used` and `not_debited`, and the last
    date of the membership for `expired`.
    """

    date: date


class ServiceUse(Value):
    """The sessions that were used for one service, which may have been unknown long ago."""

    service_id: UUID | None
    used: int
    used_automatically: int
    service_name: str | None = None


class TypeCounts(Value):
    """What was sold and used of one membership type, by the name that it has now."""

    membership_type_id: UUID
    name: str
    memberships_sold: int
    sold: int
    used: int


class ExpiringDay(Value):
    """The memberships that expire after this date, with what is left on them and not held."""

    date: date
    memberships: int
    sessions: int


class ExpiringMembership(Value):
    """A membership that expires soon.

    `sessions` are left and neither used nor held, None if it is unlimited.
    """

    membership_id: UUID
    name: str
    owner_client_id: UUID
    owner_name: str | None = None
    expires_on: date
    sessions: int | None
    held: int


class NotDebited(Value):
    """An appointment whose automatic debiting failed; `owed` is what its visit owes by now."""

    appointment_id: UUID
    visit_id: UUID
    client_id: UUID
    client_name: str | None = None
    start: Instant
    shortfall: int
    owed: Money | None = None


class SessionsCounted(Value):
    """What membership counts for a report; every date asked for has its row.

    `expiring` is of today and the next 30 dates, `expiring_memberships` the first of those by date.
    `not_debited` is in order of start.
    """

    today: date
    days: tuple[CountsOfDay, ...]
    total: SessionCounts
    by_service: tuple[ServiceUse, ...]
    by_membership_type: tuple[TypeCounts, ...]
    expiring: tuple[ExpiringDay, ...]
    expiring_memberships: tuple[ExpiringMembership, ...]
    not_debited: tuple[NotDebited, ...]


class FiguresOfDay(CountsOfDay):
    """The counts of one local date, and what the visits owe that were not debited then."""

    owed: Money


class SessionFigures(SessionCounts):
    """The counts of all dates, and what the visits owe that were not debited."""

    owed: Money


class SessionsReport(Value):
    """What was sold, used, expired and not debited at a location, by local date and in all.

    `by_service` and `by_membership_type` have the most used first. `expiring` has today and the
    next 30 dates, whatever was asked for, and `expiring_memberships` the first 100 of them by date.
    `not_debited` lists the newest 100 appointments; the counts are of all.
    """

    location_id: UUID
    first_date: date
    last_date: date
    today: date
    time_zone: str
    currency: Currency
    days: tuple[FiguresOfDay, ...]
    total: SessionFigures
    by_service: tuple[ServiceUse, ...]
    by_membership_type: tuple[TypeCounts, ...]
    expiring: tuple[ExpiringDay, ...]
    expiring_memberships: tuple[ExpiringMembership, ...]
    not_debited: tuple[NotDebited, ...]


class OwedByVisits(Form):
    """Which visits of a location are asked about."""

    visit_ids: tuple[UUID, ...]


class VisitsOwe(Value):
    """What visits owe, in minor units of their location's currency; others owe nothing."""

    owed: dict[UUID, int]
