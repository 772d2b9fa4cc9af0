r"""The status of every requirement, computed by Spark from a canonical dataset.

    spark-submit spark/requirement_status.py --dataset DATASET --tables tables.json --sql smb.sql --sql dcx.sql \
        --as-of 2026-12-31 --as-of 2027-03-31 --out DATASET/results/requirement_status

The rules come as SQL text (`aceq sql PROGRAM --dialect spark`), the types of all tables as JSON (`aceq schema --format
json-tables`): the cluster needs neither `aceq` nor the checklists. The dataset is one that `aceq` published, or its
export partitioned by bucket of `partner_id`. Paths are whatever Spark reads and writes: files, `s3://`, `hdfs://`.
"""

import argparse
import hashlib
import json
import re
import sys
from datetime import date
from pathlib import Path

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, StructField, StructType

RESULT = "requirement_status"
KEY = ["partner_id", "program", "version", "requirement_id", "reading", "as_of", "member"]
# A part of the WITH as `aceq sql` lays it out: its body is indented, and ends with a bracket that is not.
PART = re.compile(r"^(?P<name>\w+)(?: \((?P<columns>[\w, ]+)\))? AS \(\n(?P<body>.*?)\n\)", re.MULTILINE | re.DOTALL)
DATES = "application_dates"
INPUTS = ("canonical", "dimensions")
# How the types of our tables are called in Spark.
TYPES = {
    "text": "string",
    "flag": "boolean",
    "integer": "int",
    "long": "bigint",
    "decimal(18,2)": "decimal(18,2)",
    "date": "date",
    "timestamp (UTC, µs)": "timestamp",
    "list of text": "array<string>",
}


def main(arguments: list[str]) -> None:
    """Starts Spark, does the work, stops it."""
    spark = SparkSession.builder.appName("aceq requirement_status").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    run(spark, parsed(arguments))
    spark.stop()


def run(spark: SparkSession, given: argparse.Namespace) -> None:
    """Reads, computes, writes."""
    tables = json.loads(text_of(spark, given.tables))["tables"]
    queries = [text_of(spark, path) for path in given.sql]
    register(spark, given.dataset, [table for table in tables if is_named(table, queries)], given.as_of)
    run = run_id(queries, given)
    for place, query in enumerate(queries):
        rows = as_declared(with_run(answers(spark, query), run), tables)
        write(rows, given.out, given.files, "append" if place else "errorifexists")
        spark.catalog.clearCache()


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The arguments; Glue adds some of its own, which mean nothing here."""
    parser = argparse.ArgumentParser(description="The status of every requirement, computed by Spark.", allow_abbrev=False)
    parser.add_argument("--dataset", required=True, help="folder or URI of the dataset or of its partitioned export")
    parser.add_argument("--tables", required=True, help="file of aceq schema --format json-tables")
    parser.add_argument("--sql", required=True, action="extend", type=listed, help="files of aceq sql --dialect spark")
    parser.add_argument("--as-of", required=True, action="extend", type=days, help="application dates, YYYY-MM-DD")
    parser.add_argument("--out", required=True, help="folder or URI to write, new")
    parser.add_argument("--files", type=int, default=8, help="files to write per query (default: 8)")
    return parser.parse_known_args(arguments)[0]


def listed(text: str) -> list[str]:
    """Values separated by commas."""
    return text.split(",")


def days(text: str) -> list[date]:
    """Dates separated by commas."""
    return [date.fromisoformat(day) for day in listed(text)]


def text_of(spark: SparkSession, path: str) -> str:
    """A small file, wherever Spark can read it."""
    local = Path(path)
    return local.read_text() if local.is_file() else spark.read.text(path, wholetext=True).first()[0]


def is_named(table: dict, queries: list[str]) -> bool:
    """Whether a query reads the table; results are what it computes itself, and parts of it may bear their names."""
    return table["folder"] in INPUTS and any(re.search(rf"\b(?:FROM|JOIN) {table['name']}\b", query) for query in queries)


def register(spark: SparkSession, dataset: str, tables: list[dict], as_of: list[date]) -> None:
    """Makes every table a view, empty where it was never given, and the dates another."""
    for table in tables:
        read(spark, dataset, table).createOrReplaceTempView(table["name"])
    dates = spark.createDataFrame([(day,) for day in sorted(set(as_of))], "as_of date")
    dates.createOrReplaceTempView(DATES)


def read(spark: SparkSession, dataset: str, table: dict) -> DataFrame:
    """A table of the dataset: a folder (partitioned, perhaps) or a file, without what the partitioning adds."""
    columns = struct(table)
    for ending in ("", ".parquet"):
        try:
            found = spark.read.parquet(f"{dataset.rstrip('/')}/{table['folder']}/{table['name']}{ending}")
        except AnalysisException as error:
            if "[PATH_NOT_FOUND]" not in str(error):
                raise
        else:
            return found.select(columns.fieldNames())
    return spark.createDataFrame([], columns)


def struct(table: dict) -> StructType:
    """The columns of a table as Spark writes them down."""
    return StructType([StructField(c["name"], spark_type(c["type"]), c["nullable"]) for c in table["columns"]])


def spark_type(name: str) -> DataType:
    """A type of ours as Spark's."""
    return DataType.fromDDL(TYPES[name])


def answers(spark: SparkSession, query: str) -> DataFrame:
    """The answer of one query, run part by part.

    As one statement Spark would compute a part of the WITH anew wherever it is named; here each becomes a view, and what
    is named more than once is kept. The dates are those of the job, whatever dates the text was compiled for.
    """
    for found in PART.finditer(query):
        name, columns, body = found["name"], found["columns"], found["body"]
        if name == DATES:
            continue
        part = spark.sql(body)
        part = part.toDF(*columns.split(", ")) if columns else part
        named = len(re.findall(rf"\b(?:FROM|JOIN) {name}\b", query))
        (part.persist() if named > 1 and "FROM" in body else part).createOrReplaceTempView(name)
    return spark.sql(PART.split(query)[-1].strip().rstrip(";"))


def run_id(queries: list[str], given: argparse.Namespace) -> str:
    """What names this run: the same rules, dates and dataset give the same name."""
    parts = [*sorted(queries), *sorted(day.isoformat() for day in given.as_of), given.dataset]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def with_run(rows: DataFrame, run: str) -> DataFrame:
    """The columns that `aceq run` appends."""
    requirement = F.concat_ws("/", "program", "version", "requirement_id")
    return rows.withColumns({"requirement_key": requirement, "run_id": F.lit(run), "is_latest": F.lit(True)})


def as_declared(rows: DataFrame, tables: list[dict]) -> DataFrame:
    """Columns, order and types as the dataset declares them; a column more or less is an error."""
    declared = struct(next(table for table in tables if table["name"] == RESULT))
    if set(rows.columns) != set(declared.fieldNames()):
        sys.exit(f"the SQL answers with {rows.columns}, and the table is declared as {declared.fieldNames()}")
    return rows.select([F.col(field.name).cast(field.dataType) for field in declared])


def write(rows: DataFrame, out: str, files: int, mode: str) -> None:
    """Writes files in which each partner's rows of one query lie together, sorted by the key of the table."""
    parts = rows.repartition(files, "partner_id").sortWithinPartitions(KEY)
    parts.write.mode(mode).option("compression", "zstd").parquet(out)


if __name__ == "__main__":
    main(sys.argv[1:])
