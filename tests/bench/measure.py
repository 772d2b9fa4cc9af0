"""Wall time, CPU seconds and peak memory of fresh processes, taken in turns.

Memory is what the kernel says about the child after it ended. A child starts as a copy of this process, so nothing
large may be imported here: the peers and the comparison of results run as scripts of their own.
"""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

THREADS = 2


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    cpu: float
    megabytes: float


def limit_to_two_threads():
    """This process and all that it starts run on the same two processors."""
    processors = sorted(os.sched_getaffinity(0))[:THREADS]
    os.sched_setaffinity(0, processors)
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    os.environ["OMP_NUM_THREADS"] = str(THREADS)


def once(command):
    """Runs one process to its end. What it says is shown when it fails."""
    command = [str(part) for part in command]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(command)}\n{said.decode(errors='replace')}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turns(commands, runs):
    """Name to median cost: every command once per round, so that a slow minute of the machine slows all of them."""
    costs = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            costs[name].append(once(command))
    return {name: median(taken) for name, taken in costs.items()}


def median(costs):
    """Median times; the largest memory."""
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        max(cost.megabytes for cost in costs),
    )


def print_table(costs, base=None):
    """A Markdown table; with `base`, how many times as fast as that one each is."""
    ratio = f" times as fast as {base} |" if base else ""
    print(f"| work | wall | CPU | peak memory |{ratio}\n|---|---|---|---|{'---|' if base else ''}")
    for name, cost in costs.items():
        ratio = f" {costs[base].seconds / cost.seconds:.2f} (CPU {costs[base].cpu / cost.cpu:.2f}) |" if base else ""
        print(f"| {name} | {cost.seconds:.3f} s | {cost.cpu:.2f} s | {cost.megabytes:,.0f} MB |{ratio}")
    print(flush=True)
