"""Exits with 1 unless aceq and its peers found the same in the wide export. Arguments: Parquet files, aceq's first.

aceq merges rows that a file repeats and rejects those without an id; the peers keep both. So everybody's rows are
counted once per id here: how many there are, the sum of their revenue, how many were launched, how many have each of
the dates.
"""

import sys

import duckdb

DATES = ["target_close_date", "created_date", "last_modified", "submitted_date", "decided_date", "aws_close_date"]


def facts(path):
    connection = duckdb.connect()
    types = dict(connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{path}')").fetchall())
    mrr = "mrr_usd" if types["mrr_usd"].startswith("DECIMAL") else "mrr_usd::DECIMAL(38, 2) / 100"
    dates = ", ".join(f"count({date})" for date in DATES)
    return connection.execute(f"""
        SELECT count(*), sum({mrr})::DECIMAL(38, 2), count(*) FILTER (stage = 'Launched'), {dates}
        FROM (SELECT DISTINCT ON (opportunity_id) * FROM '{path}' WHERE opportunity_id IS NOT NULL)
    """).fetchone()


found = {path: facts(path) for path in sys.argv[1:]}
ours, *theirs = found.values()
if any(other != ours for other in theirs):
    sys.exit("\n".join(f"{path}: {values}" for path, values in found.items()))
print(f"{ours[0]:,} opportunities, {ours[1]:,} USD a month, {ours[2]:,} launched: the same from all {len(found)}")
