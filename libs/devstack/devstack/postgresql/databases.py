"""What is asked of a Postgres that runs, ours or another: a role and a database per service."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg

# Whoever creates roles or databases holds this advisory lock of the server's main database.
_LOCK = 0x70756E6368


def dsn_of(admin_dsn: str, database: str, role: str, password: str) -> str:
    """Return the address of `database` on the server of `admin_dsn`, for `role`."""
    parts = urlsplit(admin_dsn)
    netloc = f"{role}:{quote(password)}@{place_of(admin_dsn)}"
    return parts._replace(netloc=netloc, path=f"/{database}").geturl()


def place_of(dsn: str) -> str:
    """Return host and port of the server of `dsn`."""
    return urlsplit(dsn).netloc.rpartition("@")[2]


async def answers(admin_dsn: str) -> bool:
    """Return whether the server answers a query."""
    try:
        async with _connection(admin_dsn) as connection:
            return bool(await connection.fetchval("SELECT 1") == 1)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


async def ensure_role(admin_dsn: str, role: str, password: str) -> None:
    """Create `role` if it is missing, and let it sign in with `password`."""
    async with _locked(admin_dsn) as connection:
        exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
        verb = "ALTER" if exists else "CREATE"
        await connection.execute(f"{verb} ROLE {_name(role)} LOGIN PASSWORD '{_text(password)}'")


async def ensure_database(
    admin_dsn: str, database: str, owner: str, *, template: str | None = None
) -> bool:
    """Create `database` of `owner` if it is missing, as a copy of `template`; tell if it was."""
    async with _locked(admin_dsn) as connection:
        exists = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database)
        if exists:
            return False
        copy = f" TEMPLATE {_name(template)}" if template else ""
        await connection.execute(f"CREATE DATABASE {_name(database)} OWNER {_name(owner)}{copy}")
        # A service sees its own database only.
        await connection.execute(f"REVOKE ALL ON DATABASE {_name(database)} FROM PUBLIC")
        return True


async def rename_database(admin_dsn: str, database: str, to: str) -> None:
    """Give `database`, which nobody uses, the name `to`."""
    async with _locked(admin_dsn) as connection:
        await connection.execute(f"ALTER DATABASE {_name(database)} RENAME TO {_name(to)}")


async def exists(admin_dsn: str, database: str) -> bool:
    """Return whether `database` is there."""
    async with _connection(admin_dsn) as connection:
        query = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"
        return bool(await connection.fetchval(query, database))


async def drop_database(admin_dsn: str, database: str) -> None:
    """Remove `database` if it is there, and whoever is connected to it."""
    async with _locked(admin_dsn) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {_name(database)} WITH (FORCE)")


@asynccontextmanager
async def _connection(dsn: str) -> "AsyncGenerator[asyncpg.Connection[Any]]":
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _locked(dsn: str) -> "AsyncGenerator[asyncpg.Connection[Any]]":
    async with _connection(dsn) as connection:
        # The session ends with the connection, and the lock with the session.
        await connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
        yield connection


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    return value.replace("'", "''")
