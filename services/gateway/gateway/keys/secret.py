"""How an API key looks, and what is kept of it."""

import hashlib
import secrets
from typing import NamedTuple
from uuid import UUID, uuid4

from web.identity import Role

_SECRET_BYTES = 32


class NewKey(NamedTuple):
    """A key that was just made; `text` is shown once and never kept."""

    id: UUID
    text: str


def new_key(role: Role) -> NewKey:
    """Return a key `pk_<role>_<id>_<secret>`: one who finds it can tell what it opens."""
    key_id = uuid4()
    return NewKey(key_id, f"pk_{role}_{key_id.hex}_{secrets.token_hex(_SECRET_BYTES)}")


def hash_of(text: str) -> bytes:
    """Return what is kept of a key, and what it is found by.

    A plain SHA-256 is enough: slow hashes such as argon2 protect passwords, which can be guessed.
    A key has 256 random bits, and every request checks one.
    """
    return hashlib.sha256(text.encode()).digest()
