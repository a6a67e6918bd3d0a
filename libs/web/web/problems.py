"""Problem documents (RFC 9457): what an HTTP API answers when it cannot do as it was asked."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    SerializationException,
    ValidationException,
)

from contracts.reply import FieldError, Problem

MEDIA_TYPE: Final = "application/problem+json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem that never changes its meaning. Calling it makes one `Problem` of it.

    `explanation` is for the page behind the type's address: what happened, and what to do.
    """

    name: str
    title: str
    status: int
    explanation: str

    @property
    def path(self) -> str:
        """The `type` of the problem documents, which is also where it is explained."""
        return f"/problems/{self.name}"

    def __call__(
        self,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        reasons: Iterable[dict[str, Any]] = (),
    ) -> Problem:
        """Return a problem of this type; `detail` is a sentence for people."""
        return Problem(
            type=self.path,
            title=self.title,
            status=self.status,
            detail=detail,
            errors=tuple(errors),
            reasons=tuple(reasons),
        )


class ProblemError(Exception):
    """Raised where a request cannot go on; answered with its problem document."""

    def __init__(self, problem: Problem, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{problem.status} {problem.type}: {problem.detail}")
        self.problem = problem
        self.headers = headers or {}


MALFORMED: Final = ProblemType(
    "malformed",
    "Malformed request",
    400,
    "The request could not be read: the body is not valid JSON, or a header is missing or broken.",
)
UNAUTHENTICATED: Final = ProblemType(
    "unauthenticated",
    "Authentication required",
    401,
    "The request carries no key or token, or one that is unknown, revoked or expired.",
)
FORBIDDEN: Final = ProblemType(
    "forbidden",
    "Not allowed",
    403,
    "The key is valid, but its role may not do this.",
)
NOT_FOUND: Final = ProblemType(
    "not-found",
    "Not found",
    404,
    "There is nothing at this address, or it belongs to somebody else.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed",
    "Method not allowed",
    405,
    "The address exists, but not for this HTTP method.",
)
TOO_LARGE: Final = ProblemType(
    "too-large",
    "Request too large",
    413,
    "The body of the request is larger than this API accepts.",
)
INVALID_FIELDS: Final = ProblemType(
    "invalid-fields",
    "Invalid fields",
    422,
    "Some fields are missing, unknown or have a value that cannot be; `errors` names each.",
)
INTERNAL: Final = ProblemType(
    "internal",
    "Internal error",
    500,
    "Something broke on our side. The request can be repeated with the same idempotency key.",
)
UNAVAILABLE: Final = ProblemType(
    "unavailable",
    "Temporarily unavailable",
    503,
    "A part of the system does not answer. The request can be repeated in a moment.",
)

COMMON: Final = (
    MALFORMED,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    INVALID_FIELDS,
    INTERNAL,
    UNAVAILABLE,
)
_BY_STATUS: Final = {problem_type.status: problem_type for problem_type in COMMON}
_DETAIL_BY_STATUS: Final = {
    404: "There is nothing at this address.",
    405: "This address does not know this method.",
    413: "The body of the request is too large.",
}


def not_found(what: str) -> ProblemError:
    """Return the 404 for `what` ("membership …") that does not exist for the one who asks."""
    return ProblemError(NOT_FOUND(f"There is no {what} here."))


def invalid_field(field: str, message: str) -> ProblemError:
    """Return the 422 for one wrong field; `field` is its dotted path in the body."""
    error = FieldError(field=field, message=message)
    return ProblemError(INVALID_FIELDS(f"{field}: {message}", errors=[error]))


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
    errors = [FieldError(field=_field(item), message=_message(item)) for item in found]
    names = ", ".join(dict.fromkeys(error.field for error in errors)) or "the request"
    return problem_response(INVALID_FIELDS(f"Please correct: {names}.", errors=errors))


def _field(item: Mapping[str, Any]) -> str:
    key = str(item.get("key", "")).removeprefix("data.")
    return "body" if key in {"", "data"} else key


def _message(item: Mapping[str, Any]) -> str:
    message = str(item["message"])
    return "Field required" if message == "'data'" else message


class StrictRequest(Request[Any, Any, Any]):
    """A request whose body is JSON, or malformed: whatever is wrong with it is no error of ours."""

    async def json(self) -> Any:
        try:
            return await super().json()
        except (SerializationException, UnicodeDecodeError, RecursionError) as error:
            problem = MALFORMED(f"The body is not valid JSON: {error.__cause__ or error}.")
            raise ProblemError(problem) from error


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework itself refuses."""
    problem_type = _BY_STATUS.get(error.status_code)
    if problem_type is None:
        problem_type = MALFORMED if error.status_code < 500 else INTERNAL
    if problem_type is INTERNAL:
        return _unexpected(request, error)
    detail = _DETAIL_BY_STATUS.get(error.status_code, error.detail)
    return problem_response(problem_type(detail), error.headers)


def _unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer a mistake of ours: everything goes to the log, and nothing to the caller."""
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(INTERNAL("Something went wrong on our side; it has been logged."))


EXCEPTION_HANDLERS: Final[Mapping[type[Exception], Callable[[Any, Any], Response[bytes]]]] = {
    ProblemError: _raised,
    ValidationException: _invalid,
    HTTPException: _http,
    Exception: _unexpected,
}
