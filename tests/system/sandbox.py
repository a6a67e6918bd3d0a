"""A studio on a test clock: what begins, begins as soon as a test says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

from edge import Edge, Json
from journeys import bill_of, book, until
from studio import Studio, issue_key

_numbers = count()


@dataclass
class Sandbox:
    """A location in a sandbox chain, on a day that begins quietly; its operator and clients' app.

    Names of clients and services are ids of this test alone; `first_day` is its midnight.
    """

    platform: Edge
    studio: Studio
    app: Edge
    first_day: datetime

    @classmethod
    def opened(cls, platform: Edge) -> Self:
        """Open it at six in the morning of tomorrow."""
        chain = platform.post("/chains", {"name": "Sandbox", "sandbox": True})["chain_id"]
        zone = ZoneInfo("Europe/Lisbon")
        form = {"name": "Studio", "time_zone": zone.key, "currency": "EUR", "region": "PT"}
        location = platform.post(f"/chains/{chain}/locations", form)["location_id"]
        operator = Edge(platform.url, issue_key(platform, "operator", chain, location))
        app = Edge(platform.url, issue_key(platform, "gateway", chain))
        studio = Studio(operator, "Lisbon", zone, chain, location, form)
        tomorrow = datetime.now(zone) + timedelta(days=1)
        midnight = tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)
        sandbox = cls(platform, studio, app, midnight)
        sandbox.wait_until(sandbox.at(6))
        return sandbox

    def here(self, rest: str) -> str:
        """Return a path within the location."""
        return f"/locations/{self.studio.location}{rest}"

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """Return an instant by the location's clock, so many days after the first."""
        day = self.first_day + timedelta(days=days)
        return day.replace(hour=hour, minute=minute)

    def wait_until(self, now: datetime) -> None:
        """Move the clock, and wait until it has moved everywhere."""
        path = f"/chains/{self.studio.chain}/clock"
        self.platform.put(path, {"now": now.isoformat()})
        until(
            lambda: self.platform.get(path), lambda told: datetime.fromisoformat(told["now"]) >= now
        )

    def offer(self, kind: str = "group", **settings: Any) -> str:
        """Offer a service of 60 minutes for 18.00 that is debited; return its id."""
        form = {"name": f"Service {next(_numbers)}", "kind": kind, "duration_minutes": 60}
        form |= {"price": 1800, "automatic_debiting": True} | settings
        return str(self.studio.operator.post(self.here("/services"), form)["service_id"])

    def plan(self, service: str, start: datetime, capacity: int = 10) -> str:
        """Plan an event; return its id."""
        form = {"service_id": service, "start": start.isoformat(), "capacity": capacity}
        return str(self.studio.operator.post(self.here("/events"), form)["event_id"])

    def enter(self, name: str) -> str:
        """Enter a client; return the id."""
        self.studio.enter_client(name, f"+351 916 {next(_numbers):06}")
        return self.studio.clients[name].client_id

    def sell(
        self,
        name: str,
        services: Iterable[str],
        sessions: int | None = 1,
        days: int = 30,
        **settings: Any,
    ) -> str:
        """Sell a membership for services to a client, who is entered if new; return its id."""
        if name not in self.studio.clients:
            self.enter(name)
        kind = f"Type {next(_numbers)}"
        form: Json = {
            "name": kind,
            "price": 5000,
            "currency": "EUR",
            "buckets": [{"sessions": sessions, "service_ids": list(services)}],
            "validity": {"count": days, "unit": "days"},
            "auto_deduction": True,
        }
        path = f"/chains/{self.studio.chain}/membership-types"
        answer = self.studio.operator.post(path, form | settings)
        self.studio.membership_types[kind] = answer["membership_type_id"]
        return self.studio.sell(name, kind)

    def book(self, name: str, event: str, number: int = 1) -> Json:
        """Have an operator book spots in an event; return the appointment."""
        what = {"spots": {"event_id": event, "spots": number}}
        return book(self.studio.operator, self.studio, name, what)

    def appointment(self, appointment: Json) -> Json:
        """Return an appointment as it is now."""
        path = self.here(f"/appointments/{appointment['appointment_id']}")
        return self.studio.operator.get(path)

    def settlement(self, appointment: Json) -> Json | None:
        """Return what sessions pay of an appointment, once there is something to say."""
        return self.studio.operator.find(
            f"/appointments/{appointment['appointment_id']}/settlement"
        )

    def change(self, appointment: Json, verb: str, form: Json | None = None) -> Json:
        """Have an operator cancel an appointment, or undo its debit."""
        path = self.here(f"/appointments/{appointment['appointment_id']}/{verb}")
        return self.studio.operator.post(path, form)

    def note_visit(self, appointment: Json, status: str) -> None:
        """Have an operator set the visit status."""
        path = self.here(f"/appointments/{appointment['appointment_id']}/visit-status")
        self.studio.operator.put(path, {"visit_status": status})

    def count(self, membership: str) -> tuple[int, int]:
        """Return how many sessions of a membership are used, and how many are held."""
        view = self.studio.operator.get(f"/memberships/{membership}")
        return view["used"], view["held"]

    def bill(self, appointment: Json, owed: int, total: int | None = None) -> Json:
        """Wait until the visit owes so much, of that total if one is given; return its bill."""

        def is_right(bill: Json | None) -> bool:
            if bill is None or bill["owed"]["amount"] != owed:
                return False
            return total is None or bill["total"]["amount"] == total

        bill = until(lambda: bill_of(self.studio, appointment), is_right)
        assert bill is not None
        return bill
