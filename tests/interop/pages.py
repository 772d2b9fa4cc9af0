"""The blocks of the pages in docs/open-in: code, and what a page says that it prints."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs/open-in"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```\n", flags=re.MULTILINE | re.DOTALL)
OUTPUT = re.compile(r"\n*```text\n(.*?)^```\n", flags=re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"\n*((?:^\|.*\|\n)+)", flags=re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code and what follows it: printed text, or a table of Markdown as rows of texts."""

    language: str
    code: str
    printed: str | None
    rows: list[tuple[str, ...]] | None


def blocks(page: str) -> list[Block]:
    """The blocks of a page that are code."""
    text = (FOLDER / page).read_text(encoding="utf-8")
    return [block(text, found) for found in FENCE.finditer(text) if found[1] != "text"]


def block(text: str, found: re.Match[str]) -> Block:
    """One block, with what follows it at once."""
    printed, table = OUTPUT.match(text, found.end()), TABLE.match(text, found.end())
    return Block(found[1], found[2], printed[1] if printed else None, rows(table[1]) if table else None)


def rows(table: str) -> list[tuple[str, ...]]:
    """The rows of a table, its head first, without the rule."""
    lines = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()]
    return [lines[0], *lines[2:]]
