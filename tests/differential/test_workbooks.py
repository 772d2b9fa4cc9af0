"""Workbooks: what aceq reads equals what openpyxl, pandas and xlrd read, cell by cell, as values.

A cell of a workbook is a value, not a text: a date is printed as ISO, a number as its shortest decimal text without an
exponent, a truth value as TRUE or FALSE. So printed cells are compared with values here. Blank rows and blank cells at
the end of a row say nothing and are left out on both sides.
"""

import datetime
import math
import random
import zipfile
from decimal import Decimal, InvalidOperation

import openpyxl
import pandas as pd
import pytest
import xlrd
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException
from ours import REPOSITORY, rows
from tables import HEADER, LATIN, WORLD

DATE_HEADERS = ["Target Close Date", "Date Created", "Last Updated Date"]
# Rows among which aceq looks for the header.
HEAD_ROWS = 60
FULL_HEADER = [*HEADER, *DATE_HEADERS, "Estimated AWS Monthly Recurring Revenue"]


def value(chance):
    """Whatever people and tools put into a cell."""
    kind = chance.randrange(9)
    if kind < 2:
        return None
    if kind == 2:
        return chance.choice([True, False])
    if kind == 3:
        return datetime.datetime(chance.randint(2005, 2035), chance.randint(1, 12), chance.randint(1, 28))
    if kind == 4:
        day = datetime.datetime(2026, 11, 20)
        return day + datetime.timedelta(seconds=chance.randrange(1, 86_400))
    if kind == 5:
        return chance.choice([0, 7, -3, 123456789012, 500, 46347])
    if kind == 6:
        return chance.choice([0.1, 1234.5, -0.25, 1e-7, 83.33, 1e15, 416.67])
    return " ".join(
        chance.choice(LATIN + WORLD + ["two\nlines", '"', " lead", "0012", "=", "08/31/2026"]) for _ in range(2)
    )


def values(seed, count):
    chance = random.Random(seed)
    body = [[value(chance) for _ in FULL_HEADER] for _ in range(count)]
    for number, record in enumerate(body):
        record[0] = f"O{1000000 + number}"
    return [FULL_HEADER, *body]


def write_workbook(path, records, epoch=None):
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    sheet = book.active
    sheet.title = "Export"
    for number, record in enumerate(records, start=1):
        for column, cell in enumerate(record, start=1):
            written = sheet.cell(number, column, cell)
            if isinstance(cell, str):
                # openpyxl would take what starts with `=` for a formula.
                written.data_type = "s"
    book.save(path)


def read_workbook(path, sheet=None):
    """What openpyxl reads: values, cached ones for formulas; headers merged downwards filled in."""
    book = openpyxl.load_workbook(path, data_only=True)
    chosen = book[sheet] if sheet else book.worksheets[0]
    records = [[as_formatted(cell) for cell in record] for record in chosen.iter_rows()]
    merged = [(area.min_row - 1, area.max_row, area.min_col - 1) for area in chosen.merged_cells.ranges]
    return filled_down(records, merged)


def as_formatted(cell):
    """The value of a cell. A currency, a percent sign or zeros in front that only its format names are part of what aceq prints."""
    if isinstance(cell.value, bool) or not isinstance(cell.value, (int, float)):
        return cell.value
    if "%" in cell.number_format:
        return f"{(Decimal(repr(cell.value)) * 100).normalize():f}%"
    if len(cell.number_format) > 1 and set(cell.number_format) == {"0"}:
        return str(cell.value).zfill(len(cell.number_format))
    signs = [sign for sign in "€£¥₹" if sign in cell.number_format]
    return f"{signs[0]} {cell.value}" if signs else cell.value


def filled_down(records, merged):
    """A header over two rows stands in both for aceq: readers see it in the upper one alone."""
    for first, end, column in merged:
        for row in range(first + 1, min(end, HEAD_ROWS)):
            records[row][column] = records[first][column]
    return records


