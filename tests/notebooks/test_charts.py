"""The building blocks of the charts: colours that people tell apart, labels, ticks, and what is shown without rows."""

from __future__ import annotations

import itertools
import math

import aceq_charts as charts
import polars as pl
import pytest
from IPython.display import Markdown

# What the common kinds of colour blindness make of linear RGB: Machado, Oliveira, Fernandes (2009), severity 1.
SEEN = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)


def lab(colour: str, seen: str) -> tuple[float, float, float]:
    """CIE L*a*b* of a colour `#rrggbb` as people see it."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    linear = [min(1.0, max(0.0, value)) for value in times(SEEN[seen], linear)]
    x, y, z = (
        math.cbrt(value / white) if value / white > 0.008856 else 7.787 * value / white + 16 / 116
        for value, white in zip(times(XYZ, linear), WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    """A matrix times a vector."""
    return [sum(factor * value for factor, value in zip(row, vector, strict=True)) for row in matrix]


@pytest.mark.parametrize("seen", SEEN)
def test_answers_are_told_apart(seen: str) -> None:
    """A distance of 2 is just visible side by side; 18 is told apart across a page."""
    pairs = itertools.combinations(charts.ANSWERS.items(), 2)
    close = [(one, other) for (one, a), (other, b) in pairs if math.dist(lab(a, seen), lab(b, seen)) < 18]
    assert close == []


def test_every_answer_has_its_own_sign() -> None:
    assert len({answer.split(" ")[0] for answer in charts.ANSWERS}) == 5


def test_labels_that_a_cut_made_equal_stay_apart() -> None:
    frame = pl.DataFrame({"line": [1, 1, 2, 3], "label": ["cut…", "cut…", "cut…", "other"]})
    assert charts.distinct(frame)["label"].to_list() == ["cut…", "cut…", "cut… ", "other"]


@pytest.mark.parametrize(
    ("maximum", "ticks"),
    [(0, [0]), (1, [0, 1]), (3, [0, 1, 2, 3]), (30, [0, 5, 10, 15, 20, 25, 30]), (417, [0, 100, 200, 300, 400, 500])],
)
def test_ticks_are_round_whole_numbers(maximum: float, ticks: list[int]) -> None:
    assert charts.whole(maximum) == ticks


def test_a_cut_is_stated_and_nothing_else() -> None:
    assert charts.cut(20, 1500, "partners") == " Shown: 20 of 1,500 partners."
    assert charts.cut(20, 20, "partners") == ""


def test_without_rows_a_sentence_stands_for_the_chart() -> None:
    shown = charts.show(pl.DataFrame(), lambda frame: pytest.fail("nothing to draw"), "Why?", "", "Nothing was given.")
    assert isinstance(shown, Markdown)
    assert shown.data == "**Why?** Nothing was given."
