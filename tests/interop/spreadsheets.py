"""The way into spreadsheets: `aceq export` to CSV and XLSX, as Python's csv, pandas and openpyxl read it.

A spreadsheet takes a text for a formula by its first character. Such a text gets one apostrophe in front on its way
out, and so does one that begins with apostrophes before such a character, so that every cell tells which text it was.
"""

import csv
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas
from openpyxl.utils.escape import unescape
from values import Value

# OWASP, "CSV Injection" and ASVS 1.2.10: the characters, what is skipped before them, and the full-width forms.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
LETTERS_OF_A_CELL = 32_767
CUT = " … [cut]"
# Hundredths up to this are whole numbers that a spreadsheet holds exactly, with 15 digits.
EXACT_AMOUNT = Decimal("9999999999999.99")

csv.field_size_limit(1 << 30)

Row = list[object]
TITLES = {
    "csv": "CSV, Python's csv",
    "csv-pandas": f"CSV, pandas {pandas.__version__}",
    "xlsx": f"XLSX, openpyxl {openpyxl.__version__}",
}


def with_csv(path: Path) -> list[Row]:
    """Header and rows as Python's csv reads them, strictly."""
    with path.open(newline="", encoding="utf-8") as file:
        return [list(record) for record in csv.reader(file, strict=True)]


def with_pandas(path: Path) -> list[Row]:
    """Header and rows as pandas reads them, told that cells are texts and that no text means null."""
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    return [list(frame.columns), *frame.to_numpy(dtype=object).tolist()]


def with_openpyxl(path: Path, table: str) -> list[Row]:
    """Header and rows of one sheet; no cell of it may be a formula. What XML cannot hold is written `_x0007_` in workbooks,
    and what looks like that `_x005F_x0007_`; spreadsheets undo it, openpyxl leaves it to its users."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book[table].iter_rows())
    book.close()
    assert not [cell.coordinate for row in rows for cell in row if cell.data_type == "f"], "formulas"
    return [[unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in row] for row in rows]


def harmless(text: str) -> str:
    """What a cell holds of a text."""
    return f"'{text}" if text.lstrip("'").startswith(STARTS_A_FORMULA) else text


def as_csv(kind: str, given: Value) -> str:
    """The cell of a CSV file that says this value; unknown and empty texts are both an empty cell."""
    if given is None:
        return ""
    return {"text": harmless, "list": joined, "flag": flag, "timestamp": moment}.get(kind, str)(given)


def joined(items: tuple[str, ...]) -> str:
    return harmless("; ".join(items))


def flag(given: bool) -> str:
    return "TRUE" if given else "FALSE"


def moment(given: datetime) -> str:
    """ISO 8601, with as many digits of a second as there are, in steps of three."""
    steps = "seconds" if not given.microsecond else "microseconds" if given.microsecond % 1000 else "milliseconds"
    return f"{given.replace(tzinfo=None).isoformat(timespec=steps)}Z"


def as_xlsx(kind: str, given: Value) -> object:
    """The cell of a workbook that says this value: days and moments as a spreadsheet counts them, the latter to the
    second, amounts as numbers while a number of a spreadsheet holds them exactly, long texts cut and marked."""
    if given is None or given in ("", ()):
        return None
    forms: dict[str, Callable[[Value], object]] = {
        "text": lambda text: cut(harmless(text)),
        "list": lambda items: cut(joined(items)),
        "date": lambda day: datetime.combine(day, time()),
        "timestamp": lambda at: at.replace(microsecond=0, tzinfo=None),
        "decimal": lambda amount: float(amount) if abs(amount) <= EXACT_AMOUNT else str(amount),
    }
    return forms.get(kind, lambda same: same)(given)


def cut(text: str) -> str:
    """The text, or as much of it as a cell takes."""
    letters = text.encode("utf-16-le")
    if len(letters) <= 2 * LETTERS_OF_A_CELL:
        return text
    return letters[: 2 * (LETTERS_OF_A_CELL - len(CUT))].decode("utf-16-le") + CUT
