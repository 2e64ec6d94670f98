"""A container's Python that waits with everything imported, which takes longer than most of its jobs do."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Runs each job in a copy of itself: a child of fork(), with the folder, the environment and the log of that job.
_PROGRAM = """
import json, os, sys, traceback
{imports}
for line in sys.stdin:
    job = json.loads(line)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["variables"])
    log = os.open(job["log"], os.O_CREAT | os.O_WRONLY)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 1
    try:
        {call}
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # not sys.exit: it would end threads that a copy does not have
"""


class Warm:
    """The process that waits."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(
        self, folder: Path, variables: Mapping[str, str], log: Path, arguments: Sequence[Any], *, timeout: float
    ) -> int:
        """Run a job, which has this environment alone and writes to `log`; return its exit code."""
        told = {"folder": str(folder), "variables": dict(variables), "log": str(log), "arguments": list(arguments)}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps(told)}\n")
        self._process.stdin.flush()
        limit = threading.Timer(timeout, self._process.kill)  # reading a line knows no time-out
        limit.start()
        code = int(self._process.stdout.readline())
        limit.cancel()
        return code


@contextmanager
def warm(python: Path, folder: Path, *, imports: str, call: str, **variables: str) -> Iterator[Warm]:
    """Start the process in a container's folder.

    Args:
        python: the container's.
        folder: where its program is.
        imports: the statements that are done with before any job.
        call: the statement that is a job, of `job["arguments"]`; it ends with SystemExit.
        variables: the environment of the imports.
    """
    code = _PROGRAM.format(imports=imports, call=call)
    with subprocess.Popen(
        [python, "-c", code],
        cwd=folder,
        env={"LANG": "C.UTF-8", **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield Warm(process)
        process.kill()
