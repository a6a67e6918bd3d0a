"""Phone codes in the gateway's own database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from postgres import Database, Transaction


@dataclass(frozen=True, slots=True)
class Asking:
    """A code that is asked for; the number is kept until it is sent."""

    code_id: UUID
    location_id: UUID
    location_name: str
    phone: str = field(repr=False)
    phone_hash: bytes
    caller_hash: bytes


@dataclass(frozen=True, slots=True)
class Unsent:
    """A code on its way to `phone` (E.164), which no log shows."""

    code_id: UUID
    location_name: str
    phone: str = field(repr=False)


async def wait_before(
    transaction: Transaction, asking: Asking, per_phone: int, per_caller: int
) -> timedelta | None:
    """Return how long to wait before another code; None when there may be one now.

    Within any hour a phone gets `per_phone` codes, and a caller asks for `per_caller`.
    """
    hashes = sorted([asking.phone_hash, asking.caller_hash])
    # Whoever counts the same phone or caller waits until this one's code is counted, too.
    for one in hashes:
        number = int.from_bytes(one[:8], signed=True)
        await transaction.execute("SELECT pg_advisory_xact_lock($1)", number)
    return await transaction.fetchval(
        """
        WITH recent AS (
            SELECT phone_hash = $1 AS to_phone, caller_hash = $2 AS by_caller, asked_at
            FROM phone_codes
            WHERE (phone_hash = $1 OR caller_hash = $2)
            AND asked_at > clock_timestamp() - interval '1 hour'
        )
        SELECT greatest(
            (SELECT min(asked_at) FROM recent WHERE to_phone HAVING count(*) >= $3),
            (SELECT min(asked_at) FROM recent WHERE by_caller HAVING count(*) >= $4)
        ) + interval '1 hour' - clock_timestamp()
        """,
        asking.phone_hash,
        asking.caller_hash,
        per_phone,
        per_caller,
    )


async def keep(transaction: Transaction, asking: Asking) -> datetime:
    """Keep a code to be sent, and return until when it is valid."""
    return await transaction.fetchval(
        """
        INSERT INTO phone_codes (id, location_id, location_name, phone_hash, caller_hash, phone)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING expires_at
        """,
        asking.code_id,
        asking.location_id,
        asking.location_name,
        asking.phone_hash,
        asking.caller_hash,
        asking.phone,
    )


async def take_try(transaction: Transaction, location_id: UUID, phone_hash: bytes) -> UUID | None:
    """Count a try of the newest code for the phone; None when there is none to be tried."""
    return await transaction.fetchval(
        """
        UPDATE phone_codes SET tries = tries + 1
        WHERE id = (
            SELECT id FROM phone_codes WHERE location_id = $1 AND phone_hash = $2
            ORDER BY asked_at DESC, id LIMIT 1
        )
        AND tries < 5 AND confirmed_at IS NULL AND expires_at > now()
        RETURNING id
        """,
        location_id,
        phone_hash,
    )


async def confirm(transaction: Transaction, code_id: UUID) -> None:
    """Note that the code was typed by whom it was sent to."""
    await transaction.execute(
        "UPDATE phone_codes SET confirmed_at = now(), phone = NULL WHERE id = $1", code_id
    )


async def claim_unsent(database: Database, most: int, retry_seconds: float) -> Sequence[Unsent]:
    """Return codes that are due to be sent; unless noted as sent, they are due again then."""
    rows = await database.pool.fetch(
        """
        UPDATE phone_codes SET send_at = now() + make_interval(secs => $2)
        WHERE id = ANY (
            SELECT id FROM phone_codes
            WHERE phone IS NOT NULL AND send_at <= now() AND expires_at > now()
            ORDER BY send_at LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id AS code_id, location_name, phone
        """,
        most,
        retry_seconds,
    )
    return [Unsent(**row) for row in rows]


async def note_sent(database: Database, code_ids: Sequence[UUID]) -> None:
    """Forget the numbers that these codes were sent to."""
    await database.pool.execute(
        "UPDATE phone_codes SET phone = NULL WHERE id = ANY ($1)", list(code_ids)
    )


async def prune(database: Database) -> None:
    """Forget the numbers of codes that expired unsent, and codes that no limit counts any more."""
    await database.pool.execute("DELETE FROM phone_codes WHERE asked_at < now() - interval '1 day'")
    await database.pool.execute(
        "UPDATE phone_codes SET phone = NULL WHERE phone IS NOT NULL AND expires_at < now()"
    )
