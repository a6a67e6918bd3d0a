"""The studio that the measurements play in: many members with a membership each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.progress import Progress

from devstack import Stack
from edge import Edge
from load import Caller, Json, created
from studio import Studio, issue_key, open_studio, selling

_AT_ONCE: Final = 32
_SPOTS_PER_CLASS: Final = 20


@dataclass
class Scene:
    """A studio, its members, and the two ways of calling: the front desk and the clients' app."""

    stack: Stack
    studio: Studio
    desk: Caller
    app: Caller
    progress: Progress
    members: int = 0

    async def enter_members(self, number: int) -> None:
        """Let `number` more clients in, who buy a membership each."""
        studio = self.studio
        task = self.progress.add_task("members", total=2 * number)

        def step(done: int) -> None:
            self.progress.advance(task, done)

        numbers = range(self.members, self.members + number)
        forms: list[tuple[str, Json]] = [
            (f"/chains/{studio.chain}/clients", {"name": name_of(one), "phone": phone_of(one)})
            for one in numbers
        ]
        answers = await self.desk.post_all(forms, at_once=_AT_ONCE, answered=step)
        article = studio.membership_types["Pass"]
        sales: list[tuple[str, Json]] = [
            (
                f"/locations/{studio.location}/sales",
                selling(client, article),
            )
            for client in created(answers, "client_id")
        ]
        created(await self.desk.post_all(sales, at_once=_AT_ONCE, answered=step), "membership_id")
        self.members += number

    async def plan_classes(self, starts: list[datetime], capacity: int) -> list[str]:
        """Plan a class at each of the instants; return their ids."""
        forms: list[tuple[str, Json]] = [
            (
                f"/locations/{self.studio.location}/events",
                {
                    "service_id": self.studio.yoga,
                    "start": start.isoformat(),
                    "capacity": capacity,
                },
            )
            for start in starts
        ]
        return created(await self.desk.post_all(forms, at_once=_AT_ONCE), "event_id")

    async def classes_for(self, number: int, start: datetime) -> list[str]:
        """Plan classes at one instant; return an event for each of `number` clients."""
        classes = -(-number // _SPOTS_PER_CLASS)
        events = await self.plan_classes([start] * classes, _SPOTS_PER_CLASS)
        return [events[one // _SPOTS_PER_CLASS] for one in range(number)]

    def bookings(self, events: list[str]) -> list[tuple[str, Json]]:
        """Return requests that book one spot in each event, each for another member."""
        return [
            (
                f"/locations/{self.studio.location}/bookings",
                {
                    "name": name_of(member),
                    "phone": phone_of(member),
                    "phone_confirmed": True,
                    "spots": {"event_id": event},
                },
            )
            for member, event in enumerate(events)
        ]


def name_of(member: int) -> str:
    """Return the name of the n-th member."""
    return f"Member {member}"


def phone_of(member: int) -> str:
    """Return the phone number of the n-th member."""
    return f"+351912{member:06}"


def open_scene(stack: Stack, progress: Progress, *, sessions: int = 10) -> Scene:
    """Open the studio; nobody is a member yet. Memberships will have so many sessions."""
    url = stack.service_url("gateway")
    with Edge(url, stack.platform_key) as platform:
        studio = open_studio(platform)
        operator = issue_key(platform, "operator", studio.chain, studio.location)
        app = issue_key(platform, "gateway", studio.chain)
    studio.offer_membership("Pass", sessions=sessions, price=15000, services=[studio.yoga], days=90)
    return Scene(stack, studio, Caller(url, operator), Caller(url, app), progress)
