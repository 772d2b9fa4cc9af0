"""Opens the dataset of `aceq run` for the notebooks: every Parquet file becomes a DuckDB view under its own name.

Four more views spare the notebooks the same joins again and again: `partner` (how a partner is called on a chart),
`asked` (one row per requirement and as-of date, adopted reading, own rows), `steps` (the same of the timelines) and
`application` (the whole checklists on the as-of date, the nearest first). Amounts are doubles in them, as charts want.
"""

from __future__ import annotations

import datetime as dt
import html
import os
from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs

HERE = Path(__file__).parent
VARIABLE = "ACEQ_DATASET"
FOLDERS = ("canonical", "quality", "results", "dimensions", "bridges")
NEEDED = (
    "requirement_status",
    "timelines",
    "evidence",
    "near_misses",
    "ledger",
    "dim_requirement",
    "dim_partner",
    "dim_table",
    "dim_run",
)

PARTNER = """
    CREATE VIEW partner AS SELECT partner_id,
        CASE WHEN name IS NULL OR trim(name) = '' THEN partner_id
             WHEN count(*) OVER (PARTITION BY name) > 1 THEN name || ' (' || partner_id || ')'
             ELSE name END AS partner
    FROM dim_partner"""

LABEL = """CASE status WHEN 'met' THEN '✓ met' WHEN 'waived' THEN '○ waived' WHEN 'not_applicable' THEN '– n/a'
                WHEN 'unknown' THEN '? unknown' ELSE '✗ not met' END"""

ASKED = f"""
    CREATE VIEW asked AS SELECT partner, partner || ' · ' || program AS application, title, kind, role, sort_order,
        status_of.* EXCLUDE (reading, member, confirmed, possible, required, shortfall),
        confirmed::DOUBLE AS confirmed, possible::DOUBLE AS possible, required::DOUBLE AS required,
        shortfall::DOUBLE AS shortfall, {LABEL} AS answer
    FROM requirement_status AS status_of JOIN partner USING (partner_id)
        JOIN (SELECT requirement_key, title, kind, role, sort_order FROM dim_requirement) USING (requirement_key)
    WHERE is_latest AND reading = 'adopted' AND member IS NULL"""

STEPS = f"""
    CREATE VIEW steps AS SELECT partner, partner || ' · ' || program AS application, title, kind, role,
        step.* EXCLUDE (reading, member, confirmed, possible, required),
        confirmed::DOUBLE AS confirmed, possible::DOUBLE AS possible, required::DOUBLE AS required, {LABEL} AS answer
    FROM timelines AS step JOIN partner USING (partner_id)
        JOIN (SELECT requirement_key, title, kind, role FROM dim_requirement) USING (requirement_key)
    WHERE is_latest AND reading = 'adopted' AND member IS NULL"""

# The nearest application has the fewest requirements that are surely not met, then the fewest that are open at all.
APPLICATION = """
    CREATE VIEW application AS SELECT partner_id, partner, program, version, application, status, answer, met_until,
        margin_days, confirmed, coalesce(least(possible, required), required) AS possible, required,
        required - coalesce(least(possible, required), required) AS not_met, required - confirmed AS still_open,
        row_number() OVER (ORDER BY required - coalesce(least(possible, required), required), required - confirmed,
            partner_id, program, version) AS place
    FROM asked WHERE requirement_id = '*' AND as_of = getvariable('as_of')"""


class DatasetMissing(Exception):
    """No dataset there, or one without results; shown without a traceback in a notebook."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Rows:
    """Query results on a page: a plain table for the eye, CSV where a program reads the output."""

    def __init__(self, frame: pl.DataFrame, shown: int = 25) -> None:
        self.frame = frame
        self.shown = shown

    def __repr__(self) -> str:
        return self.frame.write_csv()

    def _repr_html_(self) -> str:
        if self.frame.is_empty():
            return "<p><em>No rows.</em></p>"
        head = "".join(f"<th style='text-align:left'>{html.escape(name)}</th>" for name in self.frame.columns)
        body = "".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in self.frame.head(self.shown).iter_rows())
        left = self.frame.height - self.shown
        more = f"<p><em>… and {left:,} more rows.</em></p>" if left > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def cell(value: object) -> str:
    """One cell: numbers to the right, with cents only where there are some; unknown as a dash."""
    if value is None:
        return "<td style='color:#767676'>–</td>"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"<td style='text-align:right'>{value:,.{2 if value % 1 else 0}f}</td>"
    return f"<td style='text-align:left'>{html.escape(str(value))}</td>"


class Dataset:
    """The views of one dataset, and the day for which the notebooks ask."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect()
        self.not_given: list[str] = []
        self.tables = [self._view(path) for part in FOLDERS for path in sorted((folder / part).glob("*.parquet"))]
        missing = [name for name in NEEDED if name not in self.tables]
        if missing:
            raise DatasetMissing(message(folder, f"has no {', '.join(missing)}"))
        self.not_given = self.frame("SELECT table_name FROM dim_table WHERE NOT given")["table_name"].to_list()
        self.as_of = self._first_as_of()
        self.connection.execute(f"SET VARIABLE as_of = DATE '{self.as_of}'")
        for view in (PARTNER, ASKED, STEPS, APPLICATION):
            self.connection.execute(view)

    def frame(self, sql: str, of: str = "asked") -> pl.DataFrame:
        """The rows of a query, in types that charts take; none where no file of the table `of` was ever given."""
        if of in self.not_given:
            return pl.DataFrame()
        return self.connection.sql(sql).pl().cast({cs.decimal(): pl.Float64, cs.by_dtype(pl.Int128): pl.Int64})

    def rows(self, sql: str, of: str = "asked", shown: int = 25) -> Rows:
        """The rows of a query as a table on the page, at most `shown` of them."""
        return Rows(self.frame(sql, of), shown)

    def value(self, sql: str) -> object:
        """The single value of a query."""
        return self.frame(sql).item()

    def _view(self, path: Path) -> str:
        quoted = str(path).replace("'", "''")
        self.connection.execute(f"""CREATE VIEW "{path.stem}" AS SELECT * FROM read_parquet('{quoted}')""")
        return path.stem

    def _first_as_of(self) -> dt.date:
        newest = (
            "SELECT min(as_of) FROM requirement_status WHERE run_id IN (SELECT run_id FROM dim_run WHERE is_latest)"
        )
        return self.value(newest) or self.value("SELECT min(first_as_of) FROM dim_run") or dt.date(1970, 1, 1)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>"

    def __repr__(self) -> str:
        partners = self.value("SELECT count(*) FROM dim_partner")
        programs = self.value("SELECT count(DISTINCT program) FROM requirement_status")
        return f"{partners:,} partner(s), {programs} program(s), asked for {self.as_of}. Dataset: {self.folder}"


def message(folder: Path, what: str) -> str:
    """What is wrong with the folder, and the command that makes it right."""
    return (
        f"{folder} {what}.\n\nMake the dataset of the sample world, from the root of the repository:\n"
        "    target/release/aceq run -c notebooks/aceq.toml\n"
        f"or name the folder of your own `aceq run` in the environment variable {VARIABLE}."
    )


def open_dataset() -> Dataset:
    """The dataset that ACEQ_DATASET names, else `dataset` beside the notebooks' folder."""
    folder = Path(os.environ.get(VARIABLE) or HERE.parent / "dataset")
    if not (folder / "results").is_dir():
        raise DatasetMissing(message(folder, "is no dataset with results" if folder.exists() else "does not exist"))
    return Dataset(folder)
