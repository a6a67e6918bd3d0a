"""Rows as the columns that `unnest` takes."""

from collections.abc import Iterable
from typing import Any


def columns(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Turn rows of the same length, at least one, into columns."""
    return list(zip(*rows, strict=True))
