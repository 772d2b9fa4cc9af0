"""The files that the repository holds anyway: what aceq reads of them equals what Python's csv, DuckDB and pandas read.

Their faults are the point of many of them, and other readers give up where aceq goes on; such a file is compared with
those that succeed. The floors below keep the comparison from becoming empty unnoticed.
"""

import codecs
import csv
import gzip

import duckdb
import pytest
from ours import REPOSITORY, Refused, rows
from theirs import NotReadHere, duckdb_csv, pandas_csv, python_csv

FOLDERS = ["data/sample", "crates/ingest/tests/data"]
NOT_EXPORTS = {".expected", ".gitattributes", ".toml", ".md", ".py"}
# Rows between two lonely quotes are one cell to the others, and rows to us.
READ_OTHERWISE = {"quote-closed-below.csv"}
QUOTED_BY_APOSTROPHES = {"apostrophes.csv"}
CODE_PAGES = {
    "mixed-encodings.csv": "cp1252",
    "windows1252.csv": "cp1252",
    "nordlicht-kunden.csv": "cp1252",
    "code-page-1250.csv": "cp1250",
    "macintosh.csv": "mac_roman",
    "shift-jis.csv": "shift_jis",
}
# What another reader says when it does not succeed.
NOT_SUCCEEDED = (csv.Error, UnicodeError, NotReadHere, duckdb.Error, ValueError, gzip.BadGzipFile, EOFError)


def files():
    paths = (path for folder in FOLDERS for path in sorted((REPOSITORY / folder).rglob("*")))
    return [path for path in paths if path.is_file() and not (NOT_EXPORTS | READ_OTHERWISE) & {path.suffix, path.name}]


def is_csv(path):
    """Neither an archive, a workbook, markup, JSON nor Parquet, going by its first bytes."""
    start = path.read_bytes()[:512]
    text = (
        start.decode("utf-16", "replace")
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        else start.decode("latin-1")
    )
    return (
        bool(text.strip())
        and text.lstrip("\ufeff\xef\xbb\xbf \r\n\t")[:1] not in ("<", "{", "[")
        and start[:2]
        not in (
            b"PK",
            b"\x1f\x8b",
            b"\xd0\xcf",
            b"PA",
        )
    )


def encoding(path):
    """By mark, else UTF-8 where not stated otherwise."""
    content = path.read_bytes()
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    named = CODE_PAGES.get(path.name, "utf-8")
    return next((name for mark, name in marks.items() if content.startswith(mark)), named)


def separator(path, codec):
    """The one that gives most cells in the fullest line."""
    lines = path.read_bytes().decode(codec, errors="replace").splitlines()
    return max(",;\t|^", key=lambda sign: max(line.count(sign) for line in lines))


def readings(path):
    """Reader to what it read, for those that succeeded."""
    told = encoding(path)
    quote = "'" if path.name in QUOTED_BY_APOSTROPHES else '"'
    found = {}
    for reader in (python_csv, duckdb_csv, pandas_csv):
        try:
            found[reader.__name__] = reader(path, told, separator(path, told), quote)
        except NOT_SUCCEEDED:
            continue
    return found


def same_cells(ours, theirs, reader):
    """DuckDB and pandas give every record the width of the widest; only Python's csv keeps its own."""
    if reader == "python_csv":
        return ours == theirs
    width = max((len(record) for record in [*ours, *theirs]), default=0)
    return [record + [""] * (width - len(record)) for record in ours] == [
        record + [""] * (width - len(record)) for record in theirs
    ]


READINGS = {path: found for path in files() if is_csv(path) and (found := readings(path))}


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.name)
def test_every_cell(path):
    read = rows(path)
    for reader, theirs in READINGS[path].items():
        assert same_cells(read, theirs, reader), reader


def test_there_is_something_to_compare():
    names = [reader for found in READINGS.values() for reader in found]
    count = {name: names.count(name) for name in names}
    floors = {"python_csv": 60, "duckdb_csv": 50, "pandas_csv": 60}
    assert all(count[name] >= floor for name, floor in floors.items()), count


def test_what_no_one_can_read_is_refused_by_name(tmp_path):
    nothing = tmp_path / "nothing.csv"
    nothing.write_bytes(b"")
    with pytest.raises(Refused, match="nothing.csv"):
        rows(nothing)
