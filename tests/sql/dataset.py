"""The program, and what `aceq assess` says of a dataset, typed as `requirement_status` is."""

import json
import os
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ACEQ = os.environ.get("ACEQ", Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release/aceq")

# The columns of `requirement_status` with their types in DuckDB.
COLUMNS = {
    "partner_id": "VARCHAR",
    "program": "VARCHAR",
    "version": "VARCHAR",
    "requirement_id": "VARCHAR",
    "reading": "VARCHAR",
    "as_of": "DATE",
    "status": "VARCHAR",
    "confirmed": "DECIMAL(18,2)",
    "possible": "DECIMAL(18,2)",
    "required": "DECIMAL(18,2)",
    "shortfall": "DECIMAL(18,2)",
    "member": "VARCHAR",
    "met_from": "DATE",
    "met_until": "DATE",
    "margin_days": "BIGINT",
    "counted_with_findings": "BIGINT",
}

Row = tuple[str | int | Decimal | date | None, ...]


def aceq(*arguments: object) -> str:
    """What aceq prints; fails when it does not end well."""
    command = [str(part) for part in (ACEQ, *arguments)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode()


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
