"""The history of a membership: what was done with it, by whom and why."""

from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

ChangeKind = Literal[
    "issued",
    "imported",
    "activated",
    "frozen",
    "unfrozen",
    "extended",
    "adjusted",
    "voided",
    "shared",
    "unshared",
    "merged",
]


class Actor(NamedTuple):
    """Who did something: the id of the key or token, and its role."""

    principal_id: UUID
    role: str


class Change(NamedTuple):
    """What is done with a membership; what happens by itself is done by nobody."""

    kind: ChangeKind
    at: datetime
    by: Actor | None = None
    reason: str | None = None
    client_id: UUID | None = None
    sessions: int | None = None
    bucket_id: UUID | None = None


class HistoryRow(NamedTuple):
    """A change that made a membership what it is at `revision`, with the expiry date since then."""

    membership_id: UUID
    revision: int
    change: Change
    expires_on: date | None

    @property
    def change_id(self) -> UUID:
        """The id that the change of this revision has, whoever makes it."""
        return uuid5(self.membership_id, f"change/{self.revision}")
