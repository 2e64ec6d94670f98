"""A port that nothing listens on."""

import errno
import random
import socket

# Below those that the system gives to outgoing connections: multi-model-server takes no higher one.
_RANGE = range(15_000, 32_000)


def free_port() -> int:
    """Return one of 127.0.0.1."""
    while True:
        port = random.choice(_RANGE)  # noqa: S311 (no secret)
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                return port
