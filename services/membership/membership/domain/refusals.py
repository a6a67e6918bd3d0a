"""Why a command is not carried out."""


class NotFound(Exception):  # noqa: N818 — a refusal, not a failure
    """What the command is about does not exist for the one who asks."""


class Conflict(Exception):  # noqa: N818 — a refusal, not a failure
    """The state does not allow the command; the message says why, for people."""
