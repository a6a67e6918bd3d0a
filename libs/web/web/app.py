"""The HTTP side of a service: its API behind a guard, health, metrics, problem documents."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.params import FromPath
from litestar.routes import HTTPRoute
from litestar.types import ControllerRouterHandler, Message, Middleware, Scope
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from pydantic import Field

from contracts.base import Value
from contracts.problems import SERVICE_UNAVAILABLE, UNAUTHENTICATED
from contracts.reply import Problem
from web.identity import InvalidToken, Principal, verify
from web.problems import (
    EXCEPTION_HANDLERS,
    ProblemError,
    StrictRequest,
    invalid_field,
    not_found,
)

MAX_BODY_BYTES: Final = 64 * 1024

_RESPONSES: Final = Counter(
    "http_responses", "HTTP responses by status; health and metrics do not count.", ("status",)
)

_UNCOUNTED: Final = {"/livez", "/readyz", "/metrics"}

_log = logging.getLogger(__name__)

Ready = Callable[[], Awaitable[bool]]
Connection = ASGIConnection[Any, Any, Any, Any]


class OperationState(Protocol):
    """What a service knows of one command: that it is pending, or its answer."""

    @property
    def principal(self) -> UUID | None:
        """The id of who asked."""
        ...

    @property
    def state(self) -> Literal["pending", "done", "refused"]:
        """Whether there is an answer, and which."""
        ...

    @property
    def status(self) -> int | None:
        """The HTTP status of the answer."""
        ...

    @property
    def result(self) -> dict[str, Any]:
        """What was done."""
        ...

    @property
    def problem(self) -> Problem | None:
        """Why it was refused."""
        ...


class OperationView(Value):
    """A command and what became of it; `status` is the HTTP status of its answer."""

    operation_id: UUID
    state: Literal["pending", "done", "refused"]
    status: int | None = None
    result: dict[str, Any] = Field(default_factory=dict)
    problem: Problem | None = None


FindOperation = Callable[[UUID], Awaitable[OperationState | None]]


def service_app(
    *,
    ready: Ready,
    route_handlers: Sequence[ControllerRouterHandler],
    verify_key: str | None = None,
    find_operation: FindOperation | None = None,
    given: Mapping[str, object] | None = None,
    public: Sequence[ControllerRouterHandler] = (),
    middleware: Sequence[Middleware] = (),
    openapi: OpenAPIConfig | None = None,
    exception_handlers: Mapping[type[Exception], Callable[[Any, Any], Any]] = EXCEPTION_HANDLERS,
) -> Litestar:
    """Return the app of a service.

    `route_handlers` are the API. With `verify_key` every one of them demands a principal's token
    and can ask for `principal: Principal` as a parameter. `public` ones demand nothing.
    `find_operation` adds `GET /operations/{command_id}`. `given` are objects that live as long as
    the app (a database, say), and that handlers receive as the parameter of that name.
    `exception_handlers` say otherwise than with a problem document what went wrong.
    """
    api = list(route_handlers)
    if find_operation is not None:
        api.append(_operation_route(find_operation))
    guarded = (
        api
        if verify_key is None
        else [
            Router(
                "/",
                route_handlers=api,
                guards=[_principal_guard(verify_key)],
                dependencies={"principal": Provide(_principal, sync_to_thread=False)},
            )
        ]
    )
    app = Litestar(
        route_handlers=[_livez, _readiness_route(ready), _metrics, *public, *guarded],
        dependencies={name: _constant(value) for name, value in (given or {}).items()},
        exception_handlers={**EXCEPTION_HANDLERS, **exception_handlers},
        before_request=_refuse_nul,
        before_send=[_count],
        middleware=middleware,
        openapi_config=openapi,
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    _resolve_in_turn(app)
    return app


def _resolve_in_turn(app: Litestar) -> None:
    """Resolve the parameters of handlers one after the other, in the order of their needs.

    Litestar would start a task for each, lest one waits for another. None of ours waits for
    anything, and the tasks cost nearly half of what a command costs here.
    """
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for _, model in route.route_handler_map.values():
                model.dependency_batches = [
                    {one} for batch in model.dependency_batches for one in batch
                ]


async def _refuse_nul(request: Request[Any, Any, Any]) -> None:
    """Refuse parameters with a character that no database takes."""
    if b"%00" in request.scope["query_string"]:
        field = next(
            (name for name, value in request.query_params.items() if "\0" in value), "query"
        )
        raise invalid_field(field, "The character U+0000 cannot be stored.")


async def _count(message: Message, scope: Scope) -> None:
    if message["type"] == "http.response.start" and scope["path"] not in _UNCOUNTED:
        _RESPONSES.labels(message["status"]).inc()


@get("/livez", media_type=MediaType.TEXT, include_in_schema=False, sync_to_thread=False)
def _livez() -> str:
    return "alive"


@get("/metrics", include_in_schema=False, sync_to_thread=False)
def _metrics() -> Response[bytes]:
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _readiness_route(ready: Ready) -> Any:
    @get("/readyz", media_type=MediaType.TEXT, include_in_schema=False)
    async def readyz() -> str:
        try:
            is_ready = await ready()
        except Exception:  # noqa: BLE001 — whatever it is that broke, it is not ready
            _log.warning("the readiness check failed", exc_info=True)
            is_ready = False
        if not is_ready:
            raise ProblemError(
                SERVICE_UNAVAILABLE.problem("This process is not ready for requests.")
            )
        return "ready"

    return readyz


def _operation_route(find_operation: FindOperation) -> Any:
    @get("/operations/{command_id:uuid}")
    async def get_operation(
        command_id: FromPath[UUID], principal: NamedDependency[Principal]
    ) -> OperationView:
        operation = await find_operation(command_id)
        if operation is None or operation.principal != principal.id:
            raise not_found(f"operation {command_id}")
        return OperationView(
            operation_id=command_id,
            state=operation.state,
            status=operation.status,
            result=operation.result,
            problem=operation.problem,
        )

    return get_operation


def bearer_token(connection: Connection) -> str | None:
    """Return what `Authorization: Bearer …` carries, or None."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _principal_guard(verify_key: str) -> Callable[[Connection, BaseRouteHandler], None]:
    def require_principal(connection: Connection, _: BaseRouteHandler) -> None:
        token = bearer_token(connection)
        if token is None:
            raise ProblemError(
                UNAUTHENTICATED.problem("A principal's token is needed as Bearer token.")
            )
        try:
            principal = verify(token, verify_key, datetime.now(UTC))
        except InvalidToken as error:
            raise ProblemError(
                UNAUTHENTICATED.problem("The principal's token is not valid.")
            ) from error
        connection.scope["state"]["principal"] = principal

    return require_principal


def _principal(request: Request[Any, Any, Any]) -> Principal:
    return request.scope["state"]["principal"]


def _constant(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)
