"""The Spark job on a partitioned export gives what `aceq run` publishes: rows, names, order and types."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as parquet
import pytest
import requirement_status
import with_spark
from difference import compare
from program import aceq
from worlds import PROGRAMS, World

DATES = (date(2026, 8, 31), date(2026, 11, 20), date(2028, 2, 29))
WORLD = World(seed=5, partners=9, opportunities=60)
BUCKETS = 4
SETTINGS = 'inputs = ["exports"]\nout = "published"\nas_of = [{dates}]\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A world that `aceq run` answered, its partitioned export, and what the job wrote of that."""
    folder = tmp_path_factory.mktemp("job")
    WORLD.publish(folder)
    settings = folder / "aceq.toml"
    settings.write_text(SETTINGS.format(dates=", ".join(map(str, DATES))))
    aceq("run", "--config", settings)
    aceq("export", folder / "published", "--format", "parquet", "--buckets", BUCKETS, "--out", folder / "export")
    with_spark.for_few_rows()
    run_job(folder)
    return folder


def run_job(folder: Path) -> None:
    """Runs the job as its command line would, on the session of the tests."""
    (folder / "tables.json").write_text(aceq("schema", "--format", "json-tables"))
    arguments = ["--dataset", folder / "export", "--tables", folder / "tables.json", "--out", folder / "job", "--files", 3]
    for program in PROGRAMS:
        text = folder / f"{program}.sql"
        text.write_text(aceq("sql", program, "--dialect", "spark", "--dates-from-table"))
        arguments += ["--sql", text]
    arguments += [part for day in DATES for part in ("--as-of", day)]
    requirement_status.run(with_spark.session(), requirement_status.parsed([str(part) for part in arguments]))


def test_the_export_is_partitioned_by_bucket(folder: Path):
    """The layout that the job is for."""
    buckets = sorted(path.name for path in (folder / "export/canonical/opportunities").iterdir())
    assert len(buckets) > 1
    assert set(buckets) <= {f"bucket={number:04}" for number in range(BUCKETS)}


def test_every_row_is_the_same(folder: Path):
    """Rows compared, differences 0."""
    compared = compare(folder / "published/results/requirement_status.parquet", folder / "job", ("aceq run", "the job"))
    assert compared.rows > WORLD.partners * len(DATES)
    assert compared.differences == 0, str(compared)


def test_names_order_and_types_are_the_same(folder: Path):
    """The schema of the published table."""
    published = parquet.read_schema(folder / "published/results/requirement_status.parquet")
    for path in files(folder):
        written = parquet.read_schema(path)
        assert [(field.name, field.type) for field in written] == [(field.name, field.type) for field in published]


def test_a_partner_lies_in_one_file_of_a_program_and_every_file_is_sorted(folder: Path):
    """What readers may rely on."""
    pairs = [set(rows(path, "partner_id, program")) for path in files(folder)]
    assert sum(map(len, pairs)) == len(set.union(*pairs)) == WORLD.partners * len(PROGRAMS)
    for path in files(folder):
        keys = rows(path, "partner_id, program, version, requirement_id, reading, as_of, coalesce(member, '')")
        assert keys == sorted(keys)


def test_the_run_is_named_on_every_row(folder: Path):
    """Key of the requirement, one run, the newest."""
    said = duckdb.sql(f"SELECT DISTINCT run_id, is_latest FROM '{folder}/job/*.parquet'").fetchall()
    assert len(said) == 1
    assert len(said[0][0]) == 64
    assert said[0][1]
    key = "concat_ws('/', program, version, requirement_id)"
    other = duckdb.sql(f"SELECT count(*) FROM '{folder}/job/*.parquet' WHERE requirement_key <> {key}")
    assert other.fetchall() == [(0,)]


def test_a_table_that_was_never_given_is_empty_not_missing(folder: Path):
    """Every table of rules is a view, with the declared types."""
    tables = json.loads((folder / "tables.json").read_text())["tables"]
    missing = next(table for table in tables if table["name"] == "activities") | {"name": "never_given"}
    found = requirement_status.read(with_spark.session(), str(folder / "export"), missing)
    assert found.count() == 0
    assert dict(found.dtypes)["activity_date"] == "date"


def files(folder: Path) -> list[Path]:
    """What the job wrote."""
    return sorted((folder / "job").glob("*.parquet"))


def rows(path: Path, columns: str) -> list[tuple]:
    """Some columns of a file, in its order."""
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}')").fetchall()
