"""Rows of CSV files that come from elsewhere."""

from pathlib import Path

import pytest

from rows import FileError, read

COLUMNS = ("reference", "name", "phone")


def test_a_row_that_has_more_than_the_header_is_named_by_its_line(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("reference,name,phone\nK1,Ada,030 901820\nK2,Lovelace, Ben,030 901821\n")
    with pytest.raises(FileError, match=r"clients\.csv, line 3"):
        read(file, COLUMNS)


def test_what_a_row_leaves_out_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("reference,name,phone\n K1 ,Ada\n")
    [row] = read(file, COLUMNS)
    assert row.fields == {"reference": "K1", "name": "Ada", "phone": ""}
