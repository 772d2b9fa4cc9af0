"""How the notebooks' charts look: one theme, one set of colours and signs for the five answers, title and legend.

The colours are told apart by the common kinds of colour blindness and differ in lightness; every answer has a sign as
well (✓ ○ – ? ✗), and stacked bars keep the order of `ANSWERS`.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable

import altair as alt
import polars as pl
from IPython.display import Markdown

WIDTH = 620  # of a single plot, in pixels
FONT = "DejaVu Sans, Verdana, sans-serif"  # two faces of the same widths
INK, SOFT, GRID = "#222222", "#6B6B6B", "#E6E6E6"

ANSWERS = {
    "✓ met": "#1F5F99",
    "○ waived": "#86B8E0",
    "– n/a": "#DFE0E1",
    "? unknown": "#F2C94C",
    "✗ not met": "#D55E00",
}
MET, UNKNOWN, NOT_MET = ANSWERS["✓ met"], ANSWERS["? unknown"], ANSWERS["✗ not met"]
RANK = f"indexof({list(ANSWERS)}, datum.answer)"  # the order of ANSWERS, for stacked bars
NEAR = "#5B9E8F"  # near misses
SERIES = ["#1F5F99", "#D55E00", NEAR, "#8A6FB0", "#B8A14A", "#6B6B6B"]  # for what is no answer
SHADES = ["#F4F7FA", "#6FA3D0"]  # few to many; dark text is readable on all of them


@alt.theme.register("aceq", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """Quiet axes, bold titles to the left, one font."""
    axis = {
        "labelColor": INK,
        "titleColor": SOFT,
        "gridColor": GRID,
        "domainColor": "#BBBBBB",
        "tickColor": "#BBBBBB",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelLimit": 420,
        "titlePadding": 8,
    }
    return {
        "config": {
            "font": FONT,
            "background": "white",
            "padding": 12,
            "view": {"stroke": None, "continuousWidth": WIDTH},
            "axis": axis,
            "axisY": {"grid": False, "ticks": False, "domain": False, "titleAnchor": "start", "labelPadding": 8},
            "legend": {
                "orient": "top",
                "title": None,
                "labelFontSize": 11,
                "labelColor": INK,
                "symbolType": "square",
                "symbolSize": 120,
                "labelLimit": 400,
                "columns": 6,
                "offset": 10,
            },
            "header": {
                "labelFontSize": 11,
                "labelFontWeight": "bold",
                "labelColor": INK,
                "labelLimit": 620,
                "title": None,
                "titleFontSize": 11,
                "labelAnchor": "start",
                "labelPadding": 6,
            },
            "title": {
                "anchor": "start",
                "fontSize": 15,
                "color": INK,
                "frame": "bounds",
                "offset": 14,
                "subtitlePadding": 6,
                "subtitleFontSize": 11.5,
                "subtitleColor": SOFT,
                "subtitleLineHeight": 16,
            },
            "text": {"font": FONT, "fontSize": 11, "color": INK},
        }
    }


def start() -> None:
    """Charts become pictures, which every reader of notebooks shows alike; `alt.renderers.enable("html")` gives
    tooltips instead."""
    alt.data_transformers.disable_max_rows()
    alt.renderers.enable("png", scale_factor=2)


def show(
    frame: pl.DataFrame,
    draw: Callable[[pl.DataFrame], alt.TopLevelMixin],
    title: str,
    read: str,
    nothing: str,
    letters: int = 105,
) -> alt.TopLevelMixin | Markdown:
    """The chart under its question and a sentence how to read it; without rows, the sentence `nothing`. `letters` is the
    width of that sentence."""
    if frame.is_empty():
        return Markdown(f"**{title}** {nothing}")
    lines = textwrap.wrap(read, letters)
    return draw(frame).properties(title=alt.TitleParams(title, subtitle=lines))


def answer(field: str = "answer", legend: bool = True) -> alt.Color:
    """The colour of an answer, always with the same five entries in the legend."""
    scale = alt.Scale(domain=list(ANSWERS), range=list(ANSWERS.values()))
    return alt.Color(f"{field}:N", scale=scale, legend=alt.Legend() if legend else None)


def colours(pairs: dict[str, str]) -> alt.Scale:
    """A scale of named colours in the order given."""
    return alt.Scale(domain=list(pairs), range=list(pairs.values()))


def listed(frame: pl.DataFrame, column: str) -> list[str]:
    """The values of a column in the order of the rows, each once: the order of an axis."""
    return frame[column].unique(maintain_order=True).to_list()


def distinct(frame: pl.DataFrame, label: str = "label", key: str = "line") -> pl.DataFrame:
    """Labels that a cut made equal get spaces at their end: a chart would draw equal ones on one line."""
    lines = frame.select(key, label).unique(maintain_order=True)
    spaces = pl.lit(" ").repeat_by(pl.col(key).cum_count().over(label) - 1).list.join("")
    return frame.drop(label).join(lines.with_columns(pl.col(label) + spaces), on=key, how="left", maintain_order="left")


def height(frame: pl.DataFrame, column: str, row: int = 22) -> int:
    """Height of a plot with one line per distinct value."""
    return max(row, row * frame[column].n_unique())


def shorten(column: str, length: int = 46) -> str:
    """SQL that cuts a text at a length and says so."""
    return f"CASE WHEN length({column}) > {length} THEN rtrim(left({column}, {length - 1})) || '…' ELSE {column} END"


def whole(maximum: float, values: int = 6) -> list[int]:
    """Round ticks for counts: whole numbers from 0, about as many as asked for."""
    steps = (digit * 10**power for power in itertools.count() for digit in (1, 2, 5))
    step = next(step for step in steps if maximum / step <= values)
    return list(range(0, int(maximum) + step, step))


def counts(maximum: float, labels: bool = True, values: int = 6) -> alt.Axis:
    """An axis of whole numbers."""
    return alt.Axis(values=whole(maximum, values), format=",d", labels=labels)


def panels(frame: pl.DataFrame, by: str, draw: Callable[[pl.DataFrame, bool], alt.Chart]) -> alt.VConcatChart:
    """One small plot per value of `by` under its name; `draw` also learns whether it is the last, which carries the
    title of the shared axis."""
    groups = frame.partition_by(by, maintain_order=True)
    drawn = [
        draw(rows, number == len(groups)).properties(
            title=alt.TitleParams(str(rows[by][0]), fontSize=12, frame="group", offset=6)
        )
        for number, rows in enumerate(groups, 1)
    ]
    return alt.vconcat(*drawn, spacing=14)


def cut(shown: int, total: int, what: str) -> str:
    """The sentence that states a cut, empty when everything is shown."""
    return "" if shown >= total else f" Shown: {shown} of {total:,} {what}."
