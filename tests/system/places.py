"""Places with one of everything, and the requests and commands that anybody could try on them."""

from collections.abc import Callable
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

_NAMES: Final = {route.handler_name for route in ROUTES}
COMMANDS: Final[dict[str, type[Command]]] = {
    name: kind
    for topic in CONVERSATION.topics
    for kind in topic.types
    if issubclass(kind, Command) and (name := kind.type.split(".")[1]) in _NAMES
}
"""Every command that the edge offers, by the name that its route has too."""

QUESTIONS: Final = sorted(route.handler_name for route in ROUTES if "GET" in route.http_methods)

_NEXT_YEAR: Final = (datetime.now(UTC) + timedelta(days=365)).replace(
    hour=12, minute=0, second=0, microsecond=0
)
_SANDBOX: Final = {"name": "Lotus", "sandbox": True}
_CREATING: Final = {
    *("create", "register", "submit", "make", "duplicate", "add", "repeat", "reschedule"),
    *("take", "debit", "import", "refund"),
}
_OF_THE_MOMENT: Final = {
    *("list_api_keys", "get_operation", "get_clock", "get_my_bookings", "follow_calendar"),
    "list_platform_staff",
}
"""Questions whose answers are others for everybody, or at any time."""
_OF_SHARED_CLIENTS: Final = {"plan_removal", "unshare_membership"}
_numbers = count(1)
_seconds = count(60)


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
        chain = chain_id or platform.post("/chains", _SANDBOX)["chain_id"]
        place = cls(platform, {"chain_id": chain})
        place.ids.update(place.employed())
        place.ids["location_id"] = place.post("create_location")["location_id"]
        place.ids["category_id"] = place.post("create_category")["category_id"]
        place.ids["individual"] = place.post("create_service", kind="individual")["service_id"]
        place.ids["service_id"] = place.post("create_service")["service_id"]
        place.ids.update(place.another_service())
        place.ids["team_member_id"] = place.post("create_team_member")["team_member_id"]
        place.ids.update(place.off())
        client = place.post("register_client")
        place.ids.update({"client_id": client["client_id"], "phone": client["phone"]})
        friend = place.post("register_client")
        place.ids.update({"friend_id": friend["client_id"], "friend_phone": friend["phone"]})
        place.ids["membership_type_id"] = place.post("create_membership_type")["membership_type_id"]
        place.ids.update(place.shared())
        place.ids.update(place.planned())
        place.ids["other_event_id"] = place.planned()["event_id"]
        place.ids["payment_id"] = place.to_be_paid()
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
        sale = self.post("make_sale")
        return {name: sale[name] for name in ("sale_id", "membership_id")}

    def booked(self) -> Json:
        """Make one more booking, of an event in the far future."""
        [appointment] = self.post("submit_booking")["appointments"]
        return _ids_of(appointment)

    def another_service(self) -> Json:
        """Offer one more service, of the same kind."""
        return {"other_service_id": self.post("create_service")["service_id"]}

    def billed(self) -> Json:
        """Make one more booking, and wait until its line stands on the bill."""
        ids = self.booked()
        path = self.path("get_bill", visit_id=ids["visit_id"])
        until(
            lambda: [
                line["line_id"] for line in (self.platform.find(path) or {"lines": ()})["lines"]
            ],
            lambda lines: ids["line_id"] in lines,
        )
        return ids

    def paid(self) -> Json:
        """Make one more booking, and pay it at the counter."""
        ids = self.billed()
        bill = Place(self.platform, self.ids | ids).post("take_payment")
        return ids | {"payment_id": bill["payments"][-1]["payment_id"]}

    def debited(self) -> Json:
        """Make one more booking, and let a membership pay it."""
        ids = self.billed()
        Place(self.platform, self.ids | ids).post("debit_visit")
        return ids

    def planned(self) -> Json:
        """Plan one more event in the far future."""
        return {"event_id": self.post("create_event")["event_id"]}

    def off(self) -> Json:
        """Let the team member take time off once more."""
        form = self.body("add_time_off")
        answer = self.platform.post(self.path("add_time_off"), form)
        start = datetime.fromisoformat(form["start"])
        taken = {datetime.fromisoformat(one["start"]): one for one in answer["time_off"]}
        return {"time_off_id": taken[start]["time_off_id"]}

    def to_be_paid(self) -> str:
        """Let a client book what is paid online; return the payment."""
        service = self.post("create_service", online_prepayment=True)["service_id"]
        event = self.post("create_event", service_id=service)["event_id"]
        form = self.body("submit_booking") | {"spots": {"event_id": event}, "pay_online": True}
        with Edge(self.platform.url, self.key("gateway")["api_key"]) as edge:
            return str(edge.post(self.path("submit_booking"), form)["payment_id"])

    def asked_by(self, api_key: str, api_key_id: str) -> None:
        """Let this key have something done: what it asked for is the place's operation."""
        with Edge(self.platform.url, api_key) as edge:
            edge.post(self.path("create_service"), self.body("create_service"), idempotency_key="1")
        self.ids["operation_id"] = str(uuid5(UUID(api_key_id), "1"))

    def began(self) -> None:
        """Let the place's appointment be one that has begun; its membership paid another."""
        self.debited()
        service = self.post("create_service", automatic_debiting=True)["service_id"]
        start = soon(1).isoformat()
        event = self.post("create_event", service_id=service, start=start)["event_id"]
        [appointment] = self.post("submit_booking", spots={"event_id": event})["appointments"]
        self.ids.update(_ids_of(appointment))

    def is_settled(self) -> bool:
        """Return whether the place's appointment is settled, and its payment can be paid."""
        try:
            self.platform.get(self.path("get_settlement"))
            return bool(self.platform.get(self.path("get_payment"))["state"] == "open")
        except RefusedError:
            return False

    def frozen(self) -> Json:
        """Sell one more membership, and freeze it."""
        ids = self.sold()
        Place(self.platform, self.ids | ids).post("freeze_membership")
        return ids

    def shared(self) -> Json:
        """Sell one more membership, and share it."""
        ids = self.sold()
        Place(self.platform, self.ids | ids).post("share_membership")
        return ids

    def another_client(self) -> Json:
        """Enter one more client."""
        return {"client_id": self.post("register_client")["client_id"]}

    def employed(self) -> Json:
        """Let one more person sign in."""
        return {"staff_id": self.post("add_staff_member")["staff_id"]}

    def employed_by_the_platform(self) -> Json:
        """Let one more person run the installation."""
        return {"staff_id": self.post("add_platform_staff")["staff_id"]}

    def renewed(self, route: str) -> "Place":
        """Return this place with a new one of what the route uses up."""
        fresh: dict[str, Callable[[], Json]] = {
            "cancel_appointment": self.booked,
            "reschedule_appointment": self.booked,
            "take_payment": self.billed,
            "undo_payment": self.paid,
            "debit_visit": self.billed,
            "undo_debit": self.debited,
            "merge_services": self.another_service,
            "move_event": self.planned,
            "cancel_event": self.planned,
            "remove_time_off": self.off,
            "freeze_membership": self.sold,
            "extend_membership": self.sold,
            "adjust_membership": self.sold,
            "void_membership": self.sold,
            "refund_sale": self.sold,
            "share_membership": self.sold,
            "unshare_membership": self.shared,
            "change_client": self.another_client,
            "erase_client": self.another_client,
            "merge_clients": lambda: {"merged_id": self.another_client()["client_id"]},
            "unfreeze_membership": self.frozen,
            "remove_staff_member": self.employed,
            "remove_platform_staff": self.employed_by_the_platform,
            "revoke_api_key": lambda: {"api_key_id": self.key("reader")["api_key_id"]},
        }
        return Place(self.platform, self.ids | fresh[route]()) if route in fresh else self

    def path(self, route: str, **ids: str) -> str:
        """Return the path of a route in this place, without the version."""
        known = {"service": "booking", "api_key_id": str(uuid4())} | self.ids | ids
        if route in _OF_SHARED_CLIENTS:
            known["client_id"] = known["friend_id"]
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
            "get_sessions_report": {"from": date, "until": date},
            "list_free_slots": {"date": date, "service_id": self.ids["individual"]},
            "list_free_dates": {"from": date, "to": date, "service_id": self.ids["individual"]},
            "search_clients": {"phone": self.ids.get("new_phone") or self.ids["phone"]},
        }.get(route, {})

    def command(self, name: str) -> Command:
        """Return what the gateway would make of the route of that name, with ids of its own."""
        kind = COMMANDS[name]
        article = {
            "membership_type_id": self.ids["membership_type_id"],
            "name": "Ten",
            "price": {"amount": 5000, "currency": "EUR"},
        }
        told = {
            "time_zone": "Europe/Lisbon",
            "currency": "EUR",
            "articles": [article],
            "adjustment_id": str(uuid4()),
            "settlement_id": str(uuid4()),
            "shared_client_id": self.ids["friend_id"],
            "client_ids": [self.ids["client_id"]],
        }
        values: Json = {**told, **self.ids, "original_service_id": self.ids["service_id"]}
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
            if route not in _OF_THE_MOMENT
        }


