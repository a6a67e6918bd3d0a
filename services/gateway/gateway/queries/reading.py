"""Questions, passed on to the service that owns the answer."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from litestar import Response

from contracts.base import Form, Value
from gateway.services import Services, unavailable
from gateway.settings import ServiceName
from web.problems import ProblemError, invalid_field

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

    async def plan(self, owner: ServiceName, path: str, asked: Form | Value) -> httpx.Response:
        """Return what the owner says would become of `asked`; nothing is changed."""
        return await self.services.ask(owner, path, self.token, asked=asked)

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
