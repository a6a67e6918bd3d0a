"""The catalogue of problem types (RFC 9457): every refusal that a caller can meet, by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from contracts.reply import FieldError, Problem


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of refusal. Its `name` is stable: callers branch on `/problems/<name>`."""

    name: str
    title: str
    status: int
    meaning: str

    @property
    def uri(self) -> str:
        """The `type` of the problem document, relative to the public edge."""
        return f"/problems/{self.name}"

    def problem(
        self,
        detail: str,
        *,
        errors: Iterable[FieldError] = (),
        reasons: Iterable[dict[str, Any]] = (),
    ) -> Problem:
        """Make the problem document for one occurrence."""
        return Problem(
            type=self.uri,
            title=self.title,
            status=self.status,
            detail=detail,
            errors=tuple(errors),
            reasons=tuple(reasons),
        )


INVALID_REQUEST: Final = ProblemType(
    "invalid-request",
    "The request is not valid",
    400,
    "A field is missing, misspelt or has a value that it cannot have; `errors` names each field.",
)
IDEMPOTENCY_KEY_MISSING: Final = ProblemType(
    "idempotency-key-missing",
    "The Idempotency-Key header is missing",
    400,
    "A request that changes something needs a key of yours, so that repeating it is safe.",
)
IDEMPOTENCY_KEY_REUSED: Final = ProblemType(
    "idempotency-key-reused",
    "The idempotency key belongs to another request",
    422,
    "The key was used before with another path or body. Use a new key for a new request.",
)
UNAUTHENTICATED: Final = ProblemType(
    "unauthenticated",
    "A valid API key is needed",
    401,
    "The request has no API key, or one that is unknown or revoked.",
)
FORBIDDEN: Final = ProblemType(
    "forbidden",
    "The API key may not do this",
    403,
    "The role of the key does not include this action.",
)
NOT_FOUND: Final = ProblemType(
    "not-found",
    "There is no such thing",
    404,
    "The id is unknown, or belongs to somebody else: the answer does not tell which.",
)
METHOD_NOT_ALLOWED: Final = ProblemType(
    "method-not-allowed", "The method is not allowed here", 405, "The path knows other methods."
)
TOO_LARGE: Final = ProblemType(
    "too-large", "The request is too large", 413, "A request body has at most 64 KiB."
)
CONFLICT: Final = ProblemType(
    "conflict",
    "The state does not allow this",
    409,
    "What is asked for contradicts the present state; `detail` says how.",
)
SETTINGS_CONFLICT: Final = ProblemType(
    "settings-conflict",
    "The settings contradict each other",
    409,
    "`detail` names both settings and the way out (rule G2).",
)
SLOT_TAKEN: Final = ProblemType(
    "slot-taken",
    "The time is not free",
    409,
    "The team member is booked, or does not work, at this time. Ask for the free slots again.",
)
EVENT_FULL: Final = ProblemType(
    "event-full",
    "The event has too few spots left",
    409,
    "Fewer spots are free than the booking asks for.",
)
PHONE_NOT_CONFIRMED: Final = ProblemType(
    "phone-not-confirmed",
    "The phone number is not confirmed",
    403,
    "A booking with a membership needs a confirmed phone number (rule G8).",
)
PHONE_CODE_WRONG: Final = ProblemType(
    "phone-code-wrong",
    "The code is not the one that was sent",
    403,
    "The code is wrong, has expired or was tried too often. After five tries ask for a new one.",
)
TOO_MANY_REQUESTS: Final = ProblemType(
    "too-many-requests",
    "Too many requests",
    429,
    "`Retry-After` says in how many seconds there may be another.",
)
NO_SUITABLE_MEMBERSHIP: Final = ProblemType(
    "no-suitable-membership",
    "No suitable membership",
    409,
    "No valid membership of the client covers the booking (rules G5 to G7); `reasons` says why.",
)
ALREADY_PAID: Final = ProblemType(
    "already-paid",
    "It is paid already",
    409,
    "A session or money has paid a line; a line is paid once (rule A16).",
)
SESSIONS_HELD: Final = ProblemType(
    "sessions-held",
    "Sessions are held for bookings",
    409,
    "Less would be left than is held (rule X6); `reasons` names the bookings. With `force` the"
    " holds that start latest are released, and their bookings flagged.",
)
BOOKING_TIMED_OUT: Final = ProblemType(
    "booking-timed-out",
    "The booking was not decided in time",
    503,
    "The booking was refused and its slot is free again (rule X7). Submit it anew.",
)
RESCHEDULING_TOO_LATE: Final = ProblemType(
    "rescheduling-too-late",
    "It is too late to reschedule",
    409,
    "The deadline for cancelling and rescheduling online has passed (rule G11); `detail` names it.",
)
CANCELLATION_TOO_LATE: Final = ProblemType(
    "cancellation-too-late",
    "It is too late to cancel",
    409,
    "The deadline for cancelling online has passed (rule A2); `detail` names it.",
)
SERVICE_UNAVAILABLE: Final = ProblemType(
    "service-unavailable",
    "A part of the system does not answer",
    503,
    "Nothing was changed, or the outcome is not known yet; repeat with the same idempotency key.",
)
INTERNAL_ERROR: Final = ProblemType(
    "internal-error",
    "Something went wrong on our side",
    500,
    "The failure is recorded and will be looked at.",
)

CATALOGUE: Final[dict[str, ProblemType]] = {
    kind.name: kind for kind in tuple(globals().values()) if isinstance(kind, ProblemType)
}

MEMBERSHIP_REFUSAL: Final = (
    "Sorry, but it appears that your membership is either not suitable or has expired."
)
"""The sentence of rule G7, word for word."""