def method_of(route: str) -> str:
    """Return the method of a route."""
    [found] = [one for one in ROUTES if one.handler_name == route]
    [method] = found.http_methods - {"HEAD", "OPTIONS"}
    return method


def things_in(route: str) -> set[str]:
    """Return the names of what a path names within a chain or location; else nothing."""
    parts = _template(route).split("/")
    names = {part[1:-1].partition(":")[0] for part in parts if part.startswith("{")}
    within = names & {"chain_id", "location_id"}
    return names - within if within else set()


def settled(*places: Place) -> None:
    """Wait until the places' appointments have begun and were settled."""
    for place in places:
        place.began()
    until(lambda: [place.is_settled() for place in places], all)


def _ids_of(appointment: Json) -> Json:
    ids = {name: appointment[name] for name in ("booking_id", "appointment_id", "visit_id")}
    return ids | {"line_id": appointment["lines"][0]["line_id"]}


def _is_creating(command: str) -> bool:
    return command.split("_", maxsplit=1)[0] in _CREATING


def _template(route: str) -> str:
    [found] = [one for one in ROUTES if one.handler_name == route]
    [path] = found.paths
    return path


def _a_little_later() -> str:
    """Return an instant later than any that was returned before; it goes on from there."""
    return (datetime.now(UTC) + timedelta(seconds=next(_seconds))).isoformat()


