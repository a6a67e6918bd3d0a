"""Rows as the arrays that `unnest` takes, one a column."""

from collections.abc import Iterable

from postgres import Transaction

Row = tuple[object, ...]


def as_array(values: Iterable[object]) -> str:
    """Return an array as Postgres writes it: `unnest` would flatten arrays in an array."""
    return "{" + ",".join(map(str, values)) + "}"


async def write(transaction: Transaction, statement: str, rows: Iterable[Row]) -> None:
    """Run `statement` with the rows as one array a column."""
    columns = list(zip(*rows, strict=True))
    if columns:
        await transaction.execute(statement, *columns)
