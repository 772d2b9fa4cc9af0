"""Spark in local mode, running the SQL as the job in `spark/` does: part by part, each part once."""

import sys
from pathlib import Path

from program import REPOSITORY
from question import Question
from with_spark import TITLE as SPARK
from with_spark import checked, register, session

sys.path.insert(0, str(REPOSITORY / "spark"))
import requirement_status as job

TITLE = f"{SPARK}, part by part"


def answer(question: Question, out: Path) -> None:
    """Writes the status rows to a folder of Parquet files."""
    spark = session()
    register(question)
    days = spark.createDataFrame([(day,) for day in question.as_of], "as_of date")
    days.createOrReplaceTempView(job.DATES)
    for program in question.programs:
        checked(job.answers(spark, question.sql("spark", program))).write.mode("append").parquet(str(out))
        spark.catalog.clearCache()
