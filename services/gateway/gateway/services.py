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

_CONNECTIONS: Final = httpx.Limits(max_connections=200, max_keepalive_connections=50)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """One pool of connections to each service."""

    clients: Mapping[ServiceName, httpx.AsyncClient]

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
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            # The token is ours: the caller's own key was fine.
            _log.error("%s did not believe our token: %s", name, answer.text)
            raise ProblemError(unavailable(name))
        return answer


@asynccontextmanager
async def connected(
    urls: Mapping[ServiceName, str], timeout_seconds: float
) -> AsyncGenerator[Services, None]:
    """Open the pools; no service needs to be there yet."""
    clients: dict[ServiceName, httpx.AsyncClient] = {
        name: httpx.AsyncClient(
            base_url=url, timeout=timeout_seconds, limits=_CONNECTIONS, trust_env=False
        )
        for name, url in urls.items()
    }
    try:
        yield Services(clients)
    finally:
        await asyncio.gather(*(client.aclose() for client in clients.values()))


def unavailable(name: ServiceName) -> Problem:
    """Return the problem that this service does not answer."""
    return SERVICE_UNAVAILABLE.problem(f"The service {name} does not answer at the moment.")
