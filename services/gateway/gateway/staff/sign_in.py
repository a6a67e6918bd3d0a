"""Signing in: the password is checked, and who guesses has to wait."""

import hashlib
import hmac
import secrets
from typing import NamedTuple
from uuid import UUID

from gateway.staff import accounts, attempts, passwords
from gateway.staff.sessions import Sessions
from postgres import Database


class SignInRefused(Exception):  # noqa: N818 — reads as the fact that it is
    """Why nobody was signed in, for people; an unknown address is no other reason."""


class Opened(NamedTuple):
    """The token of a session, and what says later that this browser has been here before."""

    token: str
    browser: str


async def signed_in(
    database: Database, secret: str, email: str, password: str, *, caller: str, browser: str = ""
) -> Opened:
    """Open a session for who has this password, and return its token; raises `SignInRefused`.

    A browser in which this person has signed in before has tries of its own: nobody is shut out by
    those who guess elsewhere.
    """
    known = await accounts.known(database, email)
    # However the address was written, its tries are those of the one account that it leads to.
    subject = f"email/{(known.email if known else email).lower()}"
    if known and _is_of(secret, known.staff_id, browser):
        subject = caller = f"browser/{browser}"
    attempt = await attempts.begun(
        database, _keyed(secret, subject), _keyed(secret, f"caller/{caller}")
    )
    if attempt is None:
        raise SignInRefused("Too many attempts. Please wait a quarter of an hour.")
    if not await passwords.fits(known.password_hash if known else None, password) or not known:
        raise SignInRefused("This is not the right email address and password.")
    await attempts.forgiven(database, attempt)
    token = await Sessions(database).open(known.staff_id)
    nonce = secrets.token_urlsafe(12)
    return Opened(token, f"{nonce}.{_mark(secret, known.staff_id, nonce)}")


def _is_of(secret: str, staff_id: UUID, browser: str) -> bool:
    nonce, _, mark = browser.partition(".")
    return hmac.compare_digest(mark.encode(), _mark(secret, staff_id, nonce).encode())


def _mark(secret: str, staff_id: UUID, nonce: str) -> str:
    return _keyed(secret, f"browser/{staff_id}/{nonce}").hex()


def _keyed(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
