"""The pool of connections to a service's own database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

Transaction: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
"""A connection inside a transaction: it commits or rolls back where it was opened."""

_COMMAND_TIMEOUT = 20.0  # seconds; a server that went away without a word is noticed by it
# An attempt that began while the server was silent is never answered, though others are by then.
_CONNECT_TIMEOUT = 10.0
_SERVER_SETTINGS = {
    "idle_in_transaction_session_timeout": "30s",
    "lock_timeout": "10s",
    "timezone": "UTC",
    # Short set-wise statements: compiling them costs more than running them.
    "jit": "off",
}


class Database:
    """An asyncpg pool. UUIDs are `uuid.UUID`, instants are aware and in UTC."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", dsn: str, name: str) -> None:
        self.pool = pool
        self._dsn = dsn
        self._name = name

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, dsn: str, *, application_name: str, max_size: int = 10
    ) -> AsyncGenerator["Database", None]:
        """Open the pool, and close it at the end; raises when the server does not answer."""
        async with asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=max_size,
            timeout=_CONNECT_TIMEOUT,
            command_timeout=_COMMAND_TIMEOUT,
            server_settings={**_SERVER_SETTINGS, "application_name": application_name},
            reset=_keep_session,
        ) as pool:
            yield cls(pool, dsn, application_name)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction, None]:
        """Begin, then commit, or roll back when the block raises (READ COMMITTED)."""
        async with (
            self.pool.acquire() as connection,
            self._noticing_silence(connection),
            connection.transaction(),
            self._noticing_silence(connection),
        ):
            yield connection

    @asynccontextmanager
    async def _noticing_silence(self, connection: Transaction) -> AsyncGenerator[None, None]:
        """Give up all connections when a statement has no answer: they may all be half-open.

        Otherwise the rollback would wait as long again, and so would each of the others.
        """
        try:
            yield
        except TimeoutError:
            connection.terminate()
            await self.pool.expire_connections()
            raise

    async def own_connection(self, **settings: str) -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection outside the pool, for session locks and LISTEN; the caller closes.

        `settings` are the server's, such as `synchronous_commit`.
        """
        return await asyncpg.connect(
            self._dsn,
            timeout=_CONNECT_TIMEOUT,
            command_timeout=_COMMAND_TIMEOUT,
            server_settings={
                "timezone": "UTC",
                "jit": "off",
                "application_name": f"{self._name} (own)",
                **settings,
            },
        )


async def _keep_session(_connection: Any) -> None:
    """Release a connection as it is: nobody sets session state on a pooled one.

    What asyncpg would run instead costs a round trip for every transaction.
    """
