"""Where the engines are, and the closing table: cases and engines."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "engines")]

OUTCOMES: dict[str, dict[str, list[bool]]] = {}


def pytest_runtest_logreport(report):
    """Notes what became of a case on an engine."""
    noted = dict(report.user_properties)
    if report.when == "call" and "engine" in noted:
        OUTCOMES.setdefault(noted["topic"], {}).setdefault(noted["engine"], []).append(report.passed)


def pytest_terminal_summary(terminalreporter):
    """Prints how many cases each engine answers as expected."""
    engines = list(dict.fromkeys(engine for by_engine in OUTCOMES.values() for engine in by_engine))
    if not engines:
        return
    terminalreporter.write_line("")
    terminalreporter.write_line(f"{'cases as expected':<18}" + "".join(f"{engine:>18}" for engine in engines))
    for topic, by_engine in sorted(OUTCOMES.items()):
        cells = (passed_of(by_engine.get(engine, [])) for engine in engines)
        terminalreporter.write_line(f"{topic:<18}" + "".join(f"{cell:>18}" for cell in cells))
    totals = ([one for by_engine in OUTCOMES.values() for one in by_engine.get(engine, [])] for engine in engines)
    terminalreporter.write_line(f"{'all':<18}" + "".join(f"{passed_of(total):>18}" for total in totals))


def passed_of(outcomes: list[bool]) -> str:
    """Such as `44 of 44`."""
    return f"{sum(outcomes)} of {len(outcomes)}"
