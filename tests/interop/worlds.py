"""The datasets that every reader is given: the sample, a generated world, and one made by hand of hard values."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import hard_world
import pyarrow.parquet as parquet
import values
from documented import TABLES, Table
from program import REPOSITORY, aceq

AS_OF = ("2026-11-20", "2027-02-14")
NAMES = ("sample", "generated", "hard")


@dataclass(frozen=True)
class World:
    """A published dataset and what it was made of."""

    name: str
    inputs: Path
    dataset: Path

    @cached_property
    def manifest(self) -> dict:
        return json.loads((self.dataset / "manifest.json").read_text(encoding="utf-8"))

    @cached_property
    def published(self) -> dict[str, "Published"]:
        """The tables that the manifest lists."""
        return {
            name: Published(TABLES[name], self.dataset, entry["rows"])
            for name, entry in self.manifest["tables"].items()
        }


@dataclass(frozen=True)
class Published:
    """One table of a dataset."""

    table: Table
    dataset: Path
    counted: int

    @property
    def path(self) -> Path:
        return self.dataset / self.table.path

    @cached_property
    def rows(self) -> list[tuple[values.Value, ...]]:
        """The reference that readers are held against: column by column from the file itself, with no table made
        of it. It is held in turn against what aceq prints of the same dataset (test_counts.py, test_spreadsheets.py)
        and against values written by hand (test_hard_values.py)."""
        columns = parquet.ParquetFile(self.path).read().to_pydict()
        return values.rows(self.table.kinds, list(zip(*(columns[name] for name in self.table.names), strict=True)))

    def dicts(self) -> list[dict[str, values.Value]]:
        """The reference rows, by column name."""
        return [dict(zip(self.table.names, row, strict=True)) for row in self.rows]


def publish(name: str, folder: Path) -> World:
    """Makes the inputs of a world and publishes its dataset with `aceq run`."""
    inputs = exports(name, folder)
    days = ", ".join(AS_OF)
    folder.mkdir(parents=True, exist_ok=True)
    settings = f"inputs = ['{inputs}']\nout = 'dataset'\nas_of = [{days}]\n[forecast]\nquarters = 3\n"
    (folder / "aceq.toml").write_text(settings, encoding="utf-8")
    aceq("run", "-c", folder / "aceq.toml")
    return World(name, inputs, folder / "dataset")


def exports(name: str, folder: Path) -> Path:
    """The folder of a world's exports."""
    if name == "sample":
        return REPOSITORY / "data/sample"
    inputs = folder / "exports"
    if name == "generated":
        aceq("generate", "--partners", 6, "--opportunities", 60, "--seed", 7, inputs)
    else:
        hard_world.write(inputs)
    return inputs
