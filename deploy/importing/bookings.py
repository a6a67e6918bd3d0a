"""Future bookings: of a team member's time, or of spots in a class."""

from datetime import UTC, datetime
from typing import Final

from edge import Json
from outcomes import State
from rows import Row, RowError
from studios import Studio

COLUMNS: Final = ("reference", "client", "service", "team_member", "start", "spots")


def bring(studio: Studio, row: Row, dry_run: bool) -> tuple[State, str]:
    """Book, unless the client has this service at this time already."""
    client = studio.client(row.needed("client"))
    service = studio.service(row.needed("service"))
    start = studio.instant(row.needed("start"))
    if _is_booked(studio, client, service, start):
        return State.THERE, ""
    if start <= datetime.now(UTC):
        raise RowError("start: it is past")
    form = {"name": client["name"], "phone": client["phone"], **_wish(studio, row, service, start)}
    place = f"/locations/{studio.location}"
    if dry_run:
        forecast = studio.edge.post(f"{place}/booking-forecasts", form)
        if problem := forecast.get("problem"):
            raise RowError(f"{problem['title']}: {problem['detail']}")
        return State.NEW, ""
    key = f"import booking {row.reference} {start:%Y-%m-%dT%H:%M} {service['service_id']}"
    studio.edge.post(f"{place}/bookings", form, idempotency_key=key)
    return State.NEW, ""


def _wish(studio: Studio, row: Row, service: Json, start: datetime) -> Json:
    if service["kind"] == "group":
        spots = row.given("spots") or "1"
        if not spots.isdecimal():
            raise RowError(f"spots: {spots!r} is no number")
        return {"spots": {"event_id": _event(studio, service, start), "spots": int(spots)}}
    line = {
        "service_id": service["service_id"],
        "team_member_id": studio.team_member(row.given("team_member")),
    }
    return {"appointments": [{"start": start.isoformat(), "lines": [line]}]}


def _event(studio: Studio, service: Json, start: datetime) -> str:
    day = start.astimezone(studio.zone).date().isoformat()
    events = studio.edge.get(f"/locations/{studio.location}/events", date=day)["events"]
    for event in events:
        is_same = event["service_id"] == service["service_id"] and not event["cancelled"]
        if is_same and datetime.fromisoformat(event["start"]) == start:
            event_id: str = event["event_id"]
            return event_id
    raise RowError(f"start: there is no {service['name']} then; plan it first")


def _is_booked(studio: Studio, client: Json, service: Json, start: datetime) -> bool:
    """Whether the client has it in the calendar already: imports may be repeated."""
    if "client_id" not in client:
        return False
    path = f"/chains/{studio.chain}/clients/{client['client_id']}/appointments"
    query: dict[str, str] = {}
    while True:
        page = studio.edge.get(path, **query)
        for one in page["appointments"]:
            began = datetime.fromisoformat(one["start"])
            if began < start:  # the latest start comes first
                return False
            services = {line["service_id"] for line in one["lines"]}
            stands = one["state"] in {"requested", "accepted"}
            if stands and began == start and service["service_id"] in services:
                return True
        if page["next_cursor"] is None:
            return False
        query = {"cursor": page["next_cursor"]}
