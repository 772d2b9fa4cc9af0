"""What docs/reference/tables.md says: every table with its folder, and every column with type and description.

The page is what `aceq schema` prints (a test of the workspace holds it), so this is the contract as a person reads it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reference/tables.md"


@dataclass(frozen=True)
class Column:
    """One column as documented."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Table:
    """One table as documented."""

    name: str
    folder: str
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}.parquet"

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def kinds(self) -> dict[str, str]:
        return {column.name: column.kind for column in self.columns}


def tables() -> dict[str, Table]:
    """Every documented table, by name, in the order of the page."""
    found: dict[str, Table] = {}
    for chapter in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        folder = re.search(r"`(\w+)/<table>\.parquet`", chapter)
        for section in re.split(r"^### ", chapter, flags=re.MULTILINE)[1:] if folder else []:
            name = section.split("\n", 1)[0].strip().strip("`").replace("\\", "")
            found[name] = Table(name, folder[1], tuple(columns(section)))
    return found


def columns(section: str) -> list[Column]:
    """The columns of one section: name and type stand first, the description last."""
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("| `")]
    return [Column(plain(cells[0]), kind(cells[1]), plain(cells[-1], code=True)) for cells in rows]


def plain(cell: str, code: bool = False) -> str:
    """The text of a cell without the escapes of Markdown; names also lose their marks of code."""
    text = re.sub(r"\\([\\|_*`<>\[\]])", r"\1", cell.strip())
    return text if code else text.strip("`")


def kind(cell: str) -> str:
    """The type, one word for each that a reader may tell apart."""
    return {"decimal(18,2)": "decimal", "timestamp (UTC, µs)": "timestamp", "list of text": "list"}.get(
        cell.strip(), cell.strip()
    )


TABLES = tables()
