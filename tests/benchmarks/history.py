"""A past: ledgers that are long already, so that it is not only a new shop that is measured."""

import asyncpg
from rich.progress import Progress

from devstack import Stack

_ENTRIES_EACH = 100
_MEMBERSHIPS_AT_ONCE = 5_000

# Everything is like one membership of the scene: what a row needs is told by the row it copies.
_MEMBERSHIPS = """
WITH template AS (SELECT * FROM memberships ORDER BY issued_at LIMIT 1),
numbers AS (
    SELECT md5('membership ' || number)::uuid AS membership_id,
        md5('client ' || number)::uuid AS client_id, md5('bucket ' || number)::uuid AS bucket_id
    FROM generate_series($1::integer, $2::integer) AS number
),
wallets AS (INSERT INTO wallets SELECT client_id FROM numbers),
clients AS (INSERT INTO clients SELECT client_id, client_id FROM numbers),
memberships AS (
    INSERT INTO memberships
    SELECT (jsonb_populate_record(NULL::memberships, to_jsonb(template) || jsonb_build_object(
        'membership_id', one.membership_id, 'wallet_id', one.client_id,
        'owner_client_id', one.client_id, 'shared_client_ids', '[]'::jsonb,
        'sale_id', one.membership_id))).*
    FROM numbers AS one, template
)
INSERT INTO buckets
SELECT (jsonb_populate_record(NULL::buckets, to_jsonb(bucket) || jsonb_build_object(
    'bucket_id', one.bucket_id, 'membership_id', one.membership_id,
    'granted', 2 * $3::integer, 'debited', $3 - 1, 'held', 0, 'expired', 0, 'adjusted', 0,
    'entries', $3))).*
FROM numbers AS one, template JOIN buckets AS bucket USING (membership_id)
WHERE bucket.ordinal = 0
"""
_LEDGER = """
INSERT INTO ledger (entry_id, membership_id, bucket_id, revision, kind, sessions, balance,
    recorded_at, automatic, client_id, appointment_id, line_id, settlement_revision, service_id,
    visit_id)
SELECT md5('entry ' || number || ' ' || revision)::uuid, md5('membership ' || number)::uuid,
    md5('bucket ' || number)::uuid, revision,
    CASE revision WHEN 1 THEN 'granted' ELSE 'debited' END,
    CASE revision WHEN 1 THEN 2 * $3::integer ELSE 1 END,
    2 * $3 - revision + 1, now() - make_interval(hours => $3 - revision), revision > 1,
    CASE WHEN revision > 1 THEN md5('client ' || number)::uuid END,
    CASE WHEN revision > 1 THEN line_id END, CASE WHEN revision > 1 THEN line_id END,
    CASE WHEN revision > 1 THEN 1 END, NULL, NULL
FROM generate_series($1::integer, $2::integer) AS number, generate_series(1, $3) AS revision,
    LATERAL (SELECT md5('line ' || number || ' ' || revision)::uuid AS line_id) AS line
"""
_NUMBERED = "SELECT md5('membership ' || $1::integer)::uuid"


async def live_through(stack: Stack, progress: Progress, entries: int) -> None:
    """Write a past of so many ledger entries, of memberships with a hundred each."""
    connection = await asyncpg.connect(stack.database("membership"), command_timeout=600)
    memberships = entries // _ENTRIES_EACH
    task = progress.add_task("a past", total=entries)
    await connection.execute("SET synchronous_commit = off")
    for first in range(0, memberships, _MEMBERSHIPS_AT_ONCE):
        last = min(first + _MEMBERSHIPS_AT_ONCE, memberships) - 1
        await _write(connection, first, last, _ENTRIES_EACH)
        progress.advance(task, (last - first + 1) * _ENTRIES_EACH)
    await _look_after(connection)


async def used_often(stack: Stack, uses: int) -> str:
    """Write one membership with so many uses; return its id."""
    connection = await asyncpg.connect(stack.database("membership"), command_timeout=600)
    number = -uses
    await _write(connection, number, number, uses + 1)
    membership_id = await connection.fetchval(_NUMBERED, number)
    await _look_after(connection)
    return str(membership_id)


async def _write(connection: asyncpg.Connection, first: int, last: int, entries: int) -> None:
    async with connection.transaction():
        await connection.execute(_MEMBERSHIPS, first, last, entries)
        await connection.execute(_LEDGER, first, last, entries)


async def _look_after(connection: asyncpg.Connection) -> None:
    """Do what autovacuum would do in the middle of a measurement."""
    for table in ("ledger", "buckets", "memberships", "clients", "wallets"):
        await connection.execute(f"VACUUM (ANALYZE) {table}")
    await connection.close()
