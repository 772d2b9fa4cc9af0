"""Excel's way to the data: every exported cell says what was published, and none is taken for a formula."""

import csv
import io

import hard_world as hard
import openpyxl
import pytest
import spreadsheets
from documented import TABLES
from worlds import AS_OF, NAMES, aceq

# An answer with evidence in the world of hard values, whose customers bear names that a spreadsheet would run.
PROVEN = ("smb", "4.2")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("way", spreadsheets.TITLES)
def test_reads_as_published(compared_sheets, way, table):
    assert compared_sheets(way, table)


@pytest.mark.parametrize("world", NAMES)
def test_no_cell_of_a_csv_starts_a_formula(exported, published, world):
    """Only numbers begin with a sign."""
    for name, entry in published[world].published.items():
        header, *rows = spreadsheets.with_csv(exported[world] / "csv" / f"{name}.csv")
        for column, kind in enumerate(entry.table.kinds[name] for name in header):
            starts = {row[column] for row in rows if row[column].startswith(spreadsheets.STARTS_A_FORMULA)}
            assert kind in ("integer", "long", "decimal") or not starts, f"{name}, {header[column]}"


def test_every_hard_text_survives(exported):
    """The characters are neutralised, the texts are not changed: without the apostrophe each is as it was written."""
    header, *rows = spreadsheets.with_csv(exported["hard"] / "csv/opportunities.csv")
    titles = {cell for cell in (row[header.index("title")] for row in rows) if cell}
    assert titles == {spreadsheets.harmless(text) for text in hard.TEXTS}
    assert len(titles) == len(hard.TEXTS)


def test_excel_knows_utf8_by_the_mark(published, tmp_path):
    """With --bom, pandas reads what Excel reads: the mark is no part of the first header."""
    aceq("export", published["hard"].dataset, "opportunities", "--format", "csv", "--bom", "--out", tmp_path / "out")
    raw = (tmp_path / "out/opportunities.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfpartner_id,")
    assert spreadsheets.with_pandas(tmp_path / "out/opportunities.csv")[0] == TABLES["opportunities"].names


def test_rejects_start_no_formula(published):
    """`quality/rejects.csv` holds raw cells, and is made to be opened in a spreadsheet."""
    rows = spreadsheets.with_csv(published["hard"].dataset / "quality/rejects.csv")
    cells = [cell for row in rows for cell in row]
    assert {"'=TODAY()", "'+1 week", "'-0.01"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(spreadsheets.STARTS_A_FORMULA)]


@pytest.mark.parametrize("command", [("assess",), ("evidence", *PROVEN)], ids=lambda command: command[0])
def test_printed_csv_starts_no_formula(published, command):
    printed = aceq(*command, published["hard"].inputs, "--as-of", AS_OF[0], "--format", "csv")
    header, *rows = csv.reader(io.StringIO(printed, newline=""), strict=True)
    assert rows
    numbers = {"margin_days", "arr_usd"}
    cells = [cell for row in rows for name, cell in zip(header, row, strict=True) if name not in numbers]
    assert not [cell for cell in cells if cell.startswith(spreadsheets.STARTS_A_FORMULA)]


def test_evidence_for_a_reviewer(published, tmp_path):
    """As CSV and as a workbook: the same rows, the customer's name as it was written behind its apostrophe."""
    arguments = ("evidence", *PROVEN, published["hard"].inputs, "--as-of", AS_OF[0])
    printed = aceq(*arguments, "--format", "csv")
    aceq(*arguments, "--format", "xlsx", "--out", tmp_path / "evidence.xlsx")
    book = openpyxl.load_workbook(tmp_path / "evidence.xlsx")
    cells = [list(row) for row in book.worksheets[0].iter_rows()]
    assert not [cell.coordinate for row in cells for cell in row if cell.data_type == "f"]
    labels = [row["label"] for row in csv.DictReader(io.StringIO(printed, newline=""), strict=True)]
    at = [cell.value for cell in cells[0]].index("label")
    assert [row[at].value for row in cells[1:]] == labels
    assert spreadsheets.harmless(hard.CUSTOMERS[0]) in labels
