"""How a route of the public API is declared: path, answer, and the problems that it can meet."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from litestar import delete, get, post, put
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example

from contracts import problems
from contracts.base import Value
from contracts.problems import ProblemType
from contracts.reply import Problem
from gateway.access import IS_COMMAND
from gateway.commands import PendingOperation
from web.problems import MEDIA_TYPE

_OF_ALL: Final = (
    problems.UNAUTHENTICATED,
    problems.FORBIDDEN,
    problems.NOT_FOUND,
    problems.SERVICE_UNAVAILABLE,
)
_OF_BODIES: Final = (problems.INVALID_REQUEST, problems.TOO_LARGE)
_OF_COMMANDS: Final = (
    problems.INVALID_REQUEST,
    problems.IDEMPOTENCY_KEY_MISSING,
    *_OF_ALL,
    problems.CONFLICT,
    problems.TOO_LARGE,
    problems.IDEMPOTENCY_KEY_REUSED,
)
_PENDING: Final = ResponseSpec(
    PendingOperation,
    description="Accepted, not concluded yet; `Location` is where to ask",
    generate_examples=False,
)

Kinds = Sequence[ProblemType]


def question(path: str, answer: type[Value], *, tag: str, refuses: Kinds = ()) -> get:
    """Declare a GET that is answered with `answer`, or refused as every question, or so."""
    return get(path, tags=[tag], responses=_answers(200, answer, *_OF_ALL, *refuses))


def stream(path: str, event: type[Value], *, tag: str, refuses: Kinds = ()) -> get:
    """Declare a GET that is answered with server-sent events, each an `event` as JSON."""
    events = ResponseSpec(
        event,
        description="Server-sent events, one after the other",
        media_type="text/event-stream",
        generate_examples=False,
    )
    return get(path, tags=[tag], responses={200: events, **refusals(*_OF_ALL, *refuses)})


def action(
    path: str, answer: type[Value], *, tag: str, status: int = 200, refuses: Kinds = ()
) -> post:
    """Declare a POST that the gateway answers itself, and that is no command."""
    responses = _answers(status, answer, *_OF_BODIES, *_OF_ALL, *refuses)
    return post(path, tags=[tag], status_code=status, responses=responses)


def command(
    path: str, answer: type[Value], *, tag: str, status: int = 200, refuses: Kinds = ()
) -> post:
    """Declare a POST that becomes a command; `status` is that of its success."""
    return post(path, tags=[tag], **_as_command(status, answer, refuses))


def replacement(path: str, answer: type[Value], *, tag: str, refuses: Kinds = ()) -> put:
    """Declare a PUT that becomes a command."""
    return put(path, tags=[tag], **_as_command(200, answer, refuses))


def removal(path: str, answer: type[Value], *, tag: str, refuses: Kinds = ()) -> delete:
    """Declare a DELETE that becomes a command; its answer is what is left."""
    return delete(path, tags=[tag], **_as_command(200, answer, refuses))


def refusals(*kinds: ProblemType) -> Mapping[int, ResponseSpec]:
    """Return how these problems are described in the OpenAPI document."""
    unique = sorted(dict.fromkeys(kinds), key=lambda kind: kind.status)
    return {
        status: _refusal(list(same)) for status, same in groupby(unique, lambda kind: kind.status)
    }


def _refusal(kinds: Kinds) -> ResponseSpec:
    return ResponseSpec(
        Problem,
        description="; or: ".join(f"[{kind.title}]({kind.uri})" for kind in kinds),
        media_type=MEDIA_TYPE,
        generate_examples=False,
        examples=[
            Example(
                id=kind.name,
                summary=kind.title,
                value=kind.problem(kind.meaning).model_dump(mode="json", exclude_defaults=True),
            )
            for kind in kinds
        ],
    )


def _answers(status: int, answer: type[Value], *kinds: ProblemType) -> Mapping[int, ResponseSpec]:
    success = ResponseSpec(answer, description="Done", generate_examples=False)
    return {status: success, **refusals(*kinds)}


def _as_command(status: int, answer: type[Value], refuses: Kinds) -> dict[str, Any]:
    return {
        "status_code": status,
        "responses": {**_answers(status, answer, *_OF_COMMANDS, *refuses), 202: _PENDING},
        "opt": {IS_COMMAND: True},
    }
