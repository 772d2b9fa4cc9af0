"""A published dataset as relations of an engine, the way `docs/sql.md` describes it, and what `aceq assess` says of it."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ACEQ = os.environ.get("ACEQ", Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release/aceq")

COLUMNS = (
    "partner_id program version requirement_id reading as_of status confirmed possible required shortfall member met_from "
    "met_until margin_days counted_with_findings"
).split()
DATES = {"as_of", "met_from", "met_until"}
COUNTS = {"confirmed", "possible", "required", "shortfall"}

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
    if name in DATES:
        return date.fromisoformat(str(value))
    return Decimal(value) if name in COUNTS else value


def tables() -> dict[str, dict[str, str]]:
    """The canonical tables with the types of their columns, as the reference page names them."""
    page = aceq("schema", "--format", "markdown")
    canonical = page.split("## Canonical tables")[1].split("\n## ")[0]
    found = {}
    for text in canonical.split("\n### ")[1:]:
        name = text.split("\n", 1)[0].strip()
        found[name] = dict(re.findall(r"^\| `(\w+)` \| ([\w ]+?) \|", text, re.MULTILINE))
    return found


def relations(dataset: Path, read: Callable[[str, Path], None], empty: Callable[[str, dict[str, str]], None]) -> None:
    """Makes every relation that a query reads: the file of a table, or an empty table where none was ever given."""
    for name, columns in tables().items():
        path = dataset / "canonical" / f"{name}.parquet"
        if path.exists():
            read(name, path)
        else:
            empty(name, columns)
    for name in ("dim_partner", "dim_table"):
        read(name, dataset / "dimensions" / f"{name}.parquet")
