"""Visits, and the appointments that belong to each: a new plan may move one to another visit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from uuid import UUID

from sales.domain.bills import Bill, bill_of
from sales.domain.facts import Appointment, Fact, Taken


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a visit is."""

    chain_id: UUID
    location_id: UUID
    client_id: UUID


Change: TypeAlias = tuple[Appointment, Appointment]
"""An appointment as it was, and as it is."""


@dataclass(slots=True)
class Visit:
    """The appointments of one client on one day at one location.

    `revision` and `currency` are those of its bill as it was said last.
    """

    visit_id: UUID
    owner: Owner
    revision: int = 0
    currency: str | None = None
    appointments: dict[UUID, Appointment] = field(default_factory=dict[UUID, Appointment])

    def bill(self) -> Bill | None:
        """Return the bill, `None` while there was never a plan. Raises `MixedCurrenciesError`."""
        return bill_of(self.appointments.values(), self.currency)


class Visits:
    """Visits that hear something together; what is heard belongs to one of them at present."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self.by_id = {visit.visit_id: visit for visit in visits}
        self._homes = {
            appointment_id: visit
            for visit in self.by_id.values()
            for appointment_id in visit.appointments
        }
        self._before: dict[UUID, Appointment] = {}

    def hear(self, visit_id: UUID, appointment_id: UUID, fact: Fact) -> set[UUID]:
        """Keep what is newer about an appointment; return the visits that this concerns."""
        home = self._homes.get(appointment_id, self.by_id[visit_id])
        before = home.appointments.get(appointment_id) or Appointment(appointment_id, visit_id)
        after = before.after(fact, visit_id)
        if after is before:
            return set()
        self._before.setdefault(appointment_id, before)
        place = self.by_id[after.visit_id]
        if place is not home:
            home.appointments.pop(appointment_id, None)
            # Hearers know the appointment by the revision of the bill that it was on.
            place.revision = max(place.revision, home.revision)
        place.appointments[appointment_id] = after
        self._homes[appointment_id] = place
        return {home.visit_id, place.visit_id}

    def home_of(self, appointment_id: UUID) -> Visit | None:
        """Return the visit that an appointment belongs to, if it is one of these."""
        return self._homes.get(appointment_id)

    def find(self, appointment_id: UUID) -> Appointment | None:
        """Return an appointment, if it belongs to one of these visits."""
        home = self._homes.get(appointment_id)
        return home.appointments.get(appointment_id) if home else None

    def pay(self, appointment_id: UUID, taken: Mapping[UUID, Taken]) -> None:
        """Set what money paid at the counter for an appointment, by line."""
        home = self._homes.get(appointment_id)
        if home is not None:
            appointment = home.appointments[appointment_id]
            home.appointments[appointment_id] = replace(appointment, taken=dict(taken))

    def changes(self) -> Iterator[Change]:
        """Give the appointments that heard something new: as they were, and as they are."""
        for appointment_id, before in self._before.items():
            yield before, self._homes[appointment_id].appointments[appointment_id]
