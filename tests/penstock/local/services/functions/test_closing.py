import os
import time
from typing import Any

import pytest


def test_closing_ends_every_process_and_its_programs(functions: Any) -> None:
    code = "import os, subprocess\ndef handler(e, c): return [os.getpid(), subprocess.Popen(['sleep', '600']).pid]\n"
    pids = functions.run(code).payload
    functions.service.close()
    deadline = time.monotonic() + 5
    for pid in pids:
        while os.path.exists(f"/proc/{pid}"):  # noqa: PTH110
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
