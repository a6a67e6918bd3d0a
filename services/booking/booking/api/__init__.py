"""HTTP in: what booking can be asked, for those within whose reach it is."""

from typing import Any, Final

from booking.api import bookings, clients, offers

ROUTES: Final[list[Any]] = [*offers.ROUTES, *bookings.ROUTES, *clients.ROUTES]
