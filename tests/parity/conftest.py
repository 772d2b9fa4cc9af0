"""Where the engines are, and the closing line: rows compared and differences."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "engines"), str(HERE.parents[1] / "spark")]

COMPARED: list[tuple[str, str, str]] = []


def pytest_runtest_logreport(report):
    """Notes what was compared."""
    noted = dict(report.user_properties)
    if report.when == "call" and "compared" in noted:
        COMPARED.append((noted["world"], noted["engine"], noted["compared"]))


def pytest_terminal_summary(terminalreporter):
    """Prints how many rows of which worlds were compared with whom."""
    for world, engine, compared in COMPARED:
        terminalreporter.write_line(f"aceq and {engine}, {world}: {compared}")
