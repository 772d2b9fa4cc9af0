"""What the tests share: every world published once, and every comparison made once however often it is asked for."""

from collections.abc import Callable

import pytest
import worlds
from comparison import Compared, compare
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Shows the matrix at the end, where it was made."""
    if MATRIX in config.stash:
        terminalreporter.section("readers and tables")
        terminalreporter.write_line(config.stash[MATRIX])
