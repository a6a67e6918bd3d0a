"""API keys in the gateway's own database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from contracts.base import Value
from postgres import Database
from web.identity import Principal, Role

# The platform's first key is always this one: another PLATFORM_KEY replaces it.
_PLATFORM_KEY_ID: Final = UUID("8f0e3a52-5ad3-5c55-9a51-0d3b3a0c6f01")


class ApiKey(Value):
    """An API key as it is listed: everything but the key itself."""

    api_key_id: UUID
    role: Role
    chain_id: UUID | None
    location_id: UUID | None
    origins: tuple[str, ...] = ()
    name: str
    created_at: datetime
    revoked_at: datetime | None


async def keep(database: Database, principal: Principal, name: str, key_hash: bytes) -> ApiKey:
    """Keep a new key, and return how it is listed."""
    row = await database.pool.fetchrow(
        """
        INSERT INTO api_keys (id, key_hash, role, chain_id, location_id, origins, name)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        RETURNING id AS api_key_id, role, chain_id, location_id, origins, name, created_at,
            revoked_at
        """,
        principal.id,
        key_hash,
        principal.role.value,
        principal.chain_id,
        principal.location_id,
        principal.origins or (),
        name,
    )
    return ApiKey.model_validate(dict(row or {}))


async def keep_platform_key(database: Database, key_hash: bytes) -> None:
    """Make this the platform's first key."""
    await database.pool.execute(
        """
        INSERT INTO api_keys (id, key_hash, role, name) VALUES ($1, $2, 'platform', 'platform')
        ON CONFLICT (id) DO UPDATE SET key_hash = excluded.key_hash, revoked_at = NULL
        """,
        _PLATFORM_KEY_ID,
        key_hash,
    )


async def holder(database: Database, key_hash: bytes) -> Principal | None:
    """Return who holds the key; nobody when it is unknown or revoked."""
    row = await database.pool.fetchrow(
        """
        SELECT id, role, chain_id, location_id,
            CASE role WHEN 'widget' THEN origins END AS origins
        FROM api_keys
        WHERE key_hash = $1 AND revoked_at IS NULL
        """,
        key_hash,
    )
    return None if row is None else Principal.model_validate(dict(row))


async def listed(database: Database) -> Sequence[ApiKey]:
    """Return all keys, the newest first."""
    rows = await database.pool.fetch(
        """
        SELECT id AS api_key_id, role, chain_id, location_id, origins, name, created_at, revoked_at
        FROM api_keys ORDER BY created_at DESC, id
        """
    )
    return [ApiKey.model_validate(dict(row)) for row in rows]


async def revoke(database: Database, api_key_id: UUID) -> bool:
    """End a key's life; return whether there is such a key. Doing it again changes nothing."""
    row = await database.pool.fetchrow(
        """
        UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING id
        """,
        api_key_id,
    )
    return row is not None
