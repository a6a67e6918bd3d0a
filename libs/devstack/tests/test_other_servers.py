from pathlib import Path

import asyncpg
import pytest

from devstack import Stack
from devstack.postgresql.databases import dsn_of

from .conftest import toy_stack


async def test_databases_are_made_on_a_server_of_others_for_roles_with_given_passwords(
    servers: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_DSN", servers.admin_dsn)
    monkeypatch.setenv("POSTGRES_PASSWORD_TOY", "swordfish")
    stack = toy_stack(tmp_path)
    for _ in range(2):
        stack.migrate()
        connection = await asyncpg.connect(dsn_of(servers.admin_dsn, "toy", "toy", "swordfish"))
        await connection.close()
    assert not [process.name for process in stack.processes() if process.pid]
