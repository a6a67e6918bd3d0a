"""Money of clients who pay online: taken once, given back once, and never for nothing."""

from itertools import count

import httpx
import pytest

from edge import Edge, Json
from journeys import form_of, later, spots, until
from studio import Studio

_numbers = count()


def awaiting(app: Edge, studio: Studio, name: str, event: str, number: int = 1) -> Json:
    """Book spots that are to be paid online, up to the open checkout page."""
    studio.enter_client(name, f"+351 914 {next(_numbers):06}")
    form = form_of(studio, name, spots(event, number) | {"pay_online": True})
    booking = app.post(f"/locations/{studio.location}/bookings", form)
    assert booking["state"] == "awaiting_payment"
    until(lambda: payment(app, booking), lambda found: found["state"] == "open")
    return booking


def payment(app: Edge, booking: Json) -> Json:
    path = f"/locations/{booking['location_id']}/payments/{booking['payment_id']}"
    return app.find(path) or {"state": "unknown"}


def pay(app: Edge, booking: Json) -> int:
    """Press the button of the checkout page; return what its server answers."""
    return httpx.post(f"{payment(app, booking)['checkout_url']}/pay").status_code


def is_in_state(app: Edge, booking: Json, state: str) -> bool:
    path = f"/locations/{booking['location_id']}/bookings/{booking['booking_id']}"
    return until(lambda: app.get(path)["state"], lambda found: found == state) == state


@pytest.fixture
def event(studio: Studio) -> str:
    """A class that members book with a membership, and others pay online (rule G3)."""
    location = f"/locations/{studio.location}"
    policy = {"online_payment": {"individual": "off", "group": "mandatory"}}
    studio.operator.put(location, studio.location_form | policy)
    service = {
        "name": "Pilates",
        "kind": "group",
        "duration_minutes": 60,
        "price": 1500,
        "membership_booking": True,
        "online_prepayment": True,
        "automatic_debiting": True,
    }
    service_id = studio.operator.post(f"{location}/services", service)["service_id"]
    form = {"service_id": service_id, "start": later().isoformat(), "capacity": 5}
    return str(studio.operator.post(f"{location}/events", form)["event_id"])


@pytest.mark.rule("G3", "A10", "A16")
def test_who_paid_online_has_the_spots_and_the_money_back_when_the_event_is_cancelled(
    app: Edge, studio: Studio, event: str
) -> None:
    ana, ben = (awaiting(app, studio, name, event, 2) for name in ("Ana", "Ben"))
    assert [pay(app, booking) for booking in (ana, ben)] == [303, 303]
    assert all(is_in_state(app, booking, "accepted") for booking in (ana, ben))
    [appointment] = app.get(f"/locations/{studio.location}/bookings/{ana['booking_id']}")[
        "appointments"
    ]
    assert [line["paid_online"] for line in appointment["lines"]] == [True, True]
    bill = f"/visits/{appointment['visit_id']}/bill"
    until(lambda: app.get(bill)["paid"]["amount"], lambda paid: paid == 3000)
    studio.operator.post(f"/locations/{studio.location}/events/{event}/cancel")
    until(lambda: app.get(bill)["total"]["amount"], lambda total: total == 0)
    until(
        lambda: [payment(app, booking)["state"] for booking in (ana, ben)],
        lambda states: states == ["refunded", "refunded"],
    )
