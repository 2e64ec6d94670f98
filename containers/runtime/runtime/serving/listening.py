"""The sockets that the workers listen at."""

import ctypes
import socket
import struct
import sys

from runtime.errors import ModelError

BACKLOG = 2048  # connections that wait for a worker
SO_ATTACH_FILTER = 26  # <asm-generic/socket.h>
RETURN_NOTHING = (0x06, 0, 0, 0)  # BPF_RET | BPF_K in <linux/filter.h>: a filter that lets no byte of a packet through


def listeners(host: str, port: int, number: int) -> list[socket.socket]:
    """Return sockets that listen at one port, for so many workers; any free port for 0.

    Raises:
        ModelError: somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The first is bound without sharing the port: else another server that shares it would not be noticed.
    first = _bound(family, host, port)
    if sys.platform != "linux":  # elsewhere the kernel spreads nothing
        first.listen(BACKLOG)
        return [first] * number
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    port = first.getsockname()[1]
    found = [first, *(_bound(family, host, port, shared=True) for _ in range(number - 1))]
    for each in found:
        each.listen(BACKLOG)
    return found


def let_nobody_in(listener: socket.socket) -> None:
    """Have the kernel ignore who would connect from now on; who has connected and was not accepted yet can be.

    Closing a listener resets those. Elsewhere than on Linux this does nothing.
    """
    if sys.platform == "linux":
        ignore = ctypes.create_string_buffer(struct.pack("HBBI", *RETURN_NOTHING))
        listener.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(ignore)))


def _bound(family: socket.AddressFamily, host: str, port: int, *, shared: bool = False) -> socket.socket:
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise ModelError(f"Set SAGEMAKER_BIND_TO_PORT or BIND_HOST to what is free: {host}:{port}: {error}.") from error
    return listener
