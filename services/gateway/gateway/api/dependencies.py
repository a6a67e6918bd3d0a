"""What the handlers are given of a request."""

from typing import Annotated, Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import HeaderParameter

from gateway.access import Tokens
from gateway.commands import Edge, Submission, command_id_of, hash_of_request
from gateway.queries import Reading
from gateway.services import Services
from web.identity import Principal

AnyRequest = Request[Any, Any, Any]

IdempotencyKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="A key of yours for this request. Repeating it has one effect and one answer.",
    ),
]


def principal(request: AnyRequest) -> Principal:
    """Return who asks; the guard has let it in."""
    return request.scope["state"]["principal"]


async def submission(
    request: AnyRequest,
    principal: NamedDependency[Principal],
    edge: NamedDependency[Edge],
    idempotency_key: IdempotencyKey,
) -> Submission:
    """Return the command that this request makes."""
    return Submission(
        edge=edge,
        principal=principal,
        command_id=command_id_of(principal, idempotency_key),
        request_hash=hash_of_request(request.method, request.url.path, await request.body()),
        traceparent=request.headers.get("traceparent"),
    )


def reading(
    request: AnyRequest,
    principal: NamedDependency[Principal],
    services: NamedDependency[Services],
    tokens: NamedDependency[Tokens],
) -> Reading:
    """Return what this request may ask the services; they know its path without the version."""
    return Reading(
        services=services,
        token=tokens.token_for(principal),
        path=request.url.path.removeprefix("/v1"),
    )
