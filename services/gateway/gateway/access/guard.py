"""The guard of the public edge: who asks, from where, for what, and is it for its chain."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar.connection import ASGIConnection, Request
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler

from contracts.problems import FORBIDDEN, IDEMPOTENCY_KEY_MISSING, UNAUTHENTICATED
from gateway.access.clients import PREFIX as CLIENT_TOKEN
from gateway.access.cross_origin import admit_origin
from gateway.access.permissions import ROLES
from web.app import bearer_token
from web.identity import Principal
from web.problems import ProblemError, not_found

Connection = ASGIConnection[Any, Any, Any, Any]
Holder = Callable[[str], Awaitable[Principal | None]]

IS_COMMAND = "is_command"
"""Marks the routes that publish a command, and so demand an idempotency key."""


def guard(holder: Holder) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """Return the guard of all routes of the API.

    `holder` tells who holds an API key or a client's token, if anybody.
    """

    async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
        if isinstance(connection, Request) and connection.method == HttpMethod.OPTIONS:
            return  # asks what may be asked, before any key is sent
        principal = await _authenticated(connection, holder)
        admit_origin(principal, connection)
        if principal.role not in ROLES[handler.handler_name]:
            raise ProblemError(FORBIDDEN.problem(f"The role {principal.role} may not do this."))
        _require_reach(principal, connection.path_params)
        if handler.opt.get(IS_COMMAND) and not _idempotency_key(connection):
            problem = IDEMPOTENCY_KEY_MISSING.problem("Send an Idempotency-Key header.")
            raise ProblemError(problem)
        connection.scope["state"]["principal"] = principal

    return admit


def _idempotency_key(connection: Connection) -> str:
    return connection.headers.get("idempotency-key", "").strip()


async def _authenticated(connection: Connection, holder: Holder) -> Principal:
    key = bearer_token(connection)
    if key is None:
        problem = UNAUTHENTICATED.problem("Send your API key: Authorization: Bearer pk_….")
        raise ProblemError(problem)
    principal = await holder(key)
    if principal is None:
        wrong = "This API key is unknown or revoked."
        if key.startswith(CLIENT_TOKEN):
            wrong = "This client token is not valid any more: confirm the phone again."
        raise ProblemError(UNAUTHENTICATED.problem(wrong))
    return principal


def _require_reach(principal: Principal, path_params: dict[str, Any]) -> None:
    """Turn away from foreign chains and locations.

    Whether a location belongs to the chain of a key that is for a whole chain, its owner knows.
    """
    chain_id: UUID | None = path_params.get("chain_id", principal.chain_id)
    if chain_id is not None and not principal.reaches(chain_id, path_params.get("location_id")):
        raise not_found("such chain or location")
