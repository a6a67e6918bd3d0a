"""The studio in which the model and the system are compared: a sandbox chain of its own."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from edge import Edge, Json
from gate_model import Gate
from gate_state import Event, Service, State, Terms
from journeys import until
from studio import issue_key

ZONES: Final = ("Europe/Lisbon", "Pacific/Auckland", "Pacific/Honolulu", "Asia/Kolkata")
FEW_EVENTS: Final = 6
"""When fewer than these are still to come, more are planned."""

_GROUP: Final[dict[str, Json]] = {
    "Yoga": {"membership_booking": True, "automatic_debiting": True},
    "Reformer": {
        "membership_booking": True,
        "automatic_debiting": True,
        "online_prepayment": True,
        "free_cancellation_hours": 3,
    },
    "Dance": {"automatic_debiting": True},
    "Talk": {"online_prepayment": True},
}
_INDIVIDUAL: Final[dict[str, Json]] = {
    "Massage": {
        "membership_booking": True,
        "automatic_debiting": True,
        "free_cancellation_hours": 3,
    },
    "Advice": {"membership_booking": True},
    "Sauna": {"online_prepayment": True},
}
_MINUTES: Final = {"Massage": 45, "Advice": 30, "Sauna": 60}
_OFFERED: Final[list[tuple[str, list[tuple[int | None, list[str]]], Json]]] = [
    ("Five", [(5, ["Yoga", "Reformer", "Dance", "Massage", "Advice"])], {"days": 30}),
    ("Two", [(2, ["Yoga", "Dance"])], {"days": 2}),
    ("Split", [(1, ["Yoga", "Reformer"]), (2, ["Body"])], {"days": 10}),
    ("Trial", [(1, ["Yoga", "Reformer", "Dance"])], {"days": 1, "on_first_visit": True}),
    ("Month", [(None, ["Yoga"])], {"days": 3}),
    ("Manual", [(3, ["Yoga", "Dance", "Body"])], {"auto_deduction": False}),
    (
        "Strict",
        [(2, ["Yoga", "Reformer", "Body"])],
        {"days": 3, "valid_on_visit_day": True, "not_while_frozen": True},
    ),
]

_STRICTER: Final = ("valid_on_visit_day", "not_while_frozen")


@dataclass
class Scene:
    """A studio at the edge, the same in the model, and who calls."""

    platform: Edge
    operator: Edge
    app: Edge
    chain: str
    location: str
    gate: Gate
    rng: Random
    phones: dict[str, str] = field(default_factory=dict[str, str])
    terms: list[Terms] = field(default_factory=list[Terms])
    told: list[str] = field(default_factory=list[str])
    """What happened so far, for people."""

    @property
    def state(self) -> State:
        """What the model knows."""
        return self.gate.state

    def at(self, rest: str) -> str:
        """Return a path within the location."""
        return f"/locations/{self.location}{rest}"

    def local(self, days: int, hour: int, minute: int) -> datetime:
        """Return an instant by the location's clock, some days after today."""
        day = self.gate.today + timedelta(days=days)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.gate.zone)

    def set_clock(self, now: datetime) -> None:
        """Move the chain's clock, and wait until it has moved everywhere."""
        path = f"/chains/{self.chain}/clock"
        self.platform.put(path, {"now": now.isoformat()})
        clock = until(
            lambda: self.platform.get(path), lambda told: datetime.fromisoformat(told["now"]) >= now
        )
        self.gate.pass_time(datetime.fromisoformat(clock["now"]))

    def add_event(self, service: Service, start: datetime, capacity: int) -> None:
        """Plan an event."""
        form = {"service_id": service.id, "start": start.isoformat(), "capacity": capacity}
        event_id = self.operator.post(self.at("/events"), form)["event_id"]
        self.state.events[event_id] = Event(event_id, service.id, start, capacity)


