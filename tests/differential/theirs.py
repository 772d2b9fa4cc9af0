"""What others read from a CSV file, told its encoding, separator and quote. Each raises where it does not succeed."""

import csv
import gzip
import io

import duckdb
import pandas as pd


class NotReadHere(Exception):
    """The reader does not know the encoding."""


def python_csv(path, encoding, separator, quote='"'):
    """Python's csv, strict: a text that breaks its own quoting is an error. Blank lines are no records."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw).decode(encoding)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
    return [record for record in records if record]


def duckdb_csv(path, encoding, separator, quote='"'):
    """DuckDB, every cell as text; UTF-8 alone. It cannot tell a blank cell from a missing one; both are blank here."""
    if encoding not in ("utf-8", "utf-8-sig"):
        raise NotReadHere(f"DuckDB needs an extension for {encoding}")
    width = len(python_csv(path, encoding, separator, quote)[0])
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    found = duckdb.connect().execute(
        f"""SELECT * FROM read_csv(?, columns = {{{columns}}}, auto_detect = false, header = false, delim = ?,
            quote = ?, escape = ?, strict_mode = true, compression = ?, max_line_size = 100000000)""",
        [str(path), separator, quote, quote, "gzip" if path.suffix == ".gz" else "none"],
    )
    return [["" if cell is None else cell for cell in record] for record in found.fetchall()]


def pandas_csv(path, encoding, separator, quote='"'):
    """pandas, every cell as text. Cells that a short record lacks stay away."""
    width = max(len(record) for record in python_csv(path, encoding, separator, quote))
    table = pd.read_csv(
        path,
        dtype=str,
        keep_default_na=False,
        header=None,
        names=range(width),
        index_col=False,
        sep=separator,
        quotechar=quote,
        encoding=encoding,
        compression="gzip" if path.suffix == ".gz" else None,
    )
    records = table.astype(object).where(table.notna(), None).values.tolist()
    return [without_missing_end(record) for record in records]


def without_missing_end(record):
    while record and record[-1] is None:
        record = record[:-1]
    return record
