"""Questions to the service's API, as whoever has a role."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from httpx import ASGITransport, AsyncClient

from booking import api
from booking.queries.calendar_watch import CalendarWatch
from clocks import Clocks
from contracts.booking import BookingForm
from contracts.booking_views import BookingPlan
from web import Principal, Role, service_app
from web.identity import sign

from .studio import KEYS, Studio


class Asking:
    """Asks with the token of a role."""

    def __init__(self, studio: Studio, client: AsyncClient) -> None:
        self._studio = studio
        self._client = client

    async def get(self, path: str, role: Role | Principal = Role.OPERATOR, **query: Any) -> Any:
        """Return the body of the answer, or the problem's name."""
        principal = role if isinstance(role, Principal) else self._studio.principal(role)
        token = sign(principal, KEYS.signing_key, datetime.now(UTC))
        answer = await self._client.get(
            path, params=query or None, headers={"Authorization": f"Bearer {token}"}
        )
        body = answer.json()
        return body if answer.status_code == 200 else body["type"].removeprefix("/problems/")

    async def plan(self, form: BookingForm, role: Role | Principal) -> Any:
        """Return what a submission would take, or the problem's name and the field or detail."""
        principal = role if isinstance(role, Principal) else self._studio.principal(role)
        token = sign(principal, KEYS.signing_key, datetime.now(UTC))
        answer = await self._client.post(
            f"/locations/{self._studio.location_id}/booking-plans",
            content=form.model_dump_json(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        body = answer.json()
        if answer.status_code == 200:
            return BookingPlan.model_validate(body)
        field = errors[0]["field"] if (errors := body.get("errors")) else body["detail"]
        return body["type"].removeprefix("/problems/"), field

    async def here(self, path: str, role: Role | Principal = Role.OPERATOR, **query: Any) -> Any:
        """Ask about the studio's location."""
        return await self.get(f"/locations/{self._studio.location_id}{path}", role, **query)


@asynccontextmanager
async def opened(studio: Studio) -> AsyncGenerator[Asking]:
    """Serve the API on the studio's database."""

    async def ready() -> bool:
        return True

    app = service_app(
        route_handlers=api.ROUTES,
        verify_key=KEYS.verify_key,
        ready=ready,
        given={
            "database": studio.database,
            "clocks": Clocks(enabled=True),
            "watch": CalendarWatch(),
        },
    )
    transport = ASGITransport(
        app  # pyright: ignore[reportArgumentType] — the two libraries' ASGI types differ in name
    )
    async with AsyncClient(transport=transport, base_url="http://booking") as client:
        yield Asking(studio, client)
