"""Steps that journeys through the system are made of."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

from edge import Edge, Json, RefusedError
from studio import Studio

T = TypeVar("T")

_PATIENCE_SECONDS = 40
_numbers = count()


def soon(seconds: float = 5) -> datetime:
    """Return an instant at which something can begin within a test."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds + 1)


def later() -> datetime:
    """Return an instant of tomorrow, at a sensible hour of the studio."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def until(ask: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """Ask again and again, until the answer is the wanted one."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        answer = ask()
        if wanted(answer):
            return answer
        if time.monotonic() > give_up:
            raise AssertionError(f"still {answer!r}")
        time.sleep(0.05)


def member(studio: Studio, name: str, *, sessions: int | None, memberships: int = 1) -> list[str]:
    """Enter a client who buys memberships for yoga and massage; return the memberships' ids."""
    studio.enter_client(name, f"+351 912 {next(_numbers):06}")
    kind = f"{sessions} sessions"
    if kind not in studio.membership_types:
        services = [studio.yoga, studio.massage]
        studio.offer_membership(kind, sessions=sessions, price=5000, services=services, days=30)
    return [studio.sell(name, kind) for _ in range(memberships)]


def form_of(studio: Studio, name: str, what: Json, *, confirmed: bool = True) -> Json:
    """Return the form of a booking by this client."""
    phone = studio.clients[name].phone
    return {"name": name, "phone": phone, "phone_confirmed": confirmed} | what


def spots(event: str, number: int = 1) -> Json:
    """Return the part of a booking that asks for spots in an event."""
    return {"spots": {"event_id": event, "spots": number}}


def massage(studio: Studio, start: datetime) -> Json:
    """Return the part of a booking that asks for a massage."""
    line = {"service_id": studio.massage, "team_member_id": studio.masseuse}
    return {"appointments": [{"start": start.isoformat(), "lines": [line]}]}


def book(edge: Edge, studio: Studio, name: str, what: Json) -> Json:
    """Book, and return the appointment."""
    form = form_of(studio, name, what, confirmed=edge is not studio.operator)
    booking = edge.post(f"/locations/{studio.location}/bookings", form)
    return booking["appointments"][0]


def refusal(edge: Edge, studio: Studio, name: str, what: Json, *, confirmed: bool = True) -> Json:
    """Submit a booking that is refused, and return the problem document."""
    form = form_of(studio, name, what, confirmed=confirmed)
    try:
        edge.post(f"/locations/{studio.location}/bookings", form)
    except RefusedError as refused:
        return refused.problem
    raise AssertionError("the booking was accepted")


def appointment_of(studio: Studio, appointment: Json) -> Json:
    """Return the appointment as it is now."""
    path = f"/locations/{studio.location}/appointments/{appointment['appointment_id']}"
    return studio.operator.get(path)


def settled(studio: Studio, appointment: Json) -> Json:
    """Wait until the debit of an appointment is decided, and its bill says the same."""

    def ask() -> Json:
        return appointment_of(studio, appointment) | {"bill": bill_of(studio, appointment)}

    return until(ask, _is_settled_and_billed)


def _is_settled_and_billed(now: Json) -> bool:
    if now["debit_status"] not in ("debited", "not_debited") or now["bill"] is None:
        return False
    debited = {line["line_id"]: line["debit_status"] == "debited" for line in now["lines"]}
    billed = [line for line in now["bill"]["lines"] if line["line_id"] in debited]
    owed = sum(
        line["price"]["amount"] - line["paid"]["amount"] for line in billed if not line["debited"]
    )
    agree = all(line["debited"] == debited[line["line_id"]] for line in billed)
    return agree and now["owed"]["amount"] == owed


def bill_of(studio: Studio, appointment: Json) -> Json | None:
    """Return the bill of a visit; sales hears of a booking a little later than its client."""
    try:
        return studio.operator.get(f"/visits/{appointment['visit_id']}/bill")
    except RefusedError:
        return None


def membership_of(studio: Studio, membership_id: str) -> Json:
    """Return an issued membership as it is now."""
    return studio.operator.get(f"/memberships/{membership_id}")
