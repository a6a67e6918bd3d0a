"""Migrations are applied once, in order, and never changed afterwards."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from postgres import MigrationError, migrate


def _folder(root: Path, owner: str, **files: str) -> Path:
    folder = root / owner / "migrations"
    folder.mkdir(parents=True, exist_ok=True)
    for name, sql in files.items():
        (folder / f"{name}.sql").write_text(sql)
    return folder


async def _tables(dsn: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows} - {"schema_migrations"}


async def test_each_file_is_applied_once_folder_by_folder(
    database_dsn: Callable[..., str], tmp_path: Path
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    first = _folder(tmp_path, "first", **{"0001_a": "CREATE TABLE a ()"})
    second = _folder(tmp_path, "second", **{"0001_a": "CREATE TABLE b (); ALTER TABLE a ADD x int"})

    assert await migrate(dsn, first, second) == ["first/0001_a.sql", "second/0001_a.sql"]
    _folder(tmp_path, "first", **{"0002_b": "CREATE TABLE c ()"})
    assert await migrate(dsn, first, second) == ["first/0002_b.sql"]
    assert await migrate(dsn, first, second) == []
    assert await _tables(dsn) == {"a", "b", "c"}


async def test_processes_that_migrate_at_the_same_time_wait_for_each_other(
    database_dsn: Callable[..., str], tmp_path: Path
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    folder = _folder(
        tmp_path, "x", **{"0001_a": "CREATE TABLE a ()", "0002_b": "CREATE TABLE b ()"}
    )

    applied = await asyncio.gather(*(migrate(dsn, folder) for _ in range(5)))

    assert sorted(map(len, applied)) == [0, 0, 0, 0, 2]


async def test_a_file_that_was_changed_after_it_was_applied_is_an_error(
    database_dsn: Callable[..., str], tmp_path: Path
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    folder = _folder(tmp_path, "x", **{"0001_a": "CREATE TABLE a ()"})
    await migrate(dsn, folder)
    _folder(tmp_path, "x", **{"0001_a": "CREATE TABLE z ()", "0002_b": "CREATE TABLE b ()"})

    with pytest.raises(MigrationError, match=r"x/0001_a\.sql was changed"):
        await migrate(dsn, folder)
    assert await _tables(dsn) == {"a"}


async def test_a_file_that_fails_leaves_nothing_of_itself(
    database_dsn: Callable[..., str], tmp_path: Path
) -> None:
    dsn = await asyncio.to_thread(database_dsn)
    sql = "CREATE TABLE b (); SELECT 1 / 0"
    folder = _folder(tmp_path, "x", **{"0001_a": "CREATE TABLE a ()", "0002_b": sql})

    with pytest.raises(MigrationError, match=r"x/0002_b\.sql: division by zero"):
        await migrate(dsn, folder)
    assert await _tables(dsn) == {"a"}


async def test_a_file_with_a_name_out_of_order_is_an_error(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "x", **{"1_a": "SELECT 1"})
    with pytest.raises(MigrationError, match=r"1_a\.sql"):
        await migrate("postgresql://nowhere", folder)
