"""Plans, carried out: once every step of one is a correction, `assess` finds met what the plan said."""

import csv
import json

import pytest
from program import aceq
from worlds import AS_OF, table, world

BY = "2027-03-31"


@pytest.fixture(scope="module")
def plans():
    """Of every partner, with launches alone."""
    actions = world().exports.parent / "launches.toml"
    kinds = ["supply", "publish", "answer", "renew", "complete", "add"]
    actions.write_text("[costs]\n" + "".join(f"{kind} = false\n" for kind in kinds))
    asked = ("--by", BY, "--as-of", AS_OF, "--actions", actions, "--format", "json")
    return json.loads(aceq("plan", "smb", world().exports, *asked))


def test_a_plan_carried_out_is_met(plans, tmp_path):
    """What the plan says of each requirement afterwards is what assess says of the changed rows."""
    with_steps = [plan for plan in plans if plan["steps"]]
    assert len(with_steps) > 3
    corrections = tmp_path / "done.csv"
    with corrections.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(aceq("template", "corrections").strip().split(","))
        for plan in with_steps:
            for step in plan["steps"]:
                assert step["action"] == "launch"
                row = ["supply", plan["partner_id"], "opportunities", step["row_id"], "", "", ""]
                lines.writerow([*row, "stage", "Launched", "planned"])
                lines.writerow([*row, "target_close_date", "2027-01-15", "planned"])
    after = table("assess", world().exports, "--as-of", BY, "--program", "smb", "--corrections", corrections)
    own = {
        (row["partner_id"], row["requirement_id"]): row
        for row in after
        if row["reading"] == "adopted" and not row["member"]
    }
    changed = 0
    for plan in with_steps:
        for status in plan["statuses"]:
            row = own[plan["partner_id"], status["requirement_id"]]
            assert row["status"] == status["status_after"], (plan["partner_id"], status)
            if status["requirement_id"] != "*":
                assert float(row["confirmed"]) == float(status["confirmed_after"]), (plan["partner_id"], status)
            changed += status["status_before"] != status["status_after"]
    assert changed > 3


def test_no_step_is_in_vain(plans, tmp_path):
    """Without one of its steps a plan does not meet what it met."""
    plan = next(plan for plan in plans if 1 < len(plan["steps"]) < 8)
    met = {s["requirement_id"] for s in plan["statuses"] if s["status_after"] == "met" and s["status_before"] != "met"}
    left = plan["steps"][1:]
    assumed = [argument for step in left for argument in ("--assume", f"{step['row_id']} launched 2027-01-15")]
    asked = ("--as-of", BY, "--quarters", 1, "--no-backtest", "--partner", plan["partner_id"], "--program", "smb")
    rows = table("forecast", world().exports, *asked, *assumed)
    held = {row["requirement_id"]: row["held_status"] for row in rows if row["reading"] == "adopted" and not row["member"]}
    assert met
    assert any(held[requirement] != "met" for requirement in met)


def test_a_day_that_has_passed():
    """Nothing can be done any more, and the message says so."""
    with pytest.raises(RuntimeError, match="nothing can be done any more"):
        aceq("plan", "smb", world().exports, "--by", "2026-01-31", "--as-of", AS_OF)
