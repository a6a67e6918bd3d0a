"""Examples of answers about clients, and of their appointments."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import booking_views, profile_views
from contracts.base import Value
from gateway.api.examples import ids
from gateway.api.examples.memberships import MEMBERSHIP, NAMES
from gateway.api.examples.sales import DEBTS, SALE

_PRICE: Final = {"amount": 6500, "currency": "EUR"}
_CLIENT: Final[dict[str, Any]] = {
    "client_id": ids.CLIENT,
    "chain_id": ids.CHAIN,
    "name": "Anna",
    "phone": "+351912000000",
    "erased": False,
    "merged_client_ids": [],
}
APPOINTMENT: Final = {
    "appointment_id": ids.APPOINTMENT,
    "booking_id": ids.BOOKING,
    "visit_id": ids.VISIT,
    "location_id": ids.LOCATION,
    "client_id": ids.CLIENT,
    "client_name": "Anna",
    "event_id": None,
    "start": "2030-03-01T10:00:00Z",
    "end": "2030-03-01T10:45:00Z",
    "state": "accepted",
    "visit_status": "pending",
    "debit_status": "automatic_debiting",
    "debit_failure": None,
    "payment_status": "unpaid",
    "owed": _PRICE,
    "booked_with_membership": True,
    "free_cancellation_until": "2030-02-28T22:00:00Z",
    "lines": [
        {
            "line_id": ids.LINE,
            "service_id": ids.SERVICE,
            "service_name": "Massage",
            "team_member_id": ids.TEAM_MEMBER,
            "price": _PRICE,
            "debit_status": "automatic_debiting",
            "membership_id": ids.MEMBERSHIP,
            "paid_online": False,
            "hold_released": False,
        }
    ],
}
_APPOINTMENTS: Final = {"appointments": [APPOINTMENT], "next_cursor": None}

CLIENTS: Final[Mapping[type[Value], dict[str, Any]]] = {
    booking_views.ClientView: _CLIENT,
    booking_views.ClientPage: {"clients": [_CLIENT], "next_cursor": None},
    booking_views.AppointmentPage: _APPOINTMENTS,
    profile_views.ClientProfile: {
        "client": _CLIENT,
        "memberships": {"memberships": [MEMBERSHIP], "names": NAMES},
        "appointments": _APPOINTMENTS,
        "debts": DEBTS,
        "sales": {"sales": [SALE], "next_cursor": None, "names": {}},
    },
}
