"""HTTP in: what booking can be asked, for those within whose reach it is."""

from typing import Any, Final

from booking.api import bookings, calendar, chains, clients, free_slots, offers

ROUTES: Final[list[Any]] = [
    *chains.ROUTES,
    *offers.ROUTES,
    *free_slots.ROUTES,
    *bookings.ROUTES,
    *calendar.ROUTES,
    *clients.ROUTES,
]
