"""Why a command is not carried out."""

from collections.abc import Sequence

from membership.domain.appointments import Hold


class NotFound(Exception):  # noqa: N818 — a refusal, not a failure
    """What the command is about does not exist for the one who asks."""


class Conflict(Exception):  # noqa: N818 — a refusal, not a failure
    """The state does not allow the command; the message says why, for people."""


class Invalid(Exception):  # noqa: N818 — a refusal, not a failure
    """A field has a value that it cannot have."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


class SessionsHeld(Exception):  # noqa: N818 — a refusal, not a failure
    """Less would be left than is held (rule X6): these holds would have to end."""

    def __init__(self, holds: Sequence[Hold]) -> None:
        super().__init__(f"{len(holds)} held")
        self.holds = holds
