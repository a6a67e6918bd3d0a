"""What the payment provider is to be asked, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from postgres import Transaction
from sales.domain.payments import ErrandKind

CHANNEL: Final = "errands"
"""Who listens here is woken when there is something to do."""


@dataclass(frozen=True, slots=True)
class NewErrand:
    """Something to do; without `due_at` at once."""

    errand_id: UUID
    payment_id: UUID
    kind: ErrandKind
    line_ids: tuple[UUID, ...]
    amount: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An errand that is ours to try, for the `attempts`th time, with what the provider is told."""

    errand_id: UUID
    payment_id: UUID
    kind: ErrandKind
    line_ids: tuple[UUID, ...]
    amount: int
    attempts: int
    booking_id: UUID
    payment_amount: int
    currency: str
    description: str
    session_expires_at: datetime
    session_id: str | None


_INSERT = """
INSERT INTO errands (errand_id, payment_id, kind, line_ids, amount, due_at)
SELECT errand_id, payment_id, kind, line_ids::uuid[], amount, coalesce(due_at, now())
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[])
    AS new (errand_id, payment_id, kind, line_ids, amount, due_at)
ON CONFLICT (errand_id) DO UPDATE
SET due_at = least(errands.due_at, excluded.due_at)
WHERE errands.state = 'waiting' AND errands.attempts = 0
"""
# Errands that another process is claiming are left to it.
_CLAIM = """
WITH due AS (
    SELECT errand_id
    FROM errands
    WHERE state = 'waiting' AND due_at <= (SELECT clock_timestamp())
    ORDER BY due_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE errands
    SET due_at = clock_timestamp() + $2, attempts = attempts + 1
    FROM due
    WHERE errands.errand_id = due.errand_id
    RETURNING errands.*
)
SELECT claimed.errand_id, payment_id, claimed.kind, claimed.line_ids, claimed.amount,
       claimed.attempts, payment.booking_id, payment.amount AS payment_amount, payment.currency,
       payment.description, payment.session_expires_at, payment.session_id
FROM claimed
JOIN payments AS payment USING (payment_id)
"""
_TAKE = "SELECT TRUE FROM errands WHERE errand_id = $1 AND state = 'waiting' FOR UPDATE"
_FINISH = """
UPDATE errands SET state = $2, problem = $3 WHERE errand_id = $1 AND state = 'waiting'
"""
_POSTPONE = """
UPDATE errands SET due_at = clock_timestamp() + $2, problem = $3
WHERE errand_id = $1 AND state = 'waiting'
"""
_HURRY = """
UPDATE errands SET due_at = now()
WHERE payment_id = ANY($1) AND kind = 'refund' AND state = 'waiting' AND due_at > now()
"""
_WITHDRAW = """
UPDATE errands SET state = 'done'
WHERE payment_id = ANY($1) AND kind = 'close' AND state = 'waiting'
"""
_SHIFT = """
UPDATE errands
SET due_at = payment.expires_at - clock.ahead
FROM payments AS payment
JOIN test_clocks AS clock USING (chain_id)
WHERE errands.payment_id = payment.payment_id AND payment.chain_id = ANY($1)
    AND errands.kind = 'close' AND errands.state = 'waiting' AND errands.attempts = 0
    AND errands.due_at > payment.expires_at - clock.ahead
"""


async def insert(transaction: Transaction, errands: Collection[NewErrand]) -> None:
    """Write errands; one that waits already is due at the earlier of both times."""
    await transaction.execute(
        _INSERT,
        [each.errand_id for each in errands],
        [each.payment_id for each in errands],
        [each.kind for each in errands],
        [f"{{{','.join(map(str, each.line_ids))}}}" for each in errands],
        [each.amount for each in errands],
        [each.due_at for each in errands],
    )
    await wake(transaction)


async def claim(transaction: Transaction, limit: int, lease: timedelta) -> Sequence[Claimed]:
    """Take up to `limit` errands that are due; nobody else tries them within `lease`."""
    rows = await transaction.fetch(_CLAIM, limit, lease)
    return [_claimed(row) for row in rows]


async def take(transaction: Transaction, errand_id: UUID) -> bool:
    """Lock an errand; return whether it still waits."""
    return bool(await transaction.fetchval(_TAKE, errand_id))


async def finish(transaction: Transaction, errand_id: UUID, *, problem: str | None = None) -> None:
    """Note that an errand is done, or has failed for good because of `problem`."""
    await transaction.execute(_FINISH, errand_id, "failed" if problem else "done", problem)


async def postpone(
    transaction: Transaction, errand_id: UUID, pause: timedelta, problem: str
) -> None:
    """Let an errand that could not be done be due again after `pause`."""
    await transaction.execute(_POSTPONE, errand_id, pause, problem)


async def hurry_refunds(transaction: Transaction, payment_ids: Collection[UUID]) -> None:
    """Look at the refunds of these payments now: the provider says that something happened."""
    await transaction.execute(_HURRY, list(payment_ids))
    await wake(transaction)


async def withdraw_closing(transaction: Transaction, payment_ids: Collection[UUID]) -> None:
    """Close no pages of these payments: they are closed."""
    await transaction.execute(_WITHDRAW, list(payment_ids))


async def shift(transaction: Transaction, chain_ids: Collection[UUID]) -> None:
    """Let payments of these chains expire when their clocks, as they are now, say so."""
    await transaction.execute(_SHIFT, list(chain_ids))
    await wake(transaction)


async def wake(transaction: Transaction) -> None:
    """Wake all replicas when this transaction commits."""
    await transaction.execute("SELECT pg_notify($1, '')", CHANNEL)


def _claimed(row: Any) -> Claimed:
    columns: dict[str, Any] = {
        **row,
        "kind": ErrandKind(row["kind"]),
        "line_ids": tuple(row["line_ids"]),
    }
    return Claimed(**columns)
