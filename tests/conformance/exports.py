"""Case rows as exports: one JSON file per table, with the headers of our own templates."""

import json
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from program import REPOSITORY, aceq
from reading import Case, Cell, Row, World

# How exports write a customer or a person whom they hide.
HIDDEN = {"customer_name": "Accept to View", "person_name": "xxxxxx", "email": "xxxxxx"}


def dataset(world: World, folder: Path) -> Path:
    """Publishes the rows of all cases as one dataset."""
    inputs = folder / "inputs"
    inputs.mkdir(parents=True)
    for table in sorted(world.given):
        records = [record(table, case, row) for case in world.cases for row in case.given.get(table, [])]
        if records:
            (inputs / f"{table}.json").write_text(json.dumps(records, ensure_ascii=False, indent=1))
        else:
            (inputs / f"{table}.csv").write_text(aceq("template", table))
    aceq("ingest", inputs, *rowless(world), "--max-rejects", 0, "--out", folder / "dataset")
    return folder / "dataset"


def rowless(world: World) -> list[str]:
    """A partner without any row, which is alone in its world, is named on the command line."""
    return [] if world.cases[0].has_rows else ["--partner-id", world.cases[0].partner]


def record(table: str, case: Case, row: Row) -> dict[str, object]:
    """A row under the headers of the template; a cell that is not there stays absent."""
    cells = {name: cell for name, cell in row.items() if name != "masked"}
    if row.get("masked"):
        cells |= {name: text for name, text in HIDDEN.items() if name in headers(table) and name in cells}
    named = {headers(table)[name]: written(cell) for name, cell in cells.items()}
    return {headers(table)["partner_id"]: case.partner} | named


def written(cell: Cell) -> object:
    """A cell as JSON has it."""
    return cell.isoformat() if isinstance(cell, date) else cell


@cache
def headers(table: str) -> dict[str, str]:
    """The header of every column, as the template has it."""
    mapping = tomllib.loads((REPOSITORY / "mappings/sources" / f"{table}.toml").read_text())
    return {column: aliases[0] for column, aliases in mapping["columns"].items()}
