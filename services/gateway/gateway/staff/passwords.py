"""Passwords: argon2id with the parameters of its library, which follow RFC 9106."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from web.problems import invalid_field

_HASHER: Final = PasswordHasher()
_SHORTEST: Final = 10
_LONGEST: Final = 200
# A hash takes 64 MiB and some 50 ms: a flood of sign-ins waits instead of filling the memory, also
# where whoever asked has hung up by then.
_AT_ONCE: Final = ThreadPoolExecutor(2, thread_name_prefix="passwords")
_OF_NOBODY: Final = _HASHER.hash("who is not known takes as long as who is")


async def hash_of(password: str) -> str:
    """Return what is kept of a password."""
    return await asyncio.get_running_loop().run_in_executor(_AT_ONCE, _HASHER.hash, password)


async def fits(password_hash: str | None, password: str) -> bool:
    """Return whether this is the password; without a hash it is not, in the same time."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_AT_ONCE, _fits, password_hash, password)


def _fits(password_hash: str | None, password: str) -> bool:
    try:
        _HASHER.verify(password_hash or _OF_NOBODY, password)
    except VerificationError:
        return False
    return password_hash is not None


def checked(password: str, *, field: str) -> str:
    """Return a password that may be chosen; raises the refusal of `field`."""
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise invalid_field(field, f"A password has {_SHORTEST} to {_LONGEST} characters.")
    return password
