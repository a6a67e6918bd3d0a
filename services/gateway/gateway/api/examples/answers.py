"""An example of every answer."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import booking_views, membership_views, sales_views
from contracts.base import Value
from contracts.problems import MEMBERSHIP_REFUSAL, NO_SUITABLE_MEMBERSHIP
from gateway.api import api_keys, phones
from gateway.api.examples import ids
from gateway.commands import PendingOperation
from web.app import OperationView

_ZONE: Final = "Europe/Lisbon"
_START: Final = "2030-03-01T10:00:00Z"
_END: Final = "2030-03-01T10:45:00Z"
_NOTHING: Final = {"amount": 0, "currency": "EUR"}
_PRICE: Final = {"amount": 6500, "currency": "EUR"}
_OF_CLASS: Final = {"amount": 1800, "currency": "EUR"}

_CATEGORY: Final = {"category_id": ids.CATEGORY, "chain_id": ids.CHAIN, "name": "Wellness"}
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
_CLIENT: Final = {
    "client_id": ids.CLIENT,
    "chain_id": ids.CHAIN,
    "name": "Anna",
    "phone": "+351912000000",
}
_APPOINTMENT: Final = {
    "appointment_id": ids.APPOINTMENT,
    "booking_id": ids.BOOKING,
    "visit_id": ids.VISIT,
    "location_id": ids.LOCATION,
    "client_id": ids.CLIENT,
    "client_name": "Anna",
    "event_id": None,
    "start": _START,
    "end": _END,
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
_BOOKING: Final = {
    "booking_id": ids.BOOKING,
    "location_id": ids.LOCATION,
    "client_id": ids.CLIENT,
    "state": "accepted",
    "submitted_at": "2030-02-20T12:00:00Z",
    "appointments": [_APPOINTMENT],
    "payment_id": None,
    "pay_until": None,
}
_BUCKETS: Final = [{"sessions": 10, "service_ids": [ids.SERVICE], "category_ids": [ids.CATEGORY]}]
_MEMBERSHIP_TYPE: Final = {
    "membership_type_id": ids.MEMBERSHIP_TYPE,
    "chain_id": ids.CHAIN,
    "name": "Family 10",
    "price": {"amount": 14000, "currency": "EUR"},
    "buckets": _BUCKETS,
    "validity": {"count": 90, "unit": "days"},
    "activation": "on_sale",
    "auto_deduction": True,
    "gate": {"valid_on_visit_day": False, "not_while_frozen": False},
    "location_ids": [],
}
_MEMBERSHIP: Final = {
    "membership_id": ids.MEMBERSHIP,
    "chain_id": ids.CHAIN,
    "membership_type_id": ids.MEMBERSHIP_TYPE,
    "name": "Family 10",
    "status": "active",
    "owner_client_id": ids.CLIENT,
    "shared_client_ids": [ids.FRIEND],
    "issued_at": "2030-02-10T11:00:00Z",
    "expires_on": "2030-05-11",
    "auto_deduction": True,
    "granted": 10,
    "used": 1,
    "held": 1,
    "available": 8,
    "buckets": [
        {
            "bucket_id": ids.BUCKET,
            "service_ids": [ids.SERVICE],
            "category_ids": [ids.CATEGORY],
            "granted": 10,
            "used": 1,
            "held": 1,
            "available": 8,
        }
    ],
    "uses": [
        {
            "entry_id": ids.ENTRY,
            "kind": "debited",
            "sessions": 1,
            "client_id": ids.FRIEND,
            "appointment_id": ids.APPOINTMENT,
            "line_id": ids.LINE,
            "automatic": True,
            "recorded_at": "2030-02-18T10:00:01Z",
        }
    ],
}
_API_KEY: Final = {
    "api_key_id": ids.API_KEY,
    "role": "operator",
    "chain_id": ids.CHAIN,
    "location_id": ids.LOCATION,
    "name": "Front desk",
    "created_at": "2030-02-01T09:00:00Z",
    "revoked_at": None,
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
    booking_views.LocationView: {
        "location_id": ids.LOCATION,
        "chain_id": ids.CHAIN,
        "name": "Lotus Lisbon",
        "time_zone": _ZONE,
        "currency": "EUR",
        "region": "PT",
        "online_payment": {"individual": "off", "group": "optional"},
        "phone_confirmation": False,
        "widget_theme": {"color": "#0f766e", "mode": "auto"},
    },
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
    booking_views.ClientView: _CLIENT,
    booking_views.ClientList: {"clients": [_CLIENT]},
    booking_views.BookingView: _BOOKING,
    booking_views.MyBookings: {"client_id": ids.CLIENT, "appointments": [_APPOINTMENT]},
    booking_views.BookingForecast: {
        "outcome": "refused",
        "booking": None,
        "to_pay": None,
        "problem": _REFUSAL.model_dump(mode="json"),
    },
    booking_views.AppointmentView: _APPOINTMENT,
    booking_views.CalendarView: {
        "location_id": ids.LOCATION,
        "date": "2030-03-01",
        "time_zone": _ZONE,
        "appointments": [_APPOINTMENT],
        "events": [{"event": _EVENT, "appointments": []}],
    },
    membership_views.MembershipTypeView: _MEMBERSHIP_TYPE,
    membership_views.MembershipTypeList: {"membership_types": [_MEMBERSHIP_TYPE]},
    membership_views.MembershipView: _MEMBERSHIP,
    membership_views.MembershipList: {"memberships": [_MEMBERSHIP]},
    membership_views.SettlementView: {
        "appointment_id": ids.APPOINTMENT,
        "revision": 1,
        "outcome": "debited",
        "shortfall": 0,
        "start": _START,
        "settled_at": "2030-03-01T10:00:00.200000Z",
        "delay_ms": 200,
        "lines": [
            {
                "line_id": ids.LINE,
                "debited": True,
                "membership_id": ids.MEMBERSHIP,
                "reason": None,
            }
        ],
    },
    membership_views.Explanation: {
        "appointment_id": ids.APPOINTMENT,
        "client_id": ids.CLIENT,
        "start": _START,
        "judged_at": "2030-03-01T10:00:00.200000Z",
        "outcome": "debited",
        "lines": [
            {
                "line_id": ids.LINE,
                "service_id": ids.SERVICE,
                "automatic_debiting": True,
                "outcome": "debited",
                "membership_id": ids.MEMBERSHIP,
                "summary": "Family 10 paid: of those that may pay it expires first.",
                "verdicts": [
                    {
                        "membership_id": ids.MEMBERSHIP,
                        "name": "Family 10",
                        "expires_on": "2030-05-31",
                        "own": True,
                        "rule": "A5",
                        "reason": None,
                        "pays": True,
                    }
                ],
            }
        ],
    },
    sales_views.MembershipSaleView: {
        "sale_id": ids.SALE,
        "location_id": ids.LOCATION,
        "client_id": ids.CLIENT,
        "membership_type_id": ids.MEMBERSHIP_TYPE,
        "membership_type_name": "Family 10",
        "membership_id": ids.MEMBERSHIP,
        "price": {"amount": 14000, "currency": "EUR"},
        "payment": "card",
        "state": "completed",
        "sold_at": "2030-02-10T11:00:00Z",
    },
    sales_views.PaymentView: {
        "payment_id": ids.PAYMENT,
        "booking_id": ids.BOOKING,
        "location_id": ids.LOCATION,
        "client_id": ids.CLIENT,
        "amount": _OF_CLASS,
        "refunded": _NOTHING,
        "state": "open",
        "checkout_url": "https://checkout.stripe.com/c/pay/cs_a1b2c3",
        "expires_at": "2030-02-20T12:15:00Z",
    },
    sales_views.BillView: {
        "visit_id": ids.VISIT,
        "location_id": ids.LOCATION,
        "client_id": ids.CLIENT,
        "revision": 2,
        "total": _PRICE,
        "debited": _PRICE,
        "paid": _NOTHING,
        "owed": _NOTHING,
        "payment_status": "paid",
        "lines": [
            {
                "line_id": ids.LINE,
                "appointment_id": ids.APPOINTMENT,
                "service_name": "Massage",
                "price": _PRICE,
                "debited": True,
                "membership_id": ids.MEMBERSHIP,
                "paid": _NOTHING,
            }
        ],
        "payments": [
            {
                "payment_id": ids.PAYMENT,
                "visit_id": ids.VISIT,
                "method": "cash",
                "amount": _PRICE,
                "line_ids": [ids.LINE],
                "taken_at": _START,
                "undone": True,
                "to_give_back": None,
            }
        ],
    },
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
    api_keys.ApiKeyList: {"api_keys": [_API_KEY]},
    api_keys.IssuedApiKey: {"api_key": "pk_operator_…", **_API_KEY},
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
