"""The generated SQL on DuckDB: every row and column of `requirement_status` as `aceq assess` answers it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dataset
import duckdb
import pytest
from program import REPOSITORY, aceq
from question import COLUMNS

QUARTERS = ("--every", "quarter", "--from", "2023-01-01", "--to", "2028-12-31")
# Month ends, leap days, and the edges of the calendar.
HARD_DATES = tuple(
    part
    for day in ("1900-01-01", "2024-02-29", "2026-02-28", "2026-08-31", "2026-11-20", "2027-02-14", "9999-12-30")
    for part in ("--as-of", day)
)


@dataclass(frozen=True)
class World:
    """Exports that a dataset is made of: generated ones, some files left out, or the sample."""

    generated: tuple[int, int, int] | None = None
    left_out: tuple[str, ...] = ()

    def inputs(self, folder: Path) -> Path:
        """The folder of the exports."""
        if self.generated is None:
            return REPOSITORY / "data/sample"
        partners, opportunities, seed = self.generated
        inputs = folder / "exports"
        aceq("generate", "--partners", partners, "--opportunities", opportunities, "--seed", seed, inputs)
        for pattern in self.left_out:
            files = list(inputs.rglob(pattern))
            assert files, f"no file is called {pattern}"
            for file in files:
                file.unlink()
        return inputs


WORLDS = {
    "sample": World(),
    "small": World((4, 40, 11)),
    "several": World((6, 150, 3)),
    "many": World((25, 12, 5)),
    "no answers": World((5, 30, 2), ("attestations.csv",)),
    "no case studies": World((5, 30, 3), ("case-studies.csv",)),
    "no programs": World((5, 30, 4), ("a*.csv", "case-studies.csv", "designations.csv", "offerings.csv", "partners.csv")),
}


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB with the relations of a dataset, as `docs/sql.md` makes them."""
    connection = duckdb.connect()
    connection.execute(aceq("schema", "--format", "sql", "--dialect", "duckdb", "--dataset", folder))
    return connection


def answers(connection: duckdb.DuckDBPyConnection, query: str) -> list[dataset.Row]:
    """The rows of a query, once its columns have the names and types of the contract."""
    described = connection.execute(f"DESCRIBE {query}").fetchall()
    assert {name: kind for name, kind, *_ in described} == COLUMNS
    return connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that publishes the dataset of a world, once."""

    @cache
    def publish(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name.replace(" ", "-"))
        aceq("ingest", WORLDS[name].inputs(folder), "--out", folder / "dataset")
        return folder / "dataset"

    return publish


def same(found: list[dataset.Row], expected: list[dataset.Row]) -> None:
    """Fails with the first rows that differ."""
    pairs = [(theirs, ours) for theirs, ours in zip(found, expected, strict=False) if theirs != ours]
    assert not pairs, f"{len(pairs)} of {len(expected)} rows differ, first (SQL, aceq): {pairs[0]}"
    assert len(found) == len(expected)


@pytest.mark.parametrize("dates", [QUARTERS, HARD_DATES], ids=["quarters", "hard dates"])
@pytest.mark.parametrize("name", WORLDS)
def test_all_checklists(published: Callable[[str], Path], name: str, dates: tuple[str, ...]) -> None:
    """Every requirement, reading and member of every program."""
    world = published(name)
    query = aceq("sql", "--dialect", "duckdb", *dates)
    same(answers(connect(world), query), dataset.assessed(world, *dates))


# Rows counted, customers, sums per customer, each of several values, combinations, answers, answers per case study, waivers.
ALONE = (
    ("smb", "4.2"),
    ("smb", "4.3"),
    ("smb", "1.4"),
    ("smb", "CASE-STUDIES"),
    ("smb", "DOC-001"),
    ("smb", "POV-001"),
    ("amazon-connect-customer", "ACC-005"),
    ("amazon-connect-customer", "ACC-007"),
    ("dcx-technology", "1.2"),
)


@pytest.mark.parametrize("program, requirement", ALONE)
def test_one_requirement(published: Callable[[str], Path], program: str, requirement: str) -> None:
    """A requirement alone answers with its rows of the whole checklist, whatever it combines."""
    world = published("several")
    query = aceq("sql", program, requirement, "--dialect", "duckdb", *HARD_DATES)
    expected = [row for row in dataset.assessed(world, "--program", program, *HARD_DATES) if row[3] == requirement]
    assert expected
    same(answers(connect(world), query), expected)


def test_dates_from_a_table(published: Callable[[str], Path]) -> None:
    """The same query answers for the dates of a table."""
    world = published("sample")
    connection = connect(world)
    connection.execute("CREATE TABLE application_dates (as_of DATE)")
    connection.execute("INSERT INTO application_dates VALUES (DATE '2026-11-20'), (DATE '2027-02-14')")
    query = aceq("sql", "data-analytics", "--dialect", "duckdb", "--dates-from-table", "--checklist-version", "7.1")
    dates = ("--as-of", "2026-11-20", "--as-of", "2027-02-14", "--checklist-version", "7.1")
    same(answers(connection, query), dataset.assessed(world, "--program", "data-analytics", *dates))
