"""Ordered SQL files, each applied once, recorded with its checksum."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import asyncpg

_LOCK = 7_264_011  # the advisory lock under which one process at a time migrates a database
_FILE_NAME = re.compile(r"\d{4}_\w+\.sql")
_RECORD = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    owner      text NOT NULL,
    file       text NOT NULL,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (owner, file)
)
"""


class MigrationError(Exception):
    """The files and the database contradict each other; nothing more was applied."""


@dataclass(frozen=True)
class _Migration:
    owner: str
    file: str
    sql: str
    checksum: str

    @property
    def name(self) -> str:
        return f"{self.owner}/{self.file}"


async def migrate(dsn: str, *folders: Traversable | Path) -> list[str]:
    """Apply what is missing of every folder's `0001_….sql`, folder by folder; return the names.

    A folder belongs to the package that it lies in: `booking/migrations` is recorded as `booking`.
    Each file runs in a transaction of its own. Processes that migrate at the same time wait for
    each other. A file that was changed after it was applied raises `MigrationError`.
    """
    migrations = [migration for folder in folders for migration in _files(folder)]
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await connection.execute(_RECORD)
        missing = await _missing(connection, migrations)
        for migration in missing:
            await _apply(connection, migration)
    finally:
        await connection.close()
    return [migration.name for migration in missing]


def _files(folder: Traversable | Path) -> list[_Migration]:
    owner = Path(str(folder)).resolve().parent.name
    found: list[_Migration] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".sql"):
            continue
        if not _FILE_NAME.fullmatch(file.name):
            raise MigrationError(f"{owner}/{file.name}: a migration is called 0001_<words>.sql")
        sql = file.read_text(encoding="utf-8")
        found.append(_Migration(owner, file.name, sql, hashlib.sha256(sql.encode()).hexdigest()))
    return found


async def _missing(
    connection: "asyncpg.Connection[asyncpg.Record]", migrations: Iterable[_Migration]
) -> list[_Migration]:
    rows = await connection.fetch("SELECT owner, file, checksum FROM schema_migrations")
    applied = {(row["owner"], row["file"]): row["checksum"] for row in rows}
    missing: list[_Migration] = []
    for migration in migrations:
        checksum = applied.get((migration.owner, migration.file))
        if checksum is None:
            missing.append(migration)
        elif checksum != migration.checksum:
            raise MigrationError(f"{migration.name} was changed after it had been applied")
    return missing


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: _Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO schema_migrations (owner, file, checksum) VALUES ($1, $2, $3)",
                migration.owner,
                migration.file,
                migration.checksum,
            )
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name}: {error}") from error
