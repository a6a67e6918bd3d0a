"""An example of every form."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import booking, membership, sales
from contracts.base import Form
from gateway.api.api_keys import ApiKeyForm
from gateway.api.examples.ids import (
    CATEGORY,
    CHAIN,
    CLIENT,
    EVENT,
    FRIEND,
    LINE,
    LOCATION,
    MEMBERSHIP,
    MEMBERSHIP_TYPE,
    OTHER_SERVICE,
    SALE_LINE,
    SERVICE,
    TEAM_MEMBER,
    VISIT,
)
from gateway.api.phones import PhoneCodeForm, PhoneConfirmationForm
from gateway.api.staff import PlatformStaffForm, StaffForm

_STAFF: Final = {
    "email": "olivia@lotus.example",
    "name": "Olivia",
    "password": "lotus opens at nine",
}
FORMS: Final[Mapping[type[Form], dict[str, Any]]] = {
    PlatformStaffForm: _STAFF,
    StaffForm: {**_STAFF, "role": "operator", "location_id": LOCATION},
    booking.ChainForm: {"name": "Lotus"},
    booking.LocationForm: {
        "name": "Lotus Lisbon",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "region": "PT",
        "online_payment": {"individual": "off", "group": "optional"},
        "phone_confirmation": False,
        "widget_theme": {"color": "#0f766e", "mode": "auto"},
    },
    booking.TestClockForm: {"now": "2030-03-01T09:55:00Z"},
    booking.CategoryForm: {"name": "Yoga"},
    booking.DuplicateForm: {
        "name": "Massage, prepaid",
        "membership_booking": False,
        "online_prepayment": True,
    },
    booking.TimeOffForm: {"start": "2030-03-04T00:00:00Z", "end": "2030-03-09T00:00:00Z"},
    booking.EventSeriesForm: {
        "service_id": SERVICE,
        "first_date": "2030-03-01",
        "last_date": "2030-06-30",
        "weekdays": [2, 4],
        "time": "18:00",
        "capacity": 12,
        "team_member_id": TEAM_MEMBER,
        "except_dates": ["2030-04-25"],
    },
    booking.EventMoveForm: {"start": "2030-03-01T19:00:00Z"},
    booking.CapacityForm: {"capacity": 16},
    booking.NewTimeForm: {"start": "2030-03-02T10:00:00Z", "team_member_id": "any"},
    booking.RepeatForm: {"event_id": EVENT, "pay_online": False},
    booking.ServiceForm: {
        "name": "Massage",
        "kind": "individual",
        "duration_minutes": 45,
        "price": 6500,
        "membership_booking": True,
        "automatic_debiting": True,
        "free_cancellation_hours": 12,
    },
    booking.TeamMemberForm: {
        "name": "Mira",
        "service_ids": [SERVICE],
        "working_hours": [{"weekday": 1, "opens": "09:00", "closes": "18:00"}],
    },
    booking.EventForm: {
        "service_id": SERVICE,
        "start": "2030-03-01T18:00:00Z",
        "capacity": 12,
    },
    booking.ClientForm: {"name": "Anna", "phone": "+351 912 000 000"},
    booking.MergingForm: {"client_ids": [FRIEND]},
    booking.BookingForm: {
        "name": "Anna",
        "phone": "+351 912 000 000",
        "phone_confirmed": True,
        "appointments": [
            {
                "start": "2030-03-01T10:00:00Z",
                "lines": [{"service_id": SERVICE, "team_member_id": TEAM_MEMBER}],
            }
        ],
    },
    booking.MergeForm: {"service_ids": [OTHER_SERVICE]},
    booking.CancellationForm: {"charge": False},
    booking.VisitStatusForm: {"visit_status": "arrived"},
    membership.MembershipTypeForm: {
        "name": "Family 10",
        "price": 14000,
        "currency": "EUR",
        "buckets": [{"sessions": 10, "service_ids": [SERVICE], "category_ids": [CATEGORY]}],
        "validity": {"count": 90, "unit": "days"},
        "activation": "on_sale",
        "auto_deduction": True,
        "freezing": {"times": 2, "days": 30},
    },
    membership.FreezeForm: {"until": "2030-03-15"},
    membership.ExtensionForm: {"expires_on": "2030-06-30", "reason": "Closed in March"},
    membership.AdjustmentForm: {"sessions": 2, "reason": "A gift for the birthday"},
    membership.VoidForm: {"reason": "Sold by mistake"},
    membership.ImportedMembershipForm: {
        "reference": "A-1042",
        "client_id": CLIENT,
        "membership_type_id": MEMBERSHIP_TYPE,
        "remaining": [4],
        "issued_on": "2030-01-15",
        "activated_on": "2030-01-15",
        "expires_on": "2030-04-15",
    },
    membership.SharedClientForm: {"client_id": CLIENT},
    membership.UndoForm: {"line_ids": [LINE]},
    sales.PaymentForm: {"line_ids": [LINE], "method": "cash"},
    sales.DebitForm: {"line_ids": [LINE], "membership_id": MEMBERSHIP},
    sales.SaleForm: {
        "client_id": CLIENT,
        "visit_id": VISIT,
        "lines": [
            {"kind": "visit", "line_id": LINE, "membership": "automatic"},
            {"kind": "product", "name": "Massage oil", "price": 1200, "discount": 200},
            {"kind": "membership", "membership_type_id": MEMBERSHIP_TYPE},
        ],
        "method": "card",
    },
    sales.UnpaidVisitsForm: {"line_ids": [LINE]},
    sales.RefundForm: {"sale_line_ids": [SALE_LINE]},
    PhoneCodeForm: {"phone": "+351 912 000 000"},
    PhoneConfirmationForm: {"phone": "+351 912 000 000", "code": "302911"},
    ApiKeyForm: {
        "role": "widget",
        "name": "Website",
        "chain_id": CHAIN,
        "location_id": LOCATION,
        "origins": ["https://lotus.example"],
    },
}
