"""One reader, one table or join: names, types, number of rows, and every value."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import spreadsheets
import values
from joins import Join, naive
from readers import READERS
from worlds import Published, World


@dataclass(frozen=True)
class Compared:
    """What was found equal in one world."""

    world: str
    rows: int
    cells: int


def compare(reader: str, table: str, worlds: list[World]) -> list[Compared]:
    """Compares a table in every world that has it; a table that no world has was not compared, which is an error."""
    having = [world for world in worlds if table in world.published]
    assert having, f"no world has a table {table}"
    return [compare_one(reader, world.name, world.published[table]) for world in having]


def compare_one(reader: str, world: str, published: Published) -> Compared:
    """Compares a table in one world."""
    module, where = READERS[reader], f"{published.table.name} of the world {world}"
    shown = module.types(published.path)
    assert list(shown) == published.table.names, f"columns of {where}"
    for name, kind in published.table.kinds.items():
        assert shown[name] in module.TYPES[kind], f"{name} of {where} is {kind}"
    found = values.rows(published.table.kinds, module.rows(published.path, published.table.kinds))
    assert len(found) == published.counted, f"rows of {where}, as the manifest counts them"
    assert len(published.rows) == published.counted, f"rows of {where}"
    for number, (theirs, ours) in enumerate(zip(found, published.rows, strict=True)):
        assert dict(zip(shown, theirs, strict=True)) == dict(zip(shown, ours, strict=True)), f"row {number} of {where}"
    return Compared(world, published.counted, published.counted * len(shown))


def compare_sheets(way: str, table: str, worlds: list[World], exported: dict[str, Path]) -> list[Compared]:
    """Compares an exported table in every world that has it."""
    having = [world for world in worlds if table in world.published]
    assert having, f"no world has a table {table}"
    return [compare_sheet(way, world.name, world.published[table], exported[world.name]) for world in having]


def compare_sheet(way: str, world: str, published: Published, folder: Path) -> Compared:
    """Compares an exported table in one world, cell by cell."""
    name, kinds = published.table.name, published.table.kinds
    header, *found = sheet(way, name, folder)
    assert header == published.table.names, f"columns of {name} of the world {world}"
    assert len(found) == published.counted, f"rows of {name} of the world {world}"
    said = spreadsheets.as_xlsx if way == "xlsx" else spreadsheets.as_csv
    for number, (theirs, ours) in enumerate(zip(found, published.rows, strict=True)):
        expected = [said(kind, given) for kind, given in zip(kinds.values(), ours, strict=True)]
        assert dict(zip(header, theirs, strict=True)) == dict(zip(header, expected, strict=True)), (
            f"row {number} of {name}"
        )
    return Compared(world, published.counted, published.counted * len(header))


def sheet(way: str, table: str, folder: Path) -> list[spreadsheets.Row]:
    """Header and rows of an exported table."""
    if way == "xlsx":
        return spreadsheets.with_openpyxl(folder / "book.xlsx", table)
    read = spreadsheets.with_pandas if way == "csv-pandas" else spreadsheets.with_csv
    return read(folder / "csv" / f"{table}.csv")


def compare_join(reader: str, join: Join, worlds: list[World]) -> list[Compared]:
    """Compares a join in every world that has both tables, with one made pair by pair."""
    having = [world for world in worlds if all(name in world.published for name in join.tables)]
    made = [compare_join_in(reader, join, world) for world in having]
    assert sum(each.rows for each in made) > 0, f"{join.name} finds no row in any world"
    return made


def compare_join_in(reader: str, join: Join, world: World) -> Compared:
    """Compares a join in one world."""
    left, right = (world.published[name] for name in join.tables)
    kinds = [left.table.kinds[name] for name in join.keep_left] + [right.table.kinds[name] for name in join.keep_right]
    numbered = {str(index): kind for index, kind in enumerate(kinds)}
    found = values.rows(numbered, READERS[reader].joined(join, left.path, right.path, kinds))
    expected = naive(join, left.dicts(), right.dicts())
    assert Counter(found) == Counter(expected), f"{join.name} of the world {world.name}"
    return Compared(world.name, len(found), len(found) * len(kinds))
