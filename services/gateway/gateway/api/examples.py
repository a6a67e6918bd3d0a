"""An example of every form, for the OpenAPI document."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import booking, membership, sales
from contracts.base import Form
from gateway.api.api_keys import ApiKeyForm
from gateway.api.phones import PhoneCodeForm, PhoneConfirmationForm

_CHAIN: Final = "3f0c2b1e-0b7f-4b7e-9f43-0d1f6f1c2a01"
_LOCATION: Final = "3f0c2b1e-0b7f-4b7e-9f43-0d1f6f1c2a02"
_SERVICE: Final = "3f0c2b1e-0b7f-4b7e-9f43-0d1f6f1c2a03"
_TEAM_MEMBER: Final = "3f0c2b1e-0b7f-4b7e-9f43-0d1f6f1c2a04"
_CLIENT: Final = "3f0c2b1e-0b7f-4b7e-9f43-0d1f6f1c2a05"
_MEMBERSHIP_TYPE: Final = "3f0c2b1e-0b7f-4b7e-9f43-0d1f6f1c2a06"

EXAMPLES: Final[Mapping[type[Form], dict[str, Any]]] = {
    booking.ChainForm: {"name": "Lotus"},
    booking.LocationForm: {
        "name": "Lotus Lisbon",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "region": "PT",
    },
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
        "service_ids": [_SERVICE],
        "working_hours": [{"weekday": 1, "opens": "09:00", "closes": "18:00"}],
    },
    booking.EventForm: {
        "service_id": _SERVICE,
        "start": "2030-03-01T18:00:00Z",
        "capacity": 12,
    },
    booking.ClientForm: {"name": "Anna", "phone": "+351 912 000 000"},
    booking.BookingForm: {
        "name": "Anna",
        "phone": "+351 912 000 000",
        "phone_confirmed": True,
        "appointments": [
            {
                "start": "2030-03-01T10:00:00Z",
                "lines": [{"service_id": _SERVICE, "team_member_id": _TEAM_MEMBER}],
            }
        ],
    },
    booking.CancellationForm: {"charge": False},
    booking.VisitStatusForm: {"visit_status": "arrived"},
    membership.MembershipTypeForm: {
        "name": "Family 10",
        "price": 14000,
        "currency": "EUR",
        "buckets": [{"sessions": 10, "service_ids": [_SERVICE]}],
        "validity": {"count": 90, "unit": "days"},
        "activation": "on_sale",
        "auto_deduction": True,
    },
    membership.SharedClientForm: {"client_id": _CLIENT},
    sales.MembershipSaleForm: {
        "client_id": _CLIENT,
        "membership_type_id": _MEMBERSHIP_TYPE,
        "payment": "card",
    },
    PhoneCodeForm: {"phone": "+351 912 000 000"},
    PhoneConfirmationForm: {"phone": "+351 912 000 000", "code": "302911"},
    ApiKeyForm: {
        "role": "operator",
        "name": "Front desk",
        "chain_id": _CHAIN,
        "location_id": _LOCATION,
    },
}
