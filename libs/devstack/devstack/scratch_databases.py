"""A database for one test: a copy of a template that was migrated once."""

import hashlib
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from uuid import uuid4

from devstack.kafka.admin import blocking
from devstack.locks import locked
from devstack.postgresql import databases
from devstack.stack import Stack
from postgres import migrate

_OWNER = "tests"


class ScratchDatabases:
    """The databases that one test made on the servers of `stack`."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._made: list[str] = []

    def create(self, migrations: Sequence[Traversable | Path]) -> str:
        """Make a database with the schema of `migrations` and return its address."""
        name = f"test_{uuid4().hex}"
        owner = self._stack.role(_OWNER)
        template = self._template(migrations) if migrations else None
        work = databases.ensure_database(self._stack.admin_dsn, name, owner, template=template)
        blocking(work)
        self._made.append(name)
        return self._stack.dsn(name, owner)

    def drop_all(self) -> None:
        """Remove what was made."""
        for name in self._made:
            blocking(databases.drop_database(self._stack.admin_dsn, name))

    def _template(self, migrations: Sequence[Traversable | Path]) -> str:
        """Return the name of the template with the schema of `migrations`, made when missing."""
        name = f"template_{_fingerprint(migrations)}"
        admin_dsn = self._stack.admin_dsn
        with locked(self._stack.folder / "templates.lock"):
            if not blocking(databases.exists(admin_dsn, name)):
                unfinished = f"{name}_new"
                blocking(databases.drop_database(admin_dsn, unfinished))
                blocking(databases.ensure_database(admin_dsn, unfinished, _OWNER))
                blocking(migrate(self._stack.dsn(unfinished, _OWNER), *migrations))
                blocking(databases.rename_database(admin_dsn, unfinished, name))
        return name


def _fingerprint(migrations: Sequence[Traversable | Path]) -> str:
    digest = hashlib.sha256()
    for folder in migrations:
        digest.update(str(folder).encode())
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".sql"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
