"""The generated SQL on DuckDB: every row and column of `requirement_status` as `aceq assess` answers it."""

from pathlib import Path

import dataset
import duckdb
import pytest

TYPES = {
    "text": "VARCHAR",
    "flag": "BOOLEAN",
    "integer": "INTEGER",
    "long": "BIGINT",
    "decimal": "DECIMAL(18, 2)",
    "date": "DATE",
    "timestamp": "TIMESTAMPTZ",
    "list": "VARCHAR[]",
}
QUARTERS = ("--every", "quarter", "--from", "2023-01-01", "--to", "2028-12-31")
# Month ends, leap days, and the edges of the calendar.
HARD_DATES = tuple(
    part
    for day in ("1900-01-01", "2024-02-29", "2026-02-28", "2026-08-31", "2026-11-20", "2027-02-14", "9999-12-30")
    for part in ("--as-of", day)
)
WORLDS = {
    "sample": None,
    "small": (4, 40, 11),
    "several": (6, 150, 3),
    "many": (25, 12, 5),
}


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with the relations of a dataset."""
    connection = duckdb.connect()

    def read(name: str, path: Path) -> None:
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")

    def empty(name: str, columns: dict[str, str]) -> None:
        types = ", ".join(f'"{column}" {TYPES[kind.split()[0]]}' for column, kind in columns.items())
        connection.execute(f"CREATE TABLE {name} ({types})")

    dataset.relations(folder, read, empty)
    return connection


@pytest.fixture(scope="session", params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published dataset."""
    folder = tmp_path_factory.mktemp(request.param)
    inputs = dataset.REPOSITORY / "data/sample"
    if WORLDS[request.param] is not None:
        partners, opportunities, seed = WORLDS[request.param]
        inputs = folder / "exports"
        dataset.aceq("generate", "--partners", partners, "--opportunities", opportunities, "--seed", seed, inputs)
    dataset.aceq("ingest", inputs, "--out", folder / "dataset")
    return folder / "dataset"


def same(found: list[dataset.Row], expected: list[dataset.Row]) -> None:
    """Fails with the first rows that differ."""
    pairs = [(theirs, ours) for theirs, ours in zip(found, expected, strict=False) if theirs != ours]
    assert not pairs, f"{len(pairs)} of {len(expected)} rows differ, first (SQL, aceq): {pairs[0]}"
    assert len(found) == len(expected)


@pytest.mark.parametrize("dates", [QUARTERS, HARD_DATES], ids=["quarters", "hard dates"])
def test_all_checklists(world: Path, dates: tuple[str, ...]) -> None:
    query = dataset.aceq("sql", "--dialect", "duckdb", *dates)
    found = connect(world).execute(query)
    assert [column[0] for column in found.description] == dataset.COLUMNS
    same(found.fetchall(), dataset.assessed(world, *dates))
