"""`aceq schema --format sql|dbt`: DuckDB and Spark run the definitions, and the tests named for dbt hold."""

import json
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from program import REPOSITORY, aceq

sys.path.insert(0, str(REPOSITORY / "spark"))

import local_java  # noqa: E402

DUCKDB_TYPES = {
    "text": "VARCHAR",
    "flag": "BOOLEAN",
    "integer": "INTEGER",
    "long": "BIGINT",
    "decimal(18,2)": "DECIMAL(18,2)",
    "date": "DATE",
    "timestamp (UTC, µs)": "TIMESTAMP WITH TIME ZONE",
    "list of text": "VARCHAR[]",
}
SPARK_TYPES = {
    "text": "string",
    "flag": "boolean",
    "integer": "int",
    "long": "bigint",
    "decimal(18,2)": "decimal(18,2)",
    "date": "date",
    "timestamp (UTC, µs)": "timestamp",
    "list of text": "array<string>",
}


def statements(sql: str) -> list[str]:
    """The statements of a script; no description ends a line with a semicolon."""
    return [statement for statement in sql.split(";\n") if statement.strip()]


def row_counts(dataset: Path) -> dict[str, int]:
    """Rows of each table that the dataset has, by its manifest."""
    manifest = json.loads((dataset / "manifest.json").read_text(encoding="utf-8"))
    return {name: table["rows"] for name, table in manifest["tables"].items()}


