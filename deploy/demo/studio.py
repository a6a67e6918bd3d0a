"""The studio of the demo: what it offers, who its clients are, which memberships they hold."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from edge import Edge, Json

# The demo plays in a city where it is a sensible hour for a class, whenever it is run.
CITIES: Final = {
    "Auckland": "Pacific/Auckland",
    "Tokyo": "Asia/Tokyo",
    "Dhaka": "Asia/Dhaka",
    "Nairobi": "Africa/Nairobi",
    "Lisbon": "Europe/Lisbon",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Chicago": "America/Chicago",
    "Anchorage": "America/Anchorage",
}


def selling(client: str, membership_type: str) -> Json:
    """Return the form of a sale of one membership to a client, both by their ids."""
    line = {"kind": "membership", "membership_type_id": membership_type}
    return {"client_id": client, "lines": [line]}


@dataclass
class Client:
    """A person of the story; `client_id` is known once the studio has entered them."""

    name: str
    phone: str
    client_id: str = ""


@dataclass
class Studio:
    """The studio, and the ids that the edge gave to its parts; `names` are those of services."""

    operator: Edge
    city: str
    zone: ZoneInfo
    chain: str
    location: str
    location_form: Json
    yoga: str = ""
    massage: str = ""
    masseuse: str = ""
    foot_care: str = ""
    bath: str = ""
    clients: dict[str, Client] = field(default_factory=dict)
    membership_types: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def offer(
        self, name: str, kind: str, *, minutes: int, price: int, for_members: bool = True
    ) -> str:
        """Offer a service, to members debited when it begins, else for money; return its id."""
        form = {
            "name": name,
            "kind": kind,
            "duration_minutes": minutes,
            "price": price,
            "membership_booking": for_members,
            "automatic_debiting": for_members,
        }
        answer = self.operator.post(f"/locations/{self.location}/services", form)
        self.names[answer["service_id"]] = name
        return str(answer["service_id"])

    def employ(self, name: str, services: list[str]) -> str:
        """Employ a team member, who works at all hours; return the id."""
        all_day = [{"weekday": day, "opens": "00:00", "closes": "23:59"} for day in range(1, 8)]
        form = {"name": name, "service_ids": services, "working_hours": all_day}
        answer = self.operator.post(f"/locations/{self.location}/team-members", form)
        return str(answer["team_member_id"])

    def let_classes_be_paid_online(self) -> None:
        """Leave it to clients to pay a class online or to book it with a membership (rule G3)."""
        form = self.location_form | {"online_payment": {"group": "optional"}}
        self.operator.put(f"/locations/{self.location}", form)

    def enter_client(self, name: str, phone: str) -> None:
        """Enter a client, known by the phone number."""
        form = {"name": name, "phone": phone}
        answer = self.operator.post(f"/chains/{self.chain}/clients", form)
        self.clients[name] = Client(name, phone, answer["client_id"])

    def offer_membership(
        self, name: str, *, sessions: int | None, price: int, services: list[str], days: int
    ) -> None:
        """Offer a membership type with one united balance."""
        form = {
            "name": name,
            "price": price,
            "currency": "EUR",
            "buckets": [{"sessions": sessions, "service_ids": services}],
            "validity": {"count": days, "unit": "days"},
            "auto_deduction": True,
        }
        answer = self.operator.post(f"/chains/{self.chain}/membership-types", form)
        self.membership_types[name] = answer["membership_type_id"]

    def sell(self, client: str, membership_type: str) -> str:
        """Sell a membership; return the id of what was issued."""
        form = selling(self.clients[client].client_id, self.membership_types[membership_type])
        sale = self.operator.post(f"/locations/{self.location}/sales", form)
        return str(sale["membership_id"])

    def plan_class(self, start: datetime, capacity: int, teacher: str | None = None) -> str:
        """Plan a yoga class, of a team member's or nobody's; return the id of the event."""
        form: Json = {"service_id": self.yoga, "start": start.isoformat(), "capacity": capacity}
        form["team_member_id"] = teacher
        answer = self.operator.post(f"/locations/{self.location}/events", form)
        return str(answer["event_id"])

    def today(self) -> str:
        """Return the local date."""
        return datetime.now(self.zone).date().isoformat()


def open_studio(platform: Edge) -> Studio:
    """Found the chain and its location, with an operator's key to do the rest."""
    city, zone = _city_at_work(datetime.now(UTC))
    chain = platform.post("/chains", {"name": "Lotus"})["chain_id"]
    form = {"name": f"Lotus {city}", "time_zone": zone.key, "currency": "EUR", "region": "PT"}
    location = platform.post(f"/chains/{chain}/locations", form)["location_id"]
    operator = issue_key(platform, "operator", chain, location)
    studio = Studio(Edge(platform.url, operator), city, zone, chain, location, form)
    studio.yoga = studio.offer("Yoga", "group", minutes=60, price=1800)
    studio.massage = studio.offer("Massage", "individual", minutes=45, price=6500)
    studio.masseuse = studio.employ("Mira", [studio.massage])
    return studio


def issue_key(platform: Edge, role: str, chain: str, location: str | None = None) -> str:
    """Issue an API key of `role`; it is shown this once."""
    form: Json = {"role": role, "name": f"demo {role}", "chain_id": chain, "location_id": location}
    return str(platform.post("/api-keys", form)["api_key"])


def issue_widget_key(platform: Edge, chain: str, location: str, origins: list[str]) -> str:
    """Issue the publishable key of a location, for websites of these origins."""
    form: Json = {"role": "widget", "name": "demo website", "chain_id": chain}
    form |= {"location_id": location, "origins": origins}
    return str(platform.post("/api-keys", form)["api_key"])


def _city_at_work(now: datetime) -> tuple[str, ZoneInfo]:
    noon = timedelta(hours=12)

    def hours_from_noon(city: str) -> timedelta:
        local = now.astimezone(ZoneInfo(CITIES[city]))
        return abs(timedelta(hours=local.hour, minutes=local.minute) - noon)

    city = min(CITIES, key=hours_from_noon)
    return city, ZoneInfo(CITIES[city])
