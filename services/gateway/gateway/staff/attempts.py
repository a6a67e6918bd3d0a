"""Attempts to tell a password: who guesses has to wait, however many guesses come at once."""

from typing import Final
from uuid import UUID

from postgres import Database

_PER_SUBJECT: Final = 10
_PER_CALLER: Final = 50


async def begun(database: Database, subject: bytes, caller: bytes) -> UUID | None:
    """Note an attempt before the password is looked at; None if there were too many.

    Within 15 minutes a `subject` (the hash of whose password it is) may be tried wrongly 10 times,
    and by one `caller` 50 times. An attempt that has to wait does not count.
    """
    await database.pool.execute("DELETE FROM failed_sign_ins WHERE at < now() - interval '1 day'")
    attempt: UUID = await database.pool.fetchval(
        "INSERT INTO failed_sign_ins (email_hash, caller_hash) VALUES ($1, $2) RETURNING id",
        subject,
        caller,
    )
    # This one is among them, and so is every other that has been noted by now.
    is_refused = await database.pool.fetchval(
        """
        SELECT (SELECT count(*) FROM failed_sign_ins
                WHERE email_hash = $1 AND at > now() - interval '15 minutes') > $3
            OR (SELECT count(*) FROM failed_sign_ins
                WHERE caller_hash = $2 AND at > now() - interval '15 minutes') > $4
        """,
        subject,
        caller,
        _PER_SUBJECT,
        _PER_CALLER,
    )
    if is_refused:
        await forgiven(database, attempt)
        return None
    return attempt


async def forgiven(database: Database, attempt: UUID) -> None:
    """Take an attempt back: the password was right."""
    await database.pool.execute("DELETE FROM failed_sign_ins WHERE id = $1", attempt)
