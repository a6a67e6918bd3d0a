"""Problem documents (RFC 9457): what an HTTP API answers when it cannot do as it was asked."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    SerializationException,
    ValidationException,
)

from contracts.problems import (
    FORBIDDEN,
    INTERNAL_ERROR,
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    SERVICE_UNAVAILABLE,
    TOO_LARGE,
    UNAUTHENTICATED,
)
from contracts.reply import FieldError, Problem

MEDIA_TYPE: Final = "application/problem+json"

_log = logging.getLogger(__name__)


class ProblemError(Exception):
    """Raised where a request cannot go on; answered with its problem document."""

    def __init__(self, problem: Problem, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{problem.status} {problem.type}: {problem.detail}")
        self.problem = problem
        self.headers = headers or {}


_BY_STATUS: Final = {
    kind.status: kind
    for kind in (
        INVALID_REQUEST,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        TOO_LARGE,
        SERVICE_UNAVAILABLE,
    )
}
_DETAIL_BY_STATUS: Final = {
    404: "There is nothing at this address.",
    405: "This address does not know this method.",
    413: "The body of the request is too large.",
}
# How Litestar says that a query parameter or header is missing.
_MISSING: Final = re.compile(r"Missing required \w+ parameter '([^']+)'")


def not_found(what: str) -> ProblemError:
    """Return the 404 for `what` ("membership …") that does not exist for the one who asks."""
    return ProblemError(NOT_FOUND.problem(f"There is no {what} here."))


def invalid_field(field: str, message: str) -> ProblemError:
    """Return the refusal of one wrong field; `field` is its dotted path in the body."""
    error = FieldError(field=field, message=message)
    return ProblemError(INVALID_REQUEST.problem(f"Please correct: {field}.", errors=[error]))


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """Return `problem` as an HTTP response; empty lists are left out."""
    headers = dict(headers or {})
    if problem.status == UNAUTHENTICATED.status:
        headers.setdefault("WWW-Authenticate", "Bearer")
    return Response(
        problem.model_dump_json(exclude_defaults=True).encode(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def _raised(_: Request[Any, Any, Any], error: ProblemError) -> Response[bytes]:
    return problem_response(error.problem, error.headers)


def _invalid(_: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    # Litestar lists what is wrong with `key` (dotted, without "data.") and `message`.
    found = cast("list[dict[str, Any]]", error.extra or [])
    errors = [
        FieldError(field=_field(item), message=_message(item))
        for item in found
        if not _is_unknown_to_the_handler(item)
    ]
    if missing := _MISSING.match(error.detail):
        errors.append(FieldError(field=missing[1], message="Field required"))
    names = ", ".join(dict.fromkeys(error.field for error in errors)) or "the request"
    return problem_response(INVALID_REQUEST.problem(f"Please correct: {names}.", errors=errors))


def _field(item: Mapping[str, Any]) -> str:
    key = str(item.get("key", ""))
    if key in {"", "data", "data."}:
        return "body"
    # A parameter that is called like a word of Python has an underscore there: `from_`.
    return key.removeprefix("data.") if key.startswith("data.") else key.removesuffix("_")


def _is_unknown_to_the_handler(item: Mapping[str, Any]) -> bool:
    """Tell whether Litestar misses a path parameter that the handler never asked for.

    Making the OpenAPI document adds those to what it looks for when something else is wrong.
    """
    key = item.get("key")
    return key != "data" and item["message"] == repr(key)


def _message(item: Mapping[str, Any]) -> str:
    message = str(item["message"])
    return "Field required" if message == "'data'" else message


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is JSON, or malformed: whatever is wrong with it is no error of ours."""

    async def json(self) -> Any:  # noqa: D102 — as in Litestar
        try:
            body = await super().json()
        except (SerializationException, UnicodeDecodeError, RecursionError) as error:
            reason = f"not valid JSON: {error.__cause__ or error}"
            raise invalid_field("body", reason) from error
        # Few bodies have these bytes, and of those only some mean the character.
        field = next(_with_nul(body, ""), None) if b"\\u0000" in await self.body() else None
        if field is not None:
            raise invalid_field(field or "body", "The character U+0000 cannot be stored.")
        return body


def _with_nul(value: object, field: str) -> Iterator[str]:
    """Give the dotted paths of texts with a character that no database takes."""
    if isinstance(value, str) and "\0" in value:
        yield field
    elif isinstance(value, dict):
        for name, each in cast("dict[str, object]", value).items():
            yield from _with_nul(each, f"{field}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for number, each in enumerate(cast("list[object]", value)):
            yield from _with_nul(each, f"{field}.{number}".removeprefix("."))


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework itself refuses."""
    problem_type = _BY_STATUS.get(error.status_code)
    if problem_type is None:
        problem_type = INVALID_REQUEST if error.status_code < 500 else INTERNAL_ERROR
    if problem_type is INTERNAL_ERROR:
        return _unexpected(request, error)
    detail = _DETAIL_BY_STATUS.get(error.status_code, error.detail)
    return problem_response(problem_type.problem(detail), error.headers)


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a mistake of ours: everything goes to the log, and nothing to the caller."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(INTERNAL_ERROR.problem("It has been logged."))


EXCEPTION_HANDLERS: Final[Mapping[type[Exception], Callable[[Any, Any], Response[bytes]]]] = {
    ProblemError: _raised,
    ValidationException: _invalid,
    HTTPException: _http,
    Exception: _unexpected,
}
