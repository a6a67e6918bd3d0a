"""The location that rows are imported into: what it knows already, asked once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from edge import Edge, Json
from rows import RowError
from web.phones import in_e164


@dataclass
class Studio:
    """A location by its names; `clients` are those of the rows, by their references."""

    edge: Edge
    location: str
    chain: str
    zone: ZoneInfo
    region: str
    services: dict[str, Json]
    team_members: dict[str, str]
    membership_types: dict[str, Json]
    clients: dict[str, Json] = field(default_factory=dict[str, Any])

    @classmethod
    def at(cls, edge: Edge, location: str) -> Self:
        """Ask for all that is offered at a location; raises RefusedError."""
        place = edge.get(f"/locations/{location}")
        chain = place["chain_id"]
        services = edge.get(f"/locations/{location}/services")["services"]
        people = edge.get(f"/locations/{location}/team-members")["team_members"]
        types = edge.get(f"/chains/{chain}/membership-types")["membership_types"]
        return cls(
            edge=edge,
            location=location,
            chain=chain,
            zone=ZoneInfo(place["time_zone"]),
            region=place["region"],
            services=_by_name(services),
            team_members={one["name"]: one["team_member_id"] for one in people},
            membership_types=_by_name(types),
        )

    def service(self, name: str) -> Json:
        """Return a service by its name; raises RowError."""
        return _known("service", self.services, name)

    def membership_type(self, name: str) -> Json:
        """Return a membership type by its name; raises RowError."""
        return _known("membership_type", self.membership_types, name)

    def team_member(self, name: str | None) -> str | None:
        """Return the id of a team member by the name, if one is named; raises RowError."""
        return None if name is None else _known("team_member", self.team_members, name)

    def client(self, reference: str) -> Json:
        """Return the client of a row of clients.csv: name, phone, and id if entered."""
        return _known("client", self.clients, reference)

    def client_id(self, reference: str) -> str | None:
        """Return the id of such a client, once entered."""
        client_id: str | None = self.client(reference).get("client_id")
        return client_id

    def who_has(self, phone: str) -> Json | None:
        """Return who is known by a phone number, however it is typed; raises RowError."""
        # As a number of this location: in a region of the chain's others it may be somebody else's.
        number = in_e164(phone, self.region)
        if number is None:
            raise RowError(f"phone: {phone!r} is no number in {self.region}")
        found = self.edge.get(f"/chains/{self.chain}/clients", phone=number)["clients"]
        return found[0] if found else None

    def instant(self, text: str) -> datetime:
        """Return a start: an ISO instant, or a time of the location's clocks; raises RowError."""
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            raise RowError(f"start: {text!r} is not like 2030-03-01T18:00") from None
        local = instant if instant.tzinfo else instant.replace(tzinfo=self.zone)
        return local.astimezone(UTC)


def _by_name(offered: Iterable[Json]) -> dict[str, Json]:
    return {one["name"]: one for one in offered}


def _known(column: str, offered: dict[str, Any], name: str) -> Any:
    if name not in offered:
        raise RowError(f"{column}: there is no {name!r}")
    return offered[name]
