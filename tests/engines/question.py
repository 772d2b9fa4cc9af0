"""What every engine is asked: a dataset, rules, application dates; and what every engine answers: rows of one shape."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from program import aceq
from scratch import scratch

# Columns of `requirement_status` that every engine gives, with their types in DuckDB.
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
KEY = ("partner_id", "program", "version", "requirement_id", "reading", "as_of", "member")
TABLES = (
    "opportunities",
    "certifications",
    "completions",
    "case_studies",
    "customers",
    "personnel",
    "activities",
    "designations",
    "offerings",
    "partners",
    "attestations",
)


@dataclass(frozen=True)
class Question:
    """The status of every requirement of some programs on some dates, from one dataset."""

    dataset: Path
    programs: tuple[str, ...]
    as_of: tuple[date, ...]
    checklists: Path | None = None
    # Text that a program's SQL was compiled to, by dialect and program: compiled once, run as often as one likes.
    compiled: dict[tuple[str, str], str] = field(default_factory=dict, compare=False)

    def rules(self) -> list[str]:
        """The arguments that name the rules."""
        return [] if self.checklists is None else ["--checklists", str(self.checklists)]

    def dates(self) -> list[str]:
        """The arguments that name the dates."""
        return [part for day in self.as_of for part in ("--as-of", day.isoformat())]

    def sql(self, dialect: str, program: str) -> str:
        """What `aceq sql` prints for one program."""
        key = (dialect, program)
        if key not in self.compiled:
            self.compiled[key] = aceq("sql", program, "--dialect", dialect, *self.rules(), *self.dates())
        return self.compiled[key]

    def tables(self) -> dict[str, Path]:
        """The files that the SQL reads, by table; an empty one stands for a canonical table that was never given."""
        paths = {table: empty_tables() / "canonical" / f"{table}.parquet" for table in TABLES}
        given = [*self.dataset.glob("canonical/*.parquet"), *self.dataset.glob("dimensions/*.parquet")]
        return paths | {path.stem: path for path in given}


@cache
def empty_tables() -> Path:
    """A dataset that was given every kind of file, and in none of them a row: every table with its types."""
    folder = scratch("empty")
    inputs = folder / "inputs"
    inputs.mkdir()
    for table in TABLES:
        (inputs / f"{table}.csv").write_text(aceq("template", table))
    aceq("ingest", inputs, "--partner-id", "nobody", "--out", folder / "dataset")
    return folder / "dataset"