def is_blank(cell):
    """White space alone says nothing either."""
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell))


def trimmed(records):
    """Without blank rows, and without blank cells at the end of the others."""
    kept = []
    for record in records:
        record = list(record)
        while record and is_blank(record[-1]):
            record.pop()
        if record:
            kept.append(record)
    return kept


def same(printed, theirs):
    """Whether the printed cell says the value."""
    if is_blank(theirs):
        return printed == ""
    if isinstance(theirs, bool):
        return printed == ("TRUE" if theirs else "FALSE")
    if isinstance(theirs, (datetime.datetime, datetime.date, datetime.time)):
        return same_moment(printed, theirs)
    if isinstance(theirs, (int, float)):
        return "e" not in printed.lower() and same_number(printed, theirs)
    return printed.replace("\r\n", "\n") == str(theirs).replace("\r\n", "\n")


def same_moment(printed, theirs):
    """Workbooks keep fractions of days as floats: a second is as exact as it gets."""
    if isinstance(theirs, datetime.time):
        return printed.startswith(theirs.isoformat("seconds")[:5])
    moment = theirs if isinstance(theirs, datetime.datetime) else datetime.datetime.combine(theirs, datetime.time())
    if moment.time() == datetime.time():
        return printed == moment.date().isoformat()
    return abs(datetime.datetime.fromisoformat(printed) - moment) <= datetime.timedelta(seconds=1)


def same_number(printed, theirs):
    try:
        return Decimal(printed) == Decimal(repr(theirs))
    except InvalidOperation:
        return False


def differences(ours, theirs):
    """Places where the two do not say the same; the header says which columns."""
    ours, theirs = trimmed(ours), trimmed(theirs)
    if len(ours) != len(theirs):
        return [f"{len(ours)} rows against {len(theirs)}"]
    found = []
    for number, (printed, values) in enumerate(zip(ours, theirs, strict=True), start=1):
        width = max(len(printed), len(values))
        cells = zip(printed + [""] * (width - len(printed)), values + [None] * (width - len(values)), strict=True)
        found += [
            f"row {number} column {at}: {cell!r} for {meant!r}"
            for at, (cell, meant) in enumerate(cells, 1)
            if not same(cell, meant)
        ]
    return found


@pytest.mark.parametrize("seed", range(4))
def test_workbooks_of_random_values(seed, tmp_path):
    path = tmp_path / "export.xlsx"
    records = values(seed, 150)
    write_workbook(path, records)
    read = rows(path)
    assert differences(read, records) == []
    assert differences(read, read_workbook(path)) == []


def test_dates_counted_from_1904(tmp_path):
    path = tmp_path / "export.xlsx"
    records = values("1904", 150)
    write_workbook(path, records, CALENDAR_MAC_1904)
    read = rows(path)
    assert differences(read, records) == []
    assert differences(read, read_workbook(path)) == []


def test_formulas_that_nobody_computed(tmp_path):
    """openpyxl writes formulas without their values: both readers see nothing there, not a zero and not the formula."""
    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for record in [
        FULL_HEADER[:5],
        ["O1000001", "Launched", "=A1&B1", "text", "=1/0"],
        ["O1000002", "=TRUE()", "x", None, "y"],
    ]:
        sheet.append(record)
    book.save(path)
    assert differences(rows(path), read_workbook(path)) == []
    assert rows(path)[1][:4] == ["O1000001", "Launched", "", "text"]


def test_cells_merged_across_the_data(tmp_path):
    """Below the header a merged cell stands in its first place, as openpyxl sees it."""
    path = tmp_path / "export.xlsx"
    records = [FULL_HEADER[:8]] + [
        [f"O{1000000 + number}", *["a", "b", "c", "d", "e", "f", "g"]] for number in range(60)
    ]
    write_workbook(path, records)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("C45:E45")
    book.active.merge_cells("G50:H50")
    book.save(path)
    assert differences(rows(path), read_workbook(path)) == []


