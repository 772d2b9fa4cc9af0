"""Synthetic worlds of `aceq generate`, published as datasets."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from program import aceq
from question import Question

PROGRAMS = ("amazon-connect-customer", "amazon-connect-delivery", "data-analytics", "dcx-technology", "smb")


@dataclass(frozen=True)
class World:
    """What `aceq generate` is asked for."""

    seed: int
    partners: int
    opportunities: int

    def __str__(self) -> str:
        return f"seed {self.seed}, {self.partners} partners × {self.opportunities} opportunities"

    def publish(self, folder: Path) -> Path:
        """Generates and ingests it into new folders below `folder`."""
        size = ("--partners", self.partners, "--opportunities", self.opportunities, "--seed", self.seed)
        aceq("generate", *size, folder / "exports")
        aceq("ingest", folder / "exports", "--out", folder / "dataset")
        return folder / "dataset"


def asked(dataset: Path, as_of: tuple[date, ...]) -> Question:
    """All five checklists."""
    return Question(dataset, PROGRAMS, as_of)


def quarter_ends(first_year: int, number: int) -> tuple[date, ...]:
    """So many ends of quarters, from March of a year on."""
    ends = ((3, 31), (6, 30), (9, 30), (12, 31))
    return tuple(date(first_year + place // 4, *ends[place % 4]) for place in range(number))
