"""Every dialect of CSV: aceq reads what was written, and what Python's csv, DuckDB and pandas read."""

import gzip
from itertools import product

import pytest
from ours import rows
from tables import LATIN, WORLD, ragged, table, text
from theirs import duckdb_csv, pandas_csv, python_csv

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
# Name to: bytes before the text, how the text is written, how the others are told to read it.
ENCODINGS = {
    "utf8": (b"", "utf-8", "utf-8"),
    "utf8-mark": (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
    "utf16le": (b"\xff\xfe", "utf-16-le", "utf-16"),
    "utf16be": (b"\xfe\xff", "utf-16-be", "utf-16"),
    "windows1252": (b"", "cp1252", "cp1252"),
}
EVERY_DIALECT = list(product(SEPARATORS, ENCODINGS, LINE_ENDS))


def words(encoding):
    return LATIN if encoding == "windows1252" else LATIN + WORLD


def write(path, records, dialect, seed):
    """Writes the records; returns what a reader must be told."""
    separator, encoding, line_end = dialect
    mark, codec, told = ENCODINGS[encoding]
    content = mark + text(records, SEPARATORS[separator], LINE_ENDS[line_end], seed).encode(codec)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return told, SEPARATORS[separator]


@pytest.mark.parametrize("dialect", EVERY_DIALECT, ids="-".join)
def test_regular_tables(dialect, tmp_path):
    seed = "-".join(dialect)
    records = table(seed, 60, words(dialect[1]))
    path = tmp_path / "export.csv"
    told = write(path, records, dialect, seed)
    read = rows(path)
    assert read == records
    assert python_csv(path, *told) == read
    assert pandas_csv(path, *told) == read
    # DuckDB reads UTF-8 alone.
    if dialect[1] in ("utf8", "utf8-mark"):
        assert duckdb_csv(path, *told) == read


@pytest.mark.parametrize("dialect", EVERY_DIALECT, ids="-".join)
def test_ragged_tables(dialect, tmp_path):
    """Only Python's csv takes records of any length as they are."""
    seed = "ragged-" + "-".join(dialect)
    records = ragged(table(seed, 60, words(dialect[1])), seed)
    path = tmp_path / "export.csv"
    told = write(path, records, dialect, seed)
    read = rows(path)
    assert read == records
    assert python_csv(path, *told) == read


@pytest.mark.parametrize("dialect", EVERY_DIALECT[::7], ids="-".join)
def test_compressed(dialect, tmp_path):
    seed = "gz-" + "-".join(dialect)
    records = table(seed, 60, words(dialect[1]))
    path = tmp_path / "export.csv.gz"
    told = write(path, records, dialect, seed)
    read = rows(path)
    assert read == records
    assert python_csv(path, *told) == read
    assert pandas_csv(path, *told) == read


def test_a_long_table(tmp_path):
    """Some megabytes: records lie across the borders of whatever a reader cuts the file into."""
    records = table("long", 120_000, words("utf8"))
    path = tmp_path / "export.csv"
    told = write(path, records, ("comma", "utf8", "crlf"), "long")
    assert path.stat().st_size > 9_000_000
    read = rows(path)
    assert read == records
    assert python_csv(path, *told) == read
    assert duckdb_csv(path, *told) == read
    assert pandas_csv(path, *told) == read