def open_scene(platform: Edge, rng: Random, closing: ExitStack) -> Scene:
    """Open the studio, early on a day; its clients have no memberships yet."""
    zone = ZoneInfo(rng.choice(ZONES))
    chain = platform.post("/chains", {"name": "Sandbox", "sandbox": True})["chain_id"]
    form = {"name": "Studio", "time_zone": zone.key, "currency": "EUR", "region": "PT"}
    policy = {"online_payment": {"individual": "optional", "group": "optional"}}
    location = platform.post(f"/chains/{chain}/locations", form | policy)["location_id"]
    operator, app = (
        closing.enter_context(Edge(platform.url, issue_key(platform, role, chain, where)))
        for role, where in (("operator", location), ("gateway", None))
    )
    gate = Gate(State(datetime.now(zone)), zone)
    scene = Scene(platform, operator, app, chain, location, gate, rng)
    scene.set_clock(scene.local(1, 6, 10))
    _offer_services(scene)
    _offer_memberships(scene)
    for number in range(4):
        phone = f"+351 915 000 00{number}"
        form = {"name": f"Client {number}", "phone": phone}
        client = operator.post(f"/chains/{chain}/clients", form)["client_id"]
        scene.phones[client] = phone
        scene.state.clients.append(client)
    plan_events(scene)
    return scene


def _offer_services(scene: Scene) -> None:
    form = {"name": "Body"}
    category = scene.operator.post(f"/chains/{scene.chain}/categories", form)["category_id"]
    price = 1000
    for name, settings in (_GROUP | _INDIVIDUAL).items():
        kind = "group" if name in _GROUP else "individual"
        price += 100
        form = {
            "name": name,
            "kind": kind,
            "duration_minutes": _MINUTES.get(name, 60),
            "price": price,
            "category_id": category if kind == "individual" else None,
        }
        answer = scene.operator.post(scene.at("/services"), form | settings)
        service = service_of(answer)
        scene.state.services[service.id] = service
    individual = [each.id for each in scene.state.services.values() if each.kind == "individual"]
    hours = [{"weekday": day, "opens": "00:00", "closes": "23:59"} for day in range(1, 8)]
    for name, performs in (("Mira", individual), ("Noa", individual[:2])):
        form = {"name": name, "service_ids": performs, "working_hours": hours}
        answer = scene.operator.post(scene.at("/team-members"), form)
        scene.state.team[answer["team_member_id"]] = frozenset(performs)


def service_of(answer: Json) -> Service:
    """Return a service as the edge shows it."""
    return Service(
        id=answer["service_id"],
        name=answer["name"],
        kind=answer["kind"],
        minutes=answer["duration_minutes"],
        price=answer["price"]["amount"],
        membership_booking=answer["membership_booking"],
        automatic_debiting=answer["automatic_debiting"],
        hours=answer["free_cancellation_hours"],
        category=answer["category_id"],
        online=answer["online_payment"],
    )


def _offer_memberships(scene: Scene) -> None:
    services = {each.name: each.id for each in scene.state.services.values()}
    [body] = {each.category for each in scene.state.services.values()} - {None}
    assert body
    for name, buckets, settings in _OFFERED:
        covered = [
            (
                sessions,
                frozenset(services[each] for each in names if each in services),
                frozenset(body for each in names if each not in services),
            )
            for sessions, names in buckets
        ]
        form: Json = {
            "name": name,
            "price": 5000,
            "currency": "EUR",
            "buckets": [
                {
                    "sessions": sessions,
                    "service_ids": list(by_id),
                    "category_ids": list(in_category),
                }
                for sessions, by_id, in_category in covered
            ],
            "auto_deduction": settings.get("auto_deduction", True),
            "activation": "on_first_visit" if settings.get("on_first_visit") else "on_sale",
            "gate": {
                each: settings.get(each, False)
                for each in ("valid_on_visit_day", "not_while_frozen")
            },
        }
        if "days" in settings:
            form["validity"] = {"count": settings["days"], "unit": "days"}
        path = f"/chains/{scene.chain}/membership-types"
        type_id = scene.operator.post(path, form)["membership_type_id"]
        scene.terms.append(Terms(type_id, name, tuple(covered), **settings))


def plan_events(scene: Scene) -> None:
    """Plan classes for today and the next days."""
    group = [each for each in scene.state.services.values() if each.kind == "group"]
    for day in range(4):
        for number, service in enumerate(group):
            start = scene.local(day, 8 + 3 * number + scene.rng.randrange(3), 0)
            if start > scene.state.now + timedelta(minutes=15):
                scene.add_event(service, start, scene.rng.choice((2, 3, 4)))