def test_several_sheets_blank_rows_and_far_cells(tmp_path):
    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Zweites Blatt")
    first.title = "Erstes"
    for sheet, start in ((first, 1), (second, 4)):
        for column, header in enumerate(FULL_HEADER, start=1):
            sheet.cell(start, column, header)
        sheet.cell(start + 1, 1, f"O100000{start}")
        sheet.cell(start + 9, 1, f"O200000{start}")
        sheet.cell(start + 9, 30, "far out")
    book.save(path)
    for sheet in ("Erstes", "Zweites Blatt"):
        assert differences(rows(path, sheet), read_workbook(path, sheet)) == []


def test_open_document_sheets_that_pandas_wrote(tmp_path):
    """No tabs here: a tab within the text of a cell is a space to OpenDocument, which pandas forgets."""
    path = tmp_path / "export.ods"
    chance = random.Random("ods")
    words = [word for word in [*LATIN, *WORLD, "0012", None] if word is None or "\t" not in word]
    texts = [[f"O{1000000 + number}"] + [chance.choice(words) for _ in HEADER[1:]] for number in range(150)]
    numbers = [
        [chance.choice([0, 7, 83.33, -0.25, None]), datetime.datetime(2026, 1, 1 + number % 28)]
        for number in range(150)
    ]
    header = [*HEADER, "Estimated AWS Monthly Recurring Revenue", "Target Close Date"]
    records = [text + more for text, more in zip(texts, numbers, strict=True)]
    pd.DataFrame(records, columns=header, dtype=object).to_excel(path, engine="odf", index=False, sheet_name="Export")
    read = rows(path)
    assert differences(read, [header, *records]) == []
    theirs = pd.read_excel(path, engine="odf", header=None, dtype=object, keep_default_na=False)
    assert differences(read, theirs.values.tolist()) == []


def committed(*endings):
    folders = ["data/sample", "crates/ingest/tests/data"]
    found = (path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*")))
    return [path for path in found if path.suffix in endings]


def is_zip(path):
    return path.read_bytes().startswith(b"PK")


def is_biff(path):
    return path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")


def opens_in_openpyxl(path):
    """Damaged and locked workbooks are among the fixtures; aceq's own tests say what becomes of those."""
    try:
        return bool(openpyxl.load_workbook(path))
    except (zipfile.BadZipFile, InvalidFileException):
        return False


# Zeros that a program wrote in place of all results are none to us; openpyxl shows what stands there.
NO_RESULTS = "zeros-for-results.xlsx"
WORKBOOKS = [
    path
    for path in committed(".xlsx", ".xlsm")
    if path.name != NO_RESULTS and is_zip(path) and opens_in_openpyxl(path)
]
OLD_WORKBOOKS = [path for path in committed(".xls") if is_biff(path)]


def test_there_are_workbooks_to_compare():
    assert WORKBOOKS and OLD_WORKBOOKS


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_committed_workbooks(path):
    for sheet in openpyxl.load_workbook(path).worksheets:
        theirs = read_workbook(path, sheet.title)
        if trimmed(theirs):
            assert differences(rows(path, sheet.title), theirs) == [], sheet.title


@pytest.mark.parametrize("path", OLD_WORKBOOKS, ids=lambda path: path.name)
def test_committed_old_workbooks(path):
    book = xlrd.open_workbook(path, formatting_info=True)
    for sheet in book.sheets():
        theirs = [[biff(cell, book.datemode) for cell in record] for record in sheet.get_rows()]
        merged = [(first, end, column) for first, end, column, _ in sheet.merged_cells]
        if trimmed(theirs):
            assert differences(rows(path, sheet.name), filled_down(theirs, merged)) == [], sheet.name


def biff(cell, datemode):
    """The value of a cell of an old workbook."""
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, datemode)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER and cell.value == int(cell.value):
        return int(cell.value)
    return cell.value
