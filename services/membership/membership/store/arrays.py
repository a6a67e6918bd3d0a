"""Arrays within the arrays that `unnest` takes."""

from collections.abc import Iterable
from uuid import UUID


def as_array(ids: Iterable[UUID]) -> str:
    """Return an array as Postgres writes it: `unnest` would flatten arrays in an array."""
    return "{" + ",".join(map(str, ids)) + "}"
