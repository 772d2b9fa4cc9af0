"""Windows of months at every month end: the expression that `aceq sql` writes against a count of days by hand."""

import re
import sys
from calendar import monthrange
from datetime import date, timedelta

import duckdb
import pytest
from program import REPOSITORY, aceq
from pyspark.sql import SparkSession

sys.path.insert(0, str(REPOSITORY / "spark"))
import local_java  # noqa: E402

FIRST = date(2023, 1, 1)
DAYS = [FIRST + timedelta(days) for days in range(4 * 366)]
# The column of a window in the SMB checklist, and its months.
WINDOWS = {"launch_date": 24, "deployed_date": 18, "achieved_date": 12}


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, cut to the length of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_as_of(day: date, months: int) -> date:
    """The last application date whose months reach back to the day."""
    about = day + timedelta(months * 31)
    while months_before(about, months) > day:
        about -= timedelta(1)
    return about


def expression(column: str, dialect: str) -> str:
    """What stands for the last application date in the SQL."""
    query = aceq("sql", "smb", "--dialect", dialect, "--as-of", "2026-12-31")
    found = re.search(rf"  {column} AS first_as_of,\n    (CASE\n.*?END) AS last_as_of", query, re.DOTALL)
    assert found, f"no window over {column}"
    return found[1]


@pytest.mark.parametrize("column", WINDOWS)
def test_duckdb(column: str) -> None:
    """DuckDB, on every day of four years."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE days ({column} DATE)")
    connection.executemany("INSERT INTO days VALUES (?)", [(day,) for day in DAYS])
    found = connection.execute(f"SELECT {column}, {expression(column, 'duckdb')} FROM days").fetchall()
    assert found == [(day, last_as_of(day, WINDOWS[column])) for day in DAYS]


@pytest.fixture(scope="module")
def spark() -> SparkSession:
    """A Spark on this machine."""
    local_java.use()
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    return builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()


@pytest.mark.parametrize("column", WINDOWS)
def test_spark(spark: SparkSession, column: str) -> None:
    """Spark, on the same days."""
    spark.createDataFrame([(day,) for day in DAYS], f"{column} date").createOrReplaceTempView("days")
    rows = spark.sql(f"SELECT {column}, {expression(column, 'spark')} FROM days ORDER BY 1").collect()
    assert [tuple(row) for row in rows] == [(day, last_as_of(day, WINDOWS[column])) for day in DAYS]
