"""What the executable `serve` runs."""

import gc
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from runtime.errors import ModelError
from runtime.model import Model
from runtime.serving.answering import Answering
from runtime.serving.board import Board
from runtime.serving.listening import listeners
from runtime.serving.settings import Settings, read_settings
from runtime.serving.supervisor import Supervisor
from runtime.serving.worker import Work


def serve(load: Callable[[Path], Model]) -> int:
    """Serve the model in the folder `model` below `SAGEMAKER_BASE_DIR` until SIGTERM; return the exit code.

    The model is loaded once; the processes that answer, one a core, are copies of this one and share its memory.
    """
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        settings = read_settings(os.environ)
        model = load(settings.folder)
        Answering(model, settings.max_body).try_out()
        sockets = listeners(settings.host, settings.port, settings.workers)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return _supervise(model, settings, sockets)


def _supervise(model: Model, settings: Settings, sockets: list[socket.socket]) -> int:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection is a file
    board = Board(settings.workers)
    supervisor = Supervisor(sockets, board, Work(model, settings, board))
    gc.collect()
    gc.freeze()  # the copies share this memory as long as nobody writes into it, and a collector would
    supervisor.start()
    host, port = sockets[0].getsockname()[:2]
    logging.getLogger("serving").info("Serving with %d workers on http://%s:%d", settings.workers, host, port)
    return supervisor.run()
