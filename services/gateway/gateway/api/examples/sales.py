"""Examples of answers about sales and what is owed."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import sales_views
from contracts.base import Value
from gateway.api.examples import ids

_START: Final = "2030-03-01T10:00:00Z"
_NOTHING: Final = {"amount": 0, "currency": "EUR"}
_PRICE: Final = {"amount": 6500, "currency": "EUR"}
_OF_CLASS: Final = {"amount": 1800, "currency": "EUR"}
_OF_MEMBERSHIP: Final = {"amount": 14000, "currency": "EUR"}
SALE: Final = {
    "sale_id": ids.SALE,
    "location_id": ids.LOCATION,
    "client_id": ids.CLIENT,
    "visit_id": None,
    "state": "completed",
    "method": "card",
    "lines": [
        {
            "sale_line_id": ids.SALE_LINE,
            "kind": "membership",
            "name": "Family 10",
            "quantity": 1,
            "price": _OF_MEMBERSHIP,
            "discount": _NOTHING,
            "to_pay": _OF_MEMBERSHIP,
            "paid_by": "card",
            "line_id": None,
            "appointment_id": None,
            "membership_type_id": ids.MEMBERSHIP_TYPE,
            "membership_id": ids.MEMBERSHIP,
            "refunded": False,
        }
    ],
    "to_pay": _OF_MEMBERSHIP,
    "refunded": _NOTHING,
    "sold_at": "2030-02-10T11:00:00Z",
    "membership_id": ids.MEMBERSHIP,
    "payment_id": None,
    "checkout_url": None,
}
_OWED: Final = {
    "line_id": ids.LINE,
    "appointment_id": ids.APPOINTMENT,
    "service_name": "Massage",
    "owed": _PRICE,
    "debit_failed": True,
}
DEBTS: Final = {
    "debts": [
        {
            "visit_id": ids.VISIT,
            "location_id": ids.LOCATION,
            "client_id": ids.CLIENT,
            "start": _START,
            "owed": _PRICE,
            "lines": [_OWED],
        }
    ],
    "total": [_PRICE],
}

SALES: Final[Mapping[type[Value], dict[str, Any]]] = {
    sales_views.SaleView: SALE,
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
        "sale_id": None,
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
                "discount": None,
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
                "sale_id": None,
                "to_give_back": None,
            }
        ],
    },
    sales_views.SaleList: {"sales": [SALE], "next_cursor": None, "names": {ids.CLIENT: "Ana"}},
    sales_views.DebtList: DEBTS,
    sales_views.SaleProposal: {
        "client_id": ids.CLIENT,
        "visit_id": ids.VISIT,
        "lines": [
            {
                "line_id": ids.LINE,
                "appointment_id": ids.APPOINTMENT,
                "service_name": "Massage",
                "price": _PRICE,
                "membership_id": ids.MEMBERSHIP,
                "candidates": [
                    {
                        "membership_id": ids.MEMBERSHIP,
                        "name": "Family 10",
                        "owner_client_id": ids.FRIEND,
                        "expires_on": "2030-05-11",
                        "available": 8,
                        "reason": None,
                    }
                ],
            }
        ],
        "to_pay": _NOTHING,
        "names": {ids.FRIEND: "Ben"},
    },
    sales_views.UnpaidVisits: {
        "membership_id": ids.MEMBERSHIP,
        "lines": [_OWED],
        "total": [_PRICE],
    },
    sales_views.SettledVisits: {
        "settlement_id": ids.SETTLEMENT,
        "membership_id": ids.MEMBERSHIP,
        "settled_line_ids": [ids.LINE],
        "refused_line_ids": [],
    },
}
