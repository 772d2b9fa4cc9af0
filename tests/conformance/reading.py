"""The cases: rules and rows as files in `cases/`, in the format of `aceq checklist test`.

`NAME.toml` is a rule file, `NAME.cases.toml` beside it says what must come out. `aceq checklist test` runs the same
files on rows that never were a file; here they become exports, a dataset, and questions to three engines.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from rules import Rules

FOLDER = Path(__file__).parent / "cases"

Cell = str | int | bool | date | list[str]
Row = dict[str, Cell]


@dataclass(frozen=True, eq=False)
class Case:
    """Given rows, and what a requirement must say about them."""

    topic: str
    number: int
    name: str
    requirement: str
    reading: str
    as_of: date
    given: dict[str, list[Row]]
    expect: dict[str, object]

    @property
    def partner(self) -> str:
        """Each case is a partner of its own."""
        return f"{self.topic}-{self.number:03}"

    @property
    def tables(self) -> frozenset[str]:
        """The tables that are given; all others never were."""
        return frozenset(self.given)

    @property
    def has_rows(self) -> bool:
        """Whether any table has a row."""
        return any(self.given.values())


@dataclass(frozen=True, eq=False)
class World:
    """Cases of one topic that can share a dataset, the tables that it is given, and those that it is not."""

    topic: str
    given: frozenset[str]
    absent: frozenset[str]
    cases: tuple[Case, ...]

    @property
    def rules(self) -> Path:
        """The rule file."""
        return FOLDER / f"{self.topic}.toml"

    @property
    def name(self) -> str:
        """What tells it from others."""
        return "+".join([self.topic, *sorted(self.given)])

    def joined_by(self, case: Case, asked: frozenset[str]) -> "World | None":
        """This world with one case more, if what the case's requirement asks for is given and absent here as there."""
        given, absent = self.given | case.tables, self.absent | (asked - case.tables)
        alone = not case.has_rows or any(not other.has_rows for other in self.cases)
        if self.topic != case.topic or given & absent or alone:
            return None
        return World(self.topic, given, absent, (*self.cases, case))


def worlds() -> list[World]:
    """All cases in few datasets. A table that a case is not given is absent for it, where its requirement asks for it."""
    found: list[World] = []
    for path in sorted(FOLDER.glob("*.cases.toml")):
        rules = Rules.read(path.with_name(path.name.replace(".cases.toml", ".toml")))
        for case in cases_of(path):
            asked = rules.tables_of(case.requirement)
            joined = ((place, world.joined_by(case, asked)) for place, world in enumerate(found))
            place, world = next(((place, world) for place, world in joined if world is not None), (len(found), None))
            found[place : place + 1] = [world or World(case.topic, case.tables, asked - case.tables, (case,))]
    return found


def cases_of(path: Path) -> list[Case]:
    """The cases of one file."""
    topic = path.name.removesuffix(".cases.toml")
    file = tomllib.loads(path.read_text())
    return [case(topic, number, entry, file.get("defaults", {})) for number, entry in enumerate(file["case"], start=1)]


def case(topic: str, number: int, entry: dict, defaults: dict[str, Row]) -> Case:
    """One case, its rows completed by the defaults of the file."""
    given = {table: completed(rows, defaults.get(table, {})) for table, rows in entry["given"].items()}
    reading = entry.get("reading", "adopted")
    return Case(topic, number, entry["name"], entry["requirement"], reading, entry["as_of"], given, entry["expect"])


def completed(rows: list[Row], defaults: Row) -> list[Row]:
    """Rows with defaults; `{n}` is the number of the row."""
    return [{name: numbered(cell, n) for name, cell in (defaults | row).items()} for n, row in enumerate(rows, start=1)]


def numbered(cell: Cell, number: int) -> Cell:
    """A text with the number of its row in it."""
    return cell.replace("{n}", str(number)) if isinstance(cell, str) else cell


def expected(case: Case) -> dict[str | None, dict[str, object]]:
    """What must come out, by member (None is the requirement's own row), in the types of the result table."""
    own = {name: value for name, value in case.expect.items() if name != "member"}
    members = case.expect.get("member", {})
    rows = {None: own, **members}
    return {member: {name: typed(name, value) for name, value in row.items()} for member, row in rows.items()}


def typed(name: str, value: object) -> object:
    """An expected value in the type of its column."""
    if value == "unbounded":
        return None
    return Decimal(str(value)) if name in ("confirmed", "possible", "required", "shortfall") else value
