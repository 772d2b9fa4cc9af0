"""A world with a past and its true chances, made once for all tests of forecasts."""

import csv
import io
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from program import aceq

AS_OF = "2026-11-20"
NEWEST = "2026-11-15"
PROGRAM = ("--program", "smb")


class World:
    """Exports of several dates, and what will become of the open deals."""

    def __init__(self, folder: Path):
        self.exports = folder / "exports"
        self.truth = folder / "truth"

    def rows(self, name: str) -> list[dict[str, str]]:
        """A file of the truth."""
        with (self.truth / name).open(newline="") as file:
            return list(csv.DictReader(file))


@cache
def _scratch() -> TemporaryDirectory:
    return TemporaryDirectory()


@cache
def world(partners: int = 30, opportunities: int = 150, seed: int = 5, snapshots: int = 30) -> World:
    """Made by `aceq generate --history`; goes with the process."""
    folder = Path(_scratch().name) / f"{partners}-{opportunities}-{seed}-{snapshots}"
    numbers = ("--partners", partners, "--opportunities", opportunities, "--seed", seed, "--snapshots", snapshots)
    aceq("generate", "--history", *numbers, "--as-of", AS_OF, folder)
    return World(folder)


def table(*arguments: object) -> list[dict[str, str]]:
    """The rows that a command prints as CSV."""
    return list(csv.DictReader(io.StringIO(aceq(*arguments, "--format", "csv"), newline="")))
