"""The ledger: buckets, and the entries that their counts are made of (rule X1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID, uuid5

Kind = Literal["granted", "debited", "reversed", "expired", "adjusted"]

UNLIMITED: Final = 1 << 60
"""What is free in a bucket without a count: more than anybody asks for."""


@dataclass(slots=True)
class Bucket:
    """One count of a membership with the services, and categories of services, that it covers.

    `granted` is absent when the bucket is unlimited. `debited` counts debits that were not
    reversed, `entries` all entries in the ledger.
    """

    bucket_id: UUID
    membership_id: UUID
    service_ids: frozenset[UUID]
    category_ids: frozenset[UUID]
    granted: int | None
    debited: int = 0
    held: int = 0
    expired: int = 0
    adjusted: int = 0
    entries: int = 0

    @property
    def balance(self) -> int | None:
        """The sessions that are left, held ones among them; None when unlimited."""
        if self.granted is None:
            return None
        return self.granted + self.adjusted - self.debited - self.expired

    @property
    def is_used_up(self) -> bool:
        """Whether nothing is left (rule G5)."""
        balance = self.balance
        return balance is not None and balance <= 0

    @property
    def free(self) -> int:
        """The sessions that are neither used nor held."""
        balance = self.balance
        return UNLIMITED if balance is None else balance - self.held


class Use(NamedTuple):
    """What a session is used for, on which visit's bill, and by whom (rule S3).

    `settlement_revision` is that of the settlement which decides about the line; `automatic` says
    whether it was debited automatically or by hand.
    """

    client_id: UUID
    appointment_id: UUID
    line_id: UUID
    settlement_revision: int
    automatic: bool = True
    service_id: UUID | None = None
    visit_id: UUID | None = None


class Entry(NamedTuple):
    """One entry. `revision` counts the entries of the membership, `balance` is the one after it."""

    entry_id: UUID
    membership_id: UUID
    bucket_id: UUID
    revision: int
    kind: Kind
    sessions: int
    balance: int | None
    recorded_at: datetime
    use: Use | None


def grant(bucket: Bucket, revision: int, now: datetime) -> Entry:
    """Open the ledger of a new bucket; an unlimited one is granted 0 sessions."""
    bucket.entries += 1
    return Entry(
        entry_id=uuid5(bucket.bucket_id, "granted"),
        membership_id=bucket.membership_id,
        bucket_id=bucket.bucket_id,
        revision=revision,
        kind="granted",
        sessions=bucket.granted or 0,
        balance=bucket.balance,
        recorded_at=now,
        use=None,
    )


def adjust(
    bucket: Bucket, sessions: int, adjustment_id: UUID, revision: int, now: datetime
) -> Entry:
    """Change a count by hand, and return its entry; `sessions` has a sign."""
    bucket.adjusted += sessions
    bucket.entries += 1
    return Entry(
        entry_id=uuid5(bucket.bucket_id, f"adjusted/{adjustment_id}"),
        membership_id=bucket.membership_id,
        bucket_id=bucket.bucket_id,
        revision=revision,
        kind="adjusted",
        sessions=sessions,
        balance=bucket.balance,
        recorded_at=now,
        use=None,
    )


def record(
    bucket: Bucket,
    kind: Literal["debited", "reversed", "expired"],
    use: Use,
    revision: int,
    now: datetime,
) -> Entry:
    """Count one session, and return its entry.

    The entry's id is derived from the decision: the same one twice meets a unique constraint.
    """
    match kind:
        case "debited":
            bucket.debited += 1
        case "reversed":
            bucket.debited -= 1
        case "expired":
            bucket.expired += 1
    bucket.entries += 1
    return Entry(
        entry_id=uuid5(use.line_id, f"{kind}/{use.settlement_revision}"),
        membership_id=bucket.membership_id,
        bucket_id=bucket.bucket_id,
        revision=revision,
        kind=kind,
        sessions=1,
        balance=bucket.balance,
        recorded_at=now,
        use=use,
    )
