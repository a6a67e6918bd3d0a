"""Signing in: the password is checked, and who guesses has to wait."""

import hashlib
import hmac
from typing import Final

from gateway.staff import accounts, passwords
from gateway.staff.sessions import Sessions
from postgres import Database

_PER_EMAIL: Final = 10
_PER_CALLER: Final = 50


class SignInRefused(Exception):  # noqa: N818 — reads as the fact that it is
    """Why nobody was signed in, for people; an unknown address is no other reason."""


async def signed_in(
    database: Database, secret: str, email: str, password: str, *, caller: str
) -> str:
    """Open a session for who has this password, and return its token; raises `SignInRefused`.

    Within 15 minutes an address may be tried wrongly 10 times, and by one `caller` 50 times.
    """
    hashes = [_keyed(secret, f"email/{email.lower()}"), _keyed(secret, f"caller/{caller}")]
    if await _failed_too_often(database, *hashes):
        raise SignInRefused("Too many attempts. Please wait a quarter of an hour.")
    known = await accounts.known(database, email)
    if not await passwords.fits(known.password_hash if known else None, password) or not known:
        await database.pool.execute(
            "INSERT INTO failed_sign_ins (email_hash, caller_hash) VALUES ($1, $2)", *hashes
        )
        raise SignInRefused("This is not the right email address and password.")
    return await Sessions(database).open(known.staff_id)


async def _failed_too_often(database: Database, email_hash: bytes, caller_hash: bytes) -> bool:
    await database.pool.execute("DELETE FROM failed_sign_ins WHERE at < now() - interval '1 day'")
    return await database.pool.fetchval(
        """
        SELECT (SELECT count(*) FROM failed_sign_ins
                WHERE email_hash = $1 AND at > now() - interval '15 minutes') >= $3
            OR (SELECT count(*) FROM failed_sign_ins
                WHERE caller_hash = $2 AND at > now() - interval '15 minutes') >= $4
        """,
        email_hash,
        caller_hash,
        _PER_EMAIL,
        _PER_CALLER,
    )


def _keyed(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
