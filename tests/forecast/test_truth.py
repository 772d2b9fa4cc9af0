"""Worlds whose true chances are known: the forecast finds them, and its intervals hold what they say."""

from collections import defaultdict

import pytest
from worlds import AS_OF, PROGRAM, table, world


@pytest.fixture(scope="module")
def deals():
    """Per open deal and quarter end: what was forecast, and the truth."""
    forecast = table("forecast", world().exports, "--as-of", AS_OF, "--deals", *PROGRAM)
    true = {
        (row["partner_id"], row["opportunity_id"], row["quarter_end"]): float(row["launched_by"])
        for row in world().rows("launch_probabilities.csv")
    }
    pairs = []
    for row in forecast:
        key = (row["partner_id"], row["opportunity_id"], row["as_of"])
        if key in true:
            pairs.append((key, float(row["p_launched"]), float(row["p_lost"]), true[key]))
    assert len(pairs) == len(true), "every open deal is forecast, and no other"
    return pairs


def test_true_probabilities_are_recovered(deals):
    """Within .07 root mean square per deal, and within a tenth in all, at each of eight quarter ends."""
    by_quarter = defaultdict(list)
    for key, p, _, true in deals:
        by_quarter[key[2]].append((p, true))
    assert len(by_quarter) == 8
    for quarter, pairs in by_quarter.items():
        square = sum((p - true) ** 2 for p, true in pairs) / len(pairs)
        ratio = sum(p for p, _ in pairs) / sum(true for _, true in pairs)
        print(f"{quarter}: {len(pairs)} deals, root mean square {square**0.5:.3f}, forecast over truth {ratio:.3f}")
        assert square**0.5 < 0.1, quarter
        assert 0.85 < ratio < 1.15, quarter


def test_probabilities_rise_and_leave_room(deals):
    """What has launched stays launched, and nothing both launches and is lost."""
    last = {}
    for (partner, deal, _), launched, lost, _ in deals:
        before = last.get((partner, deal), (0, 0))
        assert launched >= before[0]
        assert lost >= before[1]
        assert launched + lost <= 1.0002
        last[partner, deal] = (launched, lost)


def test_learning_beats_the_defaults(deals):
    """The same deals as if no export had a day: the documented defaults, further from the truth."""
    newest = world().exports / "partner-central"
    exports = sorted(newest.iterdir())[-1]
    copied = world().exports.parent / "undated"
    copied.mkdir(exist_ok=True)
    for file in exports.glob("*.csv"):
        (copied / file.name).write_bytes(file.read_bytes())
    defaults = table("forecast", copied, "--as-of", AS_OF, "--deals", *PROGRAM)
    defaults = {(row["partner_id"], row["opportunity_id"], row["as_of"]): float(row["p_launched"]) for row in defaults}
    learnt = sum((p - true) ** 2 for _, p, _, true in deals)
    assumed = sum((defaults[key] - true) ** 2 for key, _, _, true in deals)
    print(f"squared distance to the truth: learnt {learnt:.1f}, defaults {assumed:.1f}")
    assert learnt < assumed / 2


def counts(probabilities: list[float]) -> list[float]:
    """The distribution of how many independent events happen, one event after the other."""
    mass = [1.0]
    for p in probabilities:
        mass = [a * (1 - p) + b * p for a, b in zip([*mass, 0.0], [0.0, *mass], strict=True)]
    return mass


def interval(mass: list[float]) -> tuple[int, int]:
    """The 10 and 90 % points of a distribution of counts."""
    below = [sum(mass[: count + 1]) for count in range(len(mass))]
    return tuple(next(count for count, share in enumerate(below) if share >= point - 1e-9) for point in (0.1, 0.9))


def test_intervals_hold_what_they_say(deals):
    """A partner's launches, in one course of the world, lie within their 80 % interval about as often as that says."""
    forecast = defaultdict(list)
    for (partner, _, quarter), p, _, _ in deals:
        forecast[partner, quarter].append(p)
    actual = {(row["partner_id"], row["quarter_end"]): int(row["launches"]) for row in world().rows("launches.csv")}
    assert actual.keys() == forecast.keys()
    held = 0
    for key, probabilities in forecast.items():
        low, high = interval(counts(probabilities))
        held += low <= actual[key] <= high
    print(f"{held} of {len(actual)} counts within their interval")
    assert 0.76 < held / len(actual) < 0.98
