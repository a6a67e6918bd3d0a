"""What questions are asked with: one connection, or any of a pool."""

from typing import TypeAlias

import asyncpg

from postgres import Transaction

Connection: TypeAlias = "Transaction | asyncpg.Pool[asyncpg.Record]"
