"""Examples of answers about memberships."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import membership_views
from contracts.base import Value
from gateway.api.examples import ids

_START: Final = "2030-03-01T10:00:00Z"
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
    "freezing": {"times": 2, "days": 30},
    "location_ids": [],
}
_USE: Final = {
    "entry_id": ids.ENTRY,
    "sessions": 1,
    "client_id": ids.FRIEND,
    "service_id": ids.SERVICE,
    "visit_id": ids.VISIT,
    "appointment_id": ids.APPOINTMENT,
    "line_id": ids.LINE,
    "automatic": True,
    "recorded_at": "2030-02-18T10:00:01Z",
    "reversed_at": None,
}
NAMES: Final = {ids.CLIENT: "Anna", ids.FRIEND: "Ben"}
MEMBERSHIP: Final = {
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
            "adjusted": 0,
            "expired": 0,
        }
    ],
    "uses": [_USE],
    "frozen_until": None,
    "reference": None,
    "names": NAMES,
}
_CHANGE: Final = {
    "change_id": ids.CHANGE,
    "kind": "shared",
    "by": {"principal_id": ids.API_KEY, "role": "operator"},
    "reason": None,
    "client_id": ids.FRIEND,
    "sessions": None,
    "bucket_id": None,
    "expires_on": "2030-05-11",
    "at": "2030-02-11T09:30:00Z",
}

MEMBERSHIPS: Final[Mapping[type[Value], dict[str, Any]]] = {
    membership_views.MembershipTypeView: _MEMBERSHIP_TYPE,
    membership_views.MembershipTypeList: {"membership_types": [_MEMBERSHIP_TYPE]},
    membership_views.MembershipView: MEMBERSHIP,
    membership_views.MembershipList: {"memberships": [MEMBERSHIP], "names": NAMES},
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
    membership_views.MembershipPage: {
        "memberships": [MEMBERSHIP],
        "next_cursor": None,
        "names": NAMES,
    },
    membership_views.UsePage: {"uses": [_USE], "next_cursor": "WyIyMDMwIl0", "names": NAMES},
    membership_views.ChangePage: {"changes": [_CHANGE], "next_cursor": None, "names": NAMES},
    membership_views.RemovalPlan: {
        "membership_id": ids.MEMBERSHIP,
        "client_id": ids.FRIEND,
        "holds": [
            {
                "booking_id": ids.BOOKING,
                "appointment_id": ids.APPOINTMENT,
                "line_id": ids.LINE,
                "service_id": ids.SERVICE,
                "start": _START,
                "moves_to": None,
            }
        ],
    },
}
