# mypy: ignore-errors
"""Start nginx and gunicorn, and end both when one ends; the arguments are nginx's program and the socket's folder."""

import os
import signal
import subprocess
import sys

nginx, folder = sys.argv[1:]
socket = f"unix:{folder}/gunicorn.sock"
workers = ["--worker-class", "gevent", "--workers", os.environ["WORKERS"], "--timeout", "60"]
started = [
    subprocess.Popen([nginx, "-c", f"{folder}/nginx.conf", "-e", f"{folder}/nginx.log"]),
    subprocess.Popen(["gunicorn", *workers, "--bind", socket, "app:app"]),
]


def stop(*_):
    """Pass the signal on."""
    for process in started:
        process.send_signal(signal.SIGTERM)


signal.signal(signal.SIGTERM, stop)
ended, _ = os.wait()
stop()
