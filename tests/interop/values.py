"""One form for values, whichever reader they come from, so that they can be compared exactly.

text: str, flag: bool, integer and long: int, decimal: Decimal with two places, date: date, timestamp: datetime in UTC,
list: tuple of str; None is null. A value of any other class is not converted but refused: a float that happens to be
equal is still not what was published.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

Value = None | str | bool | int | Decimal | date | datetime | tuple[str, ...]
CLASSES = {
    "text": str,
    "flag": bool,
    "integer": int,
    "long": int,
    "decimal": Decimal,
    "date": date,
    "timestamp": datetime,
}


class NotAsPublished(Exception):
    """The reader gave a value of another class."""


def value(kind: str, given: object) -> Value:
    """The one form of a value of a documented type."""
    if given is None:
        return None
    if kind == "list":
        return tuple(items(given))
    if type(given) is not CLASSES[kind]:
        raise NotAsPublished(f"{given!r} of {type(given).__name__} for {kind}")
    if kind == "decimal" and given.as_tuple().exponent != -2:
        raise NotAsPublished(f"{given!r} has not two places")
    return in_utc(given) if kind == "timestamp" else given


def items(given: object) -> list[str]:
    """The items of a list, each a text and none of them null."""
    found = list(given)
    for item in found:
        if type(item) is not str:
            raise NotAsPublished(f"{item!r} of {type(item).__name__} in a list")
    return found


def in_utc(moment: datetime) -> datetime:
    """A moment that names its time zone, in UTC."""
    if moment.tzinfo is None:
        raise NotAsPublished(f"{moment!r} names no time zone")
    return moment.astimezone(UTC)


def rows(kinds: dict[str, str], given: list[tuple]) -> list[tuple[Value, ...]]:
    """Rows in the one form, in the order in which they came."""
    in_order = list(kinds.values())
    return [tuple(value(kind, cell) for kind, cell in zip(in_order, row, strict=True)) for row in given]
