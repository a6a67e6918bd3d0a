"""Keep the balances of memberships in a database of your own, from Punchcard's public ledger.

    pip install aiokafka
    KAFKA_BOOTSTRAP_SERVERS=kafka:9092 python balances.py balances.db [--from-the-beginning]

Stop it, or kill it, and run it again: it goes on where its data end.
"""

import asyncio
import json
import os
import sqlite3
import sys
from contextlib import closing

from aiokafka import AIOKafkaConsumer

LEDGER = "membership.ledger"
ENTRY = "membership.ledger_entry_recorded.v1"

SCHEMA = """
CREATE TABLE IF NOT EXISTS balances (
    bucket_id     TEXT PRIMARY KEY,
    membership_id TEXT NOT NULL,
    revision      INTEGER NOT NULL,  -- of the newest entry that was seen
    balance       INTEGER            -- NULL: unlimited
);
CREATE TABLE IF NOT EXISTS positions (
    partition   INTEGER PRIMARY KEY,
    next_offset INTEGER NOT NULL
);
"""

# An entry that was seen before, or is older than what is known, changes nothing.
KEEP = """
INSERT INTO balances (bucket_id, membership_id, revision, balance)
VALUES (:bucket_id, :membership_id, :revision, :balance)
ON CONFLICT (bucket_id) DO UPDATE
SET revision = excluded.revision, balance = excluded.balance
WHERE excluded.revision > balances.revision
"""

MOVE_ON = "INSERT OR REPLACE INTO positions (partition, next_offset) VALUES (?, ?)"


async def follow(database: sqlite3.Connection) -> None:
    """Follow the ledger for ever, from where the database ends."""
    # Without a group, the consumer has all partitions, and Kafka keeps no place for it: we do.
    consumer = AIOKafkaConsumer(
        LEDGER,
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        auto_offset_reset="earliest",
    )
    async with consumer:
        positions = dict(database.execute("SELECT partition, next_offset FROM positions"))
        for partition in consumer.assignment():
            if partition.partition in positions:
                consumer.seek(partition, positions[partition.partition])
        while True:
            for partition, messages in (await consumer.getmany(timeout_ms=1000)).items():
                keep(database, partition.partition, messages)


def keep(database: sqlite3.Connection, partition: int, messages: list) -> None:
    """Store entries and how far we got in one transaction, so that neither is without the other."""
    entries = [json.loads(one.value) for one in messages if is_entry(one)]
    with database:
        database.executemany(KEEP, entries)
        database.execute(MOVE_ON, (partition, messages[-1].offset + 1))


def is_entry(message) -> bool:
    """Tell entries from types that may be added to the stream some day."""
    return dict(message.headers).get("ce_type") == ENTRY.encode()


def main(path: str, option: str = "") -> None:
    """Keep the balances in the SQLite database at `path`."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(SCHEMA)
        if option == "--from-the-beginning":
            with database:
                database.execute("DELETE FROM positions")
        asyncio.run(follow(database))


if __name__ == "__main__":
    main(*sys.argv[1:])
