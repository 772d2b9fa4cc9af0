"""The backtest: its scores by pandas, its forecasts by the forecast command, what came by assess."""

import json

import numpy
import pandas as pd
import pytest
from program import aceq
from worlds import AS_OF, PROGRAM, table, world

DRAWS = ("--draws", 2000)


@pytest.fixture(scope="module")
def backtest():
    """Everything that the backtest says."""
    return json.loads(aceq("backtest", world().exports, *PROGRAM, *DRAWS, "--format", "json"))


def test_scores_by_pandas(backtest):
    """Brier scores, skills, log score, coverage, once more from the single forecasts."""
    rows = pd.DataFrame(backtest["forecasts"])
    assert len(rows) > 200
    for score in backtest["scores"]:
        part = rows if score["horizon"] is None else rows[rows.horizon == score["horizon"]]
        met = part.met.astype(float)
        brier = {name: ((part[name].astype(float) - met) ** 2).mean() for name in ("p_met", "p_held", "p_win_rate")}
        assert score["forecasts"] == len(part)
        assert score["origins"] == part["from"].nunique()
        assert score["brier"] == pytest.approx(brier["p_met"], abs=6e-5)
        assert score["brier_held"] == pytest.approx(brier["p_held"], abs=6e-5)
        assert score["brier_win_rate"] == pytest.approx(brier["p_win_rate"], abs=6e-5)
        assert score["skill_held"] == pytest.approx(1 - brier["p_met"] / brier["p_held"], abs=6e-5)
        given = part.p_met.where(part.met, 1 - part.p_met).clip(lower=0.001)
        assert score["log_score"] == pytest.approx(-numpy.log(given).mean(), abs=6e-5)


def test_it_beats_both_baselines_as_far_as_it_claims(backtest):
    """Deals that exist decide half a year; further ahead those that are still to come do (--arrivals)."""
    for score in backtest["scores"][:2]:
        assert score["horizon"] <= 2
        assert score["brier"] < 0.7 * score["brier_held"]
        assert score["brier"] < 0.7 * score["brier_win_rate"]
    counting_on_new = json.loads(aceq("backtest", world().exports, *PROGRAM, *DRAWS, "--arrivals", "--format", "json"))
    for score, without in zip(counting_on_new["scores"], backtest["scores"], strict=True):
        print(score)
        assert score["brier"] < 0.8 * score["brier_held"]
        assert score["brier"] <= without["brier"] + 0.002
    everything = counting_on_new["scores"][-1]
    assert everything["horizon"] is None
    assert everything["brier"] < 0.6 * min(everything["brier_held"], everything["brier_win_rate"])
    assert everything["coverage"] > 0.65
    assert 0.85 < everything["expected_over_actual"] < 1.15


def test_forecasts_are_those_that_could_have_been_made(backtest):
    """For one past quarter end: `forecast --known-at` on that day says the same, to the last digit."""
    rows = pd.DataFrame(backtest["forecasts"])
    day = sorted(rows["from"].unique())[-3]
    asked = ("--known-at", day, "--as-of", day, "--quarters", 5, "--no-backtest")
    forecast = pd.DataFrame(table("forecast", world().exports, *asked, *PROGRAM, *DRAWS))
    forecast = forecast[forecast.reading == "adopted"]
    keys = ["partner_id", "requirement_id", "as_of"]
    then = rows[(rows["from"] == day) & rows.member.isna()].merge(forecast[forecast.member == ""], on=keys)
    assert len(then) > 50
    assert (then.p_met_x.astype(float) == then.p_met_y.astype(float)).all()


def test_what_came_is_what_assess_says(backtest):
    """The statuses on one past quarter end, as the newest snapshot knows them."""
    rows = pd.DataFrame(backtest["forecasts"])
    day = sorted(rows["as_of"].unique())[-1]
    assessed = pd.DataFrame(table("assess", world().exports, "--as-of", day, *PROGRAM))
    assessed = assessed[(assessed.reading == "adopted") & (assessed.member == "")]
    both = rows[(rows["as_of"] == day) & rows.member.isna()].merge(assessed, on=["partner_id", "requirement_id"])
    assert len(both) > 50
    satisfied = both.status.isin(["met", "waived", "not_applicable"])
    assert (both.met == satisfied).all()


def test_a_verdict_stands_beside_every_forecast():
    """Tested where there is a past, and said to be untested where there is none."""
    shown = aceq("forecast", world().exports, "--as-of", AS_OF, *PROGRAM, "--partner", "P-0000001")
    assert "Tested on 8 past quarters" in shown
    short = world(partners=2, opportunities=40, seed=1, snapshots=3)
    shown = aceq("forecast", short.exports, "--as-of", AS_OF, *PROGRAM)
    assert "ot tested: fewer than 4 past quarters" in shown


@pytest.mark.parametrize("command", ["forecast", "backtest"])
def test_threads_change_nothing(command):
    """One thread and two print the same bytes."""
    asked = ("--as-of", AS_OF, "--no-backtest") if command == "forecast" else ()
    printed = [
        aceq(command, world().exports, *asked, *PROGRAM, *DRAWS, "--format", "json", "--threads", threads)
        for threads in (1, 2)
    ]
    assert printed[0] == printed[1]
