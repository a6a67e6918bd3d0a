"""Examples of reports."""

from collections.abc import Mapping
from typing import Any, Final

from contracts import report_views
from contracts.base import Value
from gateway.api.examples import ids

_FIGURES: Final = {
    "sold": 20,
    "memberships_sold": 3,
    "unlimited_memberships_sold": 1,
    "used": 9,
    "used_automatically": 7,
    "expired": 2,
    "not_debited": 1,
    "shortfall": 1,
    "owed": {"amount": 1800, "currency": "EUR"},
}

REPORTS: Final[Mapping[type[Value], dict[str, Any]]] = {
    report_views.SessionsReport: {
        "location_id": ids.LOCATION,
        "first_date": "2030-03-01",
        "last_date": "2030-03-01",
        "today": "2030-03-02",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "days": [{"date": "2030-03-01", **_FIGURES}],
        "total": _FIGURES,
        "by_service": [
            {
                "service_id": ids.SERVICE,
                "service_name": "Massage",
                "used": 9,
                "used_automatically": 7,
            }
        ],
        "by_membership_type": [
            {
                "membership_type_id": ids.MEMBERSHIP_TYPE,
                "name": "Family 10",
                "memberships_sold": 2,
                "sold": 20,
                "used": 9,
            }
        ],
        "expiring": [{"date": "2030-03-02", "memberships": 1, "sessions": 3}],
        "expiring_memberships": [
            {
                "membership_id": ids.MEMBERSHIP,
                "name": "Family 10",
                "owner_client_id": ids.CLIENT,
                "owner_name": "Anna",
                "expires_on": "2030-03-02",
                "sessions": 3,
                "held": 1,
            }
        ],
        "not_debited": [
            {
                "appointment_id": ids.APPOINTMENT,
                "visit_id": ids.VISIT,
                "client_id": ids.FRIEND,
                "client_name": "Ben",
                "start": "2030-03-01T10:00:00Z",
                "shortfall": 1,
                "owed": {"amount": 1800, "currency": "EUR"},
            }
        ],
    },
}