@pytest.fixture(scope="module")
def tables() -> list[dict]:
    """Every table that a dataset can hold."""
    return json.loads(aceq("schema", "--format", "json-tables"))["tables"]


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A dataset with results."""
    folder = tmp_path_factory.mktemp("full")
    sample = json.dumps(str(REPOSITORY / "data/sample"))
    settings = f'inputs = [{sample}]\nout = "dataset"\nas_of = [2026-11-20, 2026-12-31]\n'
    (folder / "aceq.toml").write_text(settings, encoding="utf-8")
    aceq("run", cwd=folder)
    return folder / "dataset"


@pytest.fixture(scope="module")
def partial(tmp_path_factory) -> Path:
    """A dataset of certifications alone."""
    folder = tmp_path_factory.mktemp("partial")
    header = "User Name,Work Email,Certificate Name,Certificate Level,Award Date,Expiration Date"
    row = "Ada,ada@example.com,AWS Certified Cloud Practitioner,Foundational,2025-01-02,2028-01-02"
    (folder / "certifications.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    aceq("ingest", folder / "certifications.csv", "--out", folder / "dataset")
    return folder / "dataset"


@pytest.fixture(scope="module")
def exported(full, tmp_path_factory) -> Path:
    """The dataset with results as folders."""
    out = tmp_path_factory.mktemp("exported") / "folders"
    aceq("export", full, "--format", "parquet", "--out", out, "--buckets", 3)
    return out


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """A session of Spark in a catalog of its own."""
    local_java.use()
    from pyspark.sql import SparkSession

    warehouse = tmp_path_factory.mktemp("warehouse")
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.warehouse.dir", str(warehouse)).getOrCreate().newSession()
    session.sql("CREATE DATABASE IF NOT EXISTS aceq_ddl")
    session.sql("USE aceq_ddl")
    yield session
    session.sql("DROP DATABASE aceq_ddl CASCADE")


def place(kind: str, request) -> tuple[dict[str, int], list]:
    """Rows of each table, and the arguments that name where they are."""
    if kind == "folders":
        full = request.getfixturevalue("full")
        location = request.getfixturevalue("exported")
        return row_counts(full), ["--dataset", full, "--location", location, "--layout", "folders"]
    dataset = request.getfixturevalue(kind)
    return row_counts(dataset), ["--dataset", dataset]


@pytest.mark.parametrize("kind", ["full", "partial", "folders"])
def test_duckdb_knows_every_table_with_types_and_descriptions(kind, tables, request):
    rows, where = place(kind, request)
    database = duckdb.connect()
    script = aceq("schema", "--format", "sql", "--dialect", "duckdb", *where)
    for _ in range(2):  # Running it again changes nothing.
        database.execute(script)
    for table in tables:
        name = table["name"]
        known = database.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [name],
        ).fetchall()
        expected = [(c["name"], DUCKDB_TYPES[c["type"]], c["description"]) for c in table["columns"]]
        assert known == expected, name
        count = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        assert count == (rows.get(name, 0),), name


@pytest.mark.parametrize("kind", ["full", "partial", "folders"])
def test_spark_knows_every_table_with_types_and_descriptions(kind, tables, spark, request):
    rows, where = place(kind, request)
    script = aceq("schema", "--format", "sql", "--dialect", "spark", *where)
    for statement in statements(script):
        spark.sql(statement)
    for table in tables:
        name = table["name"]
        known = [
            (field.name, field.dataType.simpleString(), field.metadata.get("comment"))
            for field in spark.table(name).schema.fields
        ]
        expected = [(c["name"], SPARK_TYPES[c["type"]], c["description"]) for c in table["columns"]]
        if kind == "folders" and table["folder"] in ("canonical", "bridges"):
            expected.append(("bucket", "int", None))  # Spark finds the folders by itself.
        assert known == expected, name
        assert spark.table(name).count() == rows.get(name, 0), name


def test_athena_definitions_are_what_hive_parses(tables, spark):
    script = aceq("schema", "--format", "sql", "--dialect", "athena", "--location", "s3://example/aceq")
    parser = spark._jsparkSession.sessionState().sqlParser()
    plans = [parser.parsePlan(statement).toString() for statement in statements(script)]
    assert len(plans) == len(tables)
    for table, plan in zip(tables, plans):
        assert f"UnresolvedIdentifier [{table['name']}]" in plan
        assert f"s3://example/aceq/{table['folder']}/{table['name']}/" in plan


def dbt_tests(column: dict):
    """Name and arguments of the tests of a column."""
    for test in column.get("data_tests", []):
        yield (test, {}) if isinstance(test, str) else next((name, test[name]["arguments"]) for name in test)


@pytest.mark.parametrize("kind", ["full", "partial"])
def test_every_test_named_for_dbt_holds(kind, tables, request):
    rows, where = place(kind, request)
    database = duckdb.connect()
    database.execute(aceq("schema", "--format", "sql", *where))
    source = yaml.safe_load(aceq("schema", "--format", "dbt", *where))["sources"][0]
    assert {table["name"] for table in source["tables"]} == set(rows)
    described = {table["name"]: [c["name"] for c in table["columns"]] for table in tables}
    held = 0
    for table in source["tables"]:
        name = table["name"]
        assert Path(table["config"]["meta"]["external_location"]).is_file()
        assert [column["name"] for column in table["columns"]] == described[name]
        for column in table["columns"]:
            assert column["description"].endswith(".")
            for test, arguments in dbt_tests(column):
                failing = {
                    "not_null": 'SELECT count(*) FROM "{t}" WHERE "{c}" IS NULL',
                    "unique": 'SELECT count(*) - count(DISTINCT "{c}") FROM "{t}"',
                    "relationships": 'SELECT count(*) FROM "{t}" WHERE "{c}" IS NOT NULL AND "{c}" NOT IN (SELECT {f} FROM {d})',
                }[test]
                to = arguments.get("to", "").removeprefix("source('aceq', '").removesuffix("')")
                query = failing.format(t=name, c=column["name"], f=arguments.get("field"), d=to)
                assert database.execute(query).fetchone() == (0,), query
                held += 1
    assert held > 10


def test_keys_are_unique(tables, full):
    """One row per grain: no two rows of a table share its key. Quality tables list what happened, twice if need be."""
    database = duckdb.connect()
    database.execute(aceq("schema", "--format", "sql", "--dataset", full))
    for table in tables:
        if table["folder"] in ("results", "dimensions", "bridges") or table["key"][-1].endswith("_id"):
            key = ", ".join(f'"{column}"' for column in table["key"])
            query = f'SELECT {key}, count(*) FROM "{table["name"]}" GROUP BY ALL HAVING count(*) > 1'
            assert database.execute(query).fetchall() == [], table["name"]
