"""HTTP in: what membership can be asked, for those within whose reach it is."""

from typing import Any, Final

from membership.api import appointments, membership_types, memberships, plans, reports

ROUTES: Final[list[Any]] = [
    *membership_types.ROUTES,
    *memberships.ROUTES,
    *appointments.ROUTES,
    *plans.ROUTES,
    *reports.ROUTES,
]
