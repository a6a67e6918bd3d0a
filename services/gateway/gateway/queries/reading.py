"""Questions, passed on to the service that owns the answer."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from litestar import Response
from litestar.response import Stream

from contracts.base import Form, Value
from contracts.reply import Problem
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
        return await self.answer(owner, self.path + _asked(query))

    async def answer(self, owner: ServiceName, path: str) -> Response[bytes]:
        """Answer as the owner answers to this path."""
        return _same(await self.services.ask(owner, path, self.token))

    async def follow(
        self, owner: ServiceName, last_event_id: str | None
    ) -> Stream | Response[bytes]:
        """Pass on the owner's events as they come, from after the last one that was seen."""
        answer = await self.services.follow(owner, self.path, self.token, last_event_id)
        if not answer.is_success:
            return _same(answer)
        headers = {"Cache-Control": "no-store"}
        return Stream(_events(answer), media_type="text/event-stream", headers=headers)

    async def plan(self, owner: ServiceName, path: str, asked: Form | Value) -> httpx.Response:
        """Return what the owner says would become of `asked`; nothing is changed."""
        return await self.services.ask(owner, path, self.token, asked=asked)

    async def referred(self, owner: ServiceName, path: str, view: type[V], *, field: str) -> V:
        """Return what `field` of a command refers to; a foreign or unknown id is its error."""
        found = await self.found(owner, path, view)
        if found is None:
            raise invalid_field(field, "There is no such thing here.")
        return found

    async def read(self, owner: ServiceName, path: str, view: type[V], **query: object) -> V:
        """Return what the owner answers to a question, for more to be added; raises its refusal."""
        return _understood(
            owner, await self.services.ask(owner, path + _asked(query), self.token), view
        )

    async def judged(self, owner: ServiceName, path: str, asked: Form | Value, view: type[V]) -> V:
        """Return what the owner says would become of `asked`; raises its refusal."""
        return _understood(owner, await self.plan(owner, path, asked), view)

    async def found(self, owner: ServiceName, path: str, view: type[V]) -> V | None:
        """Return what the owner has at `path` for this principal; raises 503 without an answer."""
        answer = await self.services.ask(owner, path, self.token)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        if not answer.is_success:
            raise ProblemError(unavailable(owner))
        return view.model_validate_json(answer.content)


def _understood(owner: ServiceName, answer: httpx.Response, view: type[V]) -> V:
    """Return an answer as a view; raises the refusal, and 503 when the owner failed."""
    if answer.is_success:
        return view.model_validate_json(answer.content)
    if answer.is_server_error:
        raise ProblemError(unavailable(owner))
    raise ProblemError(Problem.model_validate_json(answer.content))


def _asked(query: Mapping[str, object]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"?{urlencode(given, doseq=True)}" if given else ""


def _same(answer: httpx.Response) -> Response[bytes]:
    return Response(
        answer.content,
        status_code=answer.status_code,
        headers={"Content-Type": answer.headers.get("Content-Type", "application/json")},
    )


async def _events(answer: httpx.Response) -> AsyncGenerator[bytes, None]:
    """Give what comes, until either side hangs up: the caller resumes after the last event."""
    async with aclosing(answer):
        with suppress(httpx.HTTPError):
            async for some in answer.aiter_bytes():
                yield some
