"""Connection pool, transactions and migrations."""
