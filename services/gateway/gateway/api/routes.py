"""How a route of the public API is declared: path, answer, and the problems that it can meet."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import get, post, put
from litestar.openapi import ResponseSpec

from contracts import problems
from contracts.base import Value
from contracts.reply import Problem
from gateway.access import IS_COMMAND
from gateway.commands import PendingOperation
from web.problems import MEDIA_TYPE

_OF_QUESTIONS: Final = (
    problems.UNAUTHENTICATED,
    problems.FORBIDDEN,
    problems.NOT_FOUND,
    problems.SERVICE_UNAVAILABLE,
)
_OF_COMMANDS: Final = (
    problems.INVALID_REQUEST,
    *_OF_QUESTIONS,
    problems.CONFLICT,
    problems.TOO_LARGE,
    problems.IDEMPOTENCY_KEY_REUSED,
)
_PENDING: Final = ResponseSpec(
    PendingOperation,
    description="Accepted, not concluded yet; `Location` is where to ask",
    generate_examples=False,
)


def question(path: str, answer: type[Value], *, tag: str) -> get:
    """Declare a GET that is answered with `answer`."""
    return get(path, tags=[tag], responses=_answered(200, answer, _OF_QUESTIONS))


def command(path: str, answer: type[Value], *, tag: str, status: int = 200) -> post:
    """Declare a POST that becomes a command; `status` is that of its success."""
    return post(path, tags=[tag], **_as_command(status, answer))


def replacement(path: str, answer: type[Value], *, tag: str) -> put:
    """Declare a PUT that becomes a command."""
    return put(path, tags=[tag], **_as_command(200, answer))


def refusals(*kinds: problems.ProblemType) -> Mapping[int, ResponseSpec]:
    """Return how these problems are described in the OpenAPI document."""
    return {
        kind.status: ResponseSpec(
            Problem, description=kind.title, media_type=MEDIA_TYPE, generate_examples=False
        )
        for kind in kinds
    }


def _as_command(status: int, answer: type[Value]) -> dict[str, Any]:
    return {
        "status_code": status,
        "responses": {**_answered(status, answer, _OF_COMMANDS), 202: _PENDING},
        "opt": {IS_COMMAND: True},
    }


def _answered(
    status: int, answer: type[Value], kinds: tuple[problems.ProblemType, ...]
) -> Mapping[int, ResponseSpec]:
    success = ResponseSpec(answer, description="Done", generate_examples=False)
    return {status: success, **refusals(*kinds)}
