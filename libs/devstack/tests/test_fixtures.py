from collections.abc import Callable
from pathlib import Path

import asyncpg

from devstack import Stack


async def test_a_test_gets_a_database_with_the_schema_it_asks_for(
    database_dsn: Callable[..., str], tmp_path: Path
) -> None:
    migrations = tmp_path / "toys" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_toys.sql").write_text("CREATE TABLE toys (id uuid PRIMARY KEY)")
    first, second = database_dsn(migrations), database_dsn(migrations)
    assert first != second
    for dsn in (first, second):
        connection = await asyncpg.connect(dsn)
        assert await connection.fetchval("SELECT count(*) FROM toys") == 0
        await connection.close()


def test_the_servers_run(servers: Stack) -> None:
    ready = {process.name for process in servers.processes() if process.ready}
    assert ready == {"kafka", "postgres"}
