"""DuckDB: one of the SQL files beside this one. Arguments: its name, the export, the Parquet file to write."""

import sys
from pathlib import Path

import duckdb

sql, export, out = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET threads TO 2")
sql = Path(__file__).with_name(sql).read_text(encoding="utf-8")
connection.execute(sql.replace("{export}", export).replace("{out}", out))
