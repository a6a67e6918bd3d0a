"""Connection pool, transactions and migrations."""

from postgres.database import Database, Transaction
from postgres.migrations import MigrationError, migrate

__all__ = ["Database", "MigrationError", "Transaction", "migrate"]
