"""Questions, passed on to the service that owns the answer."""

from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response

from contracts.base import Value
from contracts.booking_views import LocationView
from gateway.services import Services, unavailable
from gateway.settings import ServiceName
from web.identity import Principal
from web.problems import ProblemError, invalid_field, not_found

_MEMORY_SECONDS: Final = 300
_MOST_REMEMBERED: Final = 10_000

V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class Reading:
    """What one request may ask the services, with its own path."""

    services: Services
    token: str
    path: str

    async def pass_on(self, owner: ServiceName, **query: object) -> Response[bytes]:
        """Answer as the owner answers to the request's own path, with these query parameters."""
        given = {name: value for name, value in query.items() if value is not None}
        asked = f"?{urlencode(given, doseq=True)}" if given else ""
        return await self.answer(owner, self.path + asked)

    async def answer(self, owner: ServiceName, path: str) -> Response[bytes]:
        """Answer as the owner answers to this path."""
        answer = await self.services.ask(owner, path, self.token)
        return Response(
            answer.content,
            status_code=answer.status_code,
            headers={"Content-Type": answer.headers.get("Content-Type", "application/json")},
        )

    async def referred(self, owner: ServiceName, path: str, view: type[V], *, field: str) -> V:
        """Return what `field` of a command refers to; a foreign or unknown id is its error."""
        found = await self.found(owner, path, view)
        if found is None:
            raise invalid_field(field, "There is no such thing here.")
        return found

    async def found(self, owner: ServiceName, path: str, view: type[V]) -> V | None:
        """Return what the owner has at `path` for this principal; raises 503 without an answer."""
        answer = await self.services.ask(owner, path, self.token)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        if not answer.is_success:
            raise ProblemError(unavailable(owner))
        return view.model_validate_json(answer.content)


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
