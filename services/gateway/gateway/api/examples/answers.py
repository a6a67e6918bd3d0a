"""An example of every answer."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import booking_views
from contracts.base import Value
from contracts.problems import MEMBERSHIP_REFUSAL, NO_SUITABLE_MEMBERSHIP
from gateway.api import api_keys, phones
from gateway.api.examples import ids
from gateway.api.examples.clients import APPOINTMENT, CLIENTS
from gateway.api.examples.memberships import MEMBERSHIPS
from gateway.api.examples.reports import REPORTS
from gateway.api.examples.sales import SALES
from gateway.commands import PendingOperation
from gateway.staff import StaffList, StaffMember
from web.app import OperationView

_ZONE: Final = "Europe/Lisbon"
_START: Final = "2030-03-01T10:00:00Z"
_END: Final = "2030-03-01T10:45:00Z"
_NOTHING: Final = {"amount": 0, "currency": "EUR"}
_PRICE: Final = {"amount": 6500, "currency": "EUR"}
_OF_CLASS: Final = {"amount": 1800, "currency": "EUR"}

_CATEGORY: Final = {"category_id": ids.CATEGORY, "chain_id": ids.CHAIN, "name": "Wellness"}
_LOCATION: Final = {
    "location_id": ids.LOCATION,
    "chain_id": ids.CHAIN,
    "name": "Lotus Lisbon",
    "time_zone": _ZONE,
    "currency": "EUR",
    "region": "PT",
    "online_payment": {"individual": "off", "group": "optional"},
    "phone_confirmation": False,
    "widget_theme": {"color": "#0f766e", "mode": "auto"},
}
_SERVICE: Final = {
    "service_id": ids.SERVICE,
    "location_id": ids.LOCATION,
    "name": "Massage",
    "kind": "individual",
    "duration_minutes": 45,
    "price": _PRICE,
    "category_id": ids.CATEGORY,
    "membership_booking": True,
    "online_prepayment": False,
    "online_payment": "off",
    "automatic_debiting": True,
    "free_cancellation_hours": 12,
}
_TEAM_MEMBER: Final = {
    "team_member_id": ids.TEAM_MEMBER,
    "location_id": ids.LOCATION,
    "name": "Mira",
    "service_ids": [ids.SERVICE],
    "working_hours": [{"weekday": 1, "opens": "09:00:00", "closes": "18:00:00"}],
    "time_off": [
        {
            "time_off_id": ids.TIME_OFF,
            "start": "2030-03-04T00:00:00Z",
            "end": "2030-03-09T00:00:00Z",
        }
    ],
}
_EVENT: Final = {
    "event_id": ids.EVENT,
    "location_id": ids.LOCATION,
    "service_id": ids.SERVICE,
    "service_name": "Yoga",
    "team_member_id": ids.TEAM_MEMBER,
    "start": "2030-03-01T18:00:00Z",
    "end": "2030-03-01T19:00:00Z",
    "capacity": 12,
    "spots_taken": 5,
    "cancelled": False,
    "series_id": ids.SERIES,
}
_BOOKING: Final = {
    "booking_id": ids.BOOKING,
    "location_id": ids.LOCATION,
    "client_id": ids.CLIENT,
    "state": "accepted",
    "submitted_at": "2030-02-20T12:00:00Z",
    "appointments": [APPOINTMENT],
    "payment_id": None,
    "pay_until": None,
}
_API_KEY: Final = {
    "api_key_id": ids.API_KEY,
    "role": "widget",
    "chain_id": ids.CHAIN,
    "location_id": ids.LOCATION,
    "origins": ["https://lotus.example"],
    "name": "Website",
    "created_at": "2030-02-01T09:00:00Z",
    "revoked_at": None,
}
_STAFF_MEMBER: Final = {
    "staff_id": ids.STAFF,
    "email": "olivia@lotus.example",
    "name": "Olivia",
    "grants": [{"role": "operator", "chain_id": ids.CHAIN, "location_id": ids.LOCATION}],
    "created_at": "2030-02-01T09:00:00Z",
}
_REFUSAL: Final = NO_SUITABLE_MEMBERSHIP.problem(
    MEMBERSHIP_REFUSAL,
    reasons=[
        {
            "membership_id": ids.MEMBERSHIP,
            "service_id": ids.SERVICE,
            "rule": "G5",
            "reason": "used_up",
        }
    ],
)

ANSWERS: Final[Mapping[type[Value], dict[str, Any]]] = {
    booking_views.ChainView: {"chain_id": ids.CHAIN, "name": "Lotus", "sandbox": False},
    booking_views.TestClockView: {
        "chain_id": ids.CHAIN,
        "revision": 3,
        "offset_seconds": 86400,
        "now": "2030-03-01T09:55:00Z",
    },
    booking_views.CategoryView: _CATEGORY,
    booking_views.CategoryList: {"categories": [_CATEGORY]},
    booking_views.LocationView: _LOCATION,
    booking_views.LocationList: {"locations": [_LOCATION]},
    booking_views.ServiceView: _SERVICE,
    booking_views.ServiceList: {"services": [_SERVICE]},
    booking_views.TeamMemberView: _TEAM_MEMBER,
    booking_views.TeamMemberList: {"team_members": [_TEAM_MEMBER]},
    booking_views.EventView: _EVENT,
    booking_views.EventList: {"events": [_EVENT]},
    booking_views.FreeSlots: {
        "service_ids": [ids.SERVICE],
        "date": "2030-03-01",
        "time_zone": _ZONE,
        "slots": [{"start": _START, "team_member_ids": [ids.TEAM_MEMBER]}],
    },
    booking_views.FreeDates: {
        "service_ids": [ids.SERVICE],
        "time_zone": _ZONE,
        "dates": ["2030-03-01", "2030-03-11"],
    },
    booking_views.BookingView: _BOOKING,
    booking_views.MyBookings: {"client_id": ids.CLIENT, "appointments": [APPOINTMENT]},
    booking_views.BookingForecast: {
        "outcome": "refused",
        "booking": None,
        "to_pay": None,
        "problem": _REFUSAL.model_dump(mode="json"),
        "names": {},
    },
    booking_views.AppointmentView: APPOINTMENT,
    booking_views.CalendarView: {
        "location_id": ids.LOCATION,
        "date": "2030-03-01",
        "until": None,
        "time_zone": _ZONE,
        "appointments": [APPOINTMENT],
        "events": [
            {
                "event": _EVENT,
                "appointments": [],
                "debits": {"automatic_debiting": 3, "debited": 0, "not_debited": 0},
            }
        ],
    },
    **MEMBERSHIPS,
    **SALES,
    **CLIENTS,
    **REPORTS,
    phones.PhoneCodeSent: {"expires_at": "2030-02-20T12:05:00Z"},
    phones.ConfirmedPhone: {
        "token": "ct_eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIz.c2ln",
        "phone": "+351912000000",
        "expires_at": "2030-02-21T00:00:00Z",
    },
    PendingOperation: {
        "operation_id": ids.OPERATION,
        "state": "pending",
        "href": f"/v1/operations/booking/{ids.OPERATION}",
    },
    OperationView: {
        "operation_id": ids.OPERATION,
        "state": "done",
        "status": 201,
        "result": {"chain_id": ids.CHAIN, "name": "Lotus", "sandbox": False},
        "problem": None,
    },
    StaffMember: _STAFF_MEMBER,
    StaffList: {"staff": [_STAFF_MEMBER]},
    api_keys.ApiKeyList: {"api_keys": [_API_KEY]},
    api_keys.IssuedApiKey: {"api_key": "pk_widget_…", **_API_KEY},
}

STRIPE_EVENT: Final[dict[str, Any]] = {
    "id": "evt_1a2b3c",
    "object": "event",
    "type": "checkout.session.completed",
    "data": {
        "object": {
            "id": "cs_a1b2c3",
            "object": "checkout.session",
            "payment_status": "paid",
            "payment_intent": "pi_1a2b3c",
            "amount_total": 1800,
            "currency": "eur",
            "client_reference_id": ids.PAYMENT,
            "metadata": {"payment_id": ids.PAYMENT},
        }
    },
}
