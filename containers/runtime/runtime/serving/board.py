"""What the processes of a server tell each other: counts and heartbeats, in memory that they share."""

import mmap
import time

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
STATUSES = (200, 400, 404, 405, 406, 408, 413, 415, 431, 500, 503)
BEAT, BEGAN, BORN, ROWS, SECONDS = range(5)
STATUS = SECONDS + 1
BUCKET = STATUS + len(STATUSES)
WIDTH = BUCKET + len(BUCKETS) + 1
PLACES = {status: STATUS + place for place, status in enumerate(STATUSES)}


class Board:
    """A row of numbers a worker: only that worker writes into it, so nobody has to wait for anybody."""

    def __init__(self, workers: int) -> None:
        self._memory = memoryview(mmap.mmap(-1, 8 * WIDTH * workers)).cast("d")
        self.workers = workers

    def row(self, worker: int) -> "memoryview[float]":
        """Return a worker's numbers, to count in."""
        return self._memory[worker * WIDTH : (worker + 1) * WIDTH]

    def total(self, place: int) -> float:
        """Return the sum over all workers."""
        return sum(self._memory[place::WIDTH])

    def born(self, worker: int) -> None:
        """Note that a worker is started, and may take as long to its first beat as between two others."""
        row = self.row(worker)
        row[BORN] += 1
        row[BEGAN] = row[BEAT] = time.monotonic()

    def lived(self, worker: int) -> float:
        """Return for how many seconds a worker has lived, by its last heartbeat."""
        row = self.row(worker)
        return row[BEAT] - row[BEGAN]

    def beat(self, worker: int) -> None:
        """Note that a worker is alive."""
        self.row(worker)[BEAT] = time.monotonic()

    def silence(self, worker: int) -> float:
        """Return for how many seconds nothing was heard of a worker."""
        return time.monotonic() - self.row(worker)[BEAT]


def count(row: "memoryview[float]", status: int, seconds: float, rows: int) -> None:
    """Count a request that was answered."""
    row[PLACES[status]] += 1
    row[SECONDS] += seconds
    row[ROWS] += rows
    place = BUCKET
    for limit in BUCKETS:
        if seconds <= limit:
            break
        place += 1
    row[place] += 1
