"""Errors as Stripe says them: `{"error": {"type", "code", "param", "message"}}`."""

from typing import Any

from litestar import Request, Response


class StripeError(Exception):
    """A refusal, with its HTTP status."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {
                name: value
                for name, value in (
                    ("code", code),
                    ("message", message),
                    ("param", param),
                    ("type", kind),
                )
                if value is not None
            }
        }


def missing(param: str) -> StripeError:
    """Return the refusal of a request without `param`."""
    return StripeError(
        400, f"Missing required param: {param}.", code="parameter_missing", param=param
    )


def invalid(param: str, message: str) -> StripeError:
    """Return the refusal of a value."""
    return StripeError(400, message, param=param)


def unknown(kind: str, id_: str, param: str = "id") -> StripeError:
    """Return the refusal of an id that is not there."""
    return StripeError(404, f"No such {kind}: '{id_}'", code="resource_missing", param=param)


def answered(_: Request[Any, Any, Any], error: StripeError) -> Response[dict[str, Any]]:
    """Answer a request with its refusal."""
    return Response(error.body, status_code=error.status)
