import threading
import time
from typing import Any


def test_closing_the_cloud_ends_the_threads_and_tells_nobody(sfn: Any) -> None:
    arn = sfn.start({"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}, TimeoutSeconds=600)
    sfn.entered(arn, "Wait")
    sfn.service.close()
    deadline = time.monotonic() + 5
    while arn in [thread.name for thread in threading.enumerate()]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert sfn.published.statuses() == ["RUNNING"]
