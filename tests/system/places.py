"""Places with one of everything, and the requests and commands that anybody could try on them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, Self
from uuid import UUID, uuid4, uuid5

from contracts.base import Command
from contracts.topics import CONVERSATION
from edge import Edge, Json, RefusedError
from gateway.api import ROUTES
from journeys import soon, until

COMMANDS: Final[dict[str, type[Command]]] = {
    kind.type.split(".")[1]: kind
    for topic in CONVERSATION.topics
    for kind in topic.types
    if issubclass(kind, Command)
}
"""Every command there is, by the name that its route has too."""

QUESTIONS: Final = sorted(route.handler_name for route in ROUTES if "GET" in route.http_methods)

_NEXT_YEAR: Final = (datetime.now(UTC) + timedelta(days=365)).replace(
    hour=12, minute=0, second=0, microsecond=0
)
_numbers = count(1)


def new_phone() -> str:
    """Return a number that nobody in any chain of this process has."""
    return f"+351 913 {next(_numbers):06}"


@dataclass(frozen=True)
class Place:
    """A location in which there is one of everything; `ids` are named as in paths and commands."""

    platform: Edge
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def opened(cls, platform: Edge, chain_id: str | None = None) -> Self:
        """Open a location, in a chain of its own if none is given."""
        chain = chain_id or platform.post("/chains", {"name": "Lotus"})["chain_id"]
        place = cls(platform, {"chain_id": chain})
        place.ids["location_id"] = place.post("create_location")["location_id"]
        place.ids["individual"] = place.post("create_service", kind="individual")["service_id"]
        place.ids["service_id"] = place.post("create_service")["service_id"]
        place.ids["team_member_id"] = place.post("create_team_member")["team_member_id"]
        client = place.post("register_client")
        place.ids.update({"client_id": client["client_id"], "phone": client["phone"]})
        place.ids["friend_id"] = place.post("register_client")["client_id"]
        place.ids["membership_type_id"] = place.post("create_membership_type")["membership_type_id"]
        place.ids.update(place.sold())
        place.ids["event_id"] = place.post("create_event")["event_id"]
        place.ids.update(place.booked())
        return place

    def post(self, route: str, **other: Any) -> Json:
        """Have a route's own example done by the platform; `other` fields of it are replaced."""
        return self.platform.post(self.path(route), self.body(route) | other)

    def key(self, role: str) -> Json:
        """Issue a key of this role, for this chain and, where the role has one, this location."""
        scope = self.ids["location_id"] if role in {"operator", "widget"} else None
        form = {"role": role, "name": role, "chain_id": self.ids["chain_id"], "location_id": scope}
        return self.platform.post("/api-keys", form)

    def sold(self) -> Json:
        """Sell one more membership."""
        sale = self.post("sell_membership")
        return {name: sale[name] for name in ("sale_id", "membership_id")}

    def booked(self) -> Json:
        """Make one more booking, of an event in the far future."""
        [appointment] = self.post("submit_booking")["appointments"]
        return _ids_of(appointment)

    def asked_by(self, api_key: str, api_key_id: str) -> None:
        """Let this key have something done: what it asked for is the place's operation."""
        with Edge(self.platform.url, api_key) as edge:
            edge.post(self.path("create_service"), self.body("create_service"), idempotency_key="1")
        self.ids["operation_id"] = str(uuid5(UUID(api_key_id), "1"))

    def began(self) -> None:
        """Let the place's appointment be one that has begun and was settled."""
        service = self.post("create_service", automatic_debiting=True)["service_id"]
        start = soon(1).isoformat()
        event = self.post("create_event", service_id=service, start=start)["event_id"]
        [appointment] = self.post("submit_booking", spots={"event_id": event})["appointments"]
        self.ids.update(_ids_of(appointment))

    def is_settled(self) -> bool:
        """Return whether the outcome of the place's appointment is known."""
        try:
            self.platform.get(self.path("get_settlement"))
        except RefusedError:
            return False
        return True

    def renewed(self, route: str) -> "Place":
        """Return this place with a new one of what the route uses up."""
        match route:
            case "cancel_appointment":
                return Place(self.platform, self.ids | self.booked())
            case "freeze_membership" | "share_membership":
                return Place(self.platform, self.ids | self.sold())
            case "unfreeze_membership":
                place = Place(self.platform, self.ids | self.sold())
                place.post("freeze_membership")
                return place
            case "revoke_api_key":
                key = self.key("reader")
                return Place(self.platform, self.ids | {"api_key_id": key["api_key_id"]})
            case _:
                return self

    def path(self, route: str, **ids: str) -> str:
        """Return the path of a route in this place, without the version."""
        known = {"service": "booking", "api_key_id": str(uuid4())} | self.ids | ids
        parts = _template(route).split("/")
        return "/" + "/".join(
            known[part[1:-1].partition(":")[0]] if part.startswith("{") else part
            for part in parts[2:]
        )

    def body(self, route: str) -> Json:
        """Return what a caller would send to this route."""
        return _bodies(self.ids).get(route, {})

    def query(self, route: str) -> dict[str, str]:
        """Return the query that a caller would send with this question."""
        date = _NEXT_YEAR.date().isoformat()
        return {
            "list_events": {"date": date},
            "get_calendar": {"date": date},
            "list_free_slots": {"date": date, "service_id": self.ids["individual"]},
            "search_clients": {"phone": self.ids.get("new_phone") or self.ids["phone"]},
        }.get(route, {})

    def command(self, name: str) -> Command:
        """Return what the gateway would make of the route of that name, with ids of its own."""
        kind = COMMANDS[name]
        told = {
            "time_zone": "Europe/Lisbon",
            "membership_type_name": "Ten",
            "price": {"amount": 5000, "currency": "EUR"},
        }
        values: Json = {**told, **self.ids}
        if _is_creating(name):
            values[kind.subject] = str(uuid4())
        forms = [one for one in kind.model_fields if one not in values]
        return kind.model_validate(values | {one: self.body(name) for one in forms})

    def has(self, command: Command) -> bool:
        """Return whether there is what this command would have made."""
        question = f"get_{command.subject.removesuffix('_id')}"
        if not _is_creating(command.type.split(".")[1]) or question not in QUESTIONS:
            return False
        ids = {name: str(value) for name, value in command if name.endswith("_id")}
        try:
            self.platform.get(self.path(question, **ids))
        except RefusedError:
            return False
        return True

    def picture(self) -> Json:
        """Return the answers to all questions about this place."""
        return {
            route: self.platform.get(self.path(route), **self.query(route))
            for route in QUESTIONS
            if route not in {"list_api_keys", "get_operation"}
        }


