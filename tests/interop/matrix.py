"""The matrix of readers and tables: made of comparisons that were just made, shown in docs/interop.md."""

from collections.abc import Callable
from pathlib import Path

from comparison import Compared
from documented import TABLES
from joins import JOINS, Join
from readers import READERS
from spreadsheets import TITLES as SHEETS

PAGE = Path(__file__).parents[2] / "docs/interop.md"
BEGIN = "<!-- Written by tests/interop; `make matrix` writes it anew. -->"
END = "<!-- End of what tests/interop writes. -->"


Comparison = Callable[[str, str], list[Compared]]


def matrix(compared: Comparison, compared_sheets: Comparison) -> str:
    """The matrix as a table of Markdown: every comparison must have succeeded, else there is none."""
    found = {
        table: {reader: compared(reader, table) for reader in READERS}
        | {way: compared_sheets(way, table) for way in SHEETS}
        for table in TABLES
    }
    lines = [line(table, made) for table, made in found.items()]
    titles = [*(reader.TITLE for reader in READERS.values()), *SHEETS.values()]
    return "\n".join([*header(["table", "columns", "rows", "values", *titles], aligned=4), *lines])


def joins(compared_joins: Comparison) -> str:
    """Which joins each reader makes, and how many rows they have."""
    titles = [reader.TITLE for reader in READERS.values()]
    lines = [join_line(join, [compared_joins(reader, join.name) for reader in READERS]) for join in JOINS]
    return "\n".join([*header(["join", "rows", "on", *titles], aligned=2), *lines])


def join_line(join: Join, found: list[list[Compared]]) -> str:
    """One join, with a mark for each reader that found its rows."""
    [rows] = {sum(each.rows for each in made) for made in found}
    on = ", ".join(left if left == right else f"{left} = {right}" for left, right in join.on)
    return row([f"{join.left}, {join.right}", f"{rows:,}", on, *("✓" for _ in found)])


def line(name: str, found: dict[str, list[Compared]]) -> str:
    """One table: what was compared, and a mark for each reader that found it all equal."""
    table, sizes = (
        TABLES[name],
        {(sum(each.rows for each in made), sum(each.cells for each in made)) for made in found.values()},
    )
    assert len(sizes) == 1, f"readers were given unlike files of {name}"
    [(rows, cells)] = sizes
    return row([f"{table.folder}/{name}", str(len(table.columns)), f"{rows:,}", f"{cells:,}", *("✓" for _ in found)])


def types() -> str:
    """Which type each reader shows for each documented type."""
    kinds = list(dict.fromkeys(kind for table in TABLES.values() for kind in table.kinds.values()))
    lines = [row([kind, *(" or ".join(sorted(reader.TYPES[kind])) for reader in READERS.values())]) for kind in kinds]
    return "\n".join([*header(["published", *(reader.TITLE for reader in READERS.values())], aligned=0), *lines])


def header(titles: list[str], aligned: int) -> list[str]:
    """The head of a table whose columns 2 to `aligned` are numbers."""
    rules = ["---:" if 0 < index < aligned else "---" for index in range(len(titles))]
    return [row(titles), row(rules)]


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def page_with(text: str, written: str) -> str:
    """The page with another text between its marks."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{written}\n\n{END}{after}"
