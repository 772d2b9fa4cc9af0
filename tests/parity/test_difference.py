"""What the comparison calls a difference: it must see each kind, or no parity means anything."""

from pathlib import Path

import duckdb
import pytest
from difference import compare
from question import COLUMNS

ROW = {
    "partner_id": "P1",
    "program": "smb",
    "version": "1",
    "requirement_id": "4.2",
    "reading": "adopted",
    "as_of": "2026-06-30",
    "status": "unknown",
    "confirmed": "1.00",
    "possible": None,
    "required": "2.00",
    "shortfall": "1.00",
    "member": None,
    "met_from": None,
    "met_until": None,
    "margin_days": 3,
    "counted_with_findings": None,
}
NAMES = ("ours", "another's")


def table(path: Path, *rows: dict) -> Path:
    """Rows as a Parquet file of the right types."""
    cells = [", ".join(f"CAST({literal(row[name])} AS {kind}) AS {name}" for name, kind in COLUMNS.items()) for row in rows]
    query = " UNION ALL ".join(f"SELECT {row}" for row in cells)
    duckdb.sql(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def literal(value: object) -> str:
    """A value in SQL."""
    return "NULL" if value is None else f"'{value}'"


def test_equal_answers_differ_in_nothing(tmp_path):
    rows = [ROW, ROW | {"member": "public"}]
    found = compare(table(tmp_path / "l", *rows), table(tmp_path / "r", *reversed(rows)), NAMES)
    assert (found.rows, found.differences) == (2, 0)


@pytest.mark.parametrize(
    "column, value",
    [("status", "met"), ("possible", "0.00"), ("margin_days", None), ("met_from", "2026-01-01"), ("counted_with_findings", 0)],
)
def test_one_value_is_seen_and_named(tmp_path, column, value):
    found = compare(table(tmp_path / "l", ROW), table(tmp_path / "r", ROW | {column: value}), NAMES)
    assert found.differences == 1
    assert f"P1 smb 1 4.2 (adopted) on 2026-06-30: {column} is" in found.shown[0]
    assert "by ours" in found.shown[0]


def test_a_row_that_only_one_has_is_a_difference(tmp_path):
    found = compare(table(tmp_path / "l", ROW), table(tmp_path / "r", ROW, ROW | {"member": "public"}), NAMES)
    assert found.differences == 1
    assert "(adopted, public) on 2026-06-30: row is missing by ours, there by another's" in found.shown[0]


def test_a_row_given_twice_is_a_difference(tmp_path):
    found = compare(table(tmp_path / "l", ROW), table(tmp_path / "r", ROW, ROW), NAMES)
    assert found.differences == 1
    assert "rows of another's" in found.shown[0]