def method_of(route: str) -> str:
    """Return the method of a route."""
    [found] = [one for one in ROUTES if one.handler_name == route]
    [method] = found.http_methods - {"HEAD", "OPTIONS"}
    return method


def is_of_something_in_a_place(route: str) -> bool:
    """Return whether a path names a chain or location, and something in it."""
    names = {part for part in _template(route).split("/") if part.startswith("{")}
    return bool(names & {"{chain_id:uuid}", "{location_id:uuid}"}) and len(names) > 1


def settled(*places: Place) -> None:
    """Wait until the places' appointments have begun and were settled."""
    for place in places:
        place.began()
    until(lambda: [place.is_settled() for place in places], all)


def _ids_of(appointment: Json) -> Json:
    return {name: appointment[name] for name in ("booking_id", "appointment_id", "visit_id")}


def _is_creating(command: str) -> bool:
    return command.split("_", maxsplit=1)[0] in {"create", "register", "submit", "sell"}


def _template(route: str) -> str:
    [found] = [one for one in ROUTES if one.handler_name == route]
    [path] = found.paths
    return path


def _bodies(ids: dict[str, str]) -> dict[str, Json]:
    service = {"name": "Yoga", "kind": "group", "duration_minutes": 60, "price": 1800}
    phone = ids.get("new_phone") or new_phone()
    return {
        "create_api_key": {"role": "reader", "name": "one more", "chain_id": ids["chain_id"]},
        "create_chain": {"name": "Another"},
        "create_location": {
            "name": "Chiado",
            "time_zone": "Europe/Lisbon",
            "currency": "EUR",
            "region": "PT",
        },
        "create_service": service,
        "change_service": service,
        "create_team_member": {
            "name": "Mira",
            "service_ids": [ids.get("individual")],
            "working_hours": [
                {"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 8)
            ],
        },
        "create_event": {
            "service_id": ids.get("service_id"),
            "start": _NEXT_YEAR.isoformat(),
            "capacity": 1000,
        },
        "register_client": {"name": "Ana", "phone": phone},
        "submit_booking": {
            "name": "Ana",
            "phone": phone,
            "spots": {"event_id": ids.get("event_id")},
        },
        "cancel_appointment": {"charge": False},
        "set_visit_status": {"visit_status": "arrived"},
        "create_membership_type": {
            "name": "Ten",
            "price": 5000,
            "currency": "EUR",
            "buckets": [{"sessions": 10, "service_ids": [ids.get("service_id")]}],
        },
        "share_membership": {"client_id": ids.get("friend_id")},
        "sell_membership": {
            "client_id": ids.get("client_id"),
            "membership_type_id": ids.get("membership_type_id"),
        },
    }
