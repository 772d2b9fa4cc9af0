"""What `aceq assess` says of a dataset, typed as `requirement_status` is."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from program import aceq
from question import COLUMNS

Row = tuple[str | int | Decimal | date | None, ...]


def assessed(inputs: Path, *arguments: object) -> list[Row]:
    """The rows of `aceq assess`, typed as in `requirement_status`."""
    rows = json.loads(aceq("assess", inputs, "--format", "json", *arguments), parse_float=Decimal)
    return [tuple(cell(name, row[name]) for name in COLUMNS) for row in rows]


def cell(name: str, value: str | int | Decimal | None) -> str | int | Decimal | date | None:
    """A value of the JSON contract as the type of its column."""
    if value is None:
        return None
    if COLUMNS[name] == "DATE":
        return date.fromisoformat(str(value))
    return Decimal(value) if COLUMNS[name].startswith("DECIMAL") else value