def _person() -> Json:
    email = f"somebody-{uuid4()}@lotus.example"
    return {"email": email, "name": "Somebody", "password": "lotus opens at nine"}


def _bodies(ids: dict[str, str]) -> dict[str, Json]:
    service = {"name": "Yoga", "kind": "group", "duration_minutes": 60, "price": 1800}
    phone = ids.get("new_phone") or new_phone()
    off = _NEXT_YEAR + timedelta(days=next(_numbers))
    location = {
        "name": "Chiado",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "region": "PT",
        "online_payment": {"group": "optional"},
    }
    team_member = {
        "name": "Mira",
        "service_ids": [ids.get("individual")],
        "working_hours": [
            {"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 8)
        ],
    }
    booking = {
        "name": "Ana",
        "phone": ids.get("new_phone") or ids.get("phone"),
        "spots": {"event_id": ids.get("event_id")},
    }
    membership_type = {
        "name": "Ten",
        "price": 5000,
        "currency": "EUR",
        "buckets": [{"sessions": 10, "service_ids": [ids.get("service_id")]}],
        "validity": {"count": 12, "unit": "months"},
    }
    return {
        "create_api_key": {"role": "reader", "name": "one more", "chain_id": ids["chain_id"]},
        "add_staff_member": _person() | {"role": "owner"},
        "add_platform_staff": _person(),
        "create_chain": {"name": "Another"},
        "set_test_clock": {"now": _a_little_later()},
        "create_location": location,
        "change_location": location,
        "create_category": {"name": "Body"},
        "create_service": service,
        "change_service": service,
        "duplicate_service": {"name": "Yoga again"},
        "merge_services": {"service_ids": [ids.get("other_service_id")]},
        "create_team_member": team_member,
        "change_team_member": team_member,
        "add_time_off": {
            "start": off.isoformat(),
            "end": (off + timedelta(hours=1)).isoformat(),
        },
        "create_event": {
            "service_id": ids.get("service_id"),
            "start": _NEXT_YEAR.isoformat(),
            "capacity": 1000,
        },
        "create_event_series": {
            "service_id": ids.get("service_id"),
            "first_date": _NEXT_YEAR.date().isoformat(),
            "last_date": _NEXT_YEAR.date().isoformat(),
            "weekdays": list(range(1, 8)),
            "time": "15:00",
            "capacity": 10,
        },
        "move_event": {"start": (_NEXT_YEAR + timedelta(hours=1)).isoformat()},
        "change_event_capacity": {"capacity": 1000},
        "register_client": {"name": "Ana", "phone": phone},
        "send_phone_code": {"phone": phone},
        "confirm_phone": {"phone": phone, "code": "000000"},
        "submit_booking": booking,
        "forecast_booking": booking,
        "reschedule_appointment": {"event_id": ids.get("other_event_id")},
        "repeat_appointment": {"event_id": ids.get("event_id")},
        "cancel_appointment": {"charge": False},
        "set_visit_status": {"visit_status": "arrived"},
        "take_payment": {"line_ids": [ids.get("line_id")]},
        "debit_visit": {"line_ids": [ids.get("line_id")]},
        "undo_debit": {},
        "create_membership_type": membership_type,
        "change_membership_type": membership_type,
        "share_membership": {"client_id": ids.get("friend_id")},
        "extend_membership": {
            "expires_on": (_NEXT_YEAR + timedelta(days=365)).date().isoformat(),
            "reason": "Closed for a while",
        },
        "adjust_membership": {"sessions": 1, "reason": "A gift"},
        "void_membership": {"reason": "Sold by mistake"},
        "import_membership": {
            "reference": f"A-{next(_numbers)}",
            "client_id": ids.get("client_id"),
            "membership_type_id": ids.get("membership_type_id"),
            "remaining": [4],
            "issued_on": "2026-01-15",
        },
        "change_client": {"name": "Ana Maria", "phone": phone},
        "merge_clients": {"client_ids": [ids.get("merged_id") or ids.get("friend_id")]},
        "make_sale": {
            "client_id": ids.get("client_id"),
            "lines": [
                {"kind": "membership", "membership_type_id": ids.get("membership_type_id")},
            ],
        },
    }
