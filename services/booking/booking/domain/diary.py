"""One location as it is under the lock."""

from collections.abc import Generator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from booking.domain.catalogue import Event, Location, Service, TeamMember
from booking.domain.cells import Cell
from booking.domain.hours import Window, worked


@dataclass(slots=True)
class Diary:
    """The offer of a location, its events, and the cells that are taken.

    What a submission takes is noted here, so that the next one of the same batch finds it taken.
    """

    location: Location
    services: dict[UUID, Service]
    team_members: dict[UUID, TeamMember]
    events: dict[UUID, Event]
    taken: set[Cell] = field(default_factory=set[Cell])
    _worked: dict[tuple[UUID, date], tuple[Window, ...]] = field(
        default_factory=dict[tuple[UUID, date], tuple[Window, ...]]
    )

    def works(self, team_member: TeamMember, period: Window) -> bool:
        """Return whether a team member works all of a period."""
        start, end = period
        day = self.location.day_of(start)
        key = (team_member.team_member_id, day)
        if key not in self._worked:
            self._worked[key] = worked(team_member, day, self.location.zone)
        return any(opens <= start and end <= closes for opens, closes in self._worked[key])

    @contextmanager
    def giving(self, own: AbstractSet[Cell]) -> Generator[None]:
        """Let what an appointment has be free for itself alone, while it looks for a new time."""
        self.taken -= own
        try:
            yield
        finally:
            self.taken |= own
