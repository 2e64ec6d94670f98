"""Bodies of uploads, read from the socket before anything has to wait for them; large ones go to a file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from penstock.local.service import AwsError

_MOST_BYTES_IN_MEMORY = 1 << 20
_PIECE_BYTES = 1 << 18


class Body:
    """The body of a request: in memory, or in a file that goes with the request, unless it is `kept`."""

    def __init__(self, folder: Path) -> None:
        self.file = ""
        self.kept = False
        self._folder = folder
        self._stream: BinaryIO = BytesIO()

    @property
    def data(self) -> bytes:
        """The bytes, if they are in memory."""
        return self._stream.getvalue() if isinstance(self._stream, BytesIO) else b""

    def add(self, piece: bytes) -> None:
        """Write on.

        Raises:
            AwsError: InternalFailure (500), it does not fit on the disk.
        """
        try:
            if not self.file and self._stream.tell() + len(piece) > _MOST_BYTES_IN_MEMORY:
                start, self.file = self.data, uuid4().hex
                self._stream = (self._folder / self.file).open("wb+")
                self._stream.write(start)
            self._stream.write(piece)
            self._stream.flush()
        except OSError as error:
            message = f"The local cloud cannot write to {self._folder}: {error}. Is the disk full?"
            raise AwsError("InternalFailure", message, 500) from error

    def hand_to(self, environ: dict[str, Any]) -> None:
        """Let a WSGI application read this body."""
        size = self._stream.tell()
        self._stream.seek(0)
        environ |= {"wsgi.input": self._stream, "wsgi.input_terminated": True, "CONTENT_LENGTH": str(size)}
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    def close(self) -> None:
        """Forget the body."""
        with suppress(OSError):  # what did not fit on the disk still does not
            self._stream.close()
        if self.file and not self.kept:
            (self._folder / self.file).unlink(missing_ok=True)


@contextmanager
def uploaded(stream: BinaryIO, folder: Path) -> Iterator[Body]:
    """Read a body to its end.

    Raises:
        AwsError: InternalFailure (500), it does not fit on the disk.
    """
    body = Body(folder)
    try:
        while piece := stream.read(_PIECE_BYTES):
            body.add(piece)
        yield body
    finally:
        body.close()
