"""What was decided in one transaction, and is to be saved."""

from dataclasses import dataclass, field
from uuid import UUID

from membership.domain.appointments import Claim, Ending, Hold
from membership.domain.history import Change, HistoryRow
from membership.domain.ledger import Bucket, Entry
from membership.domain.memberships import Membership
from membership.domain.plans import Plan
from membership.domain.settlements import Settlement


@dataclass(slots=True)
class Changes:
    """The rows that differ from what was loaded.

    `placed` are holds that are written whole, `holds` those whose bucket or state changed.
    """

    issued: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    memberships: dict[UUID, Membership] = field(default_factory=dict[UUID, Membership])
    buckets: dict[UUID, Bucket] = field(default_factory=dict[UUID, Bucket])
    placed: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])
    holds: dict[UUID, Hold] = field(default_factory=dict[UUID, Hold])
    entries: list[Entry] = field(default_factory=list[Entry])
    settlements: dict[UUID, Settlement] = field(default_factory=dict[UUID, Settlement])
    endings: dict[UUID, Ending] = field(default_factory=dict[UUID, Ending])
    moved: dict[UUID, Plan] = field(default_factory=dict[UUID, Plan])
    claims: dict[UUID, Claim] = field(default_factory=dict[UUID, Claim])
    refused_reschedules: set[UUID] = field(default_factory=set[UUID])
    aliases: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    joined: list[tuple[UUID, UUID]] = field(default_factory=list[tuple[UUID, UUID]])
    history: list[HistoryRow] = field(default_factory=list[HistoryRow])

    def issue(self, membership: Membership, change: Change) -> None:
        """Keep a membership that is new, with the first row of its history."""
        self.issued[membership.membership_id] = membership
        self._tell(membership, change)

    def note(self, membership: Membership, change: Change) -> None:
        """Keep a membership at its next revision, with a row of its history."""
        membership.revision += 1
        self.memberships[membership.membership_id] = membership
        self._tell(membership, change)

    def _tell(self, membership: Membership, change: Change) -> None:
        row = membership.membership_id, membership.revision, change, membership.expires_on
        self.history.append(HistoryRow(*row))
