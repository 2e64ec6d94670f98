"""Does `serve` withstand 100,000 requests that were made up, and does its memory stay as it is?

Valid ones, almost valid ones and noise, by schemathesis and by Hypothesis; see fuzz/generate.py. No answer may be a
5xx, have a traceback in it or lack its reason; no process may have been replaced; and the memory of the server may grow
by less than 5 % after the first twentieth of the requests (and no fewer than 1,000).

    python benchmarks/fuzz_benchmark.py [--quick]
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.measuring.container import trained
from benchmarks.measuring.data import WORK, bigmart, write_templates
from benchmarks.measuring.processes import descendants
from benchmarks.measuring.server import Server, serving
from benchmarks.measuring.wrk import Generator
from benchmarks.peers.peer import Given
from benchmarks.peers.penstock.peer import Penstock
from penstock.local.programs.environments import environment

HERE = Path(__file__).parent
REQUESTS, QUICK_REQUESTS = 100_000, 3_000
FEWEST = 1_000  # requests, after which everything has been imported that ever is
AT_ONCE = 2
SEEDS_EACH = 1_000_000
MOST_GROWTH = 0.05


def fuzz(server: Server, number: int, first_seed: int) -> Counter[str]:
    """Send so many requests, from several processes, and return how many answers there were of each status.

    Raises:
        RuntimeError: an answer was wrong.
    """
    python = environment(HERE / "fuzz/requirements.txt", WORK / "environments") / "bin/python"
    command = [str(python), str(HERE / "fuzz/generate.py"), str(server.port), str(number // AT_ONCE)]
    seeds = (str(first_seed + SEEDS_EACH * place) for place in range(AT_ONCE))
    started = [subprocess.Popen([*command, seed], stdout=subprocess.PIPE, encoding="utf-8") for seed in seeds]
    statuses: Counter[str] = Counter()
    outputs = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError("An answer was wrong: see the request above, and the server's log.")
    for output in outputs:
        statuses.update(json.loads(output))
    return statuses


def main() -> int:
    """Run it, print what was found, and return 0 if it is as it should be."""
    number = QUICK_REQUESTS if "--quick" in sys.argv[1:] else REQUESTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = bigmart()
        given = Given(data, trained(folder, data), folder)
        row = Generator(write_templates(data, folder / "templates")).row()
        with serving(Penstock(), given, row) as server:
            warming = max(number // 20, FEWEST)
            statuses = fuzz(server, warming, 0)
            processes, before = descendants(server.pid), server.memory_bytes()
            statuses += fuzz(server, number - warming, number)
            growth = server.memory_bytes() / before - 1
            replaced = set(processes) - set(descendants(server.pid))
        log = (folder / "log").read_text()
    print(f"Made-up requests: {statuses.total():,}, by status {dict(sorted(statuses.items()))}")
    grown = f"its memory, {before / 1e6:,.0f} MB, has grown by less than {MOST_GROWTH:.0%}: {growth:+.1%}"
    targets = {
        f"{number:,} answers, and no 5xx, no traceback, no error without a reason": statuses.total() == number,
        "no process was replaced, and no traceback is in the log": not replaced and "Traceback" not in log,
        grown: growth < MOST_GROWTH,
    }
    for target, met in targets.items():
        print(f"{'✓' if met else '✗'} {target}")
    return 0 if all(targets.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
