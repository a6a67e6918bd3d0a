"""Locations, remembered for some minutes."""

from time import monotonic
from typing import Final, NamedTuple
from uuid import UUID

from contracts.booking_views import LocationView
from gateway.queries.reading import Reading
from web.identity import Principal
from web.problems import not_found

_MEMORY_SECONDS: Final = 300
_MOST_REMEMBERED: Final = 10_000


class _Remembered(NamedTuple):
    location: LocationView
    until: float


class Locations:
    """What booking said of locations, remembered for some minutes: regions and names."""

    def __init__(self) -> None:
        self._remembered: dict[UUID, _Remembered] = {}

    async def within_reach(
        self, location_id: UUID, principal: Principal, reading: Reading
    ) -> LocationView:
        """Return a location; one that does not exist for the principal is answered 404."""
        remembered = self._remembered.get(location_id)
        if remembered is None or monotonic() >= remembered.until:
            location = await reading.found("booking", f"/locations/{location_id}", LocationView)
            if location is None:
                raise not_found(f"location {location_id}")
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            remembered = _Remembered(location, monotonic() + _MEMORY_SECONDS)
            self._remembered[location_id] = remembered
        if not principal.reaches(remembered.location.chain_id, location_id):
            raise not_found(f"location {location_id}")
        return remembered.location
