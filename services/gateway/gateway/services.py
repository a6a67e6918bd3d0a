"""Asking the services that own the data, over HTTP."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import BaseModel

from contracts.problems import SERVICE_UNAVAILABLE
from contracts.reply import Problem
from gateway.settings import ServiceName
from web.problems import ProblemError

CONNECTIONS: Final = httpx.Limits(
    max_connections=200, max_keepalive_connections=50, keepalive_expiry=5
)
_STREAMS: Final = httpx.Limits(max_connections=None, max_keepalive_connections=0)
_SILENCE_SECONDS: Final = 45
"""A stream says something every 15 seconds; one that is silent for so long is lost."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """One pool of connections to each service, and one for streams, which last."""

    clients: Mapping[ServiceName, httpx.AsyncClient]
    streams: Mapping[ServiceName, httpx.AsyncClient]

    async def ask(
        self, name: ServiceName, path: str, token: str, *, asked: BaseModel | None = None
    ) -> httpx.Response:
        """Return the service's answer to a GET, whatever its status; 503 if there is none.

        A question that is too long for a path is `asked` in the body of a POST.
        """
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        method, body = ("GET", None) if asked is None else ("POST", asked.model_dump_json())
        try:
            answer = await self.clients[name].request(method, path, content=body, headers=headers)
        except httpx.HTTPError as error:
            _log.warning("%s does not answer: %r", name, error)
            raise ProblemError(unavailable(name)) from error
        _require_belief(name, answer)
        return answer

    async def follow(
        self, name: ServiceName, path: str, token: str, last_event_id: str | None
    ) -> httpx.Response:
        """Return the service's stream of events, to be read and closed, or why there is none."""
        headers = {"Authorization": f"Bearer {token}"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        client = self.streams[name]
        try:
            request = client.build_request("GET", path, headers=headers)
            answer = await client.send(request, stream=True)
            if not answer.is_success:
                await answer.aread()
        except httpx.HTTPError as error:
            _log.warning("%s does not answer: %r", name, error)
            raise ProblemError(unavailable(name)) from error
        _require_belief(name, answer)
        return answer


def _require_belief(name: ServiceName, answer: httpx.Response) -> None:
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        # The token is ours: the caller's own key was fine.
        _log.error("%s did not believe our token: %s", name, answer.text)
        raise ProblemError(unavailable(name))


@asynccontextmanager
async def connected(
    urls: Mapping[ServiceName, str], timeout_seconds: float
) -> AsyncGenerator[Services, None]:
    """Open the pools; no service needs to be there yet."""
    clients = _clients(urls, httpx.Timeout(timeout_seconds), CONNECTIONS)
    streams = _clients(urls, httpx.Timeout(timeout_seconds, read=_SILENCE_SECONDS), _STREAMS)
    try:
        yield Services(clients, streams)
    finally:
        everything = [*clients.values(), *streams.values()]
        await asyncio.gather(*(client.aclose() for client in everything))


def _clients(
    urls: Mapping[ServiceName, str], timeout: httpx.Timeout, limits: httpx.Limits
) -> dict[ServiceName, httpx.AsyncClient]:
    return {
        name: httpx.AsyncClient(base_url=url, timeout=timeout, limits=limits, trust_env=False)
        for name, url in urls.items()
    }


def unavailable(name: ServiceName) -> Problem:
    """Return the problem that this service does not answer."""
    return SERVICE_UNAVAILABLE.problem(f"The service {name} does not answer at the moment.")
