"""An idempotent producer that is renewed when it breaks."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from messaging.envelope import Record


class PublishError(Exception):
    """The broker did not confirm the record in time; it may have it nevertheless."""


class Publisher:
    """Sends records with `acks=all`, in the order given for every key."""

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, bootstrap_servers: str, *, client_id: str
    ) -> AsyncGenerator["Publisher", None]:
        """Make a publisher, and close it at the end; the broker need not be there yet."""
        yield cls()

    async def publish(self, record: Record) -> None:
        """Return when the broker has confirmed the record; raises `PublishError`."""
        raise NotImplementedError(record)

    async def publish_all(self, records: Sequence[Record]) -> list[bool]:
        """Send all at once; return for each whether the broker has confirmed it."""
        raise NotImplementedError(records)
