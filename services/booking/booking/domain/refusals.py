"""Why something that was asked for is not done."""

from typing import Literal

Kind = Literal[
    "invalid-request",
    "forbidden",
    "not-found",
    "conflict",
    "slot-taken",
    "event-full",
    "phone-not-confirmed",
    "cancellation-too-late",
    "rescheduling-too-late",
    "settings-conflict",
]


class Refusal(Exception):  # noqa: N818 — it is an answer, not a mistake
    """What was asked for is refused; nothing changes.

    `kind` is the name of a problem type, `detail` is for people, and `field` is the dotted path
    of the one field that is wrong. `reasons` name what stands in the way, as plain JSON.
    """

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        field: str | None = None,
        reasons: tuple[dict[str, str], ...] = (),
    ) -> None:
        super().__init__(detail)
        self.kind: Kind = kind
        self.detail = detail
        self.field = field
        self.reasons = reasons


def unknown(what: str) -> Refusal:
    """Return the refusal of an id that is unknown, or belongs to somebody else."""
    return Refusal("not-found", f"There is no {what} here.")


def invalid(field: str, message: str) -> Refusal:
    """Return the refusal of one wrong field."""
    return Refusal("invalid-request", message, field=field)
