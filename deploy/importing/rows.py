"""Rows of CSV files, as they were exported elsewhere."""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BEYOND: Final = ""  # the column of what a row has beyond the header, whose columns have names


class FileError(Exception):
    """A file cannot be read as what it should be."""


class RowError(Exception):
    """A row says what cannot be; the message says which field, and why."""


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, and its fields without blanks around them."""

    line: int
    fields: Mapping[str, str]

    @property
    def reference(self) -> str:
        """What the row is called where it comes from."""
        return self.needed("reference")

    def needed(self, name: str) -> str:
        """Return a field that has to be filled in; raises RowError."""
        value = self.fields.get(name, "")
        if not value:
            raise RowError(f"{name}: is empty")
        return value

    def given(self, name: str) -> str | None:
        """Return a field that may be empty."""
        return self.fields.get(name) or None

    def require_unlike(self, references: Collection[str]) -> None:
        """Raise RowError if the reference is one of these: other rows have it too."""
        if self.reference in references:
            raise RowError("reference: there is another row with it")

    def several(self, name: str) -> list[str]:
        """Return the parts of a field between semicolons."""
        return [part.strip() for part in self.fields.get(name, "").split(";") if part.strip()]


def read(path: Path, columns: Collection[str]) -> list[Row]:
    """Return the rows of a file in UTF-8 with a header; raises FileError for a wrong one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey=_BEYOND)
            _require(path, reader.fieldnames or (), columns)
            return [_row(path, reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"{path.name}: {error}") from error


def _row(path: Path, line: int, row: dict[str, str]) -> Row:
    if _BEYOND in row:
        raise FileError(f"{path.name}, line {line}: there is more in it than columns")
    return Row(line, {name: (value or "").strip() for name, value in row.items()})


def _require(path: Path, header: Collection[str], columns: Collection[str]) -> None:
    if unknown := sorted(set(header) - set(columns)):
        raise FileError(f"{path.name}: no such column: {', '.join(unknown)}")
    if "reference" not in header:
        raise FileError(f"{path.name}: the column `reference` is missing")
