"""What the tests share: every world published once, and every comparison made once however often it is asked for."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import worlds
from comparison import Compared, compare, compare_join, compare_sheets
from joins import JOINS
from worlds import World

Comparison = Callable[[str, str], list[Compared]]
MATRIX = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    """The worlds, by name."""
    folder = tmp_path_factory.mktemp("worlds")
    return {name: worlds.publish(name, folder / name) for name in worlds.NAMES}


@pytest.fixture(scope="session")
def compared(published: dict[str, World]) -> Comparison:
    """A function that compares what a reader makes of a table with what was published, in every world."""
    return cache(lambda reader, table: compare(reader, table, list(published.values())))


@pytest.fixture(scope="session")
def compared_joins(published: dict[str, World]) -> Comparison:
    """The same of a join, by its name."""
    named = {join.name: join for join in JOINS}
    return cache(lambda reader, join: compare_join(reader, named[join], list(published.values())))


@pytest.fixture(scope="session")
def exported(published: dict[str, World], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every world as CSV files (`csv/`), as a workbook (`book.xlsx`) and as folders of Parquet (`parquet/`)."""
    folders = {name: tmp_path_factory.mktemp(f"exported-{name}") for name in published}
    for name, folder in folders.items():
        for form, out, *more in (("csv", "csv"), ("xlsx", "book.xlsx"), ("parquet", "parquet", "--buckets", 3)):
            worlds.aceq("export", published[name].dataset, "--format", form, "--out", folder / out, *more)
    return folders


@pytest.fixture(scope="session")
def compared_sheets(published: dict[str, World], exported: dict[str, Path]) -> Comparison:
    """The same of an exported table, by the way that it took."""
    return cache(lambda way, table: compare_sheets(way, table, list(published.values()), exported))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Shows the matrix at the end, where it was made."""
    if MATRIX in config.stash:
        terminalreporter.section("readers and tables")
        terminalreporter.write_line(config.stash[MATRIX])
