"""What the tests share: every world published once, and every comparison made once however often it is asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest
import worlds
from comparison import Compared, compare, compare_sheets
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
    made: dict[tuple[str, str], list[Compared]] = {}

    def of(reader: str, table: str) -> list[Compared]:
        if (reader, table) not in made:
            made[reader, table] = compare(reader, table, list(published.values()))
        return made[reader, table]

    return of


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
    """A function that compares an exported table with what was published, in every world."""
    made: dict[tuple[str, str], list[Compared]] = {}

    def of(way: str, table: str) -> list[Compared]:
        if (way, table) not in made:
            made[way, table] = compare_sheets(way, table, list(published.values()), exported)
        return made[way, table]

    return of


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Shows the matrix at the end, where it was made."""
    if MATRIX in config.stash:
        terminalreporter.section("readers and tables")
        terminalreporter.write_line(config.stash[MATRIX])
